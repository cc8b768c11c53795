public import Datasets
import Foundations
public import Loading
public import Models
public import Studies
import Torch
internal import Vocabulary

/// A network's features of images, each prepared once and unvaried as a validation image is. Nothing is trained.
///
/// Every batch has the same shape: a smaller one is filled up with its last image, whose further rows are dropped. So a row does not depend
/// on how many images are asked about at once, nor on where a pass that was stopped goes on.
public struct FeaturePass {
  /// The vector that a head would see.
  public static let pooled = "pooled"

  /// What a batch of images came to.
  public struct Rows {
    /// The places of the images among those asked about.
    public let indices: [Int]
    /// `[indices, width]` of each layer, row-major.
    public let values: [String: [Float]]
    /// Images that could not be used.
    public let broken: [BrokenSample]
  }

  private let network: any Network
  private let pipeline: SamplePipeline
  private let numerics: NumericSetting
  private let loaders: LoaderSetting
  private let layers: [String]
  private let batchSize: Int

  /// - Parameters:
  ///   - recipe: whose sizes, normalization and interpolation prepare the images.
  ///   - layers: `pooled`, and stages of the architecture, of whose maps the means over all places are taken.
  /// - Throws: `TrainingError` for a layer that the architecture has not.
  public init(
    _ network: any Network, recipe: Recipe, kind: TaskKind, numerics: NumericSetting, loaders: LoaderSetting, layers: [String] = [pooled]
  ) throws {
    let known = [Self.pooled] + network.architecture.stages.map(\.name)
    if let unknown = layers.first(where: { !known.contains($0) }) { throw TrainingError.unknownLayer(unknown, known: known) }
    self.network = network
    self.numerics = numerics
    self.loaders = loaders
    self.layers = layers
    pipeline = try SamplePipeline(recipe: recipe, kind: kind, stage: .validation, cache: loaders.cache)
    batchSize = Self.batchSize(inputSize: recipe.inputSize)
  }

  /// Images that go through the network at once: 32 of 224 pixels a side, and fewer of larger ones, so that memory is bounded.
  static func batchSize(inputSize: Int) -> Int { max(1, min(32, 32 * 224 * 224 / max(inputSize * inputSize, 1))) }

  /// - Parameter each: given the rows of one batch after another; throws to end the pass.
  public func run(_ samples: [Sample], each: (Rows) throws -> Void) throws {
    let batches = BatchOrder(sampleCount: samples.count, batchSize: batchSize, shuffledBy: nil).batches
    let loader = try BatchLoader(
      samples: samples, batches: batches, pipeline: pipeline, seed: SeedPath(0) / "features", workers: loaders.workers,
      prefetch: loaders.prefetch)
    while let batch = try loader.next() {
      let broken = batch.broken.map { BrokenSample(id: $0.id, reason: $0.reason) }
      try each(Rows(indices: batch.indices, values: batch.indices.isEmpty ? [:] : try features(batch), broken: broken))
    }
  }

  private func features(_ batch: Batch) throws -> [String: [Float]] {
    let count = batch.indices.count, size = batch.images.count / count
    var images = batch.images
    images.reserveCapacity(batchSize * size)
    for _ in count..<max(batchSize, count) { images += batch.images.suffix(size) }
    let shape = [max(batchSize, count)] + batch.imageShape.dropFirst()
    return try withoutGradient {
      let input = try numerics.onDevice(images, shape: shape)
      let stages = try numerics.computing { try network.stageFeatures(input) }
      var values: [String: [Float]] = [:]
      for stage in stages where layers.contains(stage.name) {
        let wide = try stage.features.to(type: .float32)
        let rows = try (wide.dimensionCount == 4 ? wide.mean(over: [2, 3]) : wide).floats()
        values[stage.name] = Array(rows.prefix(rows.count / shape[0] * count))
      }
      return values
    }
  }
}
