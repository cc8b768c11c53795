public import Foundations
public import Models
import NeuralNetworks
public import Studies
import Torch
public import Vocabulary
internal import Weights

/// From a recipe's words to the network, optimizer and schedule they name.
extension Recipe {
  /// A network for a task, its weights drawn from `seed`.
  ///
  /// Classification: the backbone with a linear head under torchvision's names, the head as the 2021 benchmark draws it,
  /// N(0, 0.01²); regression the same. Segmentation: a U-Net on the backbone under segmentation_models_pytorch's names.
  ///
  /// - Parameters:
  ///   - outputs: classes of a classification, numbers of a regression; 1 for a binary segmentation, of several classes one each, and of a
  ///     label map one more for the background.
  ///   - arithmetic: what published weights were trained in, where it is wanted.
  public func makeNetwork(
    kind: TaskKind, outputs: Int, arithmetic: Arithmetic = .torchvision, seed: SeedPath,
    numerics: NumericSetting
  ) throws -> any Network {
    let record = try ArchitectureCatalog.named(architecture)
    let generator = try Generator(seed: seed.seed)
    let store = ParameterStore(
      type: numerics.parameterType, device: numerics.device, memoryFormat: numerics.memoryFormat, generator: generator)
    switch kind.answer {
    case .findings, .oneClass, .numbers:
      return try makeClassifier(
        architecture: record, classCount: outputs, inputChannels: inputChannels, arithmetic: arithmetic,
        headInitialization: .smallNormal, store: store)
    case .mask, .masks, .labelMap:
      return try makeUNet(
        encoder: record, classCount: outputs, inputChannels: inputChannels, arithmetic: arithmetic, store: store)
    }
  }

  /// The optimizer over what the network has to train; call it after freezing. Gradients are clipped as the recipe says.
  func makeOptimizer(for network: any Network) throws -> any Optimizer {
    let groups = try parameterGroups(of: network)
    let made: any Optimizer =
      switch optimizer {
      case .adam(let settings):
        try Adam(groups: groups, learningRate: learningRate, hyperparameters: settings.hyperparameters)
      case .adamW(let settings):
        try Adam(groups: groups, learningRate: learningRate, hyperparameters: settings.hyperparameters, decay: .decoupled)
      case .sgd(let settings):
        try StochasticGradientDescent(
          groups: groups, learningRate: learningRate,
          hyperparameters: .init(momentum: settings.momentum, nesterov: settings.nesterov, weightDecay: settings.weightDecay))
      }
    if let gradientClipping { made.gradientHooks = [try GlobalNormClipping(maximumNorm: gradientClipping)] }
    return made
  }

  /// How long a training on so many images goes.
  public func extent(sampleCount: Int) -> TrainingExtent {
    TrainingExtent(
      epochs: epochs, maximumSteps: maximumSteps, sampleCount: sampleCount, batchSize: batchSize, batchesPerStep: gradientAccumulation ?? 1,
      brokenFileLimit: brokenFileLimit)
  }

  func makeSchedule(for extent: TrainingExtent) throws -> NeuralNetworks.LearningRateSchedule {
    try made(schedule, epochs: epochs, steps: extent.stepCount, extent: extent)
  }

  /// - Parameters:
  ///   - epochs: those that the schedule is for.
  ///   - steps: their steps.
  private func made(
    _ schedule: Studies.LearningRateSchedule, epochs: Int, steps: Int, extent: TrainingExtent
  ) throws -> NeuralNetworks.LearningRateSchedule {
    switch schedule {
    case .constant: return .constant(learningRate)
    case .cosine: return .cosine(try DelayedCosine(initial: learningRate, epochCount: epochs))
    case .cosineBySteps: return .cosineBySteps(try CosineBySteps(initial: learningRate, stepCount: steps))
    case .reduceOnPlateau(let settings):
      return .reduceOnPlateau(
        try ReduceOnPlateau(
          initial: learningRate, factor: settings.factor, patience: settings.patience, threshold: settings.threshold))
    case .step(let settings):
      return .step(try StepDecay(initial: learningRate, epochs: settings.epochs, factor: settings.factor))
    case .warmUp(let settings):
      let stepCount =
        switch settings.length {
        case .epochs(let count): count * extent.stepsPerEpoch
        case .steps(let count): count
        }
      // The epochs that have a step of the warm-up are not the schedule's; where they are all, nothing is left to schedule.
      let warmed = (stepCount + extent.stepsPerEpoch - 1) / max(extent.stepsPerEpoch, 1)
      let then = try made(
        settings.then, epochs: max(epochs - warmed, 1), steps: max(steps - stepCount, 1), extent: extent)
      return .warmUp(try WarmUp(stepCount: stepCount, then: then))
    }
  }
}

extension AdamSettings {
  fileprivate var hyperparameters: Adam.Hyperparameters {
    Adam.Hyperparameters(beta1: beta1, beta2: beta2, epsilon: epsilon, weightDecay: weightDecay)
  }
}
