public import Torch

/// Gradient descent with momentum, with the arithmetic of `torch.optim.SGD`.
///
/// With gradient g (plus `weightDecay` · θ): b ← μ b + g, θ ← θ − η b. Unlike in Sutskever et al. (2013) the rate does not enter
/// the buffer, so a change of rate acts at once.
public final class StochasticGradientDescent: Optimizer {
  public var learningRate: Double
  public let momentum: Double
  public let weightDecay: Double
  private let slots: [(name: String, parameter: Tensor, buffer: Tensor)]

  /// - Parameter parameters: What to train, usually `store.trainableParameters`.
  public init(
    _ parameters: [(name: String, tensor: Tensor)], learningRate: Double, momentum: Double = 0.9,
    weightDecay: Double = 0
  ) throws {
    try requireRate("learning rate", learningRate)
    try requireRate("momentum", momentum)
    try requireRate("weight decay", weightDecay)
    self.learningRate = learningRate
    self.momentum = momentum
    self.weightDecay = weightDecay
    slots = try parameters.map { ($0.name, $0.tensor, try zeros(like: $0.tensor)) }
  }

  public func step() throws {
    let active = slots.compactMap { slot in slot.parameter.gradient.map { (slot, $0) } }
    guard !active.isEmpty else { return }
    try withoutGradient {
      for ((_, parameter, buffer), gradient) in active {
        try buffer.mulInPlace(momentum)
        try buffer.addInPlace(gradient)
        if weightDecay != 0 { try buffer.addInPlace(parameter, alpha: weightDecay) }
        try parameter.addInPlace(buffer, alpha: -learningRate)
      }
    }
  }

  public func zeroGradients() throws { for slot in slots { try slot.parameter.clearGradient() } }

  public var state: [(name: String, tensor: Tensor)] {
    slots.map { ("\($0.name)/momentum_buffer", $0.buffer) }
  }
}
