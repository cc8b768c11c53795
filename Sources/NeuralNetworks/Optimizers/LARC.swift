public import Torch

/// Layer-wise adaptive rate control around gradient descent with momentum, without clipping, as SwAV and DeepCluster-v2 use NVIDIA's
/// apex: `LARC(SGD(…), trust_coefficient=η, clip=False)`.
///
/// For each parameter by itself, with q = η‖θ‖ / (‖g‖ + λ‖θ‖ + 10⁻⁸): b ← μ b + q (g + λ θ), θ ← θ − γ b. Where ‖θ‖ or ‖g‖ is 0 the
/// gradient is taken as it is, undecayed. Biases and normalizations are adapted like all others.
public final class LARC: Optimizer {
  public typealias Hyperparameters = LARS.Hyperparameters

  public var learningRate: Double
  public var gradientHooks: [any GradientHook] = []
  public let hyperparameters: Hyperparameters
  private let groups: [MemoryGroup<Tensor>]

  /// apex's `eps`.
  private static let epsilon = 1e-8

  /// - Parameter groups: What to train, each parameter in one group.
  public init(groups: [ParameterGroup], learningRate: Double, hyperparameters: Hyperparameters = Hyperparameters()) throws {
    try requireRate("learning rate", learningRate)
    try requireRate("momentum", hyperparameters.momentum)
    try requireRate("weight decay", hyperparameters.weightDecay)
    try requireRate("trust coefficient", hyperparameters.trustCoefficient)
    self.learningRate = learningRate
    self.hyperparameters = hyperparameters
    self.groups = try MemoryGroup.make(groups, weightDecay: hyperparameters.weightDecay, memory: zeros)
  }

  public func step() throws {
    try groups.step(hooks: gradientHooks) { group, slots, gradients in
      let parameters = slots.map(\.parameter), buffers = slots.map(\.memory)
      // q, and q λ: both stay on the device.
      var factors: [Tensor] = [], decays: [Tensor] = []
      for (length, slope) in try zip(Foreach.norm(parameters), Foreach.norm(gradients)) {
        let isAdapted = try (length .> 0) .& (slope .> 0)
        let ratio = try hyperparameters.trustCoefficient * length / (slope + length * group.weightDecay + Self.epsilon)
        factors.append(try ratio.where(isAdapted, otherwise: 1))
        decays.append(try (ratio * group.weightDecay).where(isAdapted, otherwise: 0))
      }
      try Foreach.mulInPlace(gradients, factors)
      if group.weightDecay > 0 {
        for index in slots.indices { try gradients[index].addcmulInPlace(parameters[index], decays[index]) }
      }
      try Foreach.mulInPlace(buffers, hyperparameters.momentum)
      try Foreach.addInPlace(buffers, gradients)
      try Foreach.addInPlace(parameters, buffers, alpha: -learningRate * group.rateFactor)
    }
  }

  public func zeroGradients() throws { try groups.zeroGradients() }

  public var state: [(name: String, tensor: Tensor)] {
    groups.joinedSlots().map { ("\($0.name)/momentum_buffer", $0.memory) }
  }
}
