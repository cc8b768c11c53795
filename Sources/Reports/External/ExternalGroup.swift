internal import Foundations
internal import Metrics
internal import RunStore
internal import Statistics
internal import Studies

/// What the runs of one task, initialization and fraction come to on one other test set: what `evaluate` prints, and what a study's
/// report takes from every group.
struct ExternalGroup {
  /// A row a metric and class.
  let rows: [ExternalReport.Row]
  /// The metrics of each run, in the runs' order.
  let runs: [[ExternalReport.Run]]
  /// The values of both sets that rows without a class are made of, by metric.
  private(set) var pairs: [MetricName: ExternalPairs] = [:]

  /// - Parameter results: of runs that differ in their seed alone, asked about the same images; not empty.
  init(_ results: [ExternalReport.Result]) {
    let comparable = results.map(\.comparable)
    runs = zip(results, comparable).map(Self.runs)
    var order: [PredictionMeasures.Key] = [], members: [PredictionMeasures.Key: [(place: Int, run: ExternalReport.Run)]] = [:]
    for (place, run) in runs.enumerated() {
      for metric in run {
        let key = PredictionMeasures.Key(metric: metric.metric, className: metric.className)
        if members[key] == nil { order.append(key) }
        members[key, default: []].append((place, metric))
      }
    }
    var pairs: [MetricName: ExternalPairs] = [:]
    rows = order.compactMap { key in
      let found = members[key, default: []]
      guard let first = found.first?.run else { return nil }
      // A seed counts on both sides or on none, so that the two columns are of the same runs.
      let defined = found.filter { $0.run.own.number != nil && $0.run.other.number != nil }
      let both = ExternalPairs(
        key, defined.map { key.className == nil ? comparable[$0.place] : results[$0.place] }, own: defined.compactMap(\.run.own.number),
        other: defined.compactMap(\.run.other.number))
      if key.className == nil { pairs[key.metric] = both }
      let own = Summary(both.own), other = Summary(both.other), reasons = found.compactMap { Self.reason($0.run) }
      return ExternalReport.Row(
        task: first.task, initialization: first.initialization, fraction: first.fraction, metric: key.metric, className: key.className,
        own: own, other: other, ownInterval: own.meanInterval(), otherInterval: other.meanInterval(),
        generalized: ExternalDrop(both, of: key.metric), undefinedCount: found.count - defined.count, undefinedReason: reasons.first,
        ownImageCount: results.first?.own.imageCount ?? 0, otherImageCount: results.first?.other.imageCount ?? 0)
    }
    self.pairs = pairs
  }

  private static func reason(_ run: ExternalReport.Run) -> String? {
    run.other.reason.map { "on the other set: \($0)" } ?? run.own.reason.map { "on the own set: \($0)" }
  }

  private static func runs(_ result: ExternalReport.Result, _ comparable: ExternalReport.Result) -> [ExternalReport.Run] {
    let own = result.own.metrics(of: result.kind), other = result.other.metrics(of: result.kind)
    let (ownMeans, otherMeans) = (comparable.own.metrics(of: result.kind), comparable.other.metrics(of: result.kind))
    return own.entries.map { entry in
      let isMean = entry.className == nil
      return ExternalReport.Run(
        task: result.cell.task, initialization: result.cell.initialization, fraction: result.cell.fraction, seed: result.cell.seed,
        metric: entry.metric, className: entry.className, own: isMean ? ownMeans.value(of: entry.metric) ?? entry.value : entry.value,
        other: (isMean ? otherMeans : other).value(of: entry.metric, className: entry.className)
          ?? .undefined(reason: "the other test set has no such class"),
        identity: result.cell.identity)
    }
  }
}

extension ExternalReport.Result {
  /// The answers that means over classes are taken of: without the classes that are undefined on either set, so that both means are of
  /// the same classes. Where none is left, all, and the means say why they are undefined.
  fileprivate var comparable: Self {
    if case .numbers = own { return self }
    let (here, there) = (own.metrics(of: kind), other.metrics(of: kind)), all = own.columnNames
    // The first metric that each class has by itself; a segmentation of one mask has no classes.
    guard let metric = here.entries.first(where: { $0.className != nil })?.metric else { return self }
    let names = all.filter {
      here.value(of: metric, className: $0)?.number != nil && there.value(of: metric, className: $0)?.number != nil
    }
    if names.isEmpty || names.count == all.count { return self }
    return Self(cell: cell, kind: kind, record: record, own: own.keeping(classes: names), other: other.keeping(classes: names))
  }
}

/// One metric of the same networks on two test sets, seed by seed, with how patients of either move it.
struct ExternalPairs: Sendable {
  let seeds: [Int]
  let own: [Double]
  let other: [Double]
  /// Of each seed's value.
  let ownDeviations: Available<[PatientDeviations]>
  let otherDeviations: Available<[PatientDeviations]>

  init(_ key: PredictionMeasures.Key, _ results: [ExternalReport.Result], own: [Double], other: [Double]) {
    seeds = results.map(\.cell.seed)
    (self.own, self.other) = (own, other)
    func deviations(_ predictions: (ExternalReport.Result) -> Predictions) -> Available<[PatientDeviations]> {
      // One seed has no interval, whatever its patients.
      guard results.count > 1 else { return .notAvailable(reason: Self.oneSeed) }
      let patients = results.first.map { predictions($0).patients }
      guard results.allSatisfy({ predictions($0).patients == patients }) else {
        return .notAvailable(reason: "the runs were not asked about the same images")
      }
      let places = PatientPlaces(patients ?? [])
      let all = results.map { predictions($0).deviations(of: key.metric, className: key.className, patients: places) }
      return all.compactMap(\.reason).first.map { .notAvailable(reason: $0) } ?? .value(all.compactMap(\.known))
    }
    ownDeviations = deviations(\.own)
    otherDeviations = deviations(\.other)
  }

  private static let oneSeed = "one seed says nothing about other seeds"

  /// The means over seeds and patients of each set.
  var ownGroup: Available<SeedsAndPatients> { ownDeviations.flatMap { SeedsAndPatients.make(values: own, deviations: $0) } }
  var otherGroup: Available<SeedsAndPatients> { otherDeviations.flatMap { SeedsAndPatients.make(values: other, deviations: $0) } }

  /// Own minus other, seed by seed: a network's luck on both sets cancels, while the patients of the two sets are different people.
  var dropGroup: Available<SeedsAndPatients> {
    ownDeviations.flatMap { own in
      otherDeviations.flatMap { other in
        let (before, after) = (own.first?.values.count ?? 0, other.first?.values.count ?? 0)
        if let few = TaskEvidence.tooFew(patients: min(before, after)) { return .notAvailable(reason: few) }
        let differences = zip(own, other).map {
          $0.padded(before: 0, after: after).subtracting($1.padded(before: before, after: 0))
        }
        if let reason = differences.compactMap(\.reason).first { return .notAvailable(reason: reason) }
        return SeedsAndPatients.make(values: zip(self.own, self.other).map(-), deviations: differences.compactMap(\.known))
      }
    }
  }
}
