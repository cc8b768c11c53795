public import Foundations
internal import Metrics
internal import RunStore
internal import Statistics
internal import Studies

extension ExternalReport {
  /// Both sets' intervals over patients, of the median run of each task, initialization and fraction.
  static func patients(_ groups: [[Result]]) -> [PatientRow] {
    let jobs = groups.compactMap { group -> Result? in
      func median(_ predictions: (Result) -> Predictions) -> Int? {
        MedianRun.index(group.map { ($0.cell.seed, predictions($0).metrics(of: $0.kind).value(of: $0.kind.tableMetrics[0])?.number) })
      }
      // A test set without a positive image orders nothing; then the other set does, and then the first run stands for all.
      return group.isEmpty ? nil : group[median(\.own) ?? median(\.other) ?? 0]
    }
    return concurrentMap(jobs.count) { rows(of: jobs[$0]) }.flatMap(\.self)
  }

  private static func rows(of result: Result) -> [PatientRow] {
    let wanted = Set(result.own.metrics(of: result.kind).entries.map(\.metric))
    let own = MetricIntervals(result.own, validation: nil, wanted: wanted)
    let other = MetricIntervals(result.other, validation: nil, wanted: wanted)
    return own.entries.compactMap { entry in
      guard let there = other.entry(of: entry.metric, className: entry.className) else { return nil }
      return PatientRow(
        task: result.cell.task, initialization: result.cell.initialization, fraction: result.cell.fraction, seed: result.cell.seed,
        metric: entry.metric, className: entry.className, own: entry.value, ownInterval: entry.interval, ownWarning: entry.warning,
        other: there.value, otherInterval: there.interval, otherWarning: there.warning)
    }
  }
}

extension ExternalReport {
  /// The intervals of single runs.
  public var patientTable: Table {
    let several = Set(patients.map(\.task)).count > 1
    var table = Table(
      columns: (several ? [Table.Column("Task")] : []) + [
        Table.Column("Initialization"), Table.Column("Seed", .right), Table.Column(metricTitle),
        Table.Column("Own, 95 % interval", .right), Table.Column("\(title), 95 % interval", .right),
      ])
    let classCount = Set(patients.compactMap(\.className)).count
    for row in patients where row.className == nil || classCount > 1 {
      table.append(
        (several ? [row.task] : []) + [
          row.initialization + (row.fraction.isWhole ? "" : ", \(row.fraction.percentText) of the images"), String(row.seed),
          words(row.metric, row.className, classCount: classCount), text(row.own, row.ownInterval, row.ownWarning, row.metric.scale),
          text(row.other, row.otherInterval, row.otherWarning, row.metric.scale),
        ])
    }
    return table
  }

  /// What is known against some of the intervals, each reason once, in the order of their letters.
  private var warnings: [String] {
    let classCount = Set(patients.compactMap(\.className)).count
    return distinct(patients.filter { $0.className == nil || classCount > 1 }.flatMap { [$0.ownWarning, $0.otherWarning].compactMap(\.self) })
  }

  /// The letters of the table.
  var warningNotes: [String] { warnings.enumerated().map { "(\(Self.letter($0))) \($1)" } }

  private static func letter(_ place: Int) -> String { String(UnicodeScalar(UInt8(ascii: "a") + UInt8(min(place, 25)))) }

  var patientNote: String {
    let isSegmentation = patients.contains { $0.metric.isOfSegmentation }
    let method =
      patients.contains { $0.metric.kind == .numbers }
      ? "Student's t over patients, log scale"
      : isSegmentation
        ? "Student's t over patients, logit scale (pooled: jackknife)"
        : distinct(patients.compactMap { Self.way($0.metric) }).joined(separator: "; ")
    let reasons = distinct(patients.flatMap { [$0.ownInterval.reason, $0.otherInterval.reason].compactMap(\.self) })
    let missing = reasons.isEmpty ? "" : " n/a: \(firstFew(reasons))."
    return "Intervals are for other patients with the one network whose own result is the median of its seeds (the result there, where its own is undefined): \(method).\(missing)"
  }

  /// How an interval of a classification is made.
  private static func way(_ metric: MetricName) -> String? {
    switch metric.interval {
    case .deLong: "DeLong by patient, logit scale"
    case .bootstrap: "\(metric.title): BCa bootstrap of whole patients"
    case .jackknife: "\(metric.title): Student's t by the jackknife over patients, logit scale"
    case .mean, .ratio: "\(metric.title): Student's t over patients"
    case .percentiles: "\(metric.title): percentiles of a bootstrap of whole patients"
    case .share: "\(metric.title): Wilson's, by patient"
    case .notAvailable: nil
    }
  }

  private func text(_ value: MetricValue, _ interval: Available<Interval>, _ warning: String?, _ scale: ResultTable.Scale) -> String {
    guard let number = value.number else { return "undefined" }
    let bounds = interval.known.map { "\(scale.text($0.lower)) to \(scale.text($0.upper))" } ?? "n/a"
    let mark = warning.flatMap { warnings.firstIndex(of: $0) }.map { " (\(Self.letter($0)))" } ?? ""
    return "\(scale.text(number)) (\(bounds))\(mark)"
  }
}
