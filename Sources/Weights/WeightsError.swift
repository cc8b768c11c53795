internal import Containers
internal import Foundation
public import Foundations

/// What can go wrong between a file of weights and a network: the file does not fit, the catalog has no such entry, a download failed.
public struct WeightsError: RemediedError, Equatable {
  public enum Code: String, Sendable {
    case noArrays, noSuchPath, noMatch, mismatch, unexplainedKeys, badValues, duplicateName, unknownEntry
    /// The file has more than one network that fits.
    case several
    /// What lies beside the file says that its network computes otherwise.
    case otherNetwork
    /// What the file's container has against it.
    case container
    case download, connectionLost, checksum, diskFull, exists
  }

  public let kind: Code
  public let problem: String
  public let remedy: String
  /// What leads out of the refusal, of which the remedy speaks: each was tried.
  public let ways: [WayOut]
  /// The remedy in parts; nil where it is one sentence for all.
  private let advice: Advice?
  public var code: String { "weights.\(kind.rawValue)" }

  init(_ kind: Code, _ problem: String, remedy: String) {
    self.kind = kind
    self.problem = problem
    self.remedy = remedy
    (ways, advice) = ([], nil)
  }

  init(_ kind: Code, _ problem: String, _ advice: Advice, in place: WayOut.Place = .study) {
    self.kind = kind
    self.problem = problem
    self.advice = advice
    ways = advice.ways
    remedy = advice.text(in: place)
  }

  /// The same error with the options of the command in place of a study's keys.
  public var forCommand: WeightsError { advice.map { WeightsError(kind, problem, $0, in: .command) } ?? self }
}

extension WeightsError {
  static func noArrays() -> WeightsError {
    WeightsError(.noArrays, "The file holds no arrays.", remedy: "Give a file that holds a network's weights.")
  }

  static func noSuchPath(_ path: String, keys: [String]) -> WeightsError {
    WeightsError(
      .noSuchPath, "The file has nothing under \(path).",
      remedy: keys.isEmpty ? "Leave the path out." : "Choose one of its places with arrays: \(firstFew(keys)).")
  }

  static func noMatch(found: Int, of count: Int, fileNames: [String], _ advice: Advice) -> WeightsError {
    WeightsError(
      .noMatch,
      "Only \(found) of the network's \(count) arrays have a namesake in the file, which has \(fileNames.count): "
        + "\(firstFew(fileNames)).", advice)
  }

  static func mismatch(_ difference: Difference, _ advice: Advice) -> WeightsError {
    WeightsError(
      difference.onlyLeftOver ? .unexplainedKeys : .mismatch, "The file does not fit the network: \(difference.description).", advice)
  }

  static func several(_ places: [String], ways: [WayOut]) -> WeightsError {
    WeightsError(
      .several, "The file has \(places.count) complete networks with different numbers: \(places.joined(separator: "; ")).",
      Advice(explanation: "Say which is meant", ways: ways, otherwise: ""))
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
    let problem = "\(url.lastPathComponent): \(problem)"
    return advice.map { WeightsError(kind, problem, $0) } ?? WeightsError(kind, problem, remedy: remedy)
  }
}
