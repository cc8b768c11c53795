/// The rule that turns gradients into steps.
public enum OptimizerSpecification: Codable, Hashable, Sendable {
  /// Adam (Kingma and Ba 2015).
  case adam(AdamSettings)
  /// AdamW (Loshchilov and Hutter 2019).
  case adamW(AdamSettings)
  /// Gradient descent with momentum.
  case sgd(MomentumSettings)

  /// The factor λ by which parameters decay.
  public var weightDecay: Double {
    switch self {
    case .adam(let settings), .adamW(let settings): settings.weightDecay
    case .sgd(let settings): settings.weightDecay
    }
  }
}

/// The constants of Adam and AdamW; the defaults are those of PyTorch and, for Adam, of the 2021 benchmark.
public struct AdamSettings: Codable, Hashable, Sendable {
  /// The decay of the mean of gradients, 0…1 (β₁).
  public var beta1: Double
  /// The decay of the mean of squared gradients, 0…1 (β₂).
  public var beta2: Double
  /// What is added to the root of the mean of squared gradients (ε).
  public var epsilon: Double
  /// Of Adam: the factor of the parameters that is added to their gradients. Of AdamW: that by which, times the rate, they shrink at each
  /// step (λ).
  public var weightDecay: Double

  public init(beta1: Double = 0.9, beta2: Double = 0.999, epsilon: Double = 1e-8, weightDecay: Double = 0) {
    self.beta1 = beta1
    self.beta2 = beta2
    self.epsilon = epsilon
    self.weightDecay = weightDecay
  }

  /// AdamW as PyTorch has it: it decays.
  public static let standardAdamW = AdamSettings(weightDecay: 0.01)
}

/// The constants of gradient descent with momentum.
public struct MomentumSettings: Codable, Hashable, Sendable {
  /// The part of the last step that is kept, 0…1 (μ). 0.9 as in He et al. 2016; PyTorch has none by default.
  public var momentum: Double
  /// Whether the gradient is taken ahead (Sutskever et al. 2013, in PyTorch's form).
  public var nesterov: Bool
  /// The factor of the parameters that is added to their gradients (λ).
  public var weightDecay: Double

  public init(momentum: Double = 0.9, nesterov: Bool = false, weightDecay: Double = 0) {
    self.momentum = momentum
    self.nesterov = nesterov
    self.weightDecay = weightDecay
  }
}

/// Parameters that do not decay.
public enum WeightDecayExclusions: String, Codable, Sendable, CaseIterable {
  /// Those with at most one dimension: the factors and offsets of normalizations, and biases.
  case normsAndBiases
}
