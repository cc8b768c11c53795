internal import Foundations
internal import Metrics
internal import Statistics

extension Predictions {
  /// How much each patient moves a metric, by the way that fits it: DeLong's placements for an AUROC, the jackknife for the pooled
  /// Dice, deviations from the mean for the Dice per image.
  ///
  /// - Parameter className: of the AUROC of one class; nil for the mean over classes and for segmentations.
  func deviations(of metric: MetricName, className: String? = nil) -> Available<PatientDeviations> {
    let patients = patients
    switch (self, metric) {
    case (.classification(let all), .aurocMacro), (.classification(let all), .auroc):
      let columns = (className.map { all.keeping(classes: [$0]) } ?? all).columns
      return PatientDeviations.ofMeanAUROC(
        scores: columns.map(\.probabilities), targets: columns.map(\.targets), patients: patients
      ).map(\.deviations)
    case (.segmentation(let all), .dicePooled):
      return PatientDeviations.ofRatio(
        numerators: all.rows.map { Double(2 * $0.counts.truePositives) },
        denominators: all.rows.map { Double(2 * $0.counts.truePositives + $0.counts.falsePositives + $0.counts.falseNegatives) },
        patients: patients)
    case (.segmentation(let all), .dicePerImage):
      return PatientDeviations.ofMean(all.rows.map(\.counts.dice), patients: patients)
    default: return .notAvailable(reason: "how patients move \(metric.title) is not computed here")
    }
  }
}
