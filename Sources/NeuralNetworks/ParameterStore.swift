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
  private let generator: Generator
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
    self.generator = generator
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

  /// Registers a parameter and gives it its first values.
  func addParameter(_ path: ParameterPath, shape: [Int], initialization: Initialization) throws -> Tensor {
    let initial = try initialization.values(shape: shape, type: type, generator: generator)
    let tensor = try placed(initial)
    try tensor.setRequiresGradient(true)
    try register(path, role: .parameter, tensor)
    return tensor
  }

  /// Registers a buffer filled with one value.
  func addBuffer(_ path: ParameterPath, shape: [Int], value: Double, type: ScalarType? = nil) throws -> Tensor {
    let tensor = try placed(Tensor.full(shape, value: value, type: type ?? self.type))
    try register(path, role: .buffer, tensor)
    return tensor
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
