public import Torch

/// A rule that changes parameters by their gradients.
///
/// Everything it remembers between steps is in `state`, as named tensors: saved and restored byte for byte, training goes on as if
/// it had not stopped.
public protocol Optimizer: AnyObject {
  /// η; may be changed between steps.
  var learningRate: Double { get set }
  /// Changes every parameter that has a gradient.
  func step() throws
  /// Forgets all gradients; called before each backward pass.
  func zeroGradients() throws
  /// What it remembers, by name, in a fixed order: each parameter's name, a slash, and PyTorch's word for the quantity.
  var state: [(name: String, tensor: Tensor)] { get }
}

extension Optimizer {
  /// Copies a saved `state` back: every name exactly once, with its exact shape and type.
  public func restore(_ named: [String: Tensor]) throws {
    var mismatch = StateMismatch()
    for (name, target) in state {
      guard let source = named[name] else {
        mismatch.missing.append(name)
        continue
      }
      if source.shape != target.shape {
        mismatch.shapes.append(.init(name: name, expected: target.shape, actual: source.shape))
      }
      if source.scalarType != target.scalarType {
        mismatch.types.append(.init(name: name, expected: target.scalarType, actual: source.scalarType))
      }
    }
    mismatch.leftOver = Set(named.keys).subtracting(state.map(\.name)).sorted()
    if !mismatch.isEmpty { throw NeuralNetworksError.optimizerMismatch(mismatch) }
    try withoutGradient {
      for (name, target) in state {
        if let source = named[name] { try target.copy(from: source) }
      }
    }
  }
}

/// Zeros in the memory layout of a parameter: the fused kernels walk parameter, gradient and state in step.
func zeros(like parameter: Tensor) throws -> Tensor {
  try withoutGradient { try parameter.detach().zerosLike() }
}

func requireRate(_ name: String, _ value: Double) throws {
  guard value >= 0, value.isFinite else {
    throw NeuralNetworksError.invalidHyperparameter(name, value: value, valid: "of at least 0")
  }
}
