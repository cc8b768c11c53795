internal import Foundations

/// What a metric is: its name, what tables call it, its unit, direction and range, and its one definition.
///
/// A new metric is one file with a type of one of the three kinds below and its `MetricName`, and one line of `MetricName.catalog`;
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
}

extension Metric {
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
}

extension ClassMetric {
  static var kind: MetricName.Kind { .eachClass }
  static var macro: MetricName { MetricName(Self.self) }
}

/// A metric of one class that follows from the decisions at the threshold of the validation set.
protocol DecisionMetric: ClassMetric {
  static func value(of counts: BinaryConfusion) -> MetricValue
}

extension DecisionMetric {
  static var needsThreshold: Bool { true }
  static func value(of sample: ClassSample) -> MetricValue { MetricValue(sample.decisions.flatMap { value(of: $0).available }) }
}

/// A metric of all classes together, where they exclude each other: each image taken for its most probable class.
protocol ExclusiveClassMetric: Metric {
  static func value(of counts: MulticlassConfusion) -> MetricValue
}

extension ExclusiveClassMetric {
  static var kind: MetricName.Kind { .exclusiveClasses }
}

/// A metric of the masks of all images.
protocol SegmentationMetric: Metric {
  static func value(of sample: SegmentationSample) -> MetricValue
  /// Whether predictions were measured by it at all: in its unit, or because their task asks for it.
  static func isMeasured(in predictions: SegmentationPredictions) -> Bool
  /// Whether an image is no part of it, since it has no value there though it was measured.
  static func leavesOut(_ row: SegmentationPredictions.Row) -> Bool
}

extension SegmentationMetric {
  static var kind: MetricName.Kind { .segmentation }
  static func isMeasured(in predictions: SegmentationPredictions) -> Bool { true }
  static func leavesOut(_ row: SegmentationPredictions.Row) -> Bool { false }
}
