public import Foundations

/// What can go wrong with a checkpoint: the file cannot be read, is not what it claims to be, or does not fit the network.
public struct CheckpointsError: RemediedError, Equatable {
  public enum Code: String, Sendable {
    case unreadable, truncated, unknownContainer, unsupportedContainer
    case malformedContainer, missingPart
    case malformedSafetensors, malformedArchive, malformedPickle, checksum, inconsistentArray, tooLarge
    case noArrays, noSuchPath, noMatch, mismatch, unexplainedKeys, badValues
    case duplicateName, unwritableHeader, unknownEntry
    case download, connectionLost, diskFull, exists
  }

  public let kind: Code
  public let problem: String
  public let remedy: String
  public var code: String { "checkpoints.\(kind.rawValue)" }

  init(_ kind: Code, _ problem: String, remedy: String) {
    self.kind = kind
    self.problem = problem
    self.remedy = remedy
  }
}

/// What to do about a file that is damaged or was never right.
let fetchAgain = "Get the file again from its publisher and compare its checksum."

extension CheckpointsError {
  static func unreadable(_ path: String, reason: String) -> CheckpointsError {
    CheckpointsError(.unreadable, "The checkpoint \(path) cannot be read: \(reason).", remedy: "Check the path.")
  }

  static func truncated(needed: String, available: Int) -> CheckpointsError {
    CheckpointsError(.truncated, "The file ends early: it should hold \(needed), but ends at \(available).", remedy: fetchAgain)
  }

  static func unknownContainer(firstBytes: String) -> CheckpointsError {
    CheckpointsError(
      .unknownContainer, "The file is no checkpoint format that is known: it starts with \(firstBytes).",
      remedy: "Give a checkpoint of PyTorch, TensorFlow, Keras or NumPy, or a safetensors file.")
  }

  static func malformedSafetensors(_ reason: String) -> CheckpointsError {
    CheckpointsError(.malformedSafetensors, "The file is not valid safetensors: \(reason).", remedy: fetchAgain)
  }

  static func malformedArchive(_ reason: String) -> CheckpointsError {
    CheckpointsError(.malformedArchive, "The file is not a valid archive (zip) of a checkpoint: \(reason).", remedy: fetchAgain)
  }

  static func malformedPickle(_ reason: String, at offset: Int) -> CheckpointsError {
    CheckpointsError(
      .malformedPickle, "The file's pickle cannot be read: \(reason) (byte \(offset) of the pickle).", remedy: fetchAgain)
  }

  static func checksum(member: String) -> CheckpointsError {
    CheckpointsError(
      .checksum, "The member \(member) of the file is damaged: its CRC-32 does not match its bytes.", remedy: fetchAgain)
  }

  static func inconsistentArray(_ name: String, _ reason: String) -> CheckpointsError {
    CheckpointsError(.inconsistentArray, "The array \(name) is not valid: \(reason).", remedy: fetchAgain)
  }

  static func tooLarge(_ what: String, limit: Int) -> CheckpointsError {
    CheckpointsError(
      .tooLarge, "The file has \(what) past the limit of \(limit), which no checkpoint needs.",
      remedy: "Re-save it with only its weights, as safetensors.")
  }

  static func noArrays() -> CheckpointsError {
    CheckpointsError(.noArrays, "The file holds no arrays.", remedy: "Give a file that holds a network's weights.")
  }

  static func noSuchPath(_ path: [String], keys: [String]) -> CheckpointsError {
    CheckpointsError(
      .noSuchPath, "The file has nothing under \(path.joined(separator: ".")).",
      remedy: keys.isEmpty ? "Leave the path out." : "It has: \(firstFew(keys)).")
  }

  static func noMatch(found: Int, of count: Int, fileNames: [String], advice: String?) -> CheckpointsError {
    CheckpointsError(
      .noMatch,
      "Only \(found) of the network's \(count) arrays have a namesake in the file, which has \(fileNames.count): "
        + "\(firstFew(fileNames)).",
      remedy: advice ?? "Give weights of the network that the study asks for, under torchvision's names.")
  }

  static func mismatch(_ difference: Difference, advice: String) -> CheckpointsError {
    CheckpointsError(
      difference.onlyLeftOver ? .unexplainedKeys : .mismatch, "The file does not fit the network: \(difference.description).",
      remedy: advice)
  }

  static func badValues(_ reason: String) -> CheckpointsError {
    CheckpointsError(
      .badValues, "The file holds numbers that no trained network has: \(reason).",
      remedy: "Give another checkpoint; this one was saved from a training that had failed, or is damaged.")
  }

  static func duplicateName(_ name: String) -> CheckpointsError {
    CheckpointsError(
      .duplicateName, "The name \(name) occurs twice.", remedy: "Give every array a name of its own.")
  }

  static func unknownEntry(_ id: String, known: [String]) -> CheckpointsError {
    CheckpointsError(.unknownEntry, "There is no catalog entry “\(id)”.", remedy: suggestion(for: id, in: known))
  }

  static func unwritableHeader(byteCount: Int) -> CheckpointsError {
    CheckpointsError(
      .unwritableHeader, "The safetensors header would have \(byteCount) bytes, past the format's limit of 100000000.",
      remedy: "Write fewer arrays or less metadata into one file.")
  }
}
