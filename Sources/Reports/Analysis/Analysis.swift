public import Foundations
public import Statistics

/// What a table of results says: for each task the best initialization and those that cannot be told from it, over the tasks the
/// average ranks, and what the numbers do not say, with the reason.
public struct Analysis: Codable, Hashable, Sendable {
  public let table: ResultTable
  public let settings: AnalysisSettings
  /// For what the settings ask for, where it can be had.
  public let tasks: [TaskAnalysis]
  /// The same for other seeds on the very same test images, as the benchmark of 2021 tested.
  public let onTheseImages: [TaskAnalysis]
  public let ranking: Ranking
  /// Nil where no cell is marked as it was published.
  public let marks: MarksCheck?

  /// Of results alone, which speak of the test images that they were made on.
  ///
  /// - Throws: `ReportsError` where the baseline is no initialization of the table.
  public init(_ table: ResultTable, _ settings: AnalysisSettings = AnalysisSettings()) throws {
    try self.init(table, settings, evidence: [])
  }

  /// - Parameter evidence: one a task of the table; empty where no predictions are known.
  init(_ table: ResultTable, _ settings: AnalysisSettings, evidence: [TaskEvidence]) throws {
    if let baseline = settings.baseline, !table.initializations.contains(baseline) {
      throw ReportsError.unknownName(baseline, what: "initialization", valid: table.initializations)
    }
    self.init(known: table, settings, evidence: evidence)
  }

  /// Of settings whose baseline the table has.
  init(known table: ResultTable, _ settings: AnalysisSettings, evidence: [TaskEvidence] = []) {
    self.table = table
    self.settings = settings
    let tasks = concurrentMap(table.tasks.count) { TaskAnalysis(table.tasks[$0], settings, evidence: evidence.isEmpty ? nil : evidence[$0]) }
    var ofSeeds = settings
    ofSeeds.generalization = .seeds
    onTheseImages = concurrentMap(table.tasks.count) { [ofSeeds] index in
      tasks[index].generalization == .seeds ? tasks[index] : TaskAnalysis(table.tasks[index], ofSeeds, evidence: evidence[index])
    }
    self.tasks = tasks
    ranking = Ranking(table, settings, tasks, evidence: evidence)
    marks = MarksCheck(table)
  }
}

/// One task (or one metric of it).
public struct TaskAnalysis: Codable, Hashable, Sendable {
  public let title: String
  /// What the comparisons are made for.
  public let generalization: Generalization
  /// Why they are not made for other patients though that is asked for.
  public let generalizationReason: String?
  /// The best mean; of equal ones the first in the table.
  public let best: Available<String>
  /// Others with the same mean as the best: then none is the best.
  public let tied: [String]
  /// The initializations that learned no more than a constant answer, as far as predictions say it.
  public let nothingLearned: [String: NothingLearned]
  /// Each other initialization with the best; nil where there is no best.
  public let againstBest: ComparisonFamily?
  /// Each other with the baseline; nil where none is asked for.
  public let againstBaseline: Available<ComparisonFamily>?
  public let probabilityOfBest: ProbabilityOfBest
  /// How its seeds came about where they were added round by round and this metric decided; nil for a fixed number of seeds.
  public let rounds: SeedRounds?
  /// The patients of the test set, where they are known and fewer than the least number for which the level has been simulated.
  public let fewPatients: Int?

  /// The best where one may be called so: it is tied with none, and learned something.
  public var namedBest: String? { best.known.flatMap { tied.isEmpty && nothingLearned[$0] == nil ? $0 : nil } }

  init(_ task: ResultTable.Task, _ settings: AnalysisSettings, evidence: TaskEvidence?) {
    title = task.title
    let rounds = settings.generalization == .patientsAndSeeds ? evidence?.rounds : nil
    self.rounds = rounds
    let sign = task.higherIsBetter ? 1.0 : -1
    var best: (cell: ResultTable.Cell, value: Double)?
    for cell in task.compared {
      guard let mean = cell.summary.mean.known, sign * mean > (best?.value ?? -.infinity) else { continue }
      best = (cell, sign * mean)
    }
    // One that was shown to be worse is not the best again when the other's mean falls.
    if let name = rounds?.arms.first(where: { $0.standing == .best })?.name, let cell = task.comparedCell(of: name), let mean = cell.summary.mean.known {
      best = (cell, sign * mean)
    }
    self.best =
      best.map { .value($0.cell.initialization) } ?? .notAvailable(reason: "no initialization \(task.compared.count < task.cells.count ? "that counts " : "")has a value on it")
    let names = task.compared.map(\.initialization)
    tied = task.compared.filter { cell in
      guard let best, let mean = cell.summary.mean.known, cell.initialization != best.cell.initialization else { return false }
      return abs(sign * mean - best.value) <= Self.rounding * abs(best.value)
    }.map(\.initialization)
    nothingLearned = (evidence?.groups ?? [:]).compactMapValues(\.nothingLearned)
    generalizationReason = Self.obstacle(names, best: best?.cell.initialization, settings, evidence)
    generalization = settings.generalization == .patientsAndSeeds && generalizationReason == nil ? .patientsAndSeeds : .seeds
    let used = generalization == .patientsAndSeeds ? evidence : nil
    fewPatients = used.flatMap { used in best.map { used.patientCount(of: $0.cell.initialization) } }.flatMap { $0 < TaskEvidence.simulatedPatients ? $0 : nil }
    let comparer = Comparer(settings: settings, task: task, evidence: used, nothingLearned: nothingLearned, rounds: generalization == .patientsAndSeeds ? rounds : nil)
    againstBest = best.map { comparer.family(reference: $0.cell, isBest: true) }
    againstBaseline = settings.baseline.map { name in
      if rounds != nil { return .notAvailable(reason: "seeds that are added round by round settle comparisons with the best alone") }
      guard let cell = task.comparedCell(of: name), cell.summary.mean.known != nil else {
        return .notAvailable(reason: task.cell(of: name)?.exclusion.map { "\(name) is left out: \($0)" } ?? "\(name) has no value on it")
      }
      return .value(comparer.family(reference: cell, isBest: false))
    }
    if let used, let best {
      probabilityOfBest = ProbabilityOfBest(
        names.map { ($0, used.seeds(of: $0, besides: best.cell.initialization)) }, higherIsBetter: task.higherIsBetter)
    } else {
      probabilityOfBest = ProbabilityOfBest(
        task.compared.map { ($0.initialization, $0.summary) }, higherIsBetter: task.higherIsBetter)
    }
  }

  /// Means that are nearer are equal: their sums were rounded in another order.
  private static let rounding = 1e-12

  static let noPredictions = "the predictions are not known, only what they come to"

  /// Why nothing can be compared with the best for other patients; nil where something can.
  private static func obstacle(_ names: [String], best: String?, _ settings: AnalysisSettings, _ evidence: TaskEvidence?) -> String? {
    guard settings.generalization == .patientsAndSeeds else { return nil }
    guard let evidence else { return noPredictions }
    guard let best else { return nil }
    let differences = names.filter { $0 != best }.map { evidence.difference(best, $0) }
    guard !differences.isEmpty, differences.allSatisfy({ $0.known == nil }) else { return nil }
    return differences[0].reason
  }

  /// Those that the test does not tell from the best, in the order of the table.
  public var notToldFromBest: [String] { others { $0.isToldApart == false } }
  /// Those that could not be tested against the best.
  public var untested: [String] { others { $0.isToldApart == nil } }

  private func others(_ isWanted: (Comparison) -> Bool) -> [String] {
    againstBest?.comparisons.filter(isWanted).map(\.second) ?? []
  }
}
