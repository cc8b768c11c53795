import NeuralNetworks
import Torch

/// How a method's weights are trained.
public struct Optimization: Sendable {
  public enum Rule: String, Sendable {
    /// Gradient descent with momentum.
    case gradientDescent
    /// LARS as Barlow Twins, VICReg and BYOL have it: the rate acts outside the momentum.
    case lars
    /// LARS as SimCLR's code has it: the rate acts inside the momentum.
    case classicLARS
    /// LARC around gradient descent, as SwAV and DeepCluster-v2 have it.
    case larc
    /// AdamW, whose β₁ is the momentum.
    case adamW

    /// For sentences.
    public var words: String {
      switch self {
      case .gradientDescent: "gradient descent with momentum"
      case .lars, .classicLARS: "LARS"
      case .larc: "LARC"
      case .adamW: "AdamW"
      }
    }
  }

  public let rule: Rule
  public let shape: RateShape
  /// Whether parameters of one dimension, biases and those of normalizations, neither decay nor are adapted.
  public let excludesVectors: Bool
  /// Names of heads whose rate stays at its first value.
  public let constantHeads: [String]

  init(_ rule: Rule, _ shape: RateShape, excludesVectors: Bool = false, constantHeads: [String] = []) {
    (self.rule, self.shape, self.excludesVectors, self.constantHeads) = (rule, shape, excludesVectors, constantHeads)
  }
}

/// An optimizer with its own course of the rate.
struct ScheduledOptimizer {
  let optimizer: any Optimizer
  let schedule: RateSchedule

  /// The optimizers of a method, over the parameters of backbone and heads: one, and another for heads of a constant rate.
  static func make(
    _ optimization: Optimization, settings: MethodSettings, backbone: ParameterStore, heads: ParameterStore, stepsPerEpoch: Int, stepCount: Int
  ) throws -> [ScheduledOptimizer] {
    let rate = try settings(.learningRate)
    let schedule = RateSchedule(
      peak: rate, shape: optimization.shape, floor: settings[.finalLearningRate] ?? 0, warmUpStart: settings[.warmUpStart],
      warmUpSteps: Int((settings[.warmUpEpochs] ?? 0) * Double(stepsPerEpoch)), stepsPerEpoch: stepsPerEpoch, stepCount: stepCount)
    let headParameters = heads.trainableParameters
    func isConstant(_ name: String) -> Bool { optimization.constantHeads.contains { name.hasPrefix($0 + ".") } }
    let varying = named("backbone", backbone.trainableParameters) + named("heads", headParameters.filter { !isConstant($0.name) })
    let constant = named("heads", headParameters.filter { isConstant($0.name) })
    var made = [ScheduledOptimizer(optimizer: try optimizer(optimization, settings, varying), schedule: schedule)]
    if !constant.isEmpty {
      made.append(.init(optimizer: try optimizer(optimization, settings, constant), schedule: .constant(rate)))
    }
    return made
  }

  private typealias Parameters = [(name: String, tensor: Tensor)]

  private static func named(_ prefix: String, _ parameters: Parameters) -> Parameters {
    parameters.map { ("\(prefix).\($0.name)", $0.tensor) }
  }

  private static func optimizer(_ optimization: Optimization, _ settings: MethodSettings, _ parameters: Parameters) throws -> any Optimizer {
    let rate = try settings(.learningRate), decay = try settings(.weightDecay), momentum = try settings(.gradientMomentum)
    let vectors = parameters.filter { $0.tensor.dimensionCount <= 1 }, rest = parameters.filter { $0.tensor.dimensionCount > 1 }
    let factor = try settings[.biasLearningRate].map { try $0 / settings(.learningRate) } ?? 1
    let excluded = optimization.excludesVectors
    let groups =
      excluded
      ? [try ParameterGroup(rest), try ParameterGroup(vectors, rateFactor: factor, weightDecay: 0)] : [try ParameterGroup(parameters)]
    let made: any Optimizer
    switch optimization.rule {
    case .gradientDescent:
      made = try StochasticGradientDescent(groups: groups, learningRate: rate, hyperparameters: .init(momentum: momentum, weightDecay: decay))
    case .lars, .classicLARS:
      made = try LARS(
        groups: groups, learningRate: rate,
        hyperparameters: .init(momentum: momentum, weightDecay: decay, trustCoefficient: settings(.trustCoefficient)),
        rate: optimization.rule == .lars ? .outsideMomentum : .insideMomentum, adaptsVectors: !excluded)
    case .larc:
      made = try LARC(
        groups: groups, learningRate: rate, hyperparameters: .init(momentum: momentum, weightDecay: decay, trustCoefficient: settings(.trustCoefficient)))
    case .adamW: made = try Adam(groups: groups, learningRate: rate, hyperparameters: .init(beta1: momentum, weightDecay: decay), decay: .decoupled)
    }
    if let norm = settings[.gradientClipping] { made.gradientHooks = [try EachNormClipping(maximumNorm: norm)] }
    return made
  }
}
