/// The true class of each row and the one it is taken for: the first of the most probable.
struct ClassDecisions: Sendable {
  let truths: [Int]
  let decisions: [Int]
  let classCount: Int

  static let none = ClassDecisions(ClassificationPredictions(classNames: []))

  func counts(weights: [Int]? = nil) -> MulticlassConfusion? {
    MulticlassConfusion(truths: truths, decisions: decisions, classCount: classCount, weights: weights)
  }

  init(_ all: ClassificationPredictions) {
    truths = all.rows.map { $0.targets.firstIndex(of: 1) ?? 0 }
    decisions = all.rows.map { row in row.probabilities.indices.max { (row.probabilities[$0], -$0) < (row.probabilities[$1], -$1) } ?? 0 }
    classCount = all.classNames.count
  }

  func values(of metrics: [any ExclusiveClassMetric.Type], weights: [Int]?) -> [MetricValue] {
    let counts = counts(weights: weights)
    return metrics.map { metric in counts.map { metric.value(of: $0) } ?? .undefined(reason: "there is no sample") }
  }
}

extension MulticlassConfusion {
  /// Each image taken for its most probable class; nil where the classes do not exclude each other.
  public init?(_ predictions: ClassificationPredictions) {
    guard predictions.areExclusive, let counts = ClassDecisions(predictions).counts() else { return nil }
    self = counts
  }
}
