public import Figures
internal import Foundations
internal import Statistics

extension MarksCheck {
  /// What the check says, sentence by sentence.
  public var sentences: [String] {
    [bestSentence] + [printedDeviations.sentence] + shown.flatMap { [sentence($0), standings($0)] } + [numbersOfRuns].compactMap(\.self)
  }

  private var bestSentence: String {
    let total = bestAgreeing.count + bestContradicted.count
    let sentence =
      bestContradicted.isEmpty
      ? "The best mean is the one marked best on \(total == 1 ? "the one task" : "all \(total) tasks")"
      : "The best mean is the one marked best on \(bestAgreeing.count) of \(total) tasks, not on \(listed(bestContradicted))"
    return sentence + (bestByRounding.isEmpty ? "." : "; on \(listed(bestByRounding)) that depends on rounding.")
  }

  private func sentence(_ count: AtCount) -> String {
    let stated = count.runs == statedRuns ? isAssumed == true ? " (as --as-n asks)" : " (as stated)" : ""
    let opening =
      "With n = \(count.runs)\(stated), a two-sided Student's t-test at 0.05 agrees with "
      + "\(count.agreeing) of \(count.cells.count) marks"
    guard !count.contradicted.isEmpty else { return opening + "." }
    return opening + "; it contradicts \(listed(count.contradicted.map { $0.named("p = \(pText($0.p))") }))."
  }

  /// What holds whatever is not known of the printed numbers: `2 are contradicted …, 17 are not, and 2 depend on …`.
  private func standings(_ count: AtCount) -> String {
    let (against, open) = (count.cells(.contradicted), count.cells(.depends))
    let untested = count.cells.count - against.count - open.count - count.cells(.notContradicted).count
    func are(_ number: Int) -> String { "\(number) \(number == 1 ? "is" : "are")" }
    var parts = ["\(are(against.count)) contradicted" + (against.isEmpty ? "" : " (\(listed(against.map(\.name))))"), "\(are(count.cells(.notContradicted).count)) not"]
    for reason in distinct(open.compactMap(\.reason)) {
      let cells = open.filter { $0.reason == reason }
      parts.append("\(cells.count) depend\(cells.count == 1 ? "s" : "") on \(reason) (\(listed(cells.map(\.name))))")
    }
    if untested > 0 { parts.append("\(are(untested)) not tested") }
    return
      "At n = \(count.runs), with n − 1 or n in the denominator of the printed deviations and for every number that is rounded to the printed one: \(parts.joined(separator: "; "))."
  }

  private var numbersOfRuns: String? {
    guard let last = counts.last else { return nil }
    func words(_ runs: [Int]) -> String {
      runs.isEmpty
        ? "none agrees with every mark"
        : runs.count == 1 ? "only \(runs[0]) agrees with every mark" : "\(listed(runs.map(String.init))) agree with every mark"
    }
    let other: PrintedDeviations = printedDeviations == .n ? .nMinusOne : .n
    let untouched = counts.filter { $0.cells(.contradicted).isEmpty && $0.cells.contains { $0.standing != nil } }.map { String($0.runs) }
    return "Of all numbers of runs from 2 to \(last.runs), \(words(consistentRuns(printedDeviations))); with \(other.text) in the denominator \(words(consistentRuns(other))). "
      + (untouched.isEmpty
        ? "At each of them some mark is contradicted whatever the denominator and the rounding."
        : "No mark is contradicted whatever the denominator and the rounding at \(listed(untouched)).")
  }

  /// Every cell but the best ones, at the numbers of runs that are spoken of.
  public var table: ReportTable {
    var table = ReportTable(
      title: "Published marks",
      caption:
        "Two-sided Student's t-test against the cell marked best, at 0.05, not corrected; printed deviations with \(printedDeviations.text) in the denominator. Range: the least and the "
        + "greatest p with n − 1 or n in the denominator and for every number that is rounded to the printed one; a mark that all of them contradict is contradicted.",
      label: "published-marks",
      columns: [.init("Task"), .init("Initialization"), .init("Marked")]
        + shown.flatMap { [.init("p at n = \($0.runs)", .right), .init("Range", .right), .init("n = \($0.runs)")] }, headingColumns: 2)
    for (index, cell) in (shown.first?.cells ?? []).enumerated() {
      table.append(
        [.init(cell.task), .init(cell.initialization), .init(cell.isMarkedEquivalent ? "equivalent" : "different")]
          + shown.flatMap { count -> [ReportTable.Cell] in
            let here = count.cells[index]
            return [.init(pText(here.p), note: here.p.reason), .init(here.range), .init(here.standingText)]
          })
    }
    return table
  }

  /// The same in a terminal's width, with signs for words.
  var terminalTable: Table {
    var rows = Table(
      columns: [Table.Column("Task"), Table.Column("Initialization"), Table.Column("Marked")] + shown.map { Table.Column("p at n = \($0.runs)   ", .right) })
    for (index, cell) in (shown.first?.cells ?? []).enumerated() {
      let tests = shown.map { pText($0.cells[index].p) + " " + $0.cells[index].sign }
      rows.append([cell.task, cell.initialization, cell.isMarkedEquivalent ? "equivalent" : "different"] + tests)
    }
    return rows
  }

  static let legend = "✗: contradicts the mark. d: depends on the denominator of the printed deviations; r: on rounding."
}

extension MarksCheck.Cell {
  var name: String { "\(initialization) on \(task)" }

  func named(_ words: String) -> String { "\(name) (\(isMarkedEquivalent ? "shaded" : "not shaded"), \(words))" }

  /// What the verdict hangs on; nil where it hangs on nothing.
  var reason: String? {
    switch (dependsOnDenominator, dependsOnRounding) {
    case (true, true): "the denominator and on rounding"
    case (true, false): "the denominator"
    case (false, true): "rounding"
    case (false, false): nil
    }
  }

  var standingText: String { standing.map { $0 == .depends ? "depends on \(reason ?? "")" : $0.rawValue } ?? "n/a" }

  /// Three signs wide.
  var sign: String {
    switch standing {
    case .contradicted: "✗ "
    case .depends: ((dependsOnDenominator ? "d" : "") + (dependsOnRounding ? "r" : "")).padded
    case .notContradicted, nil: "  "
    }
  }

  /// Over both denominators and all that is rounded to the printed numbers.
  var range: String {
    let ends = [ofNMinusOne, ofN]
    guard let least = ends.compactMap(\.least.known).min(), let greatest = ends.compactMap(\.greatest.known).max() else { return "n/a" }
    return "\(pText(.value(least))) to \(pText(.value(greatest)))"
  }
}

extension String {
  fileprivate var padded: String { count < 2 ? self + " " : self }
}
