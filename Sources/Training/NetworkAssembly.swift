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
  /// N(0, 0.01²). Segmentation: a U-Net on the backbone under segmentation_models_pytorch's names.
  ///
  /// - Parameters:
  ///   - outputs: classes of a classification; 1 for a binary segmentation.
  ///   - arithmetic: what published weights were trained in, where it is wanted.
  public func makeNetwork(kind: TaskKind, outputs: Int, arithmetic: Arithmetic = .torchvision, seed: SeedPath,
    numerics: NumericSetting) throws -> any Network {
    let record = try ArchitectureCatalog.named(architecture)
    let generator = try Generator(seed: seed.seed)
    let store = ParameterStore(
      type: numerics.parameterType, device: numerics.device, memoryFormat: numerics.memoryFormat, generator: generator)
    switch kind {
    case .multiLabelClassification, .binaryClassification, .multiclassClassification:
      return try makeClassifier(
        architecture: record, classCount: outputs, inputChannels: inputChannels, arithmetic: arithmetic,
        headInitialization: .smallNormal, store: store)
    case .binarySegmentation:
      return try makeUNet(
        encoder: record, classCount: outputs, inputChannels: inputChannels, arithmetic: arithmetic, store: store)
    }
  }

  func makeOptimizer(for network: any Network) throws -> any Optimizer {
    switch optimizer {
    case .adam(let settings):
      let hyperparameters = Adam.Hyperparameters(
        beta1: settings.beta1, beta2: settings.beta2, epsilon: settings.epsilon, weightDecay: settings.weightDecay)
      return try Adam(network.store.trainableParameters, learningRate: learningRate, hyperparameters: hyperparameters)
    }
  }

  func makeSchedule() throws -> NeuralNetworks.LearningRateSchedule {
    switch schedule {
    case .constant: .constant(learningRate)
    case .cosine: .cosine(try DelayedCosine(initial: learningRate, epochCount: epochs))
    case .reduceOnPlateau(let settings):
      .reduceOnPlateau(
        try ReduceOnPlateau(
          initial: learningRate, factor: settings.factor, patience: settings.patience, threshold: settings.threshold))
    }
  }
}
