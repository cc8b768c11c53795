public import Foundations
public import Metrics
public import Studies

extension Predictions {
  /// The metrics that studies of a kind of task are compared by, such as the AUROC or both Dice. Quick, since a study has thousands of runs.
  public func metrics(of kind: TaskKind) -> RunMetrics { metrics(kind.tableMetrics) }

  /// Some metrics, none of which needs a threshold.
  public func metrics(_ wanted: [MetricName]) -> RunMetrics {
    gathered(PredictionMeasures(self, thresholds: .notAvailable(reason: "no decision is made here"), wanted: Set(wanted)))
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
  /// The metrics that studies of a kind of task are compared by, over all folds.
  public func metrics(of kind: TaskKind) -> RunMetrics { together.gathered(PredictionMeasures(self, wanted: Set(kind.tableMetrics))) }

  /// Every metric over all folds, with what they were computed from. There are no thresholds that all decisions were made by.
  public func measured() -> (metrics: RunMetrics, measures: PredictionMeasures) {
    let measures = PredictionMeasures(self)
    return (together.gathered(measures), measures)
  }
}
