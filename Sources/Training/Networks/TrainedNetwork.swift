public import Datasets
public import Foundation
import Foundations
public import Metrics
public import Models
import NeuralNetworks
public import Studies
import Torch

/// A network as a run left it, ready to answer images: with the run's own recipe, so that every image is prepared as the
/// network's training was.
public struct TrainedNetwork {
  public let network: any Network
  public let kind: TaskKind
  public let recipe: Recipe
  /// The classes, or the numbers of a regression.
  public let answerNames: [String]
  /// What the numbers are counted in, and by what they were standardized.
  let unit: String?
  let numberScale: NumberScale?
  let numerics: NumericSetting
  let loaders: LoaderSetting

  public init(
    network: any Network, kind: TaskKind, recipe: Recipe, answerNames: [String], unit: String? = nil, numberScale: NumberScale? = nil, numerics: NumericSetting,
    loaders: LoaderSetting
  ) {
    self.network = network
    self.kind = kind
    self.recipe = recipe
    self.answerNames = answerNames
    self.unit = unit
    self.numberScale = numberScale
    self.numerics = numerics
    self.loaders = loaders
  }

  /// Makes the network of a run and fills it with the run's weights, all of them.
  ///
  /// - Parameter numberScale: as the run's record has it.
  public init(
    weights: URL, kind: TaskKind, configuration: CellConfiguration, answerNames: [String], unit: String? = nil, numberScale: NumberScale? = nil,
    numerics: NumericSetting, loaders: LoaderSetting
  ) throws {
    let recipe = configuration.recipe
    let network = try recipe.makeNetwork(
      kind: kind, outputs: kind.outputCount(classes: answerNames.count, recipe: recipe), arithmetic: configuration.arithmetic, seed: SeedPath(0),
      numerics: numerics)
    _ = try WeightLoading.load(weights, state: .full, into: network)
    self.init(
      network: network, kind: kind, recipe: recipe, answerNames: answerNames, unit: unit, numberScale: numberScale, numerics: numerics, loaders: loaders)
  }

  /// What the network says about samples, with the recipe's test-time augmentation, and the images that could not be used.
  ///
  /// - Parameters:
  ///   - samples: their labels or numbers in the order of `answerNames`, NaN where one is not known.
  ///   - metrics: what is measured beside what every task has.
  ///   - watcher: told the number of images done after each batch.
  /// - Throws: `TrainingError` when more images are unusable than the recipe bears, or all.
  public func answers(
    _ samples: [Sample], metrics: [FurtherMetric] = [], watcher: (Int) -> Void
  ) throws -> (predictions: Predictions, broken: [BrokenSample]) {
    let evaluation = Evaluation(
      network: network,
      task: EvaluationTask(
        kind: kind, recipe: recipe, answerNames: answerNames, metrics: metrics, unit: unit, numberScale: numberScale),
      numerics: numerics, loaders: loaders, comparesOriginals: true)
    let outcome = try withoutActuallyEscaping(watcher) { watcher in
      try evaluation.run(samples, stage: .test, watcher: EvaluationWatcher { done, _ in watcher(done) })
    }
    try BrokenFileRule(limit: recipe.brokenFileLimit).check(outcome.broken, of: samples.count)
    if outcome.sampleCount == 0 { throw TrainingError.nothingToTrainOn("test") }
    return (outcome.predictions, outcome.broken)
  }
}
