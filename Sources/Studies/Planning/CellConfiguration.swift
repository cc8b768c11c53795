internal import Foundation
internal import Foundations

/// Everything that alters a cell's numbers, and nothing else: no path, name, device or number of threads.
public struct CellConfiguration: Codable, Hashable, Sendable {
  /// What the network's parameters start from, by content.
  public enum Start: Codable, Hashable, Sendable {
    case random
    /// A checkpoint file: its SHA-256 and how much of it is taken.
    case weights(fingerprint: String, state: WeightsState)
    /// The best state of another cell.
    case cell(identity: String)
  }

  public let kind: TaskKind
  public let recipe: Recipe
  /// The fingerprint of the task's samples, labels and split.
  public let data: String
  public let start: Start
  public let seed: Int
  public let numericsRevision: Int

  public init(
    kind: TaskKind, recipe: Recipe, data: String, start: Start, seed: Int, numericsRevision: Int = NumericsRevision.current
  ) {
    self.kind = kind
    self.recipe = recipe
    self.data = data
    self.start = start
    self.seed = seed
    self.numericsRevision = numericsRevision
  }

  /// The SHA-256 of the configuration's canonical JSON, as 64 lowercase hexadecimal digits.
  public func identity() throws -> String { Digest.sha256Hex(of: try CanonicalJSON.encode(self)) }
}
