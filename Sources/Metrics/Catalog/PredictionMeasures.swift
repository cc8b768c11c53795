public import Foundations

/// Every metric of some predictions, ready to be computed on all rows or on any resample of them.
///
/// Scores are sorted once; a resample is a weight per row (how often it was drawn). So what a run's `metrics.json` holds, what a
/// report computes again and what a bootstrap resamples is one and the same definition.
public struct PredictionMeasures: Sendable {
  /// Which metric, and of which class; nil for the mean over classes and for segmentations.
  public struct Key: Codable, Hashable, Sendable {
    public let metric: MetricName
    public let className: String?

    public init(metric: MetricName, className: String? = nil) {
      self.metric = metric
      self.className = className
    }
  }

  /// The mean over the classes first, then each class, metric by metric.
  public let keys: [Key]
  /// The scores of each class, sorted; none for segmentations.
  public let orderedScores: [Available<OrderedScores>]
  private let compute: @Sendable ([Int]?) -> [MetricValue]
  private let rows: @Sendable (Key) -> [Double?]?
  private let parts: @Sendable (Key) -> [(above: Int, below: Int)]?

  /// - Parameters:
  ///   - thresholds: fixed on the validation set; used for the metrics that need them.
  ///   - wanted: by default all metrics of the kind; `.auroc` and `.aurocMacro` each mean both.
  public init(_ predictions: Predictions, thresholds: Available<DecisionThresholds>, wanted: Set<MetricName>? = nil) {
    switch predictions {
    case .classification(let all):
      let metrics = MetricName.ofClassification.filter { wanted?.contains($0) ?? true || wanted?.contains($0.macro) ?? false }
        .compactMap { $0.metric as? any ClassMetric.Type }
      let shared = (all.areExclusive ? MetricName.ofExclusiveClasses.filter { wanted?.contains($0) ?? true } : [])
        .compactMap { $0.metric as? any ExclusiveClassMetric.Type }
      let classes = zip(all.classNames, all.columns).map { ClassScores(name: $0, targets: $1.targets, probabilities: $1.probabilities, thresholds) }
      orderedScores = classes.map(\.ordered)
      let decisions = shared.isEmpty ? ClassDecisions.none : ClassDecisions(all)
      keys = metrics.flatMap { metric in
        [Key(metric: metric.macro)] + all.classNames.map { Key(metric: MetricName(metric), className: $0) }
      } + shared.map { Key(metric: MetricName($0)) }
      parts = { _ in nil }
      rows = { key in
        if let metric = key.metric.metric as? any ExclusiveRowMetric.Type {
          return zip(decisions.truths, decisions.decisions).map { metric.value(truth: $0, decision: $1) }
        }
        // A mean over several classes is none over rows.
        let place = key.className.map { name in all.classNames.firstIndex(of: name) } ?? (all.classNames.count == 1 ? 0 : nil)
        return place.flatMap { classes[$0].rows(of: key.metric) }
      }
      compute = { weights in
        let columns = classes.map { scores in
          let sample = ClassSample(scores, weights: weights)
          return metrics.map { $0.value(of: sample) }
        }
        return metrics.indices.flatMap { index in
          let perClass = columns.map { $0[index] }
          return [Self.mean(perClass)] + perClass
        } + (shared.isEmpty ? [] : decisions.values(of: shared, weights: weights))
      }
    case .segmentation(let all):
      orderedScores = []
      let metrics = MetricName.ofSegmentation.filter { wanted?.contains($0) ?? true }.compactMap { $0.metric as? any SegmentationMetric.Type }
        .filter { $0.isMeasured(in: all) }
      keys = metrics.map { Key(metric: MetricName($0)) }
      parts = { key in (key.metric.metric as? any PooledMetric.Type).map { metric in all.rows.map { metric.parts(of: $0.counts) } } }
      rows = { key in (key.metric.metric as? any ImageRowMetric.Type).map { metric in all.rows.map { metric.value(of: $0) } } }
      compute = { weights in
        let sample = SegmentationSample(all, weights: weights)
        return metrics.map { sample.isEmpty ? .undefined(reason: "no image") : $0.value(of: sample) }
      }
    }
  }

  /// One value a key.
  ///
  /// - Parameter weights: how often each row counts; nil for once.
  public func values(weights: [Int]? = nil) -> [MetricValue] { compute(weights) }

  /// Whether a value is the plain mean of one number a row, as a sensitivity of one class is and the mean of several is not.
  public func isMeanOverRows(_ key: Key) -> Bool {
    switch key.metric.metric {
    case is any ExclusiveRowMetric.Type, is any ImageRowMetric.Type: true
    case is any ClassRowMetric.Type: key.className != nil || orderedScores.count == 1
    default: false
    }
  }

  /// What each row adds to a metric that is a plain mean over rows, nil where it is no part of it.
  ///
  /// - Returns: nil for metrics that are no such mean, and where a threshold is missing.
  public func rowValues(of key: Key) -> [Double?]? { rows(key) }

  /// What each row adds above and below the line of a metric that is a ratio of sums over rows; nil for metrics that are none.
  public func ratioParts(of key: Key) -> [(above: Int, below: Int)]? { parts(key) }

  private static func mean(_ values: [MetricValue]) -> MetricValue {
    let defined = values.compactMap(\.number)
    if !defined.isEmpty { return .value(defined.reduce(0, +) / Double(defined.count)) }
    // One class, or one reason for all of them, needs no words of its own.
    let reasons = Set(values.compactMap(\.reason))
    return .undefined(reason: reasons.count == 1 ? reasons.first ?? "" : "the metric is undefined for every class")
  }
}
