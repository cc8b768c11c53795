import Datasets
import Foundations
import Loading
import Models
import NeuralNetworks
import Studies
import Testing
import Torch

@testable import Training

/// Rotation prediction, whose labels are four turns of each image (Gidaris, Singh and Komodakis 2018, ICLR, equation 2): the example of
/// Documentation/adding-a-procedure.md.
final class RotationPrediction: Procedure {
  typealias Batch = Loading.Batch

  struct Progress: Codable, Equatable {
    var schedule: NeuralNetworks.LearningRateSchedule
  }

  let extent: TrainingExtent
  var progress: Progress { didSet { optimizer.learningRate = progress.schedule.learningRate } }
  private let network: any Network
  private let optimizer: any Optimizer
  private let samples: [Sample], recipe: Recipe, kind: TaskKind, seed: SeedPath, numerics: NumericSetting, loaders: LoaderSetting

  /// - Parameter network: a classifier of four classes.
  init(
    network: any Network, samples: [Sample], recipe: Recipe, kind: TaskKind, seed: SeedPath, numerics: NumericSetting, loaders: LoaderSetting
  ) throws {
    (self.network, self.samples, self.recipe, self.kind) = (network, samples, recipe, kind)
    (self.seed, self.numerics, self.loaders) = (seed, numerics, loaders)
    extent = recipe.extent(sampleCount: samples.count)
    optimizer = try recipe.makeOptimizer(for: network)
    progress = Progress(schedule: try recipe.makeSchedule(for: extent))
    // Observers are not called in an initializer.
    optimizer.learningRate = progress.schedule.learningRate
  }

  func batches(ofEpoch epoch: Int, after done: Int) throws -> any BatchSource<Batch> {
    let order = BatchOrder(sampleCount: samples.count, batchSize: recipe.batchSize, shuffledBy: seed / "epoch" / epoch)
    return try BatchLoader(
      samples: samples, batches: Array(order.batches.dropFirst(done)),
      pipeline: SamplePipeline(recipe: recipe, kind: kind, stage: .training, cache: loaders.cache),
      seed: seed / "epoch" / epoch / "augmentation", workers: loaders.workers, prefetch: loaders.prefetch)
  }

  func step(on batches: [Batch], at position: TrainingPosition) throws -> Tensor {
    let loss = try optimizer.step(on: batches, sampleCount: \.sampleCount) { batch in
      let images = try BatchTensors(batch, numerics: numerics).images
      let turns = try Tensor((0..<4).flatMap { [Int64](repeating: $0, count: batch.sampleCount) }, device: numerics.device)
      return try numerics.computing { try softmaxCrossEntropy(network(Self.turned(images), mode: .training), targets: turns) }
    }
    progress.schedule.finishStep()
    return loss
  }

  /// The images turned by 0°, 90°, 180° and 270°, counterclockwise, one turn after the other: `[4·batch, channels, size, size]`.
  static func turned(_ images: Tensor) throws -> Tensor {
    try cat([images, images.transpose(2, 3).flip([2]), images.flip([2, 3]), images.transpose(2, 3).flip([3])])
  }

  var learningRate: Double { progress.schedule.latestLearningRate }

  func closeEpoch(at position: TrainingPosition, watcher: EvaluationWatcher) throws -> EpochVerdict {
    progress.schedule.finishEpoch(validationLoss: .nan)
    return EpochVerdict(validation: nil, endsTraining: false)
  }

  func finish() throws {}

  static let partNames = ["model", "optimizer"]

  var state: [StatePart] { [StatePart("model", network.store.state), StatePart("optimizer", optimizer.state)] }

  func restore(_ parts: [String: [String: Tensor]]) throws {
    try network.store.load(parts["model", default: [:]])
    try optimizer.restore(parts["optimizer", default: [:]])
  }
}

@Suite("Rotation prediction")
struct RotationPredictionTests {
  @Test("The turns are those of numpy.rot90, each image's under the number of its quarter turns")
  func turns() throws {
    let images = try Tensor([1, 2, 3, 4, 5, 6, 7, 8] as [Double], shape: [2, 1, 2, 2]), turned = try RotationPrediction.turned(images)
    #expect(turned.shape == [8, 1, 2, 2])
    #expect(try turned.narrow(along: 0, start: 0, count: 4).doubles() == [1, 2, 3, 4, 5, 6, 7, 8, 2, 4, 1, 3, 6, 8, 5, 7])
    #expect(try turned.narrow(along: 0, start: 4, count: 4).doubles() == [4, 3, 2, 1, 8, 7, 6, 5, 3, 1, 4, 2, 7, 5, 8, 6])
  }
}
