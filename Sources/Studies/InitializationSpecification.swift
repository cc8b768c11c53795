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
  /// Read from a checkpoint file at an absolute path.
  case weights(path: String, state: WeightsState)
  /// Continual pre-training: the best state of a run on another task of the study, which itself started from another
  /// initialization of the study. The run's seed is the study's first where nil.
  case training(task: String, initialization: String, seed: Int?)
}

/// How much of a checkpoint is taken.
public enum WeightsState: String, Codable, Sendable, CaseIterable {
  /// Everything but the head, which is drawn anew.
  case backbone
  /// The whole network, head included.
  case full
}
