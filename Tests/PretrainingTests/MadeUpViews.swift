import Foundations
import Models
import NeuralNetworks
import Studies
import Torch
import Training

@testable import Pretraining

/// Views of made-up images: each image is a wave of its class with noise of its own, each view adds noise and a shift drawn for the epoch
/// and batch.
final class MadeUpViews: ViewSource {
  let recipe: ViewRecipe
  let sampleCount: Int
  let batchSize: Int
  private let size: Int
  private let images: Tensor
  private let noise: Double
  /// Of the views.
  var type = ScalarType.float32
  /// Images that cannot be read of each batch, its last ones.
  var missing = 0

  init(_ recipe: ViewRecipe, sampleCount: Int = 24, batchSize: Int = 8, size: Int = 8, classes: Int = 4, noise: Double = 0.3) throws {
    (self.recipe, self.sampleCount, self.batchSize, self.size, self.noise) = (recipe, sampleCount, batchSize, size, noise)
    let waves = try Formula.uniform("waves", [classes, 3, size, size]), own = try Formula.uniform("own", [sampleCount, 3, size, size])
    let labels = try Tensor((0..<sampleCount).map { Int64($0 % classes) })
    images = try (waves.indexSelect(along: 0, labels) + own * 0.5).to(type: .float32)
  }

  func batches(ofEpoch epoch: Int, after done: Int) throws -> any BatchSource<ViewBatch> {
    var random = (SeedPath(4) / "order" / epoch).generator()
    let order = random.permutation(of: sampleCount)
    let count = max(sampleCount / batchSize, done)
    let batches = try (done..<count).map { number in
      let first = number * batchSize, end = first + batchSize - missing
      return try batch(Array(order[first..<end]), seed: SeedPath(4) / epoch / number)
    }
    return MadeUpBatches(batches)
  }

  func plainBatches() throws -> any BatchSource<ViewBatch> {
    return MadeUpBatches(
      try stride(from: 0, to: sampleCount, by: batchSize).map { start in
        let count = min(batchSize, sampleCount - start)
        return ViewBatch(views: [try images.narrow(along: 0, start: start, count: count).to(type: type)], indices: Array(start..<start + count))
      })
  }

  /// All images as they are.
  var plain: Tensor { images }

  private func batch(_ indices: [Int], seed: SeedPath) throws -> ViewBatch {
    let chosen = try images.indexSelect(along: 0, Tensor(indices.map(Int64.init)))
    let views = try recipe.views.enumerated().map { number, view in try seen(chosen, view.geometry, seed: seed / number) }
    return ViewBatch(views: views, indices: indices)
  }

  private func seen(_ chosen: Tensor, _ geometry: ViewGeometry, seed: SeedPath) throws -> Tensor {
    let generator = try Generator(seed: seed.seed)
    func varied(_ x: Tensor) throws -> Tensor { try (x + Tensor.randn(x.shape, generator: generator) * noise).to(type: type) }
    func corner(_ side: Int) throws -> Tensor { try chosen.narrow(along: 2, start: 0, count: side).narrow(along: 3, start: 0, count: side) }
    switch geometry {
    case .crop(_, let viewSize): return try varied(corner(viewSize.pixels(full: size)))
    case .center: return try chosen.to(type: type)
    case .jigsaw(let jigsaw):
      let side = max(Int(Double(size) * jigsaw.patchSize), 2)
      let patches = try (0..<jigsaw.cellCount).map { try varied(corner(side)) * (1 + 0.1 * Double($0)) }
      return try stack(patches, along: 1).reshape([chosen.shape[0] * jigsaw.cellCount, 3, side, side])
    }
  }
}

/// The batches of an epoch, from an array.
final class MadeUpBatches: BatchSource {
  private var rest: ArraySlice<ViewBatch>

  init(_ batches: [ViewBatch]) { rest = batches[...] }

  func next() -> ViewBatch? { rest.popFirst() }
}

/// A method on made-up views, small and fast.
struct TinyTraining {
  let method: PretrainingMethod
  var epochs = 2
  var overrides: [String: Double] = [:]
  var source: MadeUpViews
  var monitor: CollapseMonitor?
  var probe: (any PretrainingProbe)?

  init(_ method: PretrainingMethod, sampleCount: Int = 18, batchSize: Int = 8, classes: Int = 4, noise: Double = 0.3, size: Int = 8) throws {
    // Two small crops show what six do.
    let views = ViewRecipe(Array(method.views.views.prefix(4)))
    self.method = PretrainingMethod(
      method.id, method.title, paper: method.paper, views: views, optimization: method.optimization, settings: method.settings,
      remedies: method.remedies, bounds: method.bounds
    ) { try method.assemble($0) }
    source = try MadeUpViews(views, sampleCount: sampleCount, batchSize: batchSize, size: size, classes: classes, noise: noise)
    // Three clusterings of different sizes, few outputs, and narrow heads.
    let small: [(SettingKey, Double)] = [
      (.clusters, 3), (.secondClusters, 4), (.thirdClusters, 5), (.outputs, 32), (.clusterRedos, 2), (.prototypes, 5), (.projectorWidth, 64),
    ]
    for (key, value) in small
    where method.settings.contains(where: { $0.key == key }) {
      overrides[key.rawValue] = value
    }
  }

  /// Makes a training as a new process would.
  ///
  /// - Parameter seed: of the backbone's first weights.
  func make(seed: Int = 1, precision: Precision = .float32, spread: Spread? = nil) throws -> SelfSupervised {
    let numerics = NumericSetting(device: .cpu, precision: precision)
    source.type = numerics.parameterType
    let backbone = try makeBackboneNetwork(
      architecture: ArchitectureCatalog.named("resnet20"),
      store: ParameterStore(
        type: numerics.parameterType, memoryFormat: numerics.memoryFormat, generator: try Generator(seed: SeedPath(seed).seed)))
    let scale = TrainingScale(
      sampleCount: source.sampleCount, batchSize: source.batchSize, epochs: epochs, featureCount: backbone.architecture.featureCount)
    return try SelfSupervised(
      method, backbone: backbone, settings: method.settings(for: scale, overrides: overrides), source: source, epochs: epochs,
      seed: SeedPath(7), numerics: numerics, probe: probe, monitor: monitor, spread: spread)
  }
}
