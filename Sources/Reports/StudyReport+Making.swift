internal import Foundation
internal import Foundations
internal import Metrics
public import RunStore
internal import Statistics
public import Studies

extension StudyReport {
  /// Reads the runs of a plan.
  ///
  /// - Parameter seals: how closely the seals of finished runs are looked at.
  public init(_ plan: Plan, seals: SealCheck = .quick) throws {
    let configurations = plan.configurations
    try self.init(
      plan,
      StudyReading(
        StudyOutline(plan), from: RunFolderSource(plan.study.outputDirectory), depth: .metrics, seals: seals, planned: { configurations[$0] }))
  }

  init(_ plan: Plan, _ reading: StudyReading) throws {
    var gatherer = ResultGatherer(plan: plan, reading)
    try gatherer.remarkOtherSettings()
    study = plan.study.name
    initializations = plan.study.initializations.map(\.name)
    rows = plan.study.tasks.filter(\.isTarget).flatMap { task in
      task.modes.flatMap { mode in
        let planned = Set(plan.cells.filter { $0.role == .target && $0.task == task.name && $0.mode == mode }.map(\.fraction))
        return task.fractions.filter(planned.contains).flatMap { gatherer.rows(of: task, mode: mode, fraction: $0) }
      }
    }
    entries = gatherer.entries
    origins = WeightsOrigin.all(of: plan)
    remarks = gatherer.remarks + WeightsOrigin.cautions(origins)
  }
}

extension TaskSpecification {
  /// What tables call a metric, with the unit of the numbers where it is in it.
  func title(of metric: MetricName) -> String { kind.title(of: metric) + (metric.unit == .ofTruth ? data.unit.map { ", \($0)" } ?? "" : "") }
}

/// Arranges what was read of the runs.
private struct ResultGatherer {
  let plan: Plan
  private(set) var entries: [StudyReport.Entry] = []
  private(set) var remarks: [String] = []
  private var byPlace: [FineTuningMode: [CellGroup.Key: [StudyReading.Run]]] = [:]
  /// The folder of each run, those of its folds with blanks between them.
  private var places: [String: String] = [:]
  private var remarked: Set<String> = []
  private let exclusions: [String: [String: String]]

  init(plan: Plan, _ reading: StudyReading) {
    self.plan = plan
    let outline = StudyOutline(plan), lists = TrainingListFindings(outline, RunFolderSource(plan.study.outputDirectory))
    exclusions = Dictionary(uniqueKeysWithValues: outline.tasks.map { ($0.name, lists.exclusions($0)) })
    let runs = reading.allRuns
    entries.reserveCapacity(runs.reduce(0) { $0 + ($1.metrics?.entries.count ?? 0) })
    for run in runs { gather(run) }
    remarks += RunFindings.remarks(runs.filter { $0.metrics != nil }.map { ($0.cell, $0.findings) })
  }

  private mutating func gather(_ run: StudyReading.Run) {
    let cell = run.cell
    places[cell.identity] = run.folds.isEmpty ? cell.relativePath : run.folds.map(\.relativePath).joined(separator: " ")
    byPlace[cell.mode, default: [:]][CellGroup.Key(cell), default: []].append(run)
    if let metrics = run.metrics { keep(metrics, of: cell) }
    switch run.state {
    case .failed(let failure): remarks.append("\(cell) failed: \(failure.message)")
    case .broken(let reason), .unreadable(let reason): remarks.append("\(cell) cannot be counted: \(reason)")
    case .finished, .missing, .inWork, .interrupted: break
    }
  }

  private mutating func keep(_ metrics: RunMetrics, of cell: Cell) {
    let path = places[cell.identity] ?? cell.relativePath
    for entry in metrics.entries {
      entries.append(
        StudyReport.Entry(
          task: cell.task, initialization: cell.initialization, mode: cell.mode, seed: cell.seed, fraction: cell.fraction,
          metric: entry.metric, className: entry.className, value: entry.value, imageCount: metrics.imageCount, identity: cell.identity,
          run: path))
    }
    // The truth of the test set is the same for every run of a task, so each class is said once.
    for entry in metrics.entries where entry.metric == .auroc {
      guard let name = entry.className, let reason = entry.value.reason else { continue }
      let remark = "On \(cell.task), the AUROC of “\(name)” is undefined (\(reason)); means over classes leave it out."
      if remarked.insert(remark).inserted { remarks.append(remark) }
    }
  }

  /// Says which runs of the same tasks, initializations and seeds were made with other settings or data.
  mutating func remarkOtherSettings() throws {
    struct Place: Hashable {
      let task: String
      let initialization: String
      let seed: Int
      let fraction: TrainingFraction

      init(_ cell: Cell) { (task, initialization, seed, fraction) = (cell.task, cell.initialization, cell.seed, cell.fraction) }
    }
    let paths = Set(plan.cells.map(\.relativePath))
    let places = Set(plan.cells.map(Place.init))
    let catalog = try RunCatalog.scan(plan.study.outputDirectory) { !paths.contains($0) }
    let others = catalog.runs.filter { places.contains(Place($0.record.cell)) }
    if !others.isEmpty {
      let plural = others.count == 1 ? "1 run was" : "\(others.count) runs were"
      remarks.append("\(plural) made with other settings or data and do\(others.count == 1 ? "es" : "") not count, such as \(others[0].relativePath).")
    }
    for broken in catalog.broken { remarks.append("The folder \(broken.relativePath) cannot be read as a run: \(broken.reason)") }
  }

  func rows(of task: TaskSpecification, mode: FineTuningMode, fraction: TrainingFraction) -> [StudyReport.Row] {
    task.kind.tableMetrics.map { metric in
      StudyReport.Row(
        task: task.name, kind: task.kind, mode: mode, fraction: fraction, metric: metric, metricTitle: task.title(of: metric),
        fields: plan.study.initializations.map { field(.init(task: task.name, initialization: $0.name, fraction: fraction), mode, metric) })
    }
  }

  private func field(_ key: CellGroup.Key, _ mode: FineTuningMode, _ metric: MetricName) -> StudyReport.Field {
    var values = [Double](), gaps = StudyReport.Gaps()
    for run in byPlace[mode]?[key] ?? [] {
      if let metrics = run.metrics {
        if let number = metrics.value(of: metric)?.number { values.append(number) } else { gaps.undefined += 1 }
        continue
      }
      switch run.state {
      case .missing: gaps.missing += 1
      case .inWork: gaps.inWork += 1
      case .interrupted: gaps.interrupted += 1
      case .failed: gaps.failed += 1
      case .broken, .unreadable, .finished: gaps.broken += 1
      }
    }
    return StudyReport.Field(
      initialization: key.initialization, isApplicable: plan.isApplicable(task: key.task, initialization: key.initialization),
      summary: Summary(values), exclusion: exclusions[key.task]?[key.initialization], gaps: gaps)
  }
}
