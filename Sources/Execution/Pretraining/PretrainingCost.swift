import Dispatch
import Foundations
import Models
import NeuralNetworks
import Pretraining
import RunStore
import Studies
import Torch
import Training

/// What a pre-training costs on this machine, by a few steps on random views of a few images: about how long it takes, without reading and varying
/// images and without its probe, and the most memory of its tensors.
public struct PretrainingCost: Codable, Sendable {
  public let seconds: Double
  /// Of tensors on the CPU in a step of the whole batch, drawn out in a line from two smaller ones.
  public let tensorBytes: Int
  /// Images of the larger of the steps that were measured.
  public let measuredImages: Int

  init(_ setup: PretrainingSetup, device: Device) throws {
    let whole = setup.recipe.batchSize, small = min(4, whole), large = min(2 * small, whole)
    let (few, many) = try MemoryMeter.measuring { meter in
      (try Self.step(setup, count: small, device, meter), try Self.step(setup, count: large, device, meter))
    }
    measuredImages = large
    seconds = many.seconds / Double(large) * Double(whole) * Double(setup.stepCount)
    tensorBytes = large == small ? many.bytes : many.bytes + max(many.bytes - few.bytes, 0) * (whole - large) / (large - small)
  }

  /// The second of two steps of so many images; the first makes kernels and the optimizer's state.
  private static func step(_ setup: PretrainingSetup, count: Int, _ device: Device, _ meter: MemoryMeter) throws -> (seconds: Double, bytes: Int) {
    let recipe = setup.recipe, numerics = NumericSetting(device: device, precision: recipe.precision)
    let store = ParameterStore(type: numerics.parameterType, device: device, memoryFormat: numerics.memoryFormat, generator: try Generator(seed: 0))
    let backbone = try makeBackboneNetwork(architecture: ArchitectureCatalog.named(recipe.architecture), inputChannels: recipe.inputChannels, store: store)
    let source = RandomViews(setup.method.views, count: count, recipe: recipe, numerics: numerics)
    // A memory of the study's own size would not fit so few images.
    let scale = TrainingScale(
      sampleCount: source.sampleCount, batchSize: count, epochs: recipe.epochs, featureCount: backbone.architecture.featureCount)
    let procedure = try SelfSupervised(
      setup.method, backbone: backbone, settings: setup.method.settings(for: scale), source: source, epochs: 1, seed: SeedPath(0), numerics: numerics)
    let batches = try procedure.batches(ofEpoch: 1, after: 0)
    var seconds = 0.0
    for number in 1...2 {
      guard let batch = try batches.next() else { break }
      meter.restart()
      let start = DispatchTime.now().uptimeNanoseconds
      _ = try procedure.step(on: [batch], at: TrainingPosition(epoch: 1, step: number))
      try TorchRuntime.synchronize(device)
      seconds = Double(DispatchTime.now().uptimeNanoseconds - start) / 1e9
    }
    return (seconds, meter.peak)
  }
}

/// Views of no images.
private final class RandomViews: ViewSource {
  let sampleCount: Int
  let batchSize: Int
  private let views: ViewRecipe
  private let recipe: Recipe
  private let numerics: NumericSetting

  init(_ views: ViewRecipe, count: Int, recipe: Recipe, numerics: NumericSetting) {
    (self.views, batchSize, self.recipe, self.numerics) = (views, count, recipe, numerics)
    sampleCount = 8 * count
  }

  func batches(ofEpoch epoch: Int, after done: Int) throws -> any BatchSource<ViewBatch> {
    RandomBatches(count: sampleCount / batchSize) { try self.batch($0, self.views.views.map { $0.shape(images: self.batchSize, recipe: self.recipe) }) }
  }

  func plainBatches() throws -> any BatchSource<ViewBatch> {
    RandomBatches(count: sampleCount / batchSize) { try self.batch($0, [[self.batchSize, self.recipe.inputChannels, self.recipe.inputSize, self.recipe.inputSize]]) }
  }

  private func batch(_ number: Int, _ shapes: [[Int]]) throws -> ViewBatch {
    let generator = try Generator(seed: UInt64(number))
    let views = try shapes.map { try Tensor.randn($0, generator: generator).to(device: numerics.device).to(type: numerics.parameterType) }
    return ViewBatch(views: views, indices: Array(number * batchSize..<(number + 1) * batchSize))
  }

  private final class RandomBatches: BatchSource {
    private let count: Int
    private let make: (Int) throws -> ViewBatch
    private var number = 0

    init(count: Int, make: @escaping (Int) throws -> ViewBatch) { (self.count, self.make) = (count, make) }

    func next() throws -> ViewBatch? {
      if number == count { return nil }
      defer { number += 1 }
      return try make(number)
    }
  }
}
