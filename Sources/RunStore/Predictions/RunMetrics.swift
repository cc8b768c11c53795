public import Metrics

/// What a run's `metrics.json` holds: how the trained network does on the test set.
public struct RunMetrics: Codable, Hashable, Sendable {
  /// One metric of the run, or of one class.
  public struct Entry: Codable, Hashable, Sendable {
    public let metric: MetricName
    /// The class, for a metric of one class.
    public let className: String?
    public let value: MetricValue
    /// Images that are no part of the mean, since they have no value; nil where every image has one.
    public let leftOut: Int?

    public init(metric: MetricName, className: String? = nil, value: MetricValue, leftOut: Int? = nil) {
      self.metric = metric
      self.className = className
      self.value = value
      self.leftOut = leftOut
    }
  }

  public let entries: [Entry]
  public let imageCount: Int
  /// What the decisions were made by; nil for segmentations and where nothing was decided.
  public let thresholds: DecisionThresholds?

  public init(entries: [Entry], imageCount: Int, thresholds: DecisionThresholds? = nil) {
    self.entries = entries
    self.imageCount = imageCount
    self.thresholds = thresholds
  }

  /// The value of a metric over all classes or images.
  public func value(of metric: MetricName) -> MetricValue? { value(of: metric, className: nil) }

  /// The value of a metric of one class.
  public func value(of metric: MetricName, className: String?) -> MetricValue? {
    entries.first { $0.metric == metric && $0.className == className }?.value
  }
}
