public import Metrics

/// What a run's `metrics.json` holds: how the trained network does on the test set.
public struct RunMetrics: Codable, Hashable, Sendable {
  /// One metric of the run, or of one class.
  public struct Entry: Codable, Hashable, Sendable {
    public let metric: MetricName
    /// The class, for a metric of one class.
    public let className: String?
    public let value: MetricValue

    public init(metric: MetricName, className: String? = nil, value: MetricValue) {
      self.metric = metric
      self.className = className
      self.value = value
    }
  }

  public let entries: [Entry]
  public let imageCount: Int

  public init(entries: [Entry], imageCount: Int) {
    self.entries = entries
    self.imageCount = imageCount
  }

  /// The value of a metric over all classes or images.
  public func value(of metric: MetricName) -> MetricValue? {
    entries.first { $0.metric == metric && $0.className == nil }?.value
  }
}

/// The metrics of the 2021 benchmark.
public enum MetricName: String, Codable, Sendable, CaseIterable {
  /// The AUROC of one class.
  case auroc
  /// The plain mean of the classes' AUROC.
  case aurocMacro
  /// Dice of the pixels of all images together.
  case dicePooled
  /// The plain mean of the images' Dice.
  case dicePerImage

  /// What tables call it.
  public var title: String {
    switch self {
    case .auroc: "AUROC"
    case .aurocMacro: "AUROC (macro)"
    case .dicePooled: "Dice (pooled)"
    case .dicePerImage: "Dice (per image)"
    }
  }
}
