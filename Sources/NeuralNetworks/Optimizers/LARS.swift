public import Torch

/// Layer-wise adaptive rate scaling: You, Gitman and Ginsburg, “Large Batch Training of Convolutional Networks” (2017), in the two
/// variants that self-supervised methods use.
///
/// With gradient g, u = g + λ θ and the trust ratio q = η‖θ‖ / ‖u‖ (1 where either norm is 0), of each parameter by itself:
///
///     outsideMomentum    b ← μ b + q u,    θ ← θ − γ b        Barlow Twins', VICReg's and BYOL's code
///     insideMomentum     b ← μ b + γ q u,  θ ← θ − b          SimCLR's code (TensorFlow's classic momentum)
///
/// Both are the same while the rate γ stays; under a schedule they are not. Parameters of one dimension, biases and those of
/// normalizations, may be left out of q (it is 1) and, as a group with a decay of 0, out of the decay.
public final class LARS: Optimizer {
  public struct Hyperparameters: Codable, Hashable, Sendable {
    /// μ.
    public var momentum: Double
    /// λ.
    public var weightDecay: Double
    /// η.
    public var trustCoefficient: Double

    /// The defaults of μ and η are the published code's.
    public init(momentum: Double = 0.9, weightDecay: Double = 0, trustCoefficient: Double = 0.001) {
      self.momentum = momentum
      self.weightDecay = weightDecay
      self.trustCoefficient = trustCoefficient
    }
  }

  /// Where the rate acts.
  public enum Rate: Sendable, Hashable { case outsideMomentum, insideMomentum }

  public var learningRate: Double
  public var gradientHooks: [any GradientHook] = []
  public let hyperparameters: Hyperparameters
  public let rate: Rate
  /// Whether parameters of at most one dimension have a trust ratio too.
  public let adaptsVectors: Bool
  private let groups: [MemoryGroup<Tensor>]

  /// - Parameter groups: What to train, each parameter in one group.
  public init(
    groups: [ParameterGroup], learningRate: Double, hyperparameters: Hyperparameters = Hyperparameters(), rate: Rate = .outsideMomentum,
    adaptsVectors: Bool = false
  ) throws {
    try requireRate("learning rate", learningRate)
    try requireRate("momentum", hyperparameters.momentum)
    try requireRate("weight decay", hyperparameters.weightDecay)
    try requireRate("trust coefficient", hyperparameters.trustCoefficient)
    self.learningRate = learningRate
    self.hyperparameters = hyperparameters
    self.rate = rate
    self.adaptsVectors = adaptsVectors
    self.groups = try MemoryGroup.make(groups, weightDecay: hyperparameters.weightDecay, memory: zeros)
  }

  public func step() throws {
    try groups.step(hooks: gradientHooks) { group, slots, gradients in
      let rate = learningRate * group.rateFactor, parameters = slots.map(\.parameter), buffers = slots.map(\.memory)
      // The gradients are read by nobody after the step, so they are what is changed.
      if group.weightDecay > 0 { try Foreach.addInPlace(gradients, parameters, alpha: group.weightDecay) }
      let adapted = slots.indices.filter { adaptsVectors || parameters[$0].dimensionCount > 1 }
      if !adapted.isEmpty {
        let updates = adapted.map { gradients[$0] }
        try Foreach.mulInPlace(updates, trustRatios(adapted.map { parameters[$0] }, updates))
      }
      try Foreach.mulInPlace(buffers, hyperparameters.momentum)
      switch self.rate {
      case .outsideMomentum:
        try Foreach.addInPlace(buffers, gradients)
        try Foreach.addInPlace(parameters, buffers, alpha: -rate)
      case .insideMomentum:
        try Foreach.addInPlace(buffers, gradients, alpha: rate)
        try Foreach.addInPlace(parameters, buffers, alpha: -1)
      }
    }
  }

  /// q of each, scalars that stay on the device.
  private func trustRatios(_ parameters: [Tensor], _ updates: [Tensor]) throws -> [Tensor] {
    try zip(Foreach.norm(parameters), Foreach.norm(updates)).map { length, step in
      let ratio = try hyperparameters.trustCoefficient * length / step
      return try ratio.where((length .> 0) .& (step .> 0), otherwise: 1)
    }
  }

  public func zeroGradients() throws { try groups.zeroGradients() }

  public var state: [(name: String, tensor: Tensor)] {
    groups.joinedSlots().map { ("\($0.name)/momentum_buffer", $0.memory) }
  }
}
