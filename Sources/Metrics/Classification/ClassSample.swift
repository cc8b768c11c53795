internal import Foundations

/// The scores of one class, sorted once.
struct ClassScores: Sendable {
  let probabilities: [Double]
  let targets: [Float]
  let ordered: Available<OrderedScores>
  let threshold: MetricValue

  init(name: String, targets: [Float], probabilities: [Double], _ thresholds: Available<DecisionThresholds>) {
    self.probabilities = probabilities
    self.targets = targets
    ordered = OrderedScores.make(scores: probabilities, targets: targets)
    threshold =
      switch thresholds {
      case .value(let found): found.threshold(of: name)
      case .notAvailable(let reason): .undefined(reason: reason)
      }
  }
}

extension ClassScores {
  /// What each row adds to a metric that is a mean over rows.
  func rows(of metric: any ClassRowMetric.Type) -> [Double?]? {
    guard !metric.needsThreshold || threshold.number != nil else { return nil }
    return zip(probabilities, targets).map { probability, target in
      target.isNaN ? nil : metric.value(probability: probability, isPositive: target == 1, isCalled: threshold.number.map { probability >= $0 })
    }
  }
}

/// All rows of one class, or a resample of them: what metrics of a class are computed from, each part of it once.
final class ClassSample {
  let scores: ClassScores
  /// How often each row counts; nil for once.
  let weights: [Int]?

  init(_ scores: ClassScores, weights: [Int]?) {
    self.scores = scores
    self.weights = weights
  }

  /// The counts at every distinct score.
  private(set) lazy var counted: Available<OrderedScores.Counted> = scores.ordered.flatMap { $0.countedRuns(weights: weights) }

  /// The rows whose label is known, with their probabilities.
  private(set) lazy var labeled: Available<[LabeledProbability]> = LabeledProbability.all(scores.probabilities, scores.targets, weights)

  /// The counts at the threshold of the validation set.
  private(set) lazy var decisions: Available<BinaryConfusion> = scores.threshold.available.flatMap { threshold in
    scores.ordered.map { $0.confusion(threshold: threshold, weights: weights) }
  }
}
