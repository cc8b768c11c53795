public import Torch

/// A rule that changes parameters by their gradients.
///
/// Everything it remembers between steps is in `state`, as named tensors: saved and restored byte for byte, training goes on as if
/// it had not stopped.
public protocol Optimizer: AnyObject {
  /// η, which the groups' factors multiply; may be changed between steps.
  var learningRate: Double { get set }
  /// What is done to the gradients before each step, in this order.
  var gradientHooks: [any GradientHook] { get set }
  /// Changes every parameter that has a gradient.
  func step() throws
  /// Forgets all gradients; called before each backward pass.
  func zeroGradients() throws
  /// What it remembers, by name, in a fixed order: each parameter's name, a slash, and PyTorch's word for the quantity.
  var state: [(name: String, tensor: Tensor)] { get }
}

extension Optimizer {
  /// One step on the mean loss of several batches that are too large to be computed at once: with batch i of nᵢ samples and N = Σ nᵢ,
  /// the gradient is that of L = Σ (nᵢ / N) Lᵢ.
  ///
  /// For a loss that is a mean over samples, and a network whose answers on a sample do not depend on the others, this is the step on all
  /// N at once. Batch normalization is not so: it sees each batch alone.
  ///
  /// - Parameters:
  ///   - batches: at least one, none of them empty.
  ///   - sampleCount: nᵢ.
  ///   - loss: Lᵢ, a scalar that is differentiated here.
  /// - Returns: L before the step, on its device and not waited for.
  public func step<Batch>(
    on batches: [Batch], sampleCount: (Batch) -> Int, loss: (Batch) throws -> Tensor
  ) throws -> Tensor {
    try zeroGradients()
    // One batch is not multiplied by 1, and its loss and gradient are the bits that they would be without this function.
    if batches.count == 1 {
      let only = try loss(batches[0])
      try only.backward()
      try step()
      return try only.detach()
    }
    let total = batches.reduce(0) { $0 + sampleCount($1) }
    let parts = try batches.map { batch in
      let part = try loss(batch) * (Double(sampleCount(batch)) / Double(total))
      try part.backward()
      return try part.detach()
    }
    try step()
    return try stack(parts).sum()
  }

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
