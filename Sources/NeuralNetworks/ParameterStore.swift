public import Torch

/// All parameters and buffers of one network, by their full names, in the order of PyTorch's `state_dict`.
///
/// The store owns the tensors; layers hold references to the same tensors. Loading and optimizing change them in place,
/// never by replacement, so those references stay true. Tensors of four dimensions are kept in the store's memory format; their
/// shape and meaning (`[output channels, input channels, height, width]`) are as in PyTorch.
public final class ParameterStore {
  /// What a tensor of the state is to training.
  public enum Role: Sendable, Hashable {
    /// Changed by an optimizer.
    case parameter
    /// Changed by the forward pass, such as a running mean.
    case buffer
  }

  public struct Entry {
    public let name: String
    public let role: Role
    public let tensor: Tensor
  }

  /// The type of the parameters and of the floating-point buffers.
  public let type: ScalarType
  public let device: Device
  /// How tensors of four dimensions lie in memory, the network's images among them.
  public let memoryFormat: MemoryFormat
  private let firstValues: FirstValues
  /// In the order of registration.
  public private(set) var entries: [Entry] = []
  private var indices: [String: Int] = [:]

  /// An empty store.
  ///
  /// - Parameter generator: A generator on the CPU. Initial values are drawn there, whatever the device, so that one seed
  ///   gives the same network on every device.
  public init(
    type: ScalarType = .float32, device: Device = .cpu, memoryFormat: MemoryFormat = .channelsLast, generator: Generator
  ) {
    self.type = type
    self.device = device
    self.memoryFormat = memoryFormat
    firstValues = .drawn(generator)
  }

  /// A store for a second network over the values of a first: layers get these tensors instead of drawing their own.
  ///
  /// A value that has the store's type, device and memory format is shared with its owner, any other is converted into a copy. No
  /// gradient is computed for them: the network is one to look with, in evaluation mode.
  ///
  /// - Parameter values: By the names that the layers will register. A layer whose tensor is not among them, or has another shape,
  ///   cannot be made.
  public init(
    values: [String: Tensor], type: ScalarType = .float32, device: Device = .cpu, memoryFormat: MemoryFormat = .channelsLast
  ) {
    self.type = type
    self.device = device
    self.memoryFormat = memoryFormat
    firstValues = .given(values)
  }

  /// A store for a network that is only asked for the names and shapes of its tensors, which hold nothing.
  public init(unfilled type: ScalarType) {
    self.type = type
    device = .cpu
    memoryFormat = .contiguous
    firstValues = .unfilled
  }

  /// Everything, in `state_dict` order, `num_batches_tracked` (int64) included.
  public var state: [(name: String, tensor: Tensor)] { entries.map { ($0.name, $0.tensor) } }

  /// What an optimizer may change, frozen or not.
  public var parameters: [(name: String, tensor: Tensor)] { named(.parameter) }

  /// The parameters that a backward pass fills with gradients: all of them, unless some are frozen.
  public var trainableParameters: [(name: String, tensor: Tensor)] {
    parameters.filter { $0.tensor.requiresGradient }
  }

  public var buffers: [(name: String, tensor: Tensor)] { named(.buffer) }

  /// The number of scalars in all parameters.
  public var parameterCount: Int { parameters.reduce(0) { $0 + $1.tensor.elementCount } }

  /// The tensor of that name, or nil.
  public subscript(name: String) -> Tensor? { indices[name].map { entries[$0].tensor } }

  private func named(_ role: Role) -> [(name: String, tensor: Tensor)] {
    entries.filter { $0.role == role }.map { ($0.name, $0.tensor) }
  }

  // MARK: Registering

  /// Where registered tensors come from.
  private enum FirstValues {
    case drawn(Generator)
    case given([String: Tensor])
    case unfilled
  }

  /// Registers a parameter and gives it its first values.
  ///
  /// - Throws: `NeuralNetworksError` for a name that is there already, and for given values that lack it or have another shape.
  public func addParameter(_ path: ParameterPath, shape: [Int], initialization: Initialization) throws -> Tensor {
    let tensor: Tensor
    switch firstValues {
    case .drawn(let generator):
      tensor = try placed(initialization.values(shape: shape, type: type, generator: generator))
      try tensor.setRequiresGradient(true)
    case .given(let values):
      tensor = try placed(value(of: path, among: values, shape: shape, type: type))
    case .unfilled: tensor = try Tensor.empty(shape, type: type)
    }
    try register(path, role: .parameter, tensor)
    return tensor
  }

  /// Registers a buffer filled with one value.
  public func addBuffer(_ path: ParameterPath, shape: [Int], value: Double, type: ScalarType? = nil) throws -> Tensor {
    let type = type ?? self.type
    let tensor: Tensor
    switch firstValues {
    case .drawn: tensor = try placed(Tensor.full(shape, value: value, type: type))
    case .given(let values): tensor = try placed(self.value(of: path, among: values, shape: shape, type: type))
    case .unfilled: tensor = try Tensor.empty(shape, type: type)
    }
    try register(path, role: .buffer, tensor)
    return tensor
  }

  /// A given value, cut off from its owner's gradient.
  private func value(
    of path: ParameterPath, among values: [String: Tensor], shape: [Int], type: ScalarType
  ) throws -> Tensor {
    let name = path.description
    var mismatch = StateMismatch()
    guard let value = values[name] else {
      mismatch.missing = [name]
      throw NeuralNetworksError.stateMismatch(mismatch)
    }
    guard value.shape == shape else {
      mismatch.shapes = [.init(name: name, expected: shape, actual: value.shape)]
      throw NeuralNetworksError.stateMismatch(mismatch)
    }
    return try value.detach().to(type: type)
  }

  private func placed(_ tensor: Tensor) throws -> Tensor {
    let moved = try tensor.to(device: device)
    return moved.dimensionCount == 4 ? try moved.to(memoryFormat: memoryFormat) : moved
  }

  private func register(_ path: ParameterPath, role: Role, _ tensor: Tensor) throws {
    let name = path.description
    guard indices[name] == nil else { throw NeuralNetworksError.duplicateName(name) }
    indices[name] = entries.count
    entries.append(Entry(name: name, role: role, tensor: tensor))
  }
}
