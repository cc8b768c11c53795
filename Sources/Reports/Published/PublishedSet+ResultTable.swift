internal import Foundations
internal import Statistics

extension ResultTable {
  /// Published values as results to analyze, in percent, with the marks of a table that has them.
  ///
  /// - Parameters:
  ///   - runs: take every mean as of so many runs; nil for what the papers say.
  ///   - deviations: what the printed standard deviations have in their denominator.
  public init(_ set: PublishedSet, runs: Int? = nil, deviations: PrintedDeviations = .standard) throws {
    if let runs, runs < 2 { throw ReportsError.unfitSetting("\(runs) runs are no number of runs to test with.", remedy: "Give 2 or more.") }
    let names = set.initializations
    let tasks = set.tasks.map { task in
      ResultTable.Task(
        task, metric: PublishedMetric(task: task).title,
        cells: names.compactMap { name in
          set.entry(task, name).map { entry in
            Cell(
              name, summary: entry.summary(runs: runs, deviations), mark: set.hasMarks(entry.source) ? entry.value.tableMark : nil,
              printed: Printed(
                standardDeviation: entry.value.standardDeviation, meanRounding: entry.accuracy, deviationRounding: entry.accuracy))
          }
        })
    }
    self.init(
      initializations: names, tasks: tasks, scale: Scale(symbol: "%", decimals: 2), remarks: set.remarks, printedDeviations: deviations, assumedRuns: runs)
  }
}

extension PublishedSet.Entry {
  /// With n − 1 in the denominator.
  ///
  /// - Parameter runs: nil for what the paper says.
  func summary(runs: Int? = nil, _ deviations: PrintedDeviations) -> Summary {
    let count = runs ?? self.runs
    return Summary(count: count, mean: value.mean, standardDeviation: value.standardDeviation.map { deviations.sample($0, count: count) })
  }
}

/// What a task of the papers is judged by; their codes end in C for classification and in S for segmentation.
public enum PublishedMetric: String, Codable, Hashable, Sendable {
  case auroc = "AUC"
  case dice = "Dice"

  public init(task: String) { self = task.hasSuffix("S") || task == "USBreast" ? .dice : .auroc }

  public var title: String { rawValue }

  /// Whether a study's metric of such a name is this one; a value without a name is taken to be it.
  func isMetric(_ name: String?) -> Bool {
    guard let name else { return true }
    return (self == .dice ? ["Dice"] : ["AUROC", "AUC", "mean AUC"]).contains { name.hasPrefix($0) }
  }
}

extension PublishedValue {
  var tableMark: ResultTable.Mark {
    if marks.contains(.best) { return .best }
    return marks.contains(.equivalent) ? .equivalent : .other
  }
}

extension PublishedSet {
  /// Whether a source marks its best cells; those that it does not mark are then said to differ.
  func hasMarks(_ source: String) -> Bool {
    tables.contains { $0.source == source && $0.values.contains { $0.marks.contains(.best) } }
  }

  /// What must be known of the numbers themselves.
  public var remarks: [String] {
    var lines = papers.map { paper in
      paper.saysRuns
        ? "\(paper.citation): ten runs a value, as its authors say."
        : "\(paper.citation): its number of runs is in nothing that could be read; ten are taken, as in 2021."
    }
    let readings = tables.filter { $0.reading == .digitized }
    if !readings.isEmpty {
      let accuracies = distinct(readings.flatMap { table in table.tasks.map { fixed(table.accuracy(of: $0), 2) } }).sorted()
      lines.append(
        "Read from figures, to ± \(listed(accuracies)) percentage points: \(listed(readings.map(\.source))).")
    }
    if tables.contains(where: { $0.reading == .printed }) {
      lines.append("Printed, to ± 0.005: \(listed(tables.filter { $0.reading == .printed }.map(\.source))).")
    }
    for entry in entries {
      for other in others(of: entry) where entry.isTold(from: other) {
        lines.append(
          "\(entry.initialization) on \(entry.task) is \(entry.value.text) in \(entry.source) (taken) and \(other.value.text) in \(other.source).")
      }
    }
    return lines
  }
}

extension PublishedSet.Entry {
  /// Whether two values of the same thing differ by more than both are known to.
  fileprivate func isTold(from other: PublishedSet.Entry) -> Bool {
    let spreads = zip([value.standardDeviation].compactMap(\.self), [other.value.standardDeviation].compactMap(\.self))
    return ([(value.mean, other.value.mean)] + spreads).contains { abs($0.0 - $0.1) > accuracy + other.accuracy }
  }
}

extension PublishedValue {
  /// `81.70 ± 0.15`, with as many decimals as were read.
  public var text: String { fixed(mean, 2) + (standardDeviation.map { " ± \(fixed($0, 2))" } ?? "") }
}
