public import Foundations

/// Every metric of some predictions, ready to be computed on all rows or on any resample of them.
///
/// Scores are sorted once; a resample is a weight per row (how often it was drawn). So what a run's `metrics.json` holds, what a
/// report computes again and what a bootstrap resamples is one and the same definition.
public struct PredictionMeasures: Sendable {
  /// Which metric, and of which class or column of numbers; nil for the mean over them and for segmentations of one mask.
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
  private let makeParts: @Sendable (Key) -> MetricParts?

  init(
    keys: [Key], orderedScores: [Available<OrderedScores>], compute: @escaping @Sendable ([Int]?) -> [MetricValue],
    makeParts: @escaping @Sendable (Key) -> MetricParts?
  ) {
    (self.keys, self.orderedScores, self.compute, self.makeParts) = (keys, orderedScores, compute, makeParts)
  }

  /// - Parameters:
  ///   - thresholds: fixed on the validation set; used for the metrics that need them.
  ///   - wanted: by default all metrics of the kind; `.auroc` and `.aurocMacro` each mean both.
  public init(_ predictions: Predictions, thresholds: Available<DecisionThresholds>, wanted: Set<MetricName>? = nil) {
    switch predictions {
    case .classification(let all): self.init(classes: all, thresholds: thresholds, wanted: wanted)
    case .segmentation(let all): self.init(masks: all, wanted: wanted)
    case .classMasks(let all): self.init(classMasks: all, wanted: wanted)
    case .numbers(let all): self.init(numbers: all, wanted: wanted)
    }
  }

  private init(classes all: ClassificationPredictions, thresholds: Available<DecisionThresholds>, wanted: Set<MetricName>?) {
    let metrics = MetricName.ofClassification.filter { wanted?.contains($0) ?? true || wanted?.contains($0.macro) ?? false }
      .compactMap { $0.metric as? any ClassMetric.Type }
    let shared = (all.areExclusive ? MetricName.ofExclusiveClasses.filter { wanted?.contains($0) ?? true } : [])
      .compactMap { $0.metric as? any ExclusiveClassMetric.Type }.filter { all.areOrdered || !$0.isOfGrades }
    let classes = zip(all.classNames, all.columns).map { ClassScores(name: $0, targets: $1.targets, probabilities: $1.probabilities, thresholds) }
    orderedScores = classes.map(\.ordered)
    let decisions = shared.isEmpty ? ClassDecisions.none : ClassDecisions(all)
    keys =
      metrics.flatMap { metric in
        [Key(metric: metric.macro)] + all.classNames.map { Key(metric: MetricName(metric), className: $0) }
      } + shared.map { Key(metric: MetricName($0)) }
    makeParts = { key in
      if let metric = key.metric.metric as? any ExclusiveClassMetric.Type { return metric.parts(of: decisions) }
      guard let metric = key.metric.metric as? any ClassMetric.Type else { return nil }
      let ofKey = key.className.map { name in all.classNames.firstIndex(of: name).map { [classes[$0]] } ?? [] } ?? classes
      return MetricParts.mean(of: ofKey.map { metric.parts(of: $0) })
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
  }

  private init(masks all: SegmentationPredictions, wanted: Set<MetricName>?) {
    orderedScores = []
    let metrics = MetricName.ofSegmentation.filter { wanted?.contains($0) ?? true }.compactMap { $0.metric as? any SegmentationMetric.Type }
      .filter { $0.isMeasured(in: all) }
    keys = metrics.map { Key(metric: MetricName($0)) }
    makeParts = { key in (key.metric.metric as? any SegmentationMetric.Type)?.parts(of: all.rows) }
    compute = { weights in
      let sample = SegmentationSample(all, weights: weights)
      return metrics.map { sample.isEmpty ? .undefined(reason: "no image") : $0.value(of: sample) }
    }
  }

  /// One value a key.
  ///
  /// - Parameter weights: how often each row counts; nil for once.
  public func values(weights: [Int]? = nil) -> [MetricValue] { compute(weights) }

  /// What the rows add to a value, where it is a mean of such parts; nil for all else, and where no class has what it needs, such as a
  /// threshold.
  public func parts(of key: Key) -> MetricParts? { makeParts(key) }

  static func mean(_ values: [MetricValue]) -> MetricValue {
    let defined = values.compactMap(\.number)
    if !defined.isEmpty { return .value(defined.reduce(0, +) / Double(defined.count)) }
    // One class, or one reason for all of them, needs no words of its own.
    let reasons = Set(values.compactMap(\.reason))
    return .undefined(reason: reasons.count == 1 ? reasons.first ?? "" : "the metric is undefined for every class")
  }
}
