internal import Foundation
internal import Foundations
internal import Metrics
internal import RunStore
internal import Statistics
public import Studies

extension StudyReport {
  /// Reads the runs of a plan.
  public init(_ plan: Plan) throws {
    var gatherer = ResultGatherer(plan: plan)
    for cell in plan.cells where cell.role == .target { gatherer.gather(cell) }
    try gatherer.remarkOtherSettings()
    study = plan.study.name
    initializations = plan.study.initializations.map(\.name)
    rows = plan.study.tasks.filter(\.isTarget).flatMap { task in
      let planned = Set(plan.cells.filter { $0.role == .target && $0.task == task.name }.map(\.fraction))
      return task.fractions.filter(planned.contains).flatMap { gatherer.rows(of: task, fraction: $0) }
    }
    entries = gatherer.entries
    remarks = gatherer.remarks
    origins = WeightsOrigin.all(of: plan)
  }
}

extension TaskKind {
  /// The metrics that are rows of the table, the first being the one a single number is given by.
  var tableMetrics: [MetricName] { isSegmentation ? [.dicePooled, .dicePerImage] : [.aurocMacro] }

  func title(of metric: MetricName) -> String {
    // The mean over one class is that class.
    self == .binaryClassification && metric == .aurocMacro ? MetricName.auroc.title : metric.title
  }
}

/// Reads run after run and keeps what the report needs of each.
private struct ResultGatherer {
  private enum Outcome {
    case result(RunMetrics)
    case none(CellState)
  }

  let plan: Plan
  private(set) var entries: [StudyReport.Entry] = []
  private(set) var remarks: [String] = []
  private var outcomes: [(cell: Cell, outcome: Outcome)] = []

  init(plan: Plan) { self.plan = plan }

  private var output: URL { plan.study.outputDirectory }

  mutating func gather(_ cell: Cell) {
    let directory = RunDirectory(of: cell, in: output)
    let state = directory.state(of: cell)
    switch state {
    case .finished:
      do {
        let metrics = try PredictionsFile.read(directory.predictionsFile).metrics
        outcomes.append((cell, .result(metrics)))
        keep(metrics, of: cell)
      } catch {
        outcomes.append((cell, .none(.broken(reason: sentence(for: error)))))
        remarks.append("\(cell) cannot be counted: \(sentence(for: error))")
      }
    case .failed(let failure):
      outcomes.append((cell, .none(state)))
      remarks.append("\(cell) failed: \(failure.message)")
    case .broken(let reason):
      outcomes.append((cell, .none(state)))
      remarks.append("\(cell) cannot be counted: \(reason)")
    case .missing, .inWork, .interrupted:
      outcomes.append((cell, .none(state)))
    }
  }

  private mutating func keep(_ metrics: RunMetrics, of cell: Cell) {
    for entry in metrics.entries {
      entries.append(
        StudyReport.Entry(
          task: cell.task, initialization: cell.initialization, mode: cell.mode, seed: cell.seed, fraction: cell.fraction,
          metric: entry.metric,
          className: entry.className, value: entry.value, imageCount: metrics.imageCount, identity: cell.identity,
          run: cell.relativePath))
    }
    // The truth of the test set is the same for every run of a task, so each class is said once.
    for entry in metrics.entries {
      guard let name = entry.className, let reason = entry.value.reason else { continue }
      let remark = "On \(cell.task), the AUROC of “\(name)” is undefined (\(reason)); means over classes leave it out."
      if !remarks.contains(remark) { remarks.append(remark) }
    }
  }

  /// Says which runs of the same tasks, initializations and seeds were made with other settings or data.
  mutating func remarkOtherSettings() throws {
    let planned = Set(plan.cells.map(\.identity))
    let catalog = try RunCatalog.scan(output)
    let others = catalog.runs.filter { run in
      let found = run.record.cell
      return !planned.contains(found.identity)
        && plan.cells.contains {
          $0.task == found.task && $0.initialization == found.initialization && $0.seed == found.seed && $0.fraction == found.fraction
        }
    }
    if !others.isEmpty {
      let plural = others.count == 1 ? "1 run was" : "\(others.count) runs were"
      remarks.append("\(plural) made with other settings or data and do\(others.count == 1 ? "es" : "") not count, such as \(others[0].relativePath).")
    }
    for broken in catalog.broken where !plan.cells.contains(where: { $0.relativePath == broken.relativePath }) {
      remarks.append("The folder \(broken.relativePath) cannot be read as a run: \(broken.reason)")
    }
  }

  func rows(of task: TaskSpecification, fraction: TrainingFraction) -> [StudyReport.Row] {
    task.kind.tableMetrics.map { metric in
      StudyReport.Row(
        task: task.name, kind: task.kind, fraction: fraction, metric: metric, metricTitle: task.kind.title(of: metric),
        fields: plan.study.initializations.map { field(task: task.name, fraction: fraction, initialization: $0.name, metric: metric) })
    }
  }

  private func field(task: String, fraction: TrainingFraction, initialization: String, metric: MetricName) -> StudyReport.Field {
    var values = [Double](), gaps = StudyReport.Gaps()
    for (cell, outcome) in outcomes
    where cell.task == task && cell.fraction == fraction && cell.initialization == initialization {
      switch outcome {
      case .result(let metrics):
        if let number = metrics.value(of: metric)?.number { values.append(number) } else { gaps.undefined += 1 }
      case .none(.missing): gaps.missing += 1
      case .none(.inWork): gaps.inWork += 1
      case .none(.interrupted): gaps.interrupted += 1
      case .none(.failed): gaps.failed += 1
      case .none(.broken), .none(.finished): gaps.broken += 1
      }
    }
    return StudyReport.Field(
      initialization: initialization, isApplicable: plan.isApplicable(task: task, initialization: initialization),
      summary: Summary(values), gaps: gaps)
  }
}
