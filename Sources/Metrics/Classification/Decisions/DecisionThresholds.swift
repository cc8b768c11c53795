public import Foundations

/// The threshold of each class, chosen on the validation set and then held fixed.
public struct DecisionThresholds: Codable, Hashable, Sendable {
  public struct Class: Codable, Hashable, Sendable {
    public let name: String
    /// Positive is what has this probability or more; undefined where the validation set does not allow a choice.
    public let threshold: MetricValue
  }

  public let rule: ThresholdRule
  public let classes: [Class]

  /// - Parameter rule: by default the greatest Youden index. It does not depend on how rare a finding is, so that a threshold
  ///   from one hospital means the same in another; the greatest F1 does, and with few positives it jumps between samples.
  public init(validation: ClassificationPredictions, rule: ThresholdRule = .maximumYouden) {
    self.rule = rule
    classes = zip(validation.classNames, validation.columns).map { name, column in
      let chosen = decisionThreshold(scores: column.probabilities, targets: column.targets, rule: rule)
      return Class(name: name, threshold: chosen.reason.map { .undefined(reason: "on the validation set: \($0)") } ?? chosen)
    }
  }

  init(rule: ThresholdRule, classes: [Class]) { (self.rule, self.classes) = (rule, classes) }

  /// Of validation predictions; not available where a run holds none.
  public static func make(validation: Predictions?, rule: ThresholdRule = .maximumYouden) -> Available<DecisionThresholds> {
    switch validation {
    case .classification(let predictions): .value(DecisionThresholds(validation: predictions, rule: rule))
    case .segmentation, .classMasks: .notAvailable(reason: "a segmentation has no threshold of classes")
    case .numbers: .notAvailable(reason: "numbers have no threshold of classes")
    case nil: .notAvailable(reason: "there are no validation predictions, on which a threshold could be fixed")
    }
  }

  public func threshold(of className: String) -> MetricValue {
    classes.first { $0.name == className }?.threshold ?? .undefined(reason: "the validation set has no class “\(className)”")
  }
}
