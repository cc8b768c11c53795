internal import Foundations

/// What a metric is: its name, what tables call it, its unit, direction and range, and its one definition.
///
/// A new metric is one file with a type of one of the kinds below and its `MetricName`, and one line of `MetricName.catalog`;
/// Documentation/adding-a-metric.md goes through it.
protocol Metric: Sendable {
  /// In `metrics.json`, `results.csv` and `numbers.json`: never changed, since files hold it.
  static var name: String { get }
  /// What tables call it.
  static var title: String { get }
  static var unit: MetricName.Unit { get }
  static var direction: MetricName.Direction { get }
  /// The values that it can have; intervals end there.
  static var range: ClosedRange<Double> { get }
  /// Whether it needs thresholds that were fixed on the validation set.
  static var needsThreshold: Bool { get }
  /// How its interval over patients is made.
  static var interval: MetricName.IntervalMethod { get }
  static var kind: MetricName.Kind { get }
  /// How the answers of a cross-validation's folds make one value.
  static var overFolds: MetricName.OverFolds { get }
}

extension Metric {
  static var overFolds: MetricName.OverFolds { .pooled }
  static var unit: MetricName.Unit { .fraction }
  static var direction: MetricName.Direction { .higher }
  static var range: ClosedRange<Double> { 0...1 }
  static var needsThreshold: Bool { false }
  static var interval: MetricName.IntervalMethod { .bootstrap }
}

/// A metric of one class, and its plain mean over the classes that have a value.
protocol ClassMetric: Metric {
  /// The name of the mean over classes: its own, but for the AUROC's.
  static var macro: MetricName { get }
  static func value(of sample: ClassSample) -> MetricValue
  /// Nil where it is made of no such parts.
  static func parts(of scores: ClassScores) -> MetricParts?
}

extension ClassMetric {
  static var kind: MetricName.Kind { .eachClass }
  static var macro: MetricName { MetricName(Self.self) }
  static func parts(of scores: ClassScores) -> MetricParts? { nil }
}

/// A metric of one class that follows from the decisions at the threshold of the validation set.
protocol DecisionMetric: ClassMetric {
  static func value(of counts: BinaryConfusion) -> MetricValue
}

extension DecisionMetric {
  static var needsThreshold: Bool { true }
  static func value(of sample: ClassSample) -> MetricValue { MetricValue(sample.decisions.flatMap { value(of: $0).available }) }
}

/// A metric of one class that is the plain mean of one number a row, over the rows that have one.
protocol ClassRowMetric: ClassMetric {
  /// - Parameter isCalled: whether the probability reaches the threshold; nil for metrics that need none.
  /// - Returns: nil where the row is no part of the mean.
  static func value(probability: Double, isPositive: Bool, isCalled: Bool?) -> Double?
}

extension ClassRowMetric {
  static func parts(of scores: ClassScores) -> MetricParts? { scores.rows(of: Self.self).map { .means([$0]) } }
}

/// A share of the decisions on one class: of some rows, those that are right.
protocol ShareMetric: DecisionMetric, ClassRowMetric {
  /// Whether a row is right; nil where it is none of those that the share is of.
  static func isRight(isCalled: Bool, isPositive: Bool) -> Bool?
}

extension ShareMetric {
  static var interval: MetricName.IntervalMethod { .share }
  static func value(probability: Double, isPositive: Bool, isCalled: Bool?) -> Double? {
    isCalled.flatMap { isRight(isCalled: $0, isPositive: isPositive) }.map { $0 ? 1 : 0 }
  }
}

/// A metric of all classes together, where they exclude each other: each image taken for its most probable class.
protocol ExclusiveClassMetric: Metric {
  static func value(of counts: MulticlassConfusion) -> MetricValue
  /// Whether it means something only where the classes are grades, in their order.
  static var isOfGrades: Bool { get }
  /// Nil where it is made of no such parts.
  static func parts(of decisions: ClassDecisions) -> MetricParts?
}

extension ExclusiveClassMetric {
  static var kind: MetricName.Kind { .exclusiveClasses }
  static var isOfGrades: Bool { false }
  static func parts(of decisions: ClassDecisions) -> MetricParts? { nil }
}

/// A metric of all classes together that is the plain mean of one number a row.
protocol ExclusiveRowMetric: ExclusiveClassMetric {
  static func value(truth: Int, decision: Int) -> Double?
}

extension ExclusiveRowMetric {
  static func parts(of decisions: ClassDecisions) -> MetricParts? {
    .means([zip(decisions.truths, decisions.decisions).map { value(truth: $0, decision: $1) }])
  }
}

/// A metric of the masks of all images.
protocol SegmentationMetric: Metric {
  static func value(of sample: SegmentationSample) -> MetricValue
  /// Whether predictions were measured by it at all: in its unit, or because their task asks for it.
  static func isMeasured(in predictions: SegmentationPredictions) -> Bool
  /// Whether an image is no part of it, since it has no value there though it was measured.
  static func leavesOut(_ row: SegmentationPredictions.Row) -> Bool
  /// Nil where it is made of no such parts.
  static func parts(of rows: [SegmentationPredictions.Row]) -> MetricParts?
}

extension SegmentationMetric {
  static var kind: MetricName.Kind { .segmentation }
  static func isMeasured(in predictions: SegmentationPredictions) -> Bool { true }
  static func leavesOut(_ row: SegmentationPredictions.Row) -> Bool { false }
  static func parts(of rows: [SegmentationPredictions.Row]) -> MetricParts? { nil }
}

/// A metric of masks that is a ratio of sums over all images, such as a share of their pixels.
protocol PooledMetric: SegmentationMetric {
  /// What an image adds above and below the line.
  static func parts(of counts: PixelConfusion) -> (above: Int, below: Int)
}

extension PooledMetric {
  static var interval: MetricName.IntervalMethod { .ratio }
  static func parts(of rows: [SegmentationPredictions.Row]) -> MetricParts? {
    .ratios([
      rows.map { row in
        let parts = Self.parts(of: row.counts)
        return MetricParts.Ratio(above: Double(parts.above), below: Double(parts.below))
      }
    ])
  }
}

/// A metric of masks that is the plain mean over the images that have a value.
protocol ImageRowMetric: SegmentationMetric {
  static func value(of row: SegmentationPredictions.Row) -> Double?
}

extension ImageRowMetric {
  static var interval: MetricName.IntervalMethod { .mean }
  static func parts(of rows: [SegmentationPredictions.Row]) -> MetricParts? { .means([rows.map(value)]) }
}
