internal import Foundations
public import Statistics

/// Results to be compared: tasks by initializations, each cell its runs or their summary.
///
/// What an analysis starts from, whether the results are a study's own or come from a file.
public struct ResultTable: Codable, Hashable, Sendable {
  public struct Run: Codable, Hashable, Sendable {
    /// Two initializations' runs of one name are a pair: the same seed, fold or split.
    public let name: String
    public let value: Double

    public init(_ name: String, _ value: Double) {
      self.name = name
      self.value = value
    }
  }

  /// How a publication marks a cell.
  public enum Mark: String, Codable, Hashable, Sendable, CaseIterable {
    /// Bold: the best of its task. Equivalent: shaded as not different from it. Other: neither.
    case best, equivalent, other
  }

  /// A mean and a standard deviation as they were printed.
  public struct Printed: Codable, Hashable, Sendable {
    /// Whatever its denominator; nil where none was printed.
    public let standardDeviation: Double?
    /// The value before rounding is at most so far from the printed one: half of the last digit.
    public let meanRounding: Double
    public let deviationRounding: Double

    public init(standardDeviation: Double?, meanRounding: Double, deviationRounding: Double) {
      (self.standardDeviation, self.meanRounding, self.deviationRounding) = (standardDeviation, meanRounding, deviationRounding)
    }
  }

  public struct Cell: Codable, Hashable, Sendable {
    public let initialization: String
    /// Its standard deviation has n − 1 in the denominator.
    public let summary: Summary
    /// Nil where only the summary is known.
    public let runs: [Run]?
    /// Runs that have no value.
    public let gapCount: Int
    public let mark: Mark?
    /// Why it is shown and compared with nothing, such as test images that its weights were trained on; nil for what counts.
    public let exclusion: String?
    /// Nil where the runs are known.
    public let printed: Printed?
    /// What is said of the test images, on which a claim of superiority can be judged; nil where nothing is.
    public let testImages: TestImages?

    public init(_ initialization: String, runs: [Run], gapCount: Int = 0, exclusion: String? = nil) {
      self.initialization = initialization
      self.runs = runs
      self.gapCount = gapCount
      self.exclusion = exclusion
      summary = Summary(runs.map(\.value))
      mark = nil
      printed = nil
      testImages = nil
    }

    public init(_ initialization: String, summary: Summary, mark: Mark? = nil, printed: Printed? = nil, testImages: TestImages? = nil) {
      self.initialization = initialization
      self.summary = summary
      self.mark = mark
      self.printed = printed
      self.testImages = testImages
      runs = nil
      gapCount = 0
      exclusion = nil
    }
  }

  /// A metric of a task over the initializations that have results on it.
  public struct Task: Codable, Hashable, Sendable {
    public let name: String
    public let metric: String?
    public let higherIsBetter: Bool
    /// Where the values can lie; nil where that is not known, or is not bounded at both ends.
    public let range: ClosedRange<Double>?
    /// How its values are written where that is another way than the table's, such as months beside shares in percent; nil where it is not.
    public let scale: Scale?
    /// In the order of the table's initializations; one without result is not among them.
    public let cells: [Cell]

    public init(
      _ name: String, metric: String? = nil, higherIsBetter: Bool = true, range: ClosedRange<Double>? = nil, scale: Scale? = nil,
      cells: [Cell]
    ) {
      self.name = name
      self.scale = scale
      self.range = range
      self.metric = metric
      self.higherIsBetter = higherIsBetter
      self.cells = cells
    }

    /// `TXC`, or `TXC, AUROC`.
    public var title: String { metric.map { "\(name), \($0)" } ?? name }

    public func cell(of initialization: String) -> Cell? { cells.first { $0.initialization == initialization } }

    /// Those that are compared: without what is shown alone.
    var compared: [Cell] { cells.filter { $0.exclusion == nil } }
    func comparedCell(of initialization: String) -> Cell? { compared.first { $0.initialization == initialization } }
  }

  /// How values are written. It changes no number that is computed.
  public struct Scale: Codable, Hashable, Sendable {
    public let factor: Double
    /// `%`, or empty.
    public let symbol: String
    public let decimals: Int

    public init(factor: Double = 1, symbol: String = "", decimals: Int) {
      self.factor = factor
      self.symbol = symbol
      self.decimals = decimals
    }

    /// Fractions in percent, with two decimals as the papers have them.
    public static let percent = Scale(factor: 100, symbol: "%", decimals: 2)

    public func text(_ value: Double) -> String { fixed(value * factor, decimals) }

    /// `81.70 ± 0.15`, or the mean alone where there is no spread to give.
    func text(_ summary: Summary) -> String {
      summary.mean.known.map { text($0) + (summary.standardDeviation.known.map { " ± \(text($0))" } ?? "") } ?? "–"
    }
    /// A difference, with its sign; a rounded zero has none.
    public func signed(_ value: Double) -> String {
      let text = text(value)
      if text.allSatisfy({ "-0.".contains($0) }) { return text.filter { $0 != "-" } }
      return text.hasPrefix("-") ? "−" + text.dropFirst() : "+" + text
    }
    /// What differences of values are in: `points` of percentages, else the values' own unit.
    public var differenceUnit: String { symbol == "%" ? "points" : symbol }
    /// The same behind a number, with its space.
    public var differenceSuffix: String { differenceUnit.isEmpty ? "" : " \(differenceUnit)" }
    /// The symbol behind a number, with its space.
    public var suffix: String { symbol.isEmpty ? "" : " \(symbol)" }
  }

  public let initializations: [String]
  public let tasks: [Task]
  public let scale: Scale
  /// What a reader must know of how it was read.
  public let remarks: [String]
  /// How the standard deviations that were printed are taken; nil where none was.
  public let printedDeviations: PrintedDeviations?
  /// The number of runs that every mean is taken to be of, whatever its source says; nil where the source is believed.
  public let assumedRuns: Int?

  /// - Parameter scale: nil for one chosen from the values: fractions with four decimals, larger numbers with two.
  public init(
    initializations: [String], tasks: [Task], scale: Scale? = nil, remarks: [String] = [], printedDeviations: PrintedDeviations? = nil,
    assumedRuns: Int? = nil
  ) {
    self.initializations = initializations
    self.assumedRuns = assumedRuns
    self.printedDeviations = printedDeviations
    self.tasks = tasks
    let largest = tasks.flatMap(\.cells).compactMap { $0.summary.mean.known.map(abs) }.max() ?? 0
    self.scale = scale ?? Scale(decimals: largest > 1.5 ? 2 : 4)
    self.remarks = remarks + (assumedRuns.map { ["Every mean is taken to be of \($0) run\($0 == 1 ? "" : "s"), as --as-n asks, whatever its source says."] } ?? [])
  }
}

extension ResultTable {
  /// How the values of a task are written.
  func scale(of task: Task) -> Scale { task.scale ?? scale }

  /// Whether every task's title says a unit of its own.
  var saysAllUnits: Bool { !tasks.isEmpty && tasks.allSatisfy { $0.scale != nil } }
  var saysSomeUnits: Bool { tasks.contains { $0.scale != nil } }

  /// As many as any task's values are written with.
  var decimals: Int { tasks.compactMap(\.scale?.decimals).reduce(scale.decimals, max) }

  /// `81.70 ± 0.15`, or the mean alone where there is no spread to give.
  func text(_ summary: Summary, of task: Task) -> String { scale(of: task).text(summary) }

  /// Why initializations are shown alone, by task and name.
  var exclusions: [String: [String: String]] {
    var found: [String: [String: String]] = [:]
    for task in tasks { for cell in task.cells { if let reason = cell.exclusion { found[task.name, default: [:]][cell.initialization] = reason } } }
    return found
  }

  /// What a value is of: a study's runs of a task and an initialization differ in their seed alone.
  var runNoun: String { tasks.contains { $0.cells.contains { $0.runs?.first?.name.hasPrefix("seed ") == true } } ? "seed" : "run" }

  /// The number of runs of every cell where it is the same for all.
  var commonCount: Int? {
    let counts = Set(tasks.flatMap(\.cells).map(\.summary.count))
    return counts.count == 1 ? counts.first : nil
  }
}
