internal import Foundations
internal import Metrics
internal import RunStore
internal import Statistics

extension SeedPredictions {
  /// A metric over the seeds, with how each patient moves it: DeLong's placements for an AUROC, the jackknife for a pooled Dice, the
  /// images' own values for a mean over images, a bootstrap of the same patients in every run for all else.
  func seedsAndPatients(of metric: MetricName) -> Available<SeedsAndPatients> {
    if let unfit { return .notAvailable(reason: unfit) }
    var values: [Double] = []
    for run in metrics {
      guard let value = run.value(of: metric) else { return .notAvailable(reason: "a run has no \(metric.title)") }
      guard let number = value.number else { return .notAvailable(reason: value.reason ?? "it is undefined") }
      values.append(number)
    }
    guard values.count > 1 else { return .notAvailable(reason: "one seed says nothing about other seeds") }
    let patients = predictions[0].patients
    var deviations: [PatientDeviations] = []
    for run in predictions {
      switch run.deviations(of: metric, patients: patients) {
      case .value(let found): deviations.append(found)
      case .notAvailable(let reason): return .notAvailable(reason: reason)
      }
    }
    return SeedsAndPatients.make(values: values, deviations: deviations)
  }

  /// What comparisons with other initializations need of each metric.
  func evidence(of metrics: [MetricName]) -> [MetricName: TaskEvidence.Group] {
    let testSet = predictions.first?.testSet ?? "", patientCount = Set(predictions.first?.patients ?? []).count
    return Dictionary(
      uniqueKeysWithValues: metrics.map { ($0, .init(seeds: seedsAndPatients(of: $0), testSet: testSet, patientCount: patientCount)) })
  }
}

extension Predictions {
  /// How each patient moves a metric.
  ///
  /// - Parameters:
  ///   - className: of the AUROC of one class; nil for the mean over classes and for segmentations.
  ///   - patients: one a row.
  func deviations(of metric: MetricName, className: String? = nil, patients: [String]) -> Available<PatientDeviations> {
    switch (self, metric) {
    case (.classification(let all), .aurocMacro), (.classification(let all), .auroc):
      let columns = (className.map { all.keeping(classes: [$0]) } ?? all).columns
      return PatientDeviations.ofMeanAUROC(scores: columns.map(\.probabilities), targets: columns.map(\.targets), patients: patients)
        .map(\.deviations)
    case (.segmentation(let all), .dicePooled):
      let counts = all.rows.map(\.counts)
      return PatientDeviations.ofRatio(
        numerators: counts.map { Double(2 * $0.truePositives) },
        denominators: counts.map { Double(2 * $0.truePositives + $0.falsePositives + $0.falseNegatives) }, patients: patients)
    case (.segmentation(let all), .dicePerImage):
      return PatientDeviations.ofMean(all.rows.map(\.counts.dice), patients: patients)
    default:
      let measures = PredictionMeasures(self, thresholds: .notAvailable(reason: "no decision is made"), wanted: [metric])
      guard let place = measures.keys.firstIndex(where: { $0.metric == metric && $0.className == nil }) else {
        return .notAvailable(reason: "\(metric.title) is not of such predictions")
      }
      return ResamplingUnits.make(rowCount: imageCount, clusters: patients).flatMap { units in
        PatientDeviations.byBootstrap(over: units) { measures.values(weights: $0.weights)[place].number }
      }
    }
  }

  /// A digest of the rows and of what is true of them: equal for runs whose values may be compared patient by patient.
  var testSet: String {
    let hasher = Digest.Hasher()
    func add(_ text: String) {
      var text = text
      text.append("\n")
      text.withUTF8 { hasher.update(UnsafeRawBufferPointer($0)) }
    }
    switch self {
    case .classification(let all):
      add(all.classNames.joined(separator: "\t"))
      for (row, patient) in zip(all.rows, patients) {
        add(row.id)
        add(patient)
        row.targets.withUnsafeBytes { hasher.update($0) }
      }
    case .segmentation(let all):
      for (row, patient) in zip(all.rows, patients) {
        add(row.id)
        add(patient)
        add("\(row.counts.truePositives + row.counts.falseNegatives)")
      }
    }
    return hasher.finalizeHex()
  }
}
