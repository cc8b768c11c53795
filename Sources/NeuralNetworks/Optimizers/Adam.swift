public import Torch

/// Adam: Kingma and Ba (2015), algorithm 1, through libtorch's fused kernel, with the arithmetic of `torch.optim.Adam`.
///
/// With gradient g (plus `weightDecay` · θ, an L2 penalty): m ← β₁ m + (1 − β₁) g, v ← β₂ v + (1 − β₂) g²,
/// θ ← θ − η / (1 − β₁ᵗ) · m / (√(v / (1 − β₂ᵗ)) + ε). A parameter without a gradient is left as it is, and its t does not count.
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

  private struct Slot {
    let name: String
    let parameter: Tensor
    let step: Tensor
    let mean: Tensor
    let square: Tensor
  }

  public var learningRate: Double
  public let hyperparameters: Hyperparameters
  private let slots: [Slot]

  /// - Parameter parameters: What to train, usually `store.trainableParameters`.
  public init(
    _ parameters: [(name: String, tensor: Tensor)], learningRate: Double,
    hyperparameters: Hyperparameters = Hyperparameters()
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
    slots = try parameters.map { name, tensor in
      Slot(
        name: name, parameter: tensor, step: try Tensor.zeros([], type: .float32, device: tensor.device),
        mean: try zeros(like: tensor), square: try zeros(like: tensor))
    }
  }

  public func step() throws {
    let active = slots.compactMap { slot in slot.parameter.gradient.map { (slot, $0) } }
    guard !active.isEmpty else { return }
    try withoutGradient {
      let steps = active.map(\.0.step)
      try Foreach.addInPlace(steps, 1)
      try fusedAdamInPlace(
        AdamState(
          parameters: active.map(\.0.parameter), gradients: active.map(\.1), firstMoments: active.map(\.0.mean),
          secondMoments: active.map(\.0.square), steps: steps),
        learningRate: learningRate, beta1: hyperparameters.beta1, beta2: hyperparameters.beta2,
        weightDecay: hyperparameters.weightDecay, epsilon: hyperparameters.epsilon)
    }
  }

  public func zeroGradients() throws { for slot in slots { try slot.parameter.clearGradient() } }

  public var state: [(name: String, tensor: Tensor)] {
    slots.flatMap {
      [("\($0.name)/step", $0.step), ("\($0.name)/exp_avg", $0.mean), ("\($0.name)/exp_avg_sq", $0.square)]
    }
  }
}
