import Datasets
import Dispatch
public import Foundations
import Models
import NeuralNetworks
import Pretraining
import RunStore
import Studies
import Torch
import Training

/// What a pre-training costs on this machine, by a few steps on random views of a few images: about how long it takes, without reading and varying
/// images and without its probe, and the memory that it takes.
public struct PretrainingCost: Codable, Sendable {
  /// Nil where no step was made, because what the method remembers does not fit already.
  public let seconds: Double?
  /// Of tensors in a step of the whole batch, drawn out in a line from two smaller ones, with what the method remembers at its own size.
  public let tensorBytes: Int
  /// Of these, what the method remembers of images: queue, bank, clusters.
  public let rememberedBytes: Int
  /// Of batches of images that wait to be varied, and images that are being decoded.
  public let waitingBytes: Int
  /// Images of the larger of the steps that were measured; 0 where none was.
  public let measuredImages: Int
  /// All that is counted against the limit: the program, the tensors and what waits; on a GPU the tensors alone. oneDNN's working memory is not seen, so it is rather
  /// more.
  public let memoryBytes: Int
  /// What there is; nil where the system does not say.
  public let memoryLimit: MemoryLimit?
  /// What to reduce, as a sentence.
  public let advice: String

  /// - Parameters:
  ///   - processes: that train it together, each of which computes its part of a batch.
  ///   - limit: the memory that there is.
  init(_ setup: PretrainingSetup, device: Device, loaderThreads: Int, processes: Int = 1, limit: MemoryLimit?) throws {
    let program = device == .cpu ? TorchRuntime.processMemory.current : 0
    memoryLimit = limit
    rememberedBytes = try Self.rememberedBytes(setup, device)
    waitingBytes = device == .cpu ? MemoryNeed(setup, loaderThreads: loaderThreads).bytes(within: limit) : 0
    if let limit, rememberedBytes > limit.bytes {
      (seconds, tensorBytes, measuredImages) = (nil, rememberedBytes, 0)
    } else {
      let whole = (setup.recipe.batchSize + processes - 1) / processes, small = max(min(4, whole), 2), large = max(min(2 * small, whole), 2)
      let (few, many) = try MemoryMeter.measuring(on: device) { meter in
        (try Self.step(setup, count: small, device, meter), try Self.step(setup, count: large, device, meter))
      }
      measuredImages = large
      seconds = many.seconds / Double(large) * Double(whole) * Double(setup.stepCount)
      let step = large == small ? many.bytes : many.bytes + max(many.bytes - few.bytes, 0) * (whole - large) / (large - small)
      tensorBytes = step + max(rememberedBytes - many.remembered, 0)
    }
    memoryBytes = program + tensorBytes + waitingBytes
    advice = setup.memoryAdvice(isRemembered: rememberedBytes > memoryBytes / 2, device: device)
  }

  /// What the method remembers at the training's own size, counted and not made.
  private static func rememberedBytes(_ setup: PretrainingSetup, _ device: Device) throws -> Int {
    let (backbone, numerics) = try network(setup, device)
    return try setup.method.memoryBytes(settings: setup.settings, backbone: backbone, sampleCount: setup.images.samples.count, numerics: numerics)
  }

  private static func network(_ setup: PretrainingSetup, _ device: Device) throws -> (BackboneNetwork, NumericSetting) {
    let recipe = setup.recipe, numerics = NumericSetting(device: device, precision: recipe.precision)
    let store = ParameterStore(type: numerics.parameterType, device: device, memoryFormat: numerics.memoryFormat, generator: try Generator(seed: 0))
    return (try makeBackboneNetwork(architecture: ArchitectureCatalog.named(recipe.architecture), inputChannels: recipe.inputChannels, store: store), numerics)
  }

  /// What few images could not be put into as many of.
  private static let countedByImages: Set<SettingKey> = [.prototypes, .clusters, .secondClusters, .thirdClusters, .prototypeNegatives]

  /// The second of two steps of so many images; the first makes kernels and the optimizer's state.
  private static func step(
    _ setup: PretrainingSetup, count: Int, _ device: Device, _ meter: MemoryMeter
  ) throws -> (seconds: Double, bytes: Int, remembered: Int) {
    let recipe = setup.recipe, (backbone, numerics) = try network(setup, device)
    let source = RandomViews(setup.method.views, count: count, recipe: recipe, numerics: numerics)
    let scale = TrainingScale(
      sampleCount: source.sampleCount, batchSize: count, epochs: recipe.epochs, featureCount: backbone.architecture.featureCount)
    // All else is as it will be, the widths of heads above all.
    let own = setup.settings.rows.filter { !countedByImages.contains($0.key) }.map { ($0.key.rawValue, $0.used) }
    let procedure = try SelfSupervised(
      setup.method, backbone: backbone, settings: setup.method.settings(for: scale, overrides: Dictionary(uniqueKeysWithValues: own)), source: source, epochs: 1,
      seed: SeedPath(0), numerics: numerics)
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
    return (seconds, meter.peak, procedure.memoryBytes)
  }

  /// Whether it takes more than there is.
  var isTooMuch: Bool { memoryLimit.map { memoryBytes > $0.bytes } ?? false }

  /// What a person should know of its memory; nil where a tenth of it is left.
  public func memorySentence(of name: String) -> String? {
    memoryLimit.flatMap { $0.sentence(of: "The pre-training of \(name)", needing: memoryBytes, remedy: advice) }
  }

  /// - Throws: `ExecutionError` of kind `tooLittleMemory` where it takes more than there is.
  func requireRoom(for name: String) throws {
    guard isTooMuch, let memoryLimit else { return }
    throw ExecutionError.tooLittleMemory("The pre-training of \(name)", needed: memoryBytes, limit: memoryLimit, remedy: advice)
  }
}

extension PretrainingSetup {
  /// What makes it smaller.
  ///
  /// - Parameter isRemembered: whether most of it is what the method remembers of images.
  fileprivate func memoryAdvice(isRemembered: Bool, device: Device) -> String {
    func value(_ key: SettingKey) -> String? { settings[key].map { "settings.\(key.rawValue) (\(Int($0)))" } }
    let more = device == .cpu ? "give it more memory" : "use a GPU with more memory"
    if isRemembered {
      let counts = [SettingKey.queue, .outputs, .prototypes, .clusters].compactMap(value)
      return "Lower \(counts.isEmpty ? "the number of images (\(images.samples.count))" : listed(counts)), or \(more)."
    }
    let sizes = ["batchSize (\(recipe.batchSize))", "inputSize (\(recipe.inputSize))"] + (device == .cpu ? ["sourceSize (\(sourceSize))"] : [])
    var ways = ["Lower \(listed(sizes))"]
    if let queue = value(.queue) { ways.append("lower \(queue)") }
    if recipe.precision == .float64 { ways.append("set precision: float32") }
    if recipe.precision == .float32, device != .cpu || TorchRuntime.cpuHasBFloat16 { ways.append("set precision: bfloat16") }
    let crops = method.views.views.count
    if crops > 3 { ways.append("choose a method of fewer than its \(crops) crops") }
    return "\((ways + [more]).dropLast().joined(separator: ", ")), or \(more)."
  }
}
