internal import Containers
internal import Containers
internal import Foundation
public import Foundations

/// What can go wrong between a file of weights and a network: the file does not fit, the catalog has no such entry, a download failed.
public struct WeightsError: RemediedError, Equatable {
  public enum Code: String, Sendable {
    case noArrays, noSuchPath, noMatch, mismatch, unexplainedKeys, badValues, duplicateName, unknownEntry
    /// What the file's container has against it.
    case container
    case download, connectionLost, checksum, diskFull, exists
  }

  public let kind: Code
  public let problem: String
  public let remedy: String
  public var code: String { "weights.\(kind.rawValue)" }

  init(_ kind: Code, _ problem: String, remedy: String) {
    self.kind = kind
    self.problem = problem
    self.remedy = remedy
  }
}

extension WeightsError {
  static func noArrays() -> WeightsError {
    WeightsError(.noArrays, "The file holds no arrays.", remedy: "Give a file that holds a network's weights.")
  }

  static func noSuchPath(_ path: [String], keys: [String]) -> WeightsError {
    WeightsError(
      .noSuchPath, "The file has nothing under \(path.joined(separator: ".")).",
      remedy: keys.isEmpty ? "Leave the path out." : "It has: \(firstFew(keys)).")
  }

  static func noMatch(found: Int, of count: Int, fileNames: [String], advice: String?) -> WeightsError {
    WeightsError(
      .noMatch,
      "Only \(found) of the network's \(count) arrays have a namesake in the file, which has \(fileNames.count): "
        + "\(firstFew(fileNames)).",
      remedy: advice ?? "Give weights of the network that the study asks for, under torchvision's names.")
  }

  static func mismatch(_ difference: Difference, advice: String) -> WeightsError {
    WeightsError(
      difference.onlyLeftOver ? .unexplainedKeys : .mismatch, "The file does not fit the network: \(difference.description).",
      remedy: advice)
  }

  static func badValues(_ reason: String) -> WeightsError {
    WeightsError(
      .badValues, "The file holds numbers that no trained network has: \(reason).",
      remedy: "Give another checkpoint; this one was saved from a training that had failed, or is damaged.")
  }

  static func unknownEntry(_ id: String, known: [String]) -> WeightsError {
    WeightsError(.unknownEntry, "There is no catalog entry “\(id)”.", remedy: suggestion(for: id, in: known))
  }

  /// An error of the container, met while its arrays were read for a network.
  init(_ error: ContainersError) {
    self.init(Code(rawValue: error.kind.rawValue) ?? .container, error.problem, remedy: error.remedy)
  }

  /// The same error with the file's name in front, so that a person who gave many files knows which it is.
  func naming(_ url: URL) -> WeightsError {
    WeightsError(kind, "\(url.lastPathComponent): \(problem)", remedy: remedy)
  }
}
