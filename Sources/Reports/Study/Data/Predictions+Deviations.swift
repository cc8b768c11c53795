internal import Foundations
internal import Metrics
internal import Statistics

extension Predictions {
  /// How much each patient moves a metric, by the way that fits it: DeLong's placements for an AUROC, the jackknife for the pooled
  /// Dice, deviations from the mean for the Dice per image and the mean absolute error, for all else that needs no threshold a bootstrap, which draws the same patients
  /// of a test set for every run. Of several classes it is the mean of the ways of those that have a value.
  ///
  /// - Parameters:
  ///   - className: of a metric of one class; nil for the mean over classes and for segmentations.
  ///   - known: the patients of the rows, where they are looked up already.
  ///   - withPairs: of an AUROC, whether what pairs of images do is kept, which plans of more patients ask for.
  func deviations(of metric: MetricName, className: String? = nil, patients known: PatientPlaces? = nil, withPairs: Bool = true) -> Available<PatientDeviations> {
    let patients = known ?? PatientPlaces(self.patients)
    switch (self, metric) {
    case (.classification(let all), .aurocMacro), (.classification(let all), .auroc):
      let columns = (className.map { all.keeping(classes: [$0]) } ?? all).columns
      return PatientDeviations.ofMeanAUROC(
        scores: columns.map(\.probabilities), targets: columns.map(\.targets), among: patients, withPairs: withPairs
      ).map(\.deviations)
    case (.segmentation(let all), .dicePooled):
      return PatientDeviations.ofRatio(
        numerators: all.rows.map { Double(2 * $0.counts.truePositives) },
        denominators: all.rows.map { Double(2 * $0.counts.truePositives + $0.counts.falsePositives + $0.counts.falseNegatives) },
        among: patients)
    case (.numbers(let all), .meanAbsoluteError):
      let names = className.map { [$0] } ?? all.names
      let columns = names.compactMap(all.names.firstIndex(of:)).map { column in
        let known = all.rows.indices.filter { !all.rows[$0].truths[column].isNaN }
        return PatientDeviations.ofMean(
          all.rows.map { $0.truths[column].isNaN ? 0 : abs($0.values[column] - $0.truths[column]) }, among: patients, rows: known)
      }
      return Available<[PatientDeviations]>.all(columns).flatMap { PatientDeviations.mean(of: $0) }
    case (.classMasks, .dicePooled), (.classMasks, .dicePerImage):
      let measures = PredictionMeasures(self, thresholds: .notAvailable(reason: "no decision is made here"), wanted: [metric])
      guard let parts = measures.parts(of: PredictionMeasures.Key(metric: metric, className: className)) else {
        return .notAvailable(reason: "no class has a \(metric.title)")
      }
      return parts.deviations(among: patients)
    case (.segmentation(let all), .dicePerImage):
      return PatientDeviations.ofMean(all.rows.map(\.counts.dice), among: patients)
    default:
      let measures = PredictionMeasures(self, thresholds: .notAvailable(reason: "no decision is made here"), wanted: [metric])
      guard let place = measures.keys.firstIndex(where: { $0.metric == metric && $0.className == className }) else {
        return .notAvailable(reason: "\(metric.title) is not of such predictions")
      }
      if let reason = measures.values()[place].reason { return .notAvailable(reason: reason) }
      return ResamplingUnits.make(rowCount: imageCount, clusters: self.patients).flatMap { units in
        PatientDeviations.byBootstrap(over: units) { measures.values(weights: $0.weights)[place].number }
      }
    }
  }
}

extension MetricParts {
  /// How much each patient moves the plain mean of these means or ratios.
  func deviations(among patients: PatientPlaces) -> Available<PatientDeviations> {
    let each: [Available<PatientDeviations>] =
      switch self {
      case .means(let columns):
        columns.map { column in
          PatientDeviations.ofMean(column.map { $0 ?? 0 }, among: patients, rows: column.indices.filter { column[$0] != nil })
        }
      case .ratios(let columns):
        columns.map { column in
          PatientDeviations.ofRatio(
            numerators: column.map { $0?.above ?? 0 }, denominators: column.map { $0?.below ?? 0 }, among: patients,
            rows: column.indices.filter { column[$0] != nil })
        }
      }
    return Available<[PatientDeviations]>.all(each).flatMap { PatientDeviations.mean(of: $0) }
  }
}
