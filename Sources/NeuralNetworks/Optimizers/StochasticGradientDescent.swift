public import Torch

/// Gradient descent with momentum, through libtorch's fused kernel, with the arithmetic of `torch.optim.SGD`.
///
/// With gradient g (plus λ θ, an L2 penalty): b ← μ b + g, θ ← θ − η b; or, with Nesterov's momentum, θ ← θ − η (g + μ b). Unlike in
/// Sutskever et al. (2013) the rate does not enter the buffer, so a change of rate acts at once.
public final class StochasticGradientDescent: Optimizer {
  public struct Hyperparameters: Codable, Hashable, Sendable {
    /// μ.
    public var momentum: Double
    public var nesterov: Bool
    /// λ.
    public var weightDecay: Double

    public init(momentum: Double = 0.9, nesterov: Bool = false, weightDecay: Double = 0) {
      self.momentum = momentum
      self.nesterov = nesterov
      self.weightDecay = weightDecay
    }
  }

  public var learningRate: Double
  public var gradientHooks: [any GradientHook] = []
  public let hyperparameters: Hyperparameters
  /// The buffer of each parameter; none without momentum.
  private let groups: [MemoryGroup<Tensor?>]

  /// - Parameter groups: What to train, each parameter in one group.
  public init(groups: [ParameterGroup], learningRate: Double, hyperparameters: Hyperparameters = Hyperparameters()) throws {
    try requireRate("learning rate", learningRate)
    try requireRate("momentum", hyperparameters.momentum)
    try requireRate("weight decay", hyperparameters.weightDecay)
    if hyperparameters.nesterov, hyperparameters.momentum == 0 {
      throw NeuralNetworksError.invalidHyperparameter("momentum", value: 0, valid: "above 0 for Nesterov's")
    }
    self.learningRate = learningRate
    self.hyperparameters = hyperparameters
    self.groups = try MemoryGroup.make(groups, weightDecay: hyperparameters.weightDecay) {
      hyperparameters.momentum > 0 ? try zeros(like: $0) : nil
    }
  }

  /// - Parameter parameters: What to train, all alike; usually `store.trainableParameters`.
  public convenience init(
    _ parameters: [(name: String, tensor: Tensor)], learningRate: Double, hyperparameters: Hyperparameters = Hyperparameters()
  ) throws {
    try self.init(groups: [ParameterGroup(parameters)], learningRate: learningRate, hyperparameters: hyperparameters)
  }

  public func step() throws {
    try groups.step(hooks: gradientHooks) { group, slots, gradients in
      // A buffer of zeros makes the first b equal to g, as a first step does.
      try fusedSGDInPlace(
        parameters: slots.map(\.parameter), gradients: gradients, momentumBuffers: slots.compactMap(\.memory),
        learningRate: learningRate * group.rateFactor, momentum: hyperparameters.momentum, weightDecay: group.weightDecay,
        nesterov: hyperparameters.nesterov, isFirstStep: false)
    }
  }

  public func zeroGradients() throws { try groups.zeroGradients() }

  public var state: [(name: String, tensor: Tensor)] {
    groups.joinedSlots().compactMap { slot in slot.memory.map { ("\(slot.name)/momentum_buffer", $0) } }
  }
}
