public import Figures
internal import Foundations
internal import Statistics

extension MarksCheck {
  /// What the check says, sentence by sentence.
  public var sentences: [String] {
    var lines: [String] = []
    let total = bestAgreeing.count + bestContradicted.count
    lines.append(
      bestContradicted.isEmpty
        ? "The best mean is the one marked best on \(total == 1 ? "the one task" : "all \(total) tasks")."
        : "The best mean is the one marked best on \(bestAgreeing.count) of \(total) tasks, not on \(listed(bestContradicted)).")
    for count in shown { lines.append(sentence(count)) }
    let consistent = consistentRuns
    if let last = counts.last {
      let range = "Of all numbers of runs from 2 to \(last.runs),"
      lines.append(
        consistent.isEmpty
          ? "\(range) none agrees with every mark."
          : consistent.count == 1
            ? "\(range) only \(consistent[0]) agrees with every mark."
            : "\(range) \(listed(consistent.map(String.init))) agree with every mark.")
    }
    return lines
  }

  private func sentence(_ count: AtCount) -> String {
    let stated = count.runs == statedRuns ? " (as stated)" : ""
    let opening = "With n = \(count.runs)\(stated), a two-sided Student's t-test at 0.05 agrees with "
      + "\(count.agreeing) of \(count.cells.count) marks"
    guard !count.contradicted.isEmpty else { return opening + "." }
    let names = count.contradicted.map { cell in
      "\(cell.initialization) on \(cell.task) (\(cell.isMarkedEquivalent ? "shaded" : "not shaded"), p = \(pText(cell.p)))"
    }
    return opening + "; it contradicts \(listed(names))."
  }

  /// Every cell but the best ones, at the numbers of runs that are spoken of.
  public var table: ReportTable {
    var table = ReportTable(
      title: "Published marks", caption: "Two-sided Student's t-test against the cell marked best, at 0.05, not corrected.",
      label: "published-marks",
      columns: [.init("Task"), .init("Initialization"), .init("Marked")]
        + shown.flatMap { [.init("p at n = \($0.runs)", .right), .init("n = \($0.runs)")] }, headingColumns: 2)
    for (index, cell) in (shown.first?.cells ?? []).enumerated() {
      table.append(
        [.init(cell.task), .init(cell.initialization), .init(cell.isMarkedEquivalent ? "equivalent" : "different")]
          + shown.flatMap { count -> [ReportTable.Cell] in
            let here = count.cells[index]
            return [.init(pText(here.p)), .init(here.agrees.map { $0 ? "agrees" : "contradicts" } ?? "n/a")]
          })
    }
    return table
  }
}
