internal import Foundations

/// How a threshold is chosen. It must be chosen on validation data and then held fixed for the test data: one chosen on the test
/// data flatters every number made with it.
public enum ThresholdRule: Codable, Hashable, Sendable {
  /// The greatest F1.
  case maximumF1
  /// The greatest Youden index, sensitivity + specificity − 1.
  case maximumYouden
  /// The greatest sensitivity among the thresholds whose specificity is at least this.
  case specificity(atLeast: Double)
  /// The greatest specificity among the thresholds whose sensitivity is at least this.
  case sensitivity(atLeast: Double)
}

/// The threshold that a rule chooses; a sample is called positive when its score is the threshold or more.
///
/// Candidates are the scores themselves. Of equally good ones the highest is taken: it calls the fewest samples positive.
///
/// - Returns: undefined without a positive or a negative sample with a known label, and where no score keeps the rule, as
///   when only calling nothing positive is specific enough.
public func decisionThreshold(scores: [Double], targets: [Float], rule: ThresholdRule) -> MetricValue {
  let counted = OrderedScores.make(scores: scores, targets: targets).flatMap { $0.countedRuns(weights: nil) }
  switch counted {
  case .notAvailable(let reason):
    return .undefined(reason: reason)
  case .value(let counted):
    var best: (threshold: Double, merit: Double)?
    for (threshold, counts) in counted.confusions {
      guard let merit = rule.merit(counts), merit > best?.merit ?? -.infinity else { continue }
      best = (threshold, merit)
    }
    guard let best else { return .undefined(reason: "no threshold keeps the rule") }
    return .value(best.threshold)
  }
}

extension ThresholdRule {
  /// What the rule wants as great as possible; nil where its condition is not met.
  fileprivate func merit(_ counts: BinaryConfusion) -> Double? {
    switch self {
    case .maximumF1: return counts.f1.number
    // In whole numbers, TP·N + TN·P orders as sensitivity + specificity does and has exact ties.
    case .maximumYouden: return Double(counts.truePositives * counts.negatives + counts.trueNegatives * counts.positives)
    case .specificity(let least):
      guard let specificity = counts.specificity.number, specificity >= least else { return nil }
      return counts.sensitivity.number
    case .sensitivity(let least):
      guard let sensitivity = counts.sensitivity.number, sensitivity >= least else { return nil }
      return counts.specificity.number
    }
  }
}

/// The greatest sensitivity of any threshold whose specificity is at least the given one: a point of the ROC curve as it is,
/// without interpolation. 0 where only calling nothing positive is specific enough.
///
/// - Returns: undefined without a positive or a negative sample, or for a specificity outside 0...1.
public func sensitivity(atSpecificity least: Double, scores: [Double], targets: [Float], weights: [Int]? = nil) -> MetricValue {
  guard (0...1).contains(least) else { return .undefined(reason: "the specificity \(least) is not between 0 and 1") }
  let counted = OrderedScores.make(scores: scores, targets: targets).flatMap { $0.countedRuns(weights: weights) }
  return MetricValue(counted.map { $0.sensitivity(atSpecificity: least) })
}
