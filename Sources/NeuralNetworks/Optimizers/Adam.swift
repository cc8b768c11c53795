public import Torch

/// Adam: Kingma and Ba (2015), algorithm 1, through libtorch's fused kernel, with the arithmetic of `torch.optim.Adam`; and AdamW:
/// Loshchilov and Hutter (2019), algorithm 2, with that of `torch.optim.AdamW`.
///
/// With gradient g: m ← β₁ m + (1 − β₁) g, v ← β₂ v + (1 − β₂) g², θ ← θ − η / (1 − β₁ᵗ) · m / (√(v / (1 − β₂ᵗ)) + ε). The decay λ is
/// either an L2 penalty, g + λ θ in place of g, or decoupled, θ ← θ − η λ θ before the step.
/// A parameter without a gradient is left as it is, and its t does not count.
public final class Adam: Optimizer {
  public struct Hyperparameters: Codable, Hashable, Sendable {
    public var beta1: Double
    public var beta2: Double
    public var epsilon: Double
    public var weightDecay: Double

    /// The defaults are the paper's and PyTorch's.
    public init(beta1: Double = 0.9, beta2: Double = 0.999, epsilon: Double = 1e-8, weightDecay: Double = 0) {
      self.beta1 = beta1
      self.beta2 = beta2
      self.epsilon = epsilon
      self.weightDecay = weightDecay
    }
  }

  /// How the decay acts.
  public enum Decay: Sendable, Hashable {
    /// As a penalty in the gradient, which m and v then see: Adam.
    case penalty
    /// On the parameters themselves: AdamW.
    case decoupled
  }

  private struct Memory {
    let step: Tensor
    let mean: Tensor
    let square: Tensor
  }

  public var learningRate: Double
  public var gradientHooks: [any GradientHook] = []
  public let hyperparameters: Hyperparameters
  public let decay: Decay
  private let groups: [MemoryGroup<Memory>]

  /// - Parameter groups: What to train, each parameter in one group.
  public init(
    groups: [ParameterGroup], learningRate: Double, hyperparameters: Hyperparameters = Hyperparameters(), decay: Decay = .penalty
  ) throws {
    try requireRate("learning rate", learningRate)
    try requireRate("weight decay", hyperparameters.weightDecay)
    for (name, beta) in [("beta1", hyperparameters.beta1), ("beta2", hyperparameters.beta2)] {
      guard beta >= 0, beta < 1 else {
        throw NeuralNetworksError.invalidHyperparameter(name, value: beta, valid: "of at least 0 and below 1")
      }
    }
    self.learningRate = learningRate
    self.hyperparameters = hyperparameters
    self.decay = decay
    self.groups = try MemoryGroup.make(groups, weightDecay: hyperparameters.weightDecay) { tensor in
      Memory(
        step: try Tensor.zeros([], type: .float32, device: tensor.device), mean: try zeros(like: tensor), square: try zeros(like: tensor))
    }
  }

  /// - Parameter parameters: What to train, all alike; usually `store.trainableParameters`.
  public convenience init(
    _ parameters: [(name: String, tensor: Tensor)], learningRate: Double, hyperparameters: Hyperparameters = Hyperparameters(),
    decay: Decay = .penalty
  ) throws {
    try self.init(
      groups: [ParameterGroup(parameters)], learningRate: learningRate, hyperparameters: hyperparameters, decay: decay)
  }

  public func step() throws {
    try groups.step(hooks: gradientHooks) { group, slots, gradients in
      let steps = slots.map(\.memory.step)
      try Foreach.addInPlace(steps, 1)
      try fusedAdamInPlace(
        AdamState(
          parameters: slots.map(\.parameter), gradients: gradients, firstMoments: slots.map(\.memory.mean),
          secondMoments: slots.map(\.memory.square), steps: steps),
        learningRate: learningRate * group.rateFactor, beta1: hyperparameters.beta1, beta2: hyperparameters.beta2,
        weightDecay: group.weightDecay, epsilon: hyperparameters.epsilon, decoupled: decay == .decoupled)
    }
  }

  public func zeroGradients() throws { try groups.zeroGradients() }

  public var state: [(name: String, tensor: Tensor)] {
    groups.joinedSlots().flatMap {
      [("\($0.name)/step", $0.memory.step), ("\($0.name)/exp_avg", $0.memory.mean), ("\($0.name)/exp_avg_sq", $0.memory.square)]
    }
  }
}
