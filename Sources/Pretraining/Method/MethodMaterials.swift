public import Foundations
public import Models
public import NeuralNetworks
import Torch
public import Training

/// What a method is made of: the backbone that is trained, its settings, and the stores in which everything it makes is kept.
public final class MethodMaterials {
  public let settings: MethodSettings
  /// f, whose weights are trained.
  public let backbone: BackboneNetwork
  /// N.
  public let sampleCount: Int
  /// The views of the method's recipe.
  public let views: ViewRecipe
  public let numerics: NumericSetting
  /// The processes that compute the features of each batch together; nil where this one is alone.
  let spread: Spread?
  /// Projectors, predictors and learned prototypes: all that the optimizer trains beside the backbone.
  public let heads: ParameterStore
  /// The heads of a momentum encoder.
  public let momentumHeads: ParameterStore
  /// f of a momentum encoder; nil for a method without one.
  public private(set) var momentumBackbone: BackboneNetwork?
  /// Queues, banks, centroids, assignments, centers.
  public let memory: Memory

  /// - Parameters:
  ///   - seed: of the first values of heads and memories.
  ///   - countsMemory: only counts the bytes of queues, banks and the like, where they may be more than there is.
  public init(
    settings: MethodSettings, backbone: BackboneNetwork, sampleCount: Int, views: ViewRecipe, numerics: NumericSetting, seed: SeedPath,
    spread: Spread? = nil, countsMemory: Bool = false
  ) throws {
    (self.settings, self.backbone, self.sampleCount, self.views, self.numerics, self.spread) = (settings, backbone, sampleCount, views, numerics, spread)
    func store(_ purpose: String) throws -> ParameterStore {
      ParameterStore(
        type: numerics.parameterType, device: numerics.device, memoryFormat: numerics.memoryFormat,
        generator: try Generator(seed: (seed / purpose).seed))
    }
    heads = try store("heads")
    momentumHeads = try store("momentum heads")
    memory = Memory(try store("memory"), seed: seed / "memory", isCounted: countsMemory)
  }

  /// The length of the backbone's vector.
  public var featureCount: Int { backbone.architecture.featureCount }

  /// f and a projector that ends in `design`'s last layer.
  func encoder(projector design: HeadDesign) throws -> Encoder {
    Encoder(
      backbone: backbone, projector: try Head(ParameterScope(heads) / "projector", inputCount: featureCount, design: design), numerics: numerics,
      spread: spread)
  }

  /// A copy of an encoder whose weights follow it, and get no gradient.
  func momentumEncoder(of online: Encoder, projector design: HeadDesign) throws -> MomentumEncoder {
    let copy = try backbone.followingCopy()
    momentumBackbone = copy
    let head = try Head(ParameterScope(momentumHeads) / "projector", inputCount: featureCount, design: design)
    return try MomentumEncoder(
      Encoder(backbone: copy, projector: head, numerics: numerics, spread: spread), headStore: momentumHeads, following: online, headStore: heads)
  }
}

/// Tensors that a method keeps between steps and no optimizer knows, with numbers that the host must know without asking the device.
public final class Memory {
  let store: ParameterStore
  private let seed: SeedPath
  private let isCounted: Bool
  private var counters: [Counter] = []
  private var bytes = 0.0

  /// Of all tensors that were asked for.
  var byteCount: Int { Int(min(bytes, 1e18)) }

  /// - Parameter isCounted: gives tensors that have a shape and one value in all places, and cannot be filled.
  init(_ store: ParameterStore, seed: SeedPath, isCounted: Bool = false) { (self.store, self.seed, self.isCounted) = (store, seed, isCounted) }

  /// A tensor of zeros, or another value.
  func add(_ name: String, shape: [Int], value: Double = 0, type: ScalarType? = nil) throws -> Tensor {
    // As floating-point numbers, which absurd shapes do not overflow.
    bytes += shape.reduce(Double((type ?? store.type).byteCount)) { $0 * Double($1) }
    if isCounted { return try Tensor.full([], value: value, type: type ?? store.type).expand(shape) }
    return try store.addBuffer(ParameterPath() / name, shape: shape, value: value, type: type)
  }

  /// Rows on the unit sphere in directions drawn evenly, `[count, size]`.
  func addUnitRows(_ name: String, count: Int, size: Int) throws -> Tensor {
    let rows = try add(name, shape: [count, size])
    if isCounted { return rows }
    let drawn = try Tensor.randn([count, size], generator: Generator(seed: (seed / name).seed), type: store.type)
    try withoutGradient { _ = try rows.copy(from: drawn.unitRows()) }
    return rows
  }

  /// A whole number that snapshots hold.
  func addCounter(_ name: String) throws -> Counter {
    let counter = Counter(try add(name, shape: [], type: .int64))
    counters.append(counter)
    return counter
  }

  /// Copies a saved state back.
  func load(_ named: [String: Tensor]) throws {
    try store.load(named)
    for counter in counters { try counter.read() }
  }
}

/// A number on the host whose copy in a tensor is what snapshots hold: reading a tensor in a step would wait for the device.
final class Counter {
  private let tensor: Tensor
  private(set) var value = 0

  init(_ tensor: Tensor) { self.tensor = tensor }

  func set(_ value: Int) throws {
    self.value = value
    _ = try withoutGradient { try tensor.fillInPlace(value) }
  }

  fileprivate func read() throws { value = try tensor.integerItem() }
}
