public import NeuralNetworks
public import Torch
public import Vocabulary

/// A network that is trained and evaluated: a backbone that a checkpoint can fill, and a head for the task.
public protocol Network: AnyObject {
  var architecture: Architecture { get }
  var inputChannels: Int { get }
  /// What the backbone pads around strided windows.
  var arithmetic: Arithmetic { get }
  /// What a checkpoint fills.
  var backbone: any Backbone { get }
  /// All parameters and buffers.
  var store: ParameterStore { get }
  /// Whether `freezeBackbone` has been called.
  var isBackboneFrozen: Bool { get }

  /// Stops the backbone from being trained: its parameters get no gradient and its batch normalizations always run in evaluation
  /// mode, so that it stays what the checkpoint made it. Make the optimizer afterwards.
  func freezeBackbone() throws

  /// The name that a tensor of this network's state has in the state of the bare backbone, or nil when it belongs to the head.
  func backboneName(for stateName: String) -> String?

  /// Logits; no sigmoid or softmax is applied.
  ///
  /// - Parameter x: `[batch, inputChannels, height, width]`, of the store's type and on its device.
  func callAsFunction(_ x: Tensor, mode: Mode) throws -> Tensor
}

/// A tensor's name in a network's state and in the bare backbone's, where the names are torchvision's.
public struct BackboneName: Hashable, Sendable {
  public let state: String
  public let backbone: String
}

extension Network {
  /// Every tensor of the backbone, in state order.
  public var backboneNames: [BackboneName] {
    store.state.compactMap { entry in backboneName(for: entry.name).map { BackboneName(state: entry.name, backbone: $0) } }
  }

  /// The state of the backbone by backbone names: what another network of the same architecture can start from.
  public var backboneState: [(name: String, tensor: Tensor)] {
    store.state.compactMap { entry in backboneName(for: entry.name).map { ($0, entry.tensor) } }
  }

  /// Fills the backbone, every tensor exactly once with its exact shape; the head keeps its values.
  ///
  /// - Parameter named: The values, by backbone names, and nothing else. `num_batches_tracked`, which old and converted checkpoints
  ///   lack and which no arithmetic uses, may be missing and then stays as it is.
  public func loadBackbone(_ named: [String: Tensor]) throws {
    let names = backboneNames
    try store.load(
      named, renamed: Dictionary(uniqueKeysWithValues: names.map { ($0.state, $0.backbone) }),
      optional: Set(names.map(\.state).filter { $0.hasSuffix(".num_batches_tracked") }))
  }

  func freezeBackboneParameters() throws { try store.freeze(backboneNames.map(\.state)) }

  /// The images as the convolutions want them in memory, after a look at their shape.
  func prepared(_ x: Tensor) throws -> Tensor {
    guard x.dimensionCount == 4, x.shape[1] == inputChannels else {
      throw ModelsError.invalidInput(x.shape, channels: inputChannels)
    }
    let multiple = architecture.record.sizeMultiple
    if x.shape[2] % multiple != 0 || x.shape[3] % multiple != 0 { throw ModelsError.unevenSize(x.shape, of: architecture) }
    return try x.to(memoryFormat: store.memoryFormat)
  }

  func backboneMode(_ mode: Mode) -> Mode { isBackboneFrozen ? .evaluation : mode }
}

func requirePositive(_ what: String, _ value: Int) throws {
  guard value > 0 else { throw ModelsError.invalidCount(what, value: value) }
}
