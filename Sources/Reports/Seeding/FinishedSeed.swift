internal import Foundations
internal import Metrics
internal import RunStore
internal import Statistics
internal import Studies

/// What rounds of seeds need of a finished run: its value of the task's first metric, and how each patient moves it.
struct FinishedSeed: Sendable {
  /// Not available where the metric is undefined.
  let value: Statistic
  let deviations: Available<PatientDeviations>
  let testSet: String
  /// What the better constant answer reaches; nil where there is none.
  let constant: Double?
  /// For other patients with this very network, of an AUROC.
  let interval: Interval?
  /// Whether another seed is known to give the same.
  let isSameForEverySeed: Bool

  /// - Returns: nil for a run that is not finished, or whose predictions cannot be read.
  init?(_ cell: Cell, _ metric: MetricName, from source: any RunSource, planned: (String) -> CellConfiguration?) {
    let reader = RunReader(source, run: cell.relativePath), condition = reader.condition(of: cell, planned: planned)
    guard let imageCount = condition.imageCount, let found = try? condition.predictions ?? reader.predictions(imageCount: imageCount) else { return nil }
    let patients = PatientPlaces(found.patients)
    if let entry = found.metrics([metric]).value(of: metric) {
      value = entry.available
    } else {
      value = .notAvailable(reason: "a run has no \(metric.title)")
    }
    // What so few patients say settles nothing, after one seed or twenty.
    deviations =
      TaskEvidence.tooFew(patients: Set(found.patients).count).map { .notAvailable(reason: $0) }
      ?? found.deviations(of: metric, patients: patients, withPairs: false)
    testSet = found.testSet
    constant = found.constantAnswer(of: metric, areExclusive: planned(cell.identity)?.kind.answer == .labelMap)
    interval =
      metric.interval == .deLong
      ? value.known.flatMap { AreaColumns(found, patients: patients, level: MetricIntervals.standard.level).interval(of: nil, value: $0).interval.known } : nil
    isSameForEverySeed = cell.mode.isHeadOnFeatures && (try? reader.read(ProbeRecord.self, from: ProbeRecord.fileName))?.dependsOnSeed == false
  }
}

extension SeededArm {
  /// - Parameter seeds: finished, from the first on without a gap.
  init(_ name: String, _ seeds: [FinishedSeed], asksOneFirst: Bool = false) {
    let values = seeds.compactMap(\.value.known)
    let deviations: Available<[PatientDeviations]> =
      seeds.compactMap(\.value.reason).first.map { .notAvailable(reason: $0) }
      ?? .all(seeds.map(\.deviations))
    self.init(
      // A run without value is a seed all the same; nothing can be compared then.
      name: name, values: values.count == seeds.count ? values : seeds.map { $0.value.known ?? 0 }, deviations: deviations,
      testSet: seeds.first?.testSet ?? "", isSameForEverySeed: seeds.first?.isSameForEverySeed ?? false,
      asksOneFirst: asksOneFirst)
  }
}

extension NothingLearned {
  /// Of the first seeds of an initialization.
  init?(_ metric: MetricName, _ seeds: ArraySlice<FinishedSeed>) {
    guard let constant = seeds.first?.constant else { return nil }
    let arm = SeededArm("", Array(seeds)), values = seeds.map(\.value.known)
    let median = MedianRun.index(values.enumerated().map { ($0.offset, $0.element) }).map { seeds[seeds.startIndex + $0] }
    self.init(
      metric, values: values.compactMap(\.self), constant: constant,
      seeds: arm.deviations.flatMap { SeedsAndPatients.make(values: arm.values, deviations: $0) }, patients: median?.interval)
  }
}
