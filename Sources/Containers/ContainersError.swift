internal import Foundation
public import Foundations

/// What can go wrong with a container of arrays: the file cannot be read, or is not what it claims to be.
public struct ContainersError: RemediedError, SystemCallError, Equatable {
  public enum Code: String, Sendable {
    case unreadable, truncated, unknownContainer, unsupportedContainer
    case malformedContainer, missingPart
    case malformedSafetensors, malformedArchive, malformedPickle, checksum, inconsistentArray, tooLarge
    case noArrays, badValues, duplicateName, unwritableHeader
  }

  public let kind: Code
  public let problem: String
  public let remedy: String
  public let systemNumber: Int32?
  public var code: String { "containers.\(kind.rawValue)" }

  init(_ kind: Code, _ problem: String, remedy: String, systemNumber: Int32? = nil) {
    self.kind = kind
    self.problem = problem
    self.remedy = remedy
    self.systemNumber = systemNumber
  }
}

/// What to do about a file that is damaged or was never right.
let fetchAgain = "Get the file again from its publisher and compare its checksum."

extension ContainersError {
  static func unreadable(_ path: String, errno number: Int32) -> ContainersError {
    ContainersError(
      .unreadable, "The checkpoint \(path) cannot be read: \(systemMessage(number)).",
      remedy: (number == EACCES ? nil : SystemFault.remedy(number)) ?? "Check the path.", systemNumber: number)
  }

  static func unreadable(_ path: String, reason: String) -> ContainersError {
    ContainersError(.unreadable, "The checkpoint \(path) cannot be read: \(reason).", remedy: "Check the path.")
  }

  static func truncated(needed: String, available: Int) -> ContainersError {
    ContainersError(.truncated, "The file ends early: it should hold \(needed), but ends at \(available).", remedy: fetchAgain)
  }

  static func unknownContainer(firstBytes: String) -> ContainersError {
    ContainersError(
      .unknownContainer, "The file is no checkpoint format that is known: it starts with \(firstBytes).",
      remedy: "Give a checkpoint of PyTorch, TensorFlow, Keras or NumPy, or a safetensors file.")
  }

  static func malformedSafetensors(_ reason: String) -> ContainersError {
    ContainersError(.malformedSafetensors, "The file is not valid safetensors: \(reason).", remedy: fetchAgain)
  }

  static func malformedArchive(_ reason: String) -> ContainersError {
    ContainersError(.malformedArchive, "The file is not a valid archive (zip) of a checkpoint: \(reason).", remedy: fetchAgain)
  }

  static func malformedPickle(_ reason: String, at offset: Int) -> ContainersError {
    ContainersError(
      .malformedPickle, "The file's pickle cannot be read: \(reason) (byte \(offset) of the pickle).", remedy: fetchAgain)
  }

  static func checksum(member: String) -> ContainersError {
    ContainersError(
      .checksum, "The member \(member) of the file is damaged: its CRC-32 does not match its bytes.", remedy: fetchAgain)
  }

  static func inconsistentArray(_ name: String, _ reason: String) -> ContainersError {
    ContainersError(.inconsistentArray, "The array \(name) is not valid: \(reason).", remedy: fetchAgain)
  }

  static func tooLarge(_ what: String, limit: Int) -> ContainersError {
    ContainersError(
      .tooLarge, "The file has \(what) past the limit of \(limit), which no checkpoint needs.",
      remedy: "Re-save it with only its weights, as safetensors.")
  }

  static func noArrays() -> ContainersError {
    ContainersError(.noArrays, "The file holds no arrays.", remedy: "Give a file that holds a network's weights.")
  }

  static func badValues(_ reason: String) -> ContainersError {
    ContainersError(
      .badValues, "The file holds numbers that no trained network has: \(reason).",
      remedy: "Give another checkpoint; this one was saved from a training that had failed, or is damaged.")
  }

  static func duplicateName(_ name: String) -> ContainersError {
    ContainersError(
      .duplicateName, "The name \(name) occurs twice.", remedy: "Give every array a name of its own.")
  }

  static func unwritableHeader(byteCount: Int) -> ContainersError {
    ContainersError(
      .unwritableHeader, "The safetensors header would have \(byteCount) bytes, past the format's limit of 100000000.",
      remedy: "Write fewer arrays or less metadata into one file.")
  }
}
