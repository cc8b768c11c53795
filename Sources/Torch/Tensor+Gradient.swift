internal import CTorch

// Reverse-mode differentiation, as libtorch does it.
extension Tensor {
  /// Whether operations on it are recorded for `backward`.
  public var requiresGradient: Bool { ct_tensor_requires_grad(handle) }

  /// Turns the recording on or off; only floating-point leaves can have it on, only leaves off.
  @discardableResult
  public func setRequiresGradient(_ required: Bool) throws -> Tensor {
    try check(ct_tensor_set_requires_grad(handle, required), "setRequiresGradient(\(required)) of \(self)")
    return self
  }

  /// Whether it was made by the caller and not by a recorded operation.
  public var isLeaf: Bool {
    var answer = false
    return ct_tensor_is_leaf(handle, &answer) == CT_OK && answer
  }

  /// What `backward` has added up so far; nil before the first time. A change in place changes the gradient.
  public var gradient: Tensor? {
    var found: ct_tensor?
    guard ct_tensor_grad(handle, &found) == CT_OK, let found else { return nil }
    // A gradient has the type and device of its tensor, which have a form here.
    return try? Tensor(owning: found)
  }

  /// Puts another gradient in place, of the same shape, type and device.
  public func setGradient(_ gradient: Tensor?) throws {
    try check(ct_tensor_set_grad(handle, gradient?.handle), "setGradient of \(self)")
  }

  /// Forgets the gradient, so that the next `backward` starts afresh.
  public func clearGradient() throws { try setGradient(nil) }

  /// Adds the derivative of this tensor by every leaf that requires a gradient to that leaf's `gradient`.
  ///
  /// - Parameters:
  ///   - gradient: the derivative of the final result by this tensor; may be left out for one element.
  ///   - retainGraph: keeps what is needed to call it again.
  ///   - createGraph: records the derivation itself, for second derivatives.
  public func backward(_ gradient: Tensor? = nil, retainGraph: Bool = false, createGraph: Bool = false) throws {
    try check(ct_tensor_backward(handle, gradient?.handle, retainGraph, createGraph), "backward of \(self)")
  }
}

/// The derivatives of the sum of `outputs` by each of `inputs`, without touching any `gradient`; nil for an input that
/// does not enter.
public func gradients(
  of outputs: [Tensor], by inputs: [Tensor], retainGraph: Bool = false, createGraph: Bool = false
) throws -> [Tensor?] {
  let from: [ct_tensor?] = outputs.map(\.handle)
  let to: [ct_tensor?] = inputs.map(\.handle)
  var found = [ct_tensor?](repeating: nil, count: inputs.count)
  let status = withExtendedLifetime((outputs, inputs)) {
    ct_gradients(from, Int64(from.count), to, Int64(to.count), retainGraph, createGraph, &found)
  }
  try check(status, "gradients(of: \(Argument.tensors(outputs)), by: \(Argument.tensors(inputs)))")
  return try found.map { try $0.map { try Tensor(owning: $0) } }
}
