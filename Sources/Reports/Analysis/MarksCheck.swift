public import Foundations
public import Statistics

/// Whether the marks of a published table (bold for the best, shaded for what is equivalent to it) agree with a two-sided
/// Student's t-test at 0.05 without correction, as such tables are usually made, at the stated number of runs and at others.
public struct MarksCheck: Codable, Hashable, Sendable {
  public struct Cell: Codable, Hashable, Sendable {
    public let task: String
    public let initialization: String
    public let mean: Double
    /// Shaded; the others are said to differ from the best.
    public let isMarkedEquivalent: Bool
    public let p: Statistic
    /// Shaded and p ≥ 0.05, or not shaded and p < 0.05; nil where there is no p.
    public let agrees: Bool?
  }

  /// All cells but the best ones, tested as if each were of so many runs.
  public struct AtCount: Codable, Hashable, Sendable {
    public let runs: Int
    public let cells: [Cell]

    public var agreeing: Int { cells.count { $0.agrees == true } }
    public var contradicted: [Cell] { cells.filter { $0.agrees == false } }
  }

  /// Tasks whose bold cell has the best mean, and those where it has not.
  public let bestAgreeing: [String]
  public let bestContradicted: [String]
  /// As the table has it; nil where the cells differ in it.
  public let statedRuns: Int?
  /// For every number of runs from 2 to the stated one, at most 30.
  public let counts: [AtCount]

  static let mostRuns = 30

  /// - Returns: nil where no cell is marked best.
  init?(_ table: ResultTable) {
    // Values from elsewhere beside a marked table have no mark, and were not in its comparison.
    let marked = table.tasks.filter { $0.cells.contains { $0.mark == .best } }.map { task in
      ResultTable.Task(
        task.name, metric: task.metric, higherIsBetter: task.higherIsBetter, cells: task.cells.filter { $0.mark != nil })
    }
    guard !marked.isEmpty else { return nil }
    var agreeing: [String] = [], contradicted: [String] = []
    for task in marked {
      let sign = task.higherIsBetter ? 1.0 : -1
      let highest = task.cells.compactMap { $0.summary.mean.known.map { sign * $0 } }.max()
      let isBest = task.cells.filter { $0.mark == .best }.allSatisfy { $0.summary.mean.known.map { sign * $0 } == highest }
      if isBest { agreeing.append(task.title) } else { contradicted.append(task.title) }
    }
    bestAgreeing = agreeing
    bestContradicted = contradicted
    statedRuns = table.commonCount
    let most = marked.flatMap(\.cells).map(\.summary.count).max() ?? 0
    counts = (2..<max(3, min(most, Self.mostRuns) + 1)).filter { $0 <= most }.map { runs in
      AtCount(runs: runs, cells: marked.flatMap { Self.cells($0, runs) })
    }
  }

  private static func cells(_ task: ResultTable.Task, _ runs: Int) -> [Cell] {
    guard let best = task.cells.first(where: { $0.mark == .best }) else { return [] }
    func summary(_ cell: ResultTable.Cell) -> Summary? {
      cell.summary.mean.known.map { Summary(count: runs, mean: $0, standardDeviation: cell.summary.standardDeviation.known) }
    }
    guard let reference = summary(best) else { return [] }
    return task.cells.filter { $0.mark != .best }.compactMap { cell in
      guard let other = summary(cell), let mean = other.mean.known else { return nil }
      let p = studentTest(reference, other).p
      let isShaded = cell.mark == .equivalent
      return Cell(
        task: task.title, initialization: cell.initialization, mean: mean, isMarkedEquivalent: isShaded, p: p,
        agrees: p.known.map { ($0 >= 0.05) == isShaded })
    }
  }

  public func atCount(_ runs: Int) -> AtCount? { counts.first { $0.runs == runs } }

  /// The numbers of runs at which no mark is contradicted.
  public var consistentRuns: [Int] { counts.filter { $0.contradicted.isEmpty && $0.agreeing > 0 }.map(\.runs) }

  /// The number of runs nearest to the stated one at which most marks agree.
  public var mostConsistent: AtCount? {
    counts.max { ($0.agreeing, $0.runs) < ($1.agreeing, $1.runs) }
  }

  /// As stated and, where another agrees better, that one.
  public var shown: [AtCount] {
    let stated = statedRuns.flatMap(atCount)
    return [stated, mostConsistent?.runs == stated?.runs ? nil : mostConsistent].compactMap(\.self)
  }
}
