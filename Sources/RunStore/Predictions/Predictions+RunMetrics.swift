public import Foundations
public import Metrics

extension Predictions {
  /// The metrics that studies are compared by, such as the AUROC or both Dice. Quick, since a study has thousands of runs.
  public var metrics: RunMetrics { gathered(PredictionMeasures(self, thresholds: .notAvailable(reason: ""), wanted: comparedMetrics)) }

  fileprivate var comparedMetrics: Set<MetricName> {
    switch self {
    case .classification(let all): all.areOrdered ? [.auroc, .cohenKappaQuadratic] : [.auroc]
    case .segmentation, .classMasks: [.dicePooled, .dicePerImage]
    case .numbers: [.meanAbsoluteError]
    }
  }

  /// Every metric: what a run's `metrics.json` holds, and what a report computes again from the predictions.
  ///
  /// - Parameters:
  ///   - validation: the same weights' predictions of the validation set, on which thresholds are fixed; nil where a run has
  ///     none, which leaves the metrics of decisions undefined.
  ///   - rule: how a threshold is chosen.
  public func allMetrics(validation: Predictions?, rule: ThresholdRule = .maximumYouden) -> RunMetrics {
    measured(validation: validation, rule: rule).metrics
  }

  /// The same, with what they were computed from.
  public func measured(
    validation: Predictions?, rule: ThresholdRule = .maximumYouden
  ) -> (metrics: RunMetrics, measures: PredictionMeasures) {
    measured(thresholds: DecisionThresholds.make(validation: validation, rule: rule))
  }

  /// The same by thresholds that are chosen already.
  public func measured(thresholds: Available<DecisionThresholds>) -> (metrics: RunMetrics, measures: PredictionMeasures) {
    let measures = PredictionMeasures(self, thresholds: thresholds)
    return (gathered(measures, thresholds: thresholds.known), measures)
  }

  fileprivate func gathered(_ measures: PredictionMeasures, thresholds: DecisionThresholds? = nil) -> RunMetrics {
    RunMetrics(
      entries: zip(measures.keys, measures.values()).map { key, value in
        let leftOut = masks(of: key.className)?.leftOutCount(of: key.metric) ?? 0
        return RunMetrics.Entry(metric: key.metric, className: key.className, value: value, leftOut: leftOut > 0 ? leftOut : nil)
      }, imageCount: imageCount, thresholds: thresholds)
  }

  /// The masks of a class, or of the one object; nil for a mean over classes and for what is no segmentation.
  private func masks(of className: String?) -> SegmentationPredictions? {
    switch self {
    case .segmentation(let all): all
    case .classMasks(let all): className.flatMap(all.classNames.firstIndex(of:)).map { all.classes[$0] }
    case .classification, .numbers: nil
    }
  }
}

extension FoldedPredictions {
  /// The metrics that studies are compared by, over all folds.
  public var metrics: RunMetrics { together.gathered(PredictionMeasures(self, wanted: together.comparedMetrics)) }

  /// Every metric over all folds, with what they were computed from. There are no thresholds that all decisions were made by.
  public func measured() -> (metrics: RunMetrics, measures: PredictionMeasures) {
    let measures = PredictionMeasures(self)
    return (together.gathered(measures), measures)
  }
}
