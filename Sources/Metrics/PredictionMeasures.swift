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

  /// - Parameters:
  ///   - thresholds: fixed on the validation set; used for the metrics that need them.
  ///   - wanted: by default all metrics of the kind; `.auroc` and `.aurocMacro` each mean both.
  public init(_ predictions: Predictions, thresholds: Available<DecisionThresholds>, wanted: Set<MetricName>? = nil) {
    switch predictions {
    case .classification(let all):
      let metrics = MetricName.ofClassification.filter { wanted?.contains($0) ?? true || wanted?.contains($0.macro) ?? false }
      let shared = all.areExclusive ? MetricName.ofExclusiveClasses.filter { wanted?.contains($0) ?? true } : []
      let classes = zip(all.classNames, all.columns).map { ClassScores(name: $0, targets: $1.targets, probabilities: $1.probabilities, thresholds) }
      orderedScores = classes.map(\.ordered)
      let decisions = shared.isEmpty ? ClassDecisions.none : ClassDecisions(all)
      keys = metrics.flatMap { metric in
        [Key(metric: metric.macro)] + all.classNames.map { Key(metric: metric, className: $0) }
      } + shared.map { Key(metric: $0) }
      compute = { weights in
        let columns = classes.map { $0.values(of: metrics, weights: weights) }
        return metrics.indices.flatMap { index in
          let perClass = columns.map { $0[index] }
          return [Self.mean(perClass)] + perClass
        } + (shared.isEmpty ? [] : decisions.values(of: shared, weights: weights))
      }
    case .segmentation(let all):
      orderedScores = []
      let metrics = MetricName.ofSegmentation.filter { wanted?.contains($0) ?? true }
      keys = metrics.map { Key(metric: $0) }
      compute = { weights in metrics.map { all.value(of: $0, weights: weights) } }
    }
  }

  /// One value a key.
  ///
  /// - Parameter weights: how often each row counts; nil for once.
  public func values(weights: [Int]? = nil) -> [MetricValue] { compute(weights) }

  private static func mean(_ values: [MetricValue]) -> MetricValue {
    let defined = values.compactMap(\.number)
    if !defined.isEmpty { return .value(defined.reduce(0, +) / Double(defined.count)) }
    // One class, or one reason for all of them, needs no words of its own.
    let reasons = Set(values.compactMap(\.reason))
    return .undefined(reason: reasons.count == 1 ? reasons.first ?? "" : "the metric is undefined for every class")
  }
}

/// The scores of one class, sorted once.
private struct ClassScores: Sendable {
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

  func values(of metrics: [MetricName], weights: [Int]?) -> [MetricValue] {
    let counted = ordered.flatMap { $0.countedRuns(weights: weights) }
    let confusion: Available<BinaryConfusion>? = metrics.contains(where: \.needsThreshold) ? decisions(weights: weights) : nil
    func decided(_ value: (BinaryConfusion) -> MetricValue) -> MetricValue {
      MetricValue((confusion ?? .notAvailable(reason: "no decision was made")).flatMap { value($0).available })
    }
    return metrics.map { metric in
      switch metric {
      case .auroc, .aurocMacro: MetricValue(counted.map(\.areaUnderROC))
      case .averagePrecision: MetricValue(counted.map(\.averagePrecision))
      case .sensitivityAtSpecificity90: MetricValue(counted.map { $0.sensitivity(atSpecificity: 0.9) })
      case .sensitivityAtSpecificity95: MetricValue(counted.map { $0.sensitivity(atSpecificity: 0.95) })
      case .f1: decided(\.f1)
      case .sensitivity: decided(\.sensitivity)
      case .specificity: decided(\.specificity)
      case .accuracy: decided(\.accuracy)
      case .brier: brierScore(probabilities: probabilities, targets: targets, weights: weights)
      case .calibrationError:
        MetricValue(
          ReliabilityCurve.make(probabilities: probabilities, targets: targets, weights: weights).map(\.expectedCalibrationError))
      case .multiclassAccuracy, .balancedAccuracy, .cohenKappa: .undefined(reason: "\(metric.title) is of all classes together")
      case .dicePooled, .dicePerImage, .iouPooled, .iouPerImage, .hausdorff95, .normalizedSurfaceDistance, .pixelSensitivity,
        .pixelPrecision:
        .undefined(reason: "\(metric.title) is of segmentations")
      }
    }
  }

  private func decisions(weights: [Int]?) -> Available<BinaryConfusion> {
    threshold.available.flatMap { threshold in ordered.map { $0.confusion(threshold: threshold, weights: weights) } }
  }
}

/// The true class of each row and the one it is taken for: the first of the most probable.
private struct ClassDecisions: Sendable {
  let truths: [Int]
  let decisions: [Int]
  let classCount: Int

  static let none = ClassDecisions(ClassificationPredictions(classNames: []))

  init(_ all: ClassificationPredictions) {
    truths = all.rows.map { $0.targets.firstIndex(of: 1) ?? 0 }
    decisions = all.rows.map { row in row.probabilities.indices.max { (row.probabilities[$0], -$0) < (row.probabilities[$1], -$1) } ?? 0 }
    classCount = all.classNames.count
  }

  func values(of metrics: [MetricName], weights: [Int]?) -> [MetricValue] {
    let confusion = MulticlassConfusion(truths: truths, decisions: decisions, classCount: classCount, weights: weights)
    return metrics.map { metric in
      guard let confusion else { return .undefined(reason: "there is no sample") }
      return switch metric {
      case .multiclassAccuracy: confusion.accuracy
      case .balancedAccuracy: confusion.balancedAccuracy
      default: confusion.kappa()
      }
    }
  }
}

extension SegmentationPredictions {
  /// A metric of some rows.
  ///
  /// - Parameter weights: how often each row counts; nil for once.
  func value(of metric: MetricName, weights: [Int]? = nil) -> MetricValue {
    if rows.isEmpty || weights?.allSatisfy({ $0 == 0 }) ?? false { return .undefined(reason: "no image") }
    switch metric {
    case .dicePooled: return .value(pooled(weights).dice)
    case .iouPooled: return .value(pooled(weights).iou)
    case .pixelSensitivity: return pooled(weights).pixels(\.sensitivity, "no pixel belongs to the structure")
    case .pixelPrecision: return pooled(weights).pixels(\.precision, "no pixel is called the structure's")
    case .dicePerImage: return mean(weights) { $0.counts.dice }
    case .iouPerImage: return mean(weights) { $0.counts.iou }
    case .hausdorff95: return outlineMean(weights) { $0.hausdorff95 }
    case .normalizedSurfaceDistance: return outlineMean(weights) { $0.normalizedSurfaceDistance }
    default: return .undefined(reason: "\(metric.title) is of classifications")
    }
  }

  private func pooled(_ weights: [Int]?) -> PixelConfusion {
    rows.enumerated().reduce(into: PixelConfusion()) { sum, entry in
      let weight = weights?[entry.offset] ?? 1, counts = entry.element.counts
      sum.truePositives += weight * counts.truePositives
      sum.falsePositives += weight * counts.falsePositives
      sum.falseNegatives += weight * counts.falseNegatives
      sum.trueNegatives += weight * counts.trueNegatives
    }
  }

  private func outlineMean(_ weights: [Int]?, _ value: (OutlineAgreement) -> Double?) -> MetricValue {
    guard rows.contains(where: { $0.outline != nil }) else {
      return .undefined(reason: "the predictions hold no distances of outlines, as those of older runs do not")
    }
    return mean(weights) { $0.outline.flatMap(value) }
  }

  /// Over the images that have a value.
  private func mean(_ weights: [Int]?, _ value: (Row) -> Double?) -> MetricValue {
    var sum = 0.0, total = 0
    for (index, row) in rows.enumerated() {
      let weight = weights?[index] ?? 1
      guard weight > 0, let number = value(row) else { continue }
      sum += Double(weight) * number
      total += weight
    }
    return total == 0 ? .undefined(reason: "in no image are both masks there or both empty") : .value(sum / Double(total))
  }
}

extension BinaryConfusion {
  /// A share of pixels, with a reason that speaks of pixels.
  fileprivate func pixels(_ value: (BinaryConfusion) -> MetricValue, _ reason: String) -> MetricValue {
    value(self).number.map { .value($0) } ?? .undefined(reason: reason)
  }
}
