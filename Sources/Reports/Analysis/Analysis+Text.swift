internal import Figures
internal import Foundations
internal import Statistics

extension Analysis {
  /// Verdict, tables and methods for a terminal so many columns wide; names are cut where they do not fit.
  public func terminalText(width: Int) -> String {
    let width = min(120, max(80, width))
    var parts = [section("Verdict", verdictText(width)), section("Mean ± standard deviation\(unitOfTitle)", resultsText(width))]
    parts.append(section("Comparisons", tasks.map { comparisonsText($0, width) }.joined(separator: "\n")))
    parts.append(section("Ranks over the tasks", rankingText(width)))
    if let marks {
      parts.append(section("Published marks", marksText(marks, width) + "\n" + marks.sentences.map { flowed($0, width) }.joined()))
    }
    parts.append(section("Methods", flowed(methods, width)))
    if !table.remarks.isEmpty { parts.append(section("Remarks", table.remarks.map { flowed($0, width) }.joined())) }
    return parts.joined(separator: "\n")
  }

  private func section(_ title: String, _ text: String) -> String {
    "\(title)\n\(String(repeating: "═", count: title.count))\n\(text)"
  }

  private func verdictText(_ width: Int) -> String { verdictText(verdicts, width: width) }

  func verdictText(_ verdicts: [HTMLReport.Verdict], width: Int) -> String {
    verdicts.map { verdict in
      flowed("\(verdict.task): \(verdict.statement)", width)
        + verdict.details.map { flowed($0, width, indent: "  ") }.joined()
    }.joined()
  }

  /// The tasks side by side, in as many blocks as the width asks for.
  private func resultsText(_ width: Int) -> String {
    let whole = resultsTable
    let texts = whole.rows.map { row in
      row.map { cell in cell.text + (cell.isBold ? " *" : cell.isShaded ? " ≈" : cell.note == nil ? "  " : " ?") }
    }
    let nameWidth = min(26, max(14, texts.map { $0[0].count - 2 }.max() ?? 0))
    var blocks: [[Int]] = [[]], used = nameWidth
    for column in whole.columns.indices.dropFirst() {
      let need = 2 + max(whole.columns[column].title.count, texts.map { $0[column].count }.max() ?? 0)
      if used + need > width && !blocks[blocks.count - 1].isEmpty {
        blocks.append([])
        used = nameWidth
      }
      blocks[blocks.count - 1].append(column)
      used += need
    }
    let tables = blocks.map { columns in
      var block = Table(columns: [Table.Column("Initialization")] + columns.map { Table.Column(whole.columns[$0].title, .right) })
      for row in texts { block.append([cut(String(row[0].dropLast(2)), nameWidth)] + columns.map { row[$0] }) }
      return block.rendered()
    }
    var legend = ["*: best of its task"]
    if tasks.contains(where: { !$0.notToldFromBest.isEmpty }) { legend.append("≈: cannot be told from it") }
    if tasks.contains(where: { !$0.untested.isEmpty }) { legend.append("?: not tested") }
    if texts.contains(where: { $0.contains { $0.hasPrefix("–") } }) { legend.append("–: no result") }
    return tables.joined(separator: "\n") + "\n" + flowed(legend.joined(separator: "; ") + ".", width) + flowed(caption + ".", width)
  }

  private func comparisonsText(_ task: TaskAnalysis, _ width: Int) -> String {
    var text = ""
    if task.againstBest?.comparisons.isEmpty != false { text += "\(task.title): nothing to compare.\n" }
    for family in families(of: task) where !family.comparisons.isEmpty {
      let isBest = family.reference == task.best.known && family == task.againstBest
      let heading = isBest ? "\(family.reference) (best) minus" : "minus \(family.reference) (baseline)"
      let level = "\(significant(settings.level * 100, 6)) % interval"
      var rows = Table(columns: [
        Table.Column("Initialization"), Table.Column("Diff.", .right), Table.Column(level, .right), Table.Column("p", .right),
        Table.Column(correctedTitle + "  ", .right), Table.Column(effectTitle, .right), Table.Column("To settle", .right),
      ])
      for comparison in family.comparisons {
        rows.append([
          isBest ? comparison.second : comparison.first, differenceText(comparison), intervalText(comparison), pText(comparison.p),
          pText(comparison.adjustedP) + (comparison.isToldApart == true ? " *" : "  "), effectText(comparison), runsText(comparison),
        ])
      }
      text += flowed("\(task.title): \(heading)", width) + rows.fitted(toWidth: width, cutting: ["Initialization"]).rendered()
      let reasons = distinct(family.comparisons.compactMap(\.p.reason))
      for reason in reasons { text += flowed("n/a: \(reason).", width) }
    }
    if let reason = task.againstBaseline?.reason {
      text += flowed("\(task.title), against the baseline: not available, \(reason).", width)
    }
    return text
  }

  private func rankingText(_ width: Int) -> String {
    guard let ranks = ranking.averageRanks.known else { return flowed("Not available: \(ranking.averageRanks.reason ?? "").", width) }
    let order = table.initializations.indices.sorted { (ranks[$0], $0) < (ranks[$1], $1) }
    var rows = Table(columns: [Table.Column("Initialization"), Table.Column("Average rank", .right)])
    for index in order { rows.append([cut(table.initializations[index], 40), fixed(ranks[index], 2)]) }
    return rows.rendered() + "\n" + rankingSentences.map { flowed($0, width) }.joined()
  }

  /// What the ranks say, and what they cannot.
  var rankingSentences: [String] {
    guard ranking.averageRanks.known != nil else { return ["Not available: \(ranking.averageRanks.reason ?? "")."] }
    var lines = ["Rank 1 is best; over \(listed(ranking.tasks))."]
    if !ranking.leftOut.isEmpty { lines.append("Left out, since an initialization has no result there: \(listed(ranking.leftOut)).") }
    if let diagram = ranking.nemenyi.known {
      let critical = diagram.criticalDifference.known.map { fixed($0, 2) } ?? "n/a"
      lines.append("Friedman's test: p = \(pText(diagram.friedman.p)). Nemenyi's critical difference: \(critical).")
      lines += groupSentences(diagram)
    } else {
      lines.append("Friedman's and Nemenyi's tests: not available, \(ranking.nemenyi.reason ?? "").")
    }
    if let diagram = ranking.wilcoxonHolm.known {
      lines.append("Wilcoxon signed-rank tests with Holm's correction:")
      lines += groupSentences(diagram)
    } else {
      lines.append("Wilcoxon–Holm: not available, \(ranking.wilcoxonHolm.reason ?? "").")
    }
    return lines
  }

  private func groupSentences(_ diagram: CriticalDifferenceDiagram) -> [String] {
    diagram.groups.isEmpty
      ? ["All can be told apart."]
      : diagram.groups.map { "Not told apart: \(listed($0.map { diagram.names[$0] }))." }
  }

  private func marksText(_ marks: MarksCheck, _ width: Int) -> String {
    var rows = Table(
      columns: [Table.Column("Task"), Table.Column("Initialization"), Table.Column("Marked")]
        + marks.shown.map { Table.Column("p at n = \($0.runs)  ", .right) })
    for (index, cell) in (marks.shown.first?.cells ?? []).enumerated() {
      let tests = marks.shown.map { pText($0.cells[index].p) + ($0.cells[index].agrees == false ? " ✗" : "  ") }
      rows.append([cell.task, cell.initialization, cell.isMarkedEquivalent ? "equivalent" : "different"] + tests)
    }
    return rows.fitted(toWidth: width, cutting: ["Task", "Initialization"]).rendered() + flowed("✗: contradicts the mark.", width)
  }
}

private func cut(_ text: String, _ width: Int) -> String { text.count > width ? text.prefix(width - 1) + "…" : text }

/// Words in lines no longer than `width`, those after the first indented by two more.
func flowed(_ text: String, _ width: Int, indent: String = "") -> String {
  let rows = wrapped(text, width: width - indent.count - 2)
  return (["\(indent)\(rows[0])"] + rows.dropFirst().map { "\(indent)  \($0)" }).joined(separator: "\n") + "\n"
}
