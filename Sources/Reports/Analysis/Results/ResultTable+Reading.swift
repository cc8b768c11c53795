public import Foundation
internal import Foundations
internal import Statistics

extension ResultTable {
  /// How a file of results is to be understood.
  public struct Reading: Hashable, Sendable {
    /// The values are fractions, to be written in percent.
    public var isPercent = false
    /// Tasks or metrics of which a lower value is better; `all` for every one.
    public var lowerIsBetter: [String] = []
    /// For means and standard deviations: take each as of so many runs, whatever the file says.
    public var runs: Int?
    /// For means and standard deviations: what the deviations have in their denominator.
    public var printedDeviations = PrintedDeviations.standard

    public init() {}
  }

  /// Reads `task, initialization, run, value` or `task, initialization, mean, std, n`, each with an optional `metric`; a table of
  /// means may have a `mark` (best, equivalent or nothing) as it was published, and say what its claims rest on (`TestImages`).
  ///
  /// - Throws: `ReportsError` that names every bad row with its line.
  public static func read(_ url: URL, _ reading: Reading = Reading()) throws -> ResultTable {
    try ResultTable(csv: TextFile.read(url), source: url.lastPathComponent, reading)
  }

  public init(csv text: String, source: String, _ reading: Reading = Reading()) throws {
    if let runs = reading.runs, !(2...ResultRows.mostRuns).contains(runs) {
      throw ReportsError.unfitSetting("\(runs) runs are no number of runs to test with.", remedy: "Give 2 or more.")
    }
    var rows = try ResultRows(text, source: source, reading)
    try rows.read()
    self = try rows.table()
  }
}

/// Reads row by row, keeping every problem, and makes the table when there is none.
private struct ResultRows {
  static let mostRuns = 1_000_000_000

  private struct Key: Hashable {
    let task: String
    let metric: String?
  }

  private struct Place: Hashable {
    let key: Key
    let initialization: String
  }

  /// A row of a table of means.
  private struct PrintedRow {
    let summary: Summary
    let mark: ResultTable.Mark?
    let testImages: ResultTable.TestImages?
    /// As it was printed, whatever its denominator.
    let standardDeviation: Double?
    /// Digits behind the point of the mean and of the deviation.
    let meanDecimals: Int
    let deviationDecimals: Int
  }

  private enum Content {
    case runs([ResultTable.Run], gaps: Int)
    case summary(PrintedRow)
    case notApplicable
  }

  private let source: String
  private let reading: ResultTable.Reading
  private let records: [ResultRecords.Record]
  /// Whether a comma is the decimal sign.
  private let hasDecimalCommas: Bool
  private let columns: [String: Int]
  private let width: Int
  private let hasRuns: Bool
  private var remarks: [String] = []
  private var problems: [String] = []
  private var keys: [Key] = []
  private var initializations: [String] = []
  private var contents: [Place: Content] = [:]
  private var firstLines: [[String]: Int] = [:]

  init(_ text: String, source: String, _ reading: ResultTable.Reading) throws {
    let found = ResultRecords(text), all = found.records
    hasDecimalCommas = found.separator != .comma
    self.source = source
    self.reading = reading
    guard let header = all.first, let names = header.fields.map({ $0.map { $0.lowercased() } }) else {
      throw ReportsError.malformedResults(
        source, [all.isEmpty ? "it is empty" : "line 1: the quotes of the header are wrong"])
    }
    records = Array(all.dropFirst())
    width = names.count
    let shape = try ResultColumns(names, source: source, hasRunCount: reading.runs != nil)
    columns = shape.places
    hasRuns = shape.hasRuns
    if !shape.unused.isEmpty {
      let (columns, are) = shape.unused.count == 1 ? ("column", "is") : ("columns", "are")
      let names = shape.unused.map { "“\($0)”" }.joined(separator: ", ")
      remarks.append("The \(columns) \(names) of \(source) \(are) not used.")
    }
    if hasRuns && reading.runs != nil {
      throw ReportsError.unfitSetting(
        "\(source) has the runs themselves, so their number is known.", remedy: "Leave --as-n out; it is for tables of means.")
    }
  }

  mutating func read() throws {
    for record in records {
      guard let fields = record.fields else {
        problems.append("line \(record.line): its quotes are wrong: one is never closed, or text follows a closing one")
        continue
      }
      guard fields.count == width else {
        problems.append("line \(record.line): it has \(fields.count) fields and the header has \(width)")
        continue
      }
      do throws(Problem) { try read(fields, line: record.line) } catch { problems.append("line \(record.line): \(error.words)") }
    }
    if problems.isEmpty && contents.isEmpty { problems.append("it has a header and no rows") }
    guard problems.isEmpty else { throw ReportsError.malformedResults(source, problems) }
  }

  private struct Problem: Error { let words: String }

  private mutating func read(_ fields: [String], line: Int) throws(Problem) {
    func field(_ name: String) -> String { columns[name].map { fields[$0] } ?? "" }
    let task = try name(field("task"), "task"), initialization = try name(field("initialization"), "initialization")
    let metric = columns["metric"] == nil ? nil : try name(field("metric"), "metric")
    let run = hasRuns ? try name(field("run"), "run") : nil
    let key = Key(task: task, metric: metric), place = Place(key: key, initialization: initialization)

    let identity = [task, metric ?? "", initialization, run ?? ""]
    if let first = firstLines[identity] {
      let what = run.map { "run \($0) of \(initialization)" } ?? initialization
      throw Problem(words: "\(what) on \(metric.map { "\(task), \($0)" } ?? task) is on line \(first) already")
    }
    let content = try hasRuns ? self.run(field("value"), run ?? "") : summary(field, line: line)
    firstLines[identity] = line
    if !keys.contains(key) { keys.append(key) }
    if !initializations.contains(initialization) { initializations.append(initialization) }
    if case .runs(let more, let moreGaps) = content, case .runs(let known, let gaps) = contents[place] {
      contents[place] = .runs(known + more, gaps: gaps + moreGaps)
    } else {
      contents[place] = content
    }
  }

  private func run(_ value: String, _ name: String) throws(Problem) -> Content {
    if value.isEmpty { return .runs([], gaps: 1) }
    return .runs([ResultTable.Run(name, try number(value, "value"))], gaps: 0)
  }

  private func summary(_ field: (String) -> String, line: Int) throws(Problem) -> Content {
    let mark = try self.mark(field("mark"))
    if field("mean").isEmpty {
      guard field("std").isEmpty else { throw Problem(words: "it has a standard deviation and no mean") }
      return .notApplicable
    }
    let mean = try number(field("mean"), "mean")
    let deviation = field("std").isEmpty ? nil : try number(field("std"), "std")
    if let deviation, deviation < 0 { throw Problem(words: "the standard deviation \(field("std")) is below 0") }
    let count: Int
    if let runs = reading.runs {
      count = runs
    } else {
      // Spreadsheets and pandas write whole numbers as 5.0.
      guard let stated = Int(field("n")) ?? decimal(field("n")).flatMap({ Int(exactly: $0) }), (1...Self.mostRuns).contains(stated) else {
        throw Problem(words: "n is “\(field("n"))”, which is no number of runs")
      }
      count = stated
    }
    let sample = deviation.map { reading.printedDeviations.sample($0, count: count) }
    return .summary(
      PrintedRow(
        summary: Summary(count: count, mean: mean, standardDeviation: sample), mark: mark, testImages: try testImages(field),
        standardDeviation: deviation, meanDecimals: Self.decimals(field("mean")), deviationDecimals: Self.decimals(field("std"))))
  }

  /// Digits behind the point, less the exponent; negative for a number in tens or more, such as `1e3`.
  private static func decimals(_ text: String) -> Int {
    let parts = text.lowercased().split(separator: "e"), digits = parts.first?.split(separator: ".", omittingEmptySubsequences: false) ?? []
    return (digits.count > 1 ? digits[1].count : 0) - (parts.count > 1 ? Int(parts[1]) ?? 0 : 0)
  }

  private func testImages(_ field: (String) -> String) throws(Problem) -> ResultTable.TestImages? {
    func share(_ column: String, _ range: ClosedRange<Double>, _ words: String) throws(Problem) -> Double? {
      guard !field(column).isEmpty else { return nil }
      let value = try number(field(column), column)
      guard range.contains(value) else { throw Problem(words: "the \(column) is “\(field(column))”, which is not between \(words)") }
      return value
    }
    let accuracy = try share("accuracy", 0...1, "0 and 1"), congruence = try share("congruence", 0...1, "0 and 1")
    let correlation = try share("correlation", -1...1, "−1 and 1")
    let deviation = field("imagestd").isEmpty ? nil : try number(field("imagestd"), "imageStd")
    if let deviation, deviation < 0 { throw Problem(words: "imageStd, \(field("imagestd")), is below 0") }
    guard !field("images").isEmpty else {
      guard accuracy == nil, congruence == nil, correlation == nil, deviation == nil else {
        throw Problem(words: "it says how it did on single images, and not on how many: “images” is empty or missing")
      }
      return nil
    }
    guard let count = Int(field("images")), (1...Self.mostRuns).contains(count) else {
      throw Problem(words: "images is “\(field("images"))”, which is no number of images")
    }
    if accuracy != nil, deviation != nil { throw Problem(words: "it has an accuracy and an imageStd, and a claim is of one of them. Keep the one that is claimed") }
    if congruence != nil, accuracy == nil { throw Problem(words: "it has a congruence and no accuracy") }
    if correlation != nil, deviation == nil { throw Problem(words: "it has a correlation and no imageStd") }
    return ResultTable.TestImages(
      count: count, accuracy: accuracy, congruence: congruence,
      standardDeviation: deviation.map { reading.printedDeviations.sample($0, count: count) }, correlation: correlation)
  }

  private func mark(_ text: String) throws(Problem) -> ResultTable.Mark? {
    guard columns["mark"] != nil else { return nil }
    if text.isEmpty { return .other }
    guard let mark = ResultTable.Mark(rawValue: text.lowercased()) else {
      throw Problem(words: "the mark is “\(text)”. \(suggestion(for: text, in: ResultTable.Mark.allCases.map(\.rawValue)))")
    }
    return mark
  }

  private func name(_ text: String, _ column: String) throws(Problem) -> String {
    if text.isEmpty { throw Problem(words: "the \(column) is empty") }
    // A name goes to terminals as it is, where control characters would be commands.
    if text.unicodeScalars.contains(where: { [.control, .format].contains($0.properties.generalCategory) }) {
      throw Problem(words: "the \(column) has a line break or another control character")
    }
    if text.count > 200 { throw Problem(words: "the \(column) has \(text.count) characters; 200 are the most") }
    return text
  }

  private func decimal(_ text: String) -> Double? {
    guard text.utf8.allSatisfy({ UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 || "+-.eE,".utf8.contains($0) }) else { return nil }
    return hasDecimalCommas ? DecimalText.withComma(text) ?? Double(text) : Double(text)
  }

  private func number(_ text: String, _ column: String) throws(Problem) -> Double {
    guard let value = decimal(text), value.isFinite else {
      throw Problem(words: "the \(column) is “\(text)”, which is no number with a decimal point")
    }
    // Squares and their sums stay within float64, so that no interval is infinite.
    guard abs(value) <= 1e100 else { throw Problem(words: "the \(column) is “\(text)”, which is beyond 1e100") }
    return value
  }

  /// Tasks some of whose values are fractions and others percent: 0.84 beside 84.1.
  private static func mixedUnits(_ tasks: [ResultTable.Task]) -> [String] {
    tasks.compactMap { task in
      let means: [Double] = task.cells.flatMap { (cell: ResultTable.Cell) -> [Double] in
        cell.runs?.map(\.value) ?? [cell.summary.mean.known].compactMap { $0 }
      }
      let fractions = means.filter { $0 > 0 && $0 <= 1 }, percent = means.filter { $0 > 1.5 && $0 <= 100 }
      guard let least = fractions.min(), let greatest = percent.max(), fractions.count + percent.count == means.count, greatest > 20, greatest > 20 * least
      else { return nil }
      return
        "The values of \(task.name) look like fractions and percent together: \(fractions.count) of them are at most 1, such as \(least), and \(percent.count) above it, such as \(greatest). Write them in one unit."
    }
  }

  func table() throws -> ResultTable {
    let names = keys.flatMap { [$0.task] + ($0.metric.map { [$0] } ?? []) }
    for name in reading.lowerIsBetter where name != "all" && !names.contains(name) {
      throw ReportsError.unknownName(name, what: "task or metric", valid: Array(Set(names)).sorted())
    }
    var remarks = remarks
    let tasks = keys.map { key in
      let rows = initializations.compactMap { name -> PrintedRow? in
        if case .summary(let row) = contents[Place(key: key, initialization: name)] { row } else { nil }
      }
      // Programs that write tables drop zeros at the end: a column has the digits of its longest number.
      let meanRounding = Self.half(rows.map(\.meanDecimals)), deviationRounding = Self.half(rows.filter { $0.standardDeviation != nil }.map(\.deviationDecimals))
      let lower = reading.lowerIsBetter.contains { $0 == "all" || $0 == key.task || $0 == key.metric }
      let cells = initializations.compactMap { initialization -> ResultTable.Cell? in
        switch contents[Place(key: key, initialization: initialization)] {
        case .runs(let runs, let gaps):
          let count = gaps == 1 ? "1 run" : "\(gaps) runs", have = gaps == 1 ? "has" : "have"
          if gaps > 0 { remarks.append("\(count) of \(initialization) on \(key.task) \(have) no value.") }
          return ResultTable.Cell(initialization, runs: runs, gapCount: gaps)
        case .summary(let row):
          let printed = ResultTable.Printed(
            standardDeviation: row.standardDeviation, meanRounding: meanRounding, deviationRounding: deviationRounding)
          return ResultTable.Cell(initialization, summary: row.summary, mark: row.mark, printed: printed, testImages: row.testImages)
        case .notApplicable, nil: return nil
        }
      }
      return ResultTable.Task(key.task, metric: key.metric, higherIsBetter: !lower, cells: cells)
    }
    remarks += Self.mixedUnits(tasks)
    return ResultTable(
      initializations: initializations, tasks: tasks, scale: reading.isPercent ? .percent : nil, remarks: remarks,
      printedDeviations: hasRuns ? nil : reading.printedDeviations, assumedRuns: reading.runs)
  }

  /// Half of the last digit of a column; 0 where it has no number.
  private static func half(_ decimals: [Int]) -> Double { decimals.max().map { 0.5 * pow(10, -Double($0)) } ?? 0 }
}
