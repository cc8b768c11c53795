/// The rule that turns gradients into steps.
public enum OptimizerSpecification: Codable, Hashable, Sendable {
  /// Adam (Kingma and Ba 2015).
  case adam(AdamSettings)
}

/// The constants of Adam; the defaults are those of PyTorch and of the 2021 benchmark.
public struct AdamSettings: Codable, Hashable, Sendable {
  /// The decay of the mean of gradients, 0…1 (β₁).
  public var beta1: Double
  /// The decay of the mean of squared gradients, 0…1 (β₂).
  public var beta2: Double
  /// What is added to the root of the mean of squared gradients (ε).
  public var epsilon: Double
  /// The factor of the parameters that is added to their gradients (λ).
  public var weightDecay: Double

  public init(beta1: Double = 0.9, beta2: Double = 0.999, epsilon: Double = 1e-8, weightDecay: Double = 0) {
    self.beta1 = beta1
    self.beta2 = beta2
    self.epsilon = epsilon
    self.weightDecay = weightDecay
  }
}
