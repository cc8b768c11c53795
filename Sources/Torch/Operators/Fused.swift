private enum ATen {
  static let adam = Operator("aten::_fused_adam_")
  static let adamW = Operator("aten::_fused_adamw_")
  static let sgd = Operator("aten::_fused_sgd_")
}

/// What one step of Adam changes, as lists of one length in one order, all on one device.
public struct AdamState {
  public var parameters: [Tensor]
  public var gradients: [Tensor]
  /// Running means of the gradients, `m`.
  public var firstMoments: [Tensor]
  /// Running means of the squared gradients, `v`.
  public var secondMoments: [Tensor]
  /// The greatest `v` so far; empty unless AMSGrad is used.
  public var maximumSecondMoments: [Tensor]
  /// The number of the step, from 1: float32 tensors without dimensions.
  public var steps: [Tensor]

  public init(
    parameters: [Tensor], gradients: [Tensor], firstMoments: [Tensor], secondMoments: [Tensor],
    maximumSecondMoments: [Tensor] = [], steps: [Tensor]
  ) {
    self.parameters = parameters
    self.gradients = gradients
    self.firstMoments = firstMoments
    self.secondMoments = secondMoments
    self.maximumSecondMoments = maximumSecondMoments
    self.steps = steps
  }
}

/// One step of Adam (Kingma and Ba, 2015, algorithm 1) over all parameters in one kernel, in place.
///
/// Call it inside `withoutGradient`, and add 1 to `steps` before it: the kernel reads them and does not count. Weight
/// decay is added to the gradient, or taken off the parameters when `decoupled` (Loshchilov and Hutter, 2019).
/// With loss scaling, the gradients are divided by `gradientScale`, and nothing happens where `foundInfinity` is 1.
public func fusedAdamInPlace(
  _ state: AdamState, learningRate: Double, beta1: Double, beta2: Double, weightDecay: Double, epsilon: Double,
  decoupled: Bool = false, maximize: Bool = false, gradientScale: Tensor? = nil, foundInfinity: Tensor? = nil
) throws {
  let amsgrad = !state.maximumSecondMoments.isEmpty
  try (decoupled ? ATen.adamW : ATen.adam).run(
    .tensors(state.parameters), .tensors(state.gradients), .tensors(state.firstMoments),
    .tensors(state.secondMoments), .tensors(state.maximumSecondMoments), .tensors(state.steps), .real(learningRate),
    .real(beta1), .real(beta2), .real(weightDecay), .real(epsilon), .boolean(amsgrad), .boolean(maximize),
    .optional(gradientScale), .optional(foundInfinity))
}

/// One step of stochastic gradient descent over all parameters in one kernel, in place; inside `withoutGradient`.
///
/// With a momentum, the first step sets the momentum buffers to the gradients.
public func fusedSGDInPlace(
  parameters: [Tensor], gradients: [Tensor], momentumBuffers: [Tensor], learningRate: Double, momentum: Double = 0,
  dampening: Double = 0, weightDecay: Double = 0, nesterov: Bool = false, maximize: Bool = false, isFirstStep: Bool
) throws {
  try ATen.sgd.run(
    .tensors(parameters), .tensors(gradients), .tensors(momentumBuffers), .real(weightDecay), .real(momentum),
    .real(learningRate), .real(dampening), .boolean(nesterov), .boolean(maximize), .boolean(isFirstStep))
}
