public import Foundations
public import Metrics
internal import RunStore
public import Statistics
public import Studies

/// How many test patients a result needs to be known to ± a half-width, by the variances over seeds and patients that the finished runs of a
/// study show: the pilot. It is the report's number of patients for ± a margin, for any half-width and any metric that needs no threshold.
public struct PrecisionPlan: Codable, Hashable, Sendable {
  /// One task, initialization and fraction with a finished run.
  public struct Line: Codable, Hashable, Sendable {
    public let task: String
    public let initialization: String
    public let fraction: TrainingFraction
    public let metric: MetricName
    public let metricTitle: String
    /// What the half-width is in: `points` of percentages, else the metric's own unit; empty for a number without one.
    public let unit: String
    /// Over the seeds, in the metric's own unit: 1 for all of a fraction.
    public let mean: Statistic
    public let seedCount: Int
    public let patientCount: Int
    /// Of the 95 % interval for other seeds and other patients, as the runs are.
    public let halfWidth: Statistic
    /// The least number with which it is the wanted one, with the same seeds.
    public let patients: Available<Int>
  }

  public let study: String
  /// As it was asked for: percentage points of a fraction, else in the metric's unit.
  public let halfWidth: Double
  public let lines: [Line]

  /// - Parameters:
  ///   - halfWidth: percentage points of a fraction, else in the metric's unit.
  ///   - metric: what files or tables call it; nil for the first of each task's table.
  /// - Throws: `ReportsError` for a half-width of 0 or less, for a name that is no metric or one that needs a threshold, where no run is
  ///   finished or no task has the metric, and where the tasks' metrics are in several units, which one number cannot be meant in.
  public init(_ plan: Plan, halfWidth: Double, metric name: String? = nil) throws {
    guard halfWidth > 0, halfWidth.isFinite else { throw ReportsError.unfitHalfWidth(halfWidth) }
    let metric = try name.map(Self.metric)
    study = plan.study.name
    self.halfWidth = halfWidth
    let outline = StudyOutline(plan), configurations = plan.configurations
    let reading = StudyReading(
      outline, from: RunFolderSource(plan.study.outputDirectory), depth: .evidence(metric), planned: { configurations[$0] })
    let finished = reading.runs.filter { $0.metrics != nil }
    guard !finished.isEmpty else { throw ReportsError.nothingFinished(study) }
    let groups = Dictionary(grouping: finished) { CellGroup.Key($0.cell) }
    var seen: Set<CellGroup.Key> = []
    let keys = finished.map { CellGroup.Key($0.cell) }.filter { seen.insert($0).inserted }
    lines = keys.flatMap { key -> [Line] in
      guard let task = outline.tasks.first(where: { $0.name == key.task }) else { return [] }
      return (reading.evidence[key] ?? [:]).map { metric, evidence in
        let wanted = metric.unit.isPercent ? halfWidth / 100 : halfWidth
        return Line(
          task: key.task, initialization: key.initialization, fraction: key.fraction, metric: metric, metricTitle: task.title(of: metric),
          unit: task.unitOfDifferences(in: metric),
          mean: Summary((groups[key] ?? []).compactMap { $0.metrics?.value(of: metric)?.number }).mean, seedCount: groups[key]?.count ?? 0,
          patientCount: evidence.patientCount,
          halfWidth: evidence.seeds.flatMap { TwoLevelDifference($0).test().effect.interval.map { ($0.upper - $0.lower) / 2 } },
          patients: evidence.patients(halfWidth: wanted))
      }
    }
    if lines.isEmpty { throw ReportsError.noTask(of: study, with: metric?.rawValue ?? "") }
    let units = distinct(lines.map(\.unit))
    if units.count > 1 { throw ReportsError.severalUnits(halfWidth, units.map { unit in (unit, distinct(lines.filter { $0.unit == unit }.map(\.task))) }) }
  }

  private static func metric(_ name: String) throws -> MetricName {
    let valid = MetricName.allCases.filter { !$0.needsThreshold }
    let all = MetricName.called(name)
    guard let found = all.first else {
      let names = valid.map(\.rawValue)
      throw ReportsError.unknownName(name, what: "metric", valid: nearest(name, in: names + valid.map(\.title)).map { [$0] } ?? names)
    }
    if all.count > 1 { throw ReportsError.severalMetrics(name, all) }
    guard !found.needsThreshold else { throw ReportsError.needsThreshold(found, valid: valid) }
    return found
  }

  /// One line each, with reasons beneath.
  public var terminalText: String {
    let hasFractions = lines.contains { !$0.fraction.isWhole }
    var table = Table(
      columns: [.init("Task"), .init("Initialization")] + (hasFractions ? [.init("Training images", .right)] : []) + [
        .init("Metric"), .init("Mean", .right), .init("Seeds", .right), .init("Test patients", .right), .init("± now", .right),
        .init("Patients for ± \(significant(halfWidth, 4))\(lines.first.map { $0.unit.isEmpty ? "" : " \($0.unit)" } ?? "")", .right),
      ])
    for line in lines {
      let scale = line.metric.unit.isPercent ? 100.0 : 1, decimals = line.metric.unit.decimals
      func text(_ value: Statistic) -> String { value.known.map { fixed(scale * $0, decimals) } ?? "n/a" }
      table.append(
        [line.task, line.initialization] + (hasFractions ? [line.fraction.percentText] : []) + [
          line.metricTitle + line.metric.unit.suffix, text(line.mean), String(line.seedCount), grouped(line.patientCount), text(line.halfWidth),
          line.patients.known.map(grouped) ?? "n/a",
        ])
    }
    return ([table.rendered()] + notes.map { $0 + "\n" }).joined()
  }

  private var notes: [String] {
    let reasons = lines.compactMap { line in line.patients.reason.map { "\(line.task), \(line.initialization): \($0)." } }
    return [
      "± is half the 95 % interval of the mean for other seeds and other patients; patients are counted with the same seeds, by the variances of these runs.",
      "A pilot of few seeds or patients knows its variances poorly, and its plan is a rough one.",
    ] + distinct(reasons).map { "n/a: \($0)" }
  }
}

extension ReportsError {
  static func unfitHalfWidth(_ value: Double) -> ReportsError {
    unfitSetting("A half-width of \(value) is none.", remedy: "Give --half-width a number above 0, in percentage points of a metric that is given in percent.")
  }

  static func nothingFinished(_ study: String) -> ReportsError {
    ReportsError(
      kind: .nothingFinished, problem: "No run of \(study) is finished, so nothing is known of how its results vary over seeds and patients.",
      remedy: "Run a pilot with “medtransfer run STUDY”, two seeds or more, then plan again.")
  }

  static func noTask(of study: String, with metric: String) -> ReportsError {
    unfitSetting("No task of \(study) with a finished run has the metric “\(metric)”.", remedy: "Name a metric of the tasks' kind, or leave --metric out.")
  }

  /// - Parameter units: each with the tasks that are measured in it.
  static func severalUnits(_ halfWidth: Double, _ units: [(unit: String, tasks: [String])]) -> ReportsError {
    func words(_ unit: String) -> String { unit == "points" ? "percentage points" : unit.isEmpty ? "a number without unit" : unit }
    return unfitSetting(
      "One half-width cannot serve tasks in several units: ± \(significant(halfWidth, 4)) would be \(listed(units.map { "\(words($0.unit)) on \(listed($0.tasks))" })).",
      remedy: "Ask for the tasks of one unit at a time with --task, or name a metric of one unit with --metric.")
  }

  static func severalMetrics(_ name: String, _ all: [MetricName]) -> ReportsError {
    unfitSetting("Several metrics are called “\(name)”.", remedy: "Write one of \(listed(all.map(\.rawValue))).")
  }

  static func needsThreshold(_ metric: MetricName, valid: [MetricName]) -> ReportsError {
    unfitSetting(
      "\(metric.title) is of decisions at a threshold that each run chooses for itself, for which no number of patients is planned.",
      remedy: "Name one of \(listed(valid.map(\.rawValue))).")
  }
}
