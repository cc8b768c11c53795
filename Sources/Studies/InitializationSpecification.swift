public import Vocabulary
public import Weights

/// A state that fine-tuning can start from, under a name.
public struct InitializationSpecification: Codable, Hashable, Sendable {
  /// The name that folders, tables and overrides use.
  public var name: String
  public var source: InitializationSource

  public init(name: String, source: InitializationSource) {
    self.name = name
    self.source = source
  }
}

/// Where the first values of a network's parameters come from.
public enum InitializationSource: Codable, Hashable, Sendable {
  /// Drawn at random from the cell's seed.
  case random
  /// Read from a checkpoint file.
  case weights(WeightsSource)
  /// Continual pre-training: the best state of a run on another task of the study, which itself started from another
  /// initialization of the study. The run's seed is the study's first where nil.
  case training(task: String, initialization: String, seed: Int?)
  /// The result of a self-supervised pre-training on images without labels.
  case pretraining(PretrainingSpecification)
}

/// A checkpoint file and how it is read.
public struct WeightsSource: Codable, Hashable, Sendable {
  /// The file's absolute path.
  public var path: String
  public var state: WeightsState
  /// The catalog entry the file is of, which brings its key layout, preprocessing card and license; nil for weights of one's own.
  public var entry: String?
  /// Whether the network computes as torchvision's does, or as the authors' own did.
  public var arithmetic: ArithmeticChoice
  /// Whether images are prepared as the entry's card says, or as the recipe does.
  public var preprocessing: PreprocessingChoice
  /// The absolute path of a list of the images that the weights were trained on; test images on it are found and told. It alters no
  /// run, so it is no part of an identity.
  public var trainingImages: String?
  /// Where in the file the network is, where that is said; nil where it is found.
  public var keys: KeySelection?

  public init(
    path: String, state: WeightsState = .backbone, entry: String? = nil, arithmetic: ArithmeticChoice = .torchvision,
    preprocessing: PreprocessingChoice = .card, trainingImages: String? = nil, keys: KeySelection? = nil
  ) {
    self.path = path
    self.state = state
    self.entry = entry
    self.arithmetic = arithmetic
    self.preprocessing = preprocessing
    self.trainingImages = trainingImages
    self.keys = keys
  }
}

/// How much of a checkpoint is taken.
public enum WeightsState: String, Codable, Sendable, CaseIterable {
  /// Everything but the head, which is drawn anew.
  case backbone
  /// The whole network, head included.
  case full
}

/// Which arithmetic a network has that starts from published weights.
public enum ArithmeticChoice: String, Codable, Sendable, CaseIterable {
  /// torchvision's for all weights, as in the 2021 benchmark.
  case torchvision
  /// What the authors of the weights computed, which the catalog entry tells: SimCLR's and BYOL's padding, Keras's strides.
  case asTrained
  // Said outright, for weights of one's own.
  case samePooling, same, keras

  /// The arithmetic that it says outright.
  public var named: Arithmetic? { Arithmetic(rawValue: rawValue) }
}

/// Who says how images are prepared for published weights.
public enum PreprocessingChoice: String, Codable, Sendable, CaseIterable {
  /// The card of the catalog entry: mean, standard deviation, channels, interpolation.
  case card
  /// The recipe of the task, the same for all initializations.
  case recipe
}
