public import Foundations
public import Statistics

/// What a table of results says: for each task the best initialization and those that cannot be told from it, over the tasks the
/// average ranks, and what the numbers do not say, with the reason.
public struct Analysis: Codable, Hashable, Sendable {
  public let table: ResultTable
  public let settings: AnalysisSettings
  public let tasks: [TaskAnalysis]
  public let ranking: Ranking
  /// Nil where no cell is marked as it was published.
  public let marks: MarksCheck?

  /// - Throws: `ReportsError` where the baseline is no initialization of the table.
  public init(_ table: ResultTable, _ settings: AnalysisSettings = AnalysisSettings()) throws {
    if let baseline = settings.baseline, !table.initializations.contains(baseline) {
      throw ReportsError.unknownName(baseline, what: "initialization", valid: table.initializations)
    }
    self.table = table
    self.settings = settings
    tasks = concurrentMap(table.tasks.count) { TaskAnalysis(table.tasks[$0], settings) }
    ranking = Ranking(table, settings)
    marks = MarksCheck(table)
  }
}

/// One task (or one metric of it).
public struct TaskAnalysis: Codable, Hashable, Sendable {
  public let title: String
  /// The best mean; of equal ones the first in the table.
  public let best: Available<String>
  /// Each other initialization with the best; nil where there is no best.
  public let againstBest: ComparisonFamily?
  /// Each other with the baseline; nil where none is asked for.
  public let againstBaseline: Available<ComparisonFamily>?
  public let probabilityOfBest: ProbabilityOfBest

  init(_ task: ResultTable.Task, _ settings: AnalysisSettings) {
    title = task.title
    let comparer = Comparer(settings: settings, task: task)
    let sign = task.higherIsBetter ? 1.0 : -1
    var best: (cell: ResultTable.Cell, value: Double)?
    for cell in task.cells {
      guard let mean = cell.summary.mean.known, sign * mean > (best?.value ?? -.infinity) else { continue }
      best = (cell, sign * mean)
    }
    self.best = best.map { .value($0.cell.initialization) } ?? .notAvailable(reason: "no initialization has a value on it")
    againstBest = best.map { comparer.family(reference: $0.cell, isBest: true) }
    againstBaseline = settings.baseline.map { name in
      guard let cell = task.cell(of: name), cell.summary.mean.known != nil else {
        return .notAvailable(reason: "\(name) has no value on it")
      }
      return .value(comparer.family(reference: cell, isBest: false))
    }
    probabilityOfBest = ProbabilityOfBest(
      task.cells.map { ($0.initialization, $0.summary) }, higherIsBetter: task.higherIsBetter)
  }

  /// Those that the test does not tell from the best, in the order of the table.
  public var notToldFromBest: [String] { others { $0.isToldApart == false } }
  /// Those that could not be tested against the best.
  public var untested: [String] { others { $0.isToldApart == nil } }

  private func others(_ isWanted: (Comparison) -> Bool) -> [String] {
    againstBest?.comparisons.filter(isWanted).map(\.second) ?? []
  }
}
