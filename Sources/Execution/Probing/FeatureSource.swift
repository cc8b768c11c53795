import Foundations
import Studies
import Vocabulary
import Weights

/// All that the features of an image follow from beside the image: the network by its content, how images are prepared, and the number
/// formats. Neither task, labels, split, seed nor mode is in it, so they all share the features.
struct FeatureSource: Codable, Hashable {
  let architecture: String
  let inputChannels: Int
  let arithmetic: Arithmetic
  let start: CellConfiguration.Start
  let startKeys: KeySelection?
  /// Of the weights of the run that this one starts from, where it does: made again elsewhere they may be others.
  let startWeights: String?
  /// Only what random weights are drawn from.
  let seed: Int?
  let inputSize: Int
  let resizeSize: Int
  let reducedSize: Int?
  let normalization: Normalization
  let interpolation: Interpolation
  let precision: Precision
  let numericsRevision: Int

  /// - Parameter startWeights: the SHA-256 of the weights of the run that the cell starts from.
  init(_ configuration: CellConfiguration, startWeights: String? = nil) {
    let recipe = configuration.recipe
    (architecture, inputChannels, arithmetic) = (recipe.architecture, recipe.inputChannels, configuration.arithmetic)
    (start, startKeys, self.startWeights) = (configuration.start, configuration.startKeys, startWeights)
    seed = configuration.start == .random ? configuration.seed : nil
    (inputSize, resizeSize, reducedSize) = (recipe.inputSize, recipe.resizeSize, recipe.reducedSize)
    (normalization, interpolation) = (recipe.normalization, recipe.interpolation)
    (precision, numericsRevision) = (recipe.precision, configuration.numericsRevision)
  }

  /// 64 hexadecimal digits.
  func digest() throws -> String { Digest.sha256Hex(of: try CanonicalJSON.encode(self)) }
}
