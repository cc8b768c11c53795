public import Metrics

/// What a task asks of the network and how its answers are judged: what the network answers with, what its training lowers, and the
/// metrics that a study is compared by.
///
/// A kind is one file beside this one and one line of `allCases`. All that other modules do for a kind follows from its members, above
/// all from what the network answers with; Documentation/adding-a-kind-of-task.md goes through them.
public struct TaskKind: RawRepresentable, Codable, Sendable {
  /// What the network answers with for an image.
  public enum Answer: String, Codable, Hashable, Sendable, CaseIterable {
    /// The probability of each class, each for itself.
    case findings
    /// Probabilities of classes of which an image has exactly one.
    case oneClass
    /// One mask.
    case mask
    /// A mask of each class, each for itself.
    case masks
    /// For each pixel one class of several, or none.
    case labelMap
    /// Numbers, one a column of the data.
    case numbers
  }

  /// What study files and records call it: never changed, since files hold it.
  public let rawValue: String
  public let answer: Answer
  /// Whether there is one class to answer for, no more.
  public let hasOneClass: Bool
  /// Whether the classes are grades, in their order.
  public let hasOrderedClasses: Bool
  /// What a study says nothing else about.
  public let standardRecipe: Recipe
  /// What its training can lower.
  public let losses: [Loss]
  /// The metrics that are rows of a study's table, the first being the one a single number is given by.
  public let tableMetrics: [MetricName]

  init(
    _ name: String, answer: Answer, hasOneClass: Bool = false, hasOrderedClasses: Bool = false, recipe: Recipe, losses: [Loss], tableMetrics: [MetricName]
  ) {
    rawValue = name
    self.answer = answer
    self.hasOneClass = hasOneClass
    self.hasOrderedClasses = hasOrderedClasses
    standardRecipe = recipe
    self.losses = losses
    self.tableMetrics = tableMetrics
  }

  /// The kind that files call so.
  public init?(rawValue: String) {
    guard let found = Self.allCases.first(where: { $0.rawValue == rawValue }) else { return nil }
    self = found
  }

  /// What it is by its answers, as messages say it.
  public var answerInWords: String { hasSeveralMasks ? "segmentation of several classes" : isSegmentation ? "segmentation" : isClassification ? "classification" : rawValue }

  /// Whether what a network looks at can be drawn over an image: outlines of a mask, or the evidence for a class.
  public var hasPictures: Bool { answer != .numbers }

  /// Whether a metric is one of the kind's.
  public func isJudged(by metric: MetricName) -> Bool {
    switch metric.kind {
    case .eachClass, .exclusiveClasses: isClassification
    case .segmentation: isSegmentation
    case .numbers: answer == .numbers
    }
  }

  /// Whether the network answers with masks.
  public var isSegmentation: Bool { answer == .mask || hasSeveralMasks }

  /// Whether the network answers with masks of several classes, of which metrics are means.
  public var hasSeveralMasks: Bool { answer == .masks || answer == .labelMap }

  /// Whether the network answers with probabilities of classes.
  public var isClassification: Bool { answer == .findings || answer == .oneClass }

  /// Whether an image has exactly one of the classes.
  public var isOfExactlyOneClass: Bool { answer == .oneClass }

  /// Whether metrics are means over classes.
  public var hasSeveralClasses: Bool { isClassification && !hasOneClass || hasSeveralMasks }

  /// What tables call a metric of the kind.
  public func title(of metric: MetricName) -> String {
    // The mean over one class is that class.
    if hasOneClass, metric == .aurocMacro { return MetricName.auroc.title }
    return hasSeveralMasks ? "\(metric.title), mean over classes" : metric.title
  }

  /// How many numbers the network gives, or maps of them.
  ///
  /// - Parameter classes: how many classes or numbers the data have; 0 where they name none.
  public func outputCount(classes: Int, recipe: Recipe) -> Int {
    switch answer {
    case .findings, .oneClass: recipe.outputCount(classes: classes)
    case .numbers, .masks: classes
    case .labelMap: classes + 1
    case .mask: 1
    }
  }

  /// How many masks are true of an image: one a class, without the background.
  ///
  /// - Parameter classes: how many classes the data have; 0 where they name none.
  public func maskCount(classes: Int) -> Int { hasSeveralMasks ? classes : 1 }
}

extension TaskKind: Hashable {
  public static func == (first: Self, second: Self) -> Bool { first.rawValue == second.rawValue }
  public func hash(into hasher: inout Hasher) { hasher.combine(rawValue) }
}

extension TaskKind: CustomStringConvertible {
  public var description: String { rawValue }
}

extension TaskKind: CaseIterable {
  /// Every kind that there is, in the order that messages list them; a new one is one line here.
  public static let allCases: [TaskKind] = [
    .multiLabelClassification,
    .binaryClassification,
    .multiclassClassification,
    .binarySegmentation,
    .multiclassSegmentation,
    .multiLabelSegmentation,
    .regression,
    .orderedGrades,
  ]
}
