/// What of a pre-trained network a run puts to the test.
public enum FineTuningMode: String, Codable, Sendable, CaseIterable {
  /// All parameters are trained, as in the 2021 benchmark.
  case fullFineTuning
  /// Those after the backbone only are trained; its batch norms keep their statistics.
  case frozenBackbone
  /// A logistic regression on the pooled features of the backbone as it is.
  case linearProbe
  /// The votes of the most similar training images, by the pooled features of the backbone as it is.
  case kNN
  /// The nearest centroid of a few training images a class, by the pooled features of the backbone as it is.
  case fewShot

  /// Whether the network is asked for its features once and a head is made of them, so that no gradient is ever taken. Such a run does not
  /// depend on how networks are trained.
  public var isHeadOnFeatures: Bool {
    switch self {
    case .fullFineTuning, .frozenBackbone: false
    case .linearProbe, .kNN, .fewShot: true
    }
  }

  /// For sentences: `linear probe`.
  public var words: String {
    switch self {
    case .fullFineTuning: "full fine-tuning"
    case .frozenBackbone: "frozen backbone"
    case .linearProbe: "linear probe"
    case .kNN: "nearest neighbors"
    case .fewShot: "few shots"
    }
  }
}

extension Recipe {
  /// What of this recipe a run of a mode follows.
  ///
  /// A head on features sees each image once, unvaried, and its network is not trained: what says how (optimizer, epochs, augmentation,
  /// ten crops, …) is the standard recipe's whatever the study says, so that changing it makes no run anew.
  func of(_ mode: FineTuningMode, kind: TaskKind) -> Recipe {
    var recipe = mode.isHeadOnFeatures ? Recipe.standard(for: kind) : self
    recipe.mode = mode
    recipe.featureStage = mode.isHeadOnFeatures ? featureStage : nil
    guard mode.isHeadOnFeatures else { return recipe }
    recipe.architecture = architecture
    recipe.inputSize = inputSize
    recipe.resizeSize = resizeSize
    recipe.reducedSize = reducedSize
    recipe.inputChannels = inputChannels
    recipe.normalization = normalization
    recipe.interpolation = interpolation
    recipe.labelPolicy = labelPolicy
    recipe.precision = precision
    recipe.brokenFileLimit = brokenFileLimit
    recipe.augmentation = .none
    recipe.testTimeAugmentation = .none
    return recipe
  }
}

extension TaskSpecification {
  /// All modes that the task is run in, first the one that verdicts are of.
  public var modes: [FineTuningMode] { [recipe.mode] + furtherModes }

  /// The mode of a run that others start from: the first that trains the network; nil where none does.
  public var trainingMode: FineTuningMode? { modes.first { !$0.isHeadOnFeatures } }
}
