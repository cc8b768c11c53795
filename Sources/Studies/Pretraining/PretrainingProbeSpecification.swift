/// What tells on the way of a pre-training what its state is worth: heads on features of labeled training and validation images of targets.
public struct PretrainingProbeSpecification: Codable, Hashable, Sendable {
  /// Target tasks of the study, by whose mean the kept state is chosen.
  public var tasks: [String]
  /// It judges every so many epochs, and the last one.
  public var everyEpochs: Int
  /// The mean is over these too; each once, in the order of `ProbeHead.allCases`.
  public var heads: [ProbeHead] {
    didSet { heads = Self.ordered(heads) }
  }
  /// Tasks that it asks about to tell what is forgotten, which chooses nothing; nil for those that the start was trained on.
  public var forgetting: [String]?

  public init(tasks: [String], everyEpochs: Int = 10, heads: [ProbeHead] = [.kNN], forgetting: [String]? = nil) {
    (self.tasks, self.everyEpochs, self.heads, self.forgetting) = (tasks, everyEpochs, Self.ordered(heads), forgetting)
  }

  private static func ordered(_ heads: [ProbeHead]) -> [ProbeHead] { ProbeHead.allCases.filter(heads.contains) }
}

/// What answers from the features of a state. Each is the head of the mode of the same name (`FineTuningMode`).
public enum ProbeHead: String, Codable, Sendable, CaseIterable {
  /// The votes of the nearest training images: nothing is fitted.
  case kNN
  /// A logistic regression on the training images.
  case linearProbe

  public var mode: FineTuningMode {
    switch self {
    case .kNN: .kNN
    case .linearProbe: .linearProbe
    }
  }
}

extension Study {
  /// The tasks on which a pre-training's probe tells what is forgotten: those that are named; else the classification tasks of the study that
  /// its start was trained on, itself or before, here or by the authors of its weights. None without a probe.
  public func forgettingTasks(of specification: PretrainingSpecification) -> [String] {
    guard let probe = specification.probe else { return [] }
    return probe.forgetting ?? tasks.filter { $0.kind.isClassification && wasTrained(specification.initialization, on: $0) }.map(\.name)
  }
}
