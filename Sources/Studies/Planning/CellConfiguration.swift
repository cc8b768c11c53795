internal import Foundation
internal import Foundations
public import Vocabulary
public import Weights

/// Everything that alters a cell's numbers, and nothing else: no path, name, device or number of threads.
public struct CellConfiguration: Codable, Hashable, Sendable {
  /// What the network's parameters start from, by content.
  public enum Start: Codable, Hashable, Sendable {
    case random
    /// A checkpoint: the digest of its bytes, how much of it is taken, and the catalog entry whose layout it is read by.
    case weights(fingerprint: String, state: WeightsState, entry: String?)
    /// The best state of another cell.
    case cell(identity: String)
  }

  public let kind: TaskKind
  /// The task's recipe with the preprocessing of the weights.
  public let recipe: Recipe
  public let arithmetic: Arithmetic
  /// The fingerprint of the samples, labels and split that the run sees.
  public let data: String
  public let start: Start
  public let seed: Int
  public let numericsRevision: Int
  /// How much of the training images the run sees; nil for the whole, which keeps the identities of runs without fractions.
  public let fraction: TrainingFraction?
  /// The classes that are scored where they are not all: they are in the history and the order of the predictions.
  public let scoredClasses: [String]?
  /// Which arrays of the checkpoint are the network, where the study says it; nil where they are found.
  public let startKeys: KeySelection?
  /// What a pre-training on images without labels is; nil for runs on a task. `kind` then says how images are prepared, as for a
  /// classification, and `data` is the fingerprint of the images.
  public let pretraining: PretrainingConfiguration?

  public init(
    kind: TaskKind, recipe: Recipe, arithmetic: Arithmetic = .torchvision, data: String, start: Start, seed: Int,
    numericsRevision: Int = NumericsRevision.current, fraction: TrainingFraction = .whole, scoredClasses: [String]? = nil,
    startKeys: KeySelection? = nil, pretraining: PretrainingConfiguration? = nil
  ) {
    self.kind = kind
    self.recipe = recipe
    self.arithmetic = arithmetic
    self.data = data
    self.start = start
    self.seed = seed
    self.numericsRevision = numericsRevision
    self.fraction = fraction.isWhole ? nil : fraction
    self.scoredClasses = scoredClasses
    self.startKeys = startKeys
    self.pretraining = pretraining
  }

  /// The SHA-256 of the configuration's canonical JSON, as 64 lowercase hexadecimal digits.
  ///
  /// What only says when a run gives up (`brokenFileLimit`) is no part of it: the default stands for every value.
  public func identity() throws -> String { Digest.sha256Hex(of: try CanonicalJSON.encode(withoutLimit)) }

  /// Whether an identity is that of this configuration. Earlier versions counted `brokenFileLimit` too.
  public func isIdentified(by identity: String) throws -> Bool {
    if try self.identity() == identity { return true }
    return Digest.sha256Hex(of: try CanonicalJSON.encode(self)) == identity
  }

  private var withoutLimit: CellConfiguration {
    var recipe = recipe
    recipe.brokenFileLimit = Recipe.standard(for: kind).brokenFileLimit
    return CellConfiguration(
      kind: kind, recipe: recipe, arithmetic: arithmetic, data: data, start: start, seed: seed, numericsRevision: numericsRevision,
      fraction: fraction ?? .whole, scoredClasses: scoredClasses, startKeys: startKeys, pretraining: pretraining)
  }
}
