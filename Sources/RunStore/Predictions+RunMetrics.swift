public import Metrics

extension Predictions {
  /// What `metrics.json` holds of these predictions, and what reports compute again from `predictions.csv`.
  public var metrics: RunMetrics {
    switch self {
    case .classification(let predictions):
      let auroc = predictions.auroc
      let perClass = auroc.classes.map { RunMetrics.Entry(metric: .auroc, className: $0.name, value: $0.value) }
      return RunMetrics(
        entries: [RunMetrics.Entry(metric: .aurocMacro, value: auroc.macro)] + perClass, imageCount: predictions.rows.count)
    case .segmentation(let predictions):
      let dice = predictions.dice
      return RunMetrics(
        entries: [
          RunMetrics.Entry(metric: .dicePooled, value: dice.pooled), RunMetrics.Entry(metric: .dicePerImage, value: dice.perImage),
        ], imageCount: predictions.rows.count)
    }
  }
}
