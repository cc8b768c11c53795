internal import Foundations
public import Metrics
public import RunStore
public import Statistics
public import Studies

/// How far the verdicts of a study are whose seeds are added round by round, from the predictions of its runs alone: whoever reads the same
/// runs finds the same seeds to come.
public struct StudyRounds: Codable, Hashable, Sendable {
  /// A task in one mode with one amount of training images: what a verdict is of.
  public struct Question: Codable, Hashable, Sendable {
    public let task: String
    public let mode: FineTuningMode
    public let fraction: TrainingFraction
    /// The first of the task's table.
    public let metric: MetricName
    public let rounds: SeedRounds
    /// What is shown and has no part in the verdict: each by itself.
    public let shownAlone: [SeedRounds]

    func isOf(_ cell: Cell) -> Bool { cell.task == task && cell.mode == mode && cell.fraction == fraction }

    /// Those of an initialization, whether it has a part in the verdict or not.
    func rounds(of initialization: String) -> SeedRounds? { ([rounds] + shownAlone).first { $0.arm(initialization) != nil } }
  }

  /// How a cell stands.
  public enum Need: Sendable {
    case counts, next
    /// It comes if the next round does not settle it.
    case later
    case notNeeded
  }

  public let seedLimit: Int
  public let questions: [Question]

  public var isSettled: Bool { questions.allSatisfy { $0.rounds.isSettled && $0.shownAlone.allSatisfy(\.isSettled) } }

  /// - Returns: nil for a cell that is no part of a question.
  public func need(of cell: Cell) -> Need? {
    guard cell.role == .target, let question = questions.first(where: { $0.isOf(cell) }), let rounds = question.rounds(of: cell.initialization),
      let arm = rounds.arm(cell.initialization)
    else { return nil }
    // Seeds of rounds are 1, 2, 3, …
    let place = cell.seed - 1
    if place < arm.seedCount { return .counts }
    if rounds.next[arm.name]?.contains(place) == true { return .next }
    return rounds.mayGoOn(arm) ? .later : .notNeeded
  }
}

/// Reads the runs of a study for its rounds, each once.
public final class RoundsReader {
  private let outline: StudyOutline
  private let source: any RunSource
  private let planned: @Sendable (String) -> CellConfiguration?
  private var known: [String: FinishedSeed] = [:]

  /// - Parameter plan: the whole of the study, so that no initialization or seed is missed.
  public convenience init(_ plan: Plan) {
    let configurations = plan.configurations
    self.init(StudyOutline(plan), from: RunFolderSource(plan.study.outputDirectory), planned: { configurations[$0] })
  }

  /// - Parameter source: of the runs, which need not be in the study's output.
  public init(_ outline: StudyOutline, from source: any RunSource, planned: @escaping @Sendable (String) -> CellConfiguration? = { _ in nil }) {
    (self.outline, self.source, self.planned) = (outline, source, planned)
  }

  /// As the runs are now.
  ///
  /// - Returns: nil for a study of which all seeds are run.
  public func rounds() -> StudyRounds? {
    guard let limit = outline.seedLimit else { return nil }
    let parts = [outline] + (outline.furtherModes ?? []).map(outline.alone)
    read(parts)
    return StudyRounds(seedLimit: limit, questions: parts.flatMap { questions($0, limit) })
  }

  private func read(_ parts: [StudyOutline]) {
    let open = parts.flatMap { part in
      part.tasks.flatMap { task in part.cells.filter { $0.task == task.name && known[$0.relativePath] == nil }.map { (cell: $0, metric: task.kind.tableMetrics[0]) } }
    }
    let found = concurrentMap(open.count) { [source, planned] in FinishedSeed(open[$0].cell, open[$0].metric, from: source, planned: planned) }
    for (job, seed) in zip(open, found) { known[job.cell.relativePath] = seed }
  }

  private func questions(_ part: StudyOutline, _ limit: Int) -> [StudyRounds.Question] {
    let lists = TrainingListFindings(part, source), design = SequentialDesign(most: limit, least: Seeding.least)
    return part.tasks.flatMap { task in
      let metric = task.kind.tableMetrics[0], exclusions = lists.exclusions(task)
      return task.fractions.compactMap { fraction -> StudyRounds.Question? in
        let cells = part.cells.filter { $0.task == task.name && $0.fraction == fraction }
        guard let mode = cells.first?.mode else { return nil }
        let seeds = part.initializations.map(\.name).filter { name in cells.contains { $0.initialization == name } }.map { ($0, finished($0, cells)) }
        let byName = Dictionary(seeds) { first, _ in first }
        func rounds(_ names: [(String, [FinishedSeed])]) -> SeedRounds {
          SeedRounds(names.map { SeededArm($0.0, $0.1, asksOneFirst: mode.isHeadOnFeatures) }, design: design, higherIsBetter: metric.direction == .higher) { name, count in
            NothingLearned(metric, (byName[name] ?? []).prefix(count))?.predicate
          }
        }
        return StudyRounds.Question(
          task: task.name, mode: mode, fraction: fraction, metric: metric, rounds: rounds(seeds.filter { exclusions[$0.0] == nil }),
          shownAlone: seeds.filter { exclusions[$0.0] != nil }.map { rounds([$0]) })
      }
    }
  }

  /// The seeds of an initialization from the first on, up to the first that is not finished.
  private func finished(_ name: String, _ cells: [Cell]) -> [FinishedSeed] {
    let own = Dictionary(cells.filter { $0.initialization == name }.map { ($0.seed, $0) }) { first, _ in first }
    var found: [FinishedSeed] = []
    while let cell = own[found.count + 1], let seed = known[cell.relativePath] { found.append(seed) }
    return found
  }
}

extension Plan {
  /// The plan without the cells that its verdicts do not need, as far as the runs are, and the rounds that say so; the plan itself and nil where
  /// all seeds are run.
  ///
  /// - Parameters:
  ///   - source: of the runs; nil for the study's output.
  ///   - keepsLater: whether cells stay that come only if the next round settles nothing.
  public func asNeeded(from source: (any RunSource)? = nil, keepsLater: Bool = false) -> (plan: Plan, rounds: StudyRounds?) {
    guard study.seeding == .sequential else { return (self, nil) }
    let configurations = configurations
    let reader = RoundsReader(
      StudyOutline(self), from: source ?? RunFolderSource(study.outputDirectory), planned: { configurations[$0] })
    guard let rounds = reader.rounds() else { return (self, nil) }
    return (narrowed(by: rounds, keepsLater: keepsLater), rounds)
  }

  /// The same by rounds that are known.
  public func narrowed(by rounds: StudyRounds, keepsLater: Bool = false) -> Plan {
    leavingOut { cell in
      switch rounds.need(of: cell) {
      case .notNeeded: true
      case .later: !keepsLater
      case .counts, .next, nil: false
      }
    }
  }
}
