internal import Foundations
internal import Statistics

/// Whether the marks of a published table (bold for the best, shaded for what is equivalent to it) agree with a two-sided
/// Student's t-test at 0.05 without correction, as such tables are usually made, at the stated number of runs and at others.
///
/// What a paper prints leaves open what its deviations have in the denominator and what was rounded, so each mark is judged for both
/// denominators and for every value that is rounded to the printed one (`Standing`).
public struct MarksCheck: Codable, Hashable, Sendable {
  /// All cells but the best ones, tested as if each were of so many runs.
  public struct AtCount: Codable, Hashable, Sendable {
    public let runs: Int
    public let cells: [Cell]

    public var agreeing: Int { cells.count { $0.agrees == true } }
    public var contradicted: [Cell] { cells.filter { $0.agrees == false } }

    public func cells(_ standing: Standing) -> [Cell] { cells.filter { $0.standing == standing } }

    /// Whether no mark disagrees, with a denominator and the numbers as they were printed.
    func agreesWithAll(_ deviations: PrintedDeviations) -> Bool {
      let all = cells.map { $0.agrees(deviations) }
      return all.contains(true) && !all.contains(false)
    }
  }

  /// Tasks whose bold cell has the best mean, and those where it has not.
  public let bestAgreeing: [String]
  public let bestContradicted: [String]
  /// Those of either where another mean is so near that rounding may have made, or hidden, the order.
  public let bestByRounding: [String]
  /// What the printed deviations are taken to have in their denominator.
  public let printedDeviations: PrintedDeviations
  /// As the table has it; nil where the cells differ in it.
  public let statedRuns: Int?
  /// Whether that number was asked for, whatever the source says; nil where it is the source's.
  public let isAssumed: Bool?
  /// For every number of runs from 2 to the stated one, at most 30.
  public let counts: [AtCount]

  static let mostRuns = 30
  /// α of the tests.
  static let level = 0.05

  /// - Returns: nil where no cell is marked best.
  init?(_ table: ResultTable) {
    // Values from elsewhere beside a marked table have no mark, and were not in its comparison.
    let withMarks = table.tasks.filter { $0.cells.contains { $0.mark == .best } }
    // A task of one metric is told by its name alone.
    let hasOneMetric = Set(withMarks.map(\.name)).count == withMarks.count
    let marked = withMarks.map { task in
      ResultTable.Task(
        task.name, metric: hasOneMetric ? nil : task.metric, higherIsBetter: task.higherIsBetter, cells: task.cells.filter { $0.mark != nil })
    }
    guard !marked.isEmpty else { return nil }
    var agreeing: [String] = [], contradicted: [String] = [], byRounding: [String] = []
    for task in marked {
      let sign = task.higherIsBetter ? 1.0 : -1
      let highest = task.cells.compactMap { $0.summary.mean.known.map { sign * $0 } }.max()
      let bold = task.cells.filter { $0.mark == .best }
      let isBest = bold.allSatisfy { $0.summary.mean.known.map { sign * $0 } == highest }
      if isBest { agreeing.append(task.title) } else { contradicted.append(task.title) }
      if Self.isOpen(bold, task.cells.filter { $0.mark != .best }, sign: sign, isBest: isBest) { byRounding.append(task.title) }
    }
    bestAgreeing = agreeing
    bestContradicted = contradicted
    bestByRounding = byRounding
    let deviations = table.printedDeviations ?? .standard
    printedDeviations = deviations
    statedRuns = table.commonCount
    isAssumed = table.assumedRuns == nil ? nil : true
    let most = marked.flatMap(\.cells).map(\.summary.count).max() ?? 0
    counts = (2..<max(3, min(most, Self.mostRuns) + 1)).filter { $0 <= most }.map { runs in
      AtCount(runs: runs, cells: marked.flatMap { Self.cells($0, runs, deviations) })
    }
  }

  /// Whether the order of the bold cells and the others may be another before rounding.
  private static func isOpen(_ bold: [ResultTable.Cell], _ others: [ResultTable.Cell], sign: Double, isBest: Bool) -> Bool {
    let best = bold.compactMap(MarkedValue.init), rest = others.compactMap(MarkedValue.init)
    // Sums of decimal fractions are a rounding of float64 away from where they should meet.
    func gap(_ one: MarkedValue, _ other: MarkedValue) -> Double { sign * (one.mean - other.mean) }
    func reach(_ one: MarkedValue, _ other: MarkedValue) -> Double { (one.meanRounding + other.meanRounding) * (1 - 1e-9) }
    return isBest
      ? best.contains { one in rest.contains { gap(one, $0) < reach(one, $0) } }
      : best.allSatisfy { one in rest.allSatisfy { gap(one, $0) > -reach(one, $0) } }
  }

  private static func cells(_ task: ResultTable.Task, _ runs: Int, _ deviations: PrintedDeviations) -> [Cell] {
    guard let best = task.cells.first(where: { $0.mark == .best }).flatMap(MarkedValue.init) else { return [] }
    return task.cells.filter { $0.mark != .best }.compactMap { cell in
      MarkedValue(cell).map { Cell(task.title, cell, $0, best: best, runs: runs, deviations) }
    }
  }

  public func atCount(_ runs: Int) -> AtCount? { counts.first { $0.runs == runs } }

  /// The numbers of runs at which every mark agrees, by a denominator and the numbers as they were printed.
  public func consistentRuns(_ deviations: PrintedDeviations) -> [Int] { counts.filter { $0.agreesWithAll(deviations) }.map(\.runs) }

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
