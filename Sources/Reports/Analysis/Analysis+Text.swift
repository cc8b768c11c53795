public import Figures
internal import Foundation
internal import Foundations
internal import Statistics

extension Analysis {
  /// Verdict, tables and methods for a terminal so many columns wide, where names are cut that do not fit; nil cuts nothing.
  public func terminalText(width columns: Int?) -> String {
    let width = proseWidth(columns)
    var parts = [
      section("Verdict", (headline().map { flowed($0, width) + "\n" } ?? "") + verdictText(verdicts, width: width)),
      section("Mean ± standard deviation\(unitOfTitle)", resultsText(columns)),
    ]
    parts.append(section("Comparisons", tasks.map { comparisonsText($0, columns) }.joined(separator: "\n")))
    parts.append(section("Ranks over the tasks", rankingText(width)))
    if !claimSentences.isEmpty { parts.append(section("Claims of superiority", claimSentences.map { flowed($0, width) }.joined())) }
    if let marks {
      parts.append(section("Published marks", marksText(marks, columns) + "\n" + marks.sentences.map { flowed($0, width) }.joined()))
    }
    parts.append(section("Methods", flowed(methods, width)))
    if !table.remarks.isEmpty { parts.append(section("Remarks", table.remarks.map { flowed($0, width) }.joined())) }
    return parts.joined(separator: "\n")
  }

  private func section(_ title: String, _ text: String) -> String {
    "\(title)\n\(String(repeating: "═", count: title.count))\n\(text)"
  }

  func verdictText(_ verdicts: [HTMLReport.Verdict], width: Int) -> String {
    verdicts.map { verdict in
      flowed("\(verdict.task): \(verdict.statement)", width)
        + verdict.details.map { flowed($0, width, indent: "  ") }.joined()
    }.joined() + (unitSentence.map { flowed($0, width) } ?? "")
  }

  /// The tasks side by side, in as many blocks as the width asks for.
  private func resultsText(_ width: Int?) -> String {
    let whole = resultsTable
    let texts = whole.rows.map { row in
      row.map { cell in
        let isPlain = cell.note == nil || cell.text.hasSuffix(Self.leftOutMark)
        return cell.text + (cell.isBold ? " *" : cell.note == Self.tiedNote ? " =" : cell.isShaded ? " ≈" : isPlain ? "  " : " ?")
      }
    }
    var side = Table(columns: [Table.Column("Initialization")] + whole.columns.dropFirst().map { Table.Column($0.title, .right) })
    for row in texts { side.append([String(row[0].dropLast(2))] + row.dropFirst()) }
    // Names may take a third of a line.
    let longest = width.map { max(14, $0 / 3) } ?? .max
    let tables = side.cut(first: longest).blocks(ofWidth: width).map { $0.rendered() }
    var legend = ["*: best of its task"]
    if tasks.contains(where: { !$0.tied.isEmpty }) { legend.append("=: tied for the best mean") }
    if tasks.contains(where: { !$0.notToldFromBest.isEmpty }) { legend.append("≈: cannot be told from it") }
    if tasks.contains(where: { !$0.untested.isEmpty }) { legend.append("?: not tested") }
    if texts.contains(where: { $0.contains { $0.contains(Self.leftOutMark) } }) { legend.append("†: left out of the verdict") }
    if texts.contains(where: { $0.contains { $0.hasPrefix("–") } }) { legend.append("–: no result") }
    return tables.joined(separator: "\n") + "\n" + flowed(legend.joined(separator: "; ") + ".", proseWidth(width)) + flowed(caption + ".", proseWidth(width))
  }

  private func comparisonsText(_ task: TaskAnalysis, _ columns: Int?) -> String {
    let width = proseWidth(columns)
    var text = ""
    if task.againstBest?.comparisons.isEmpty != false { text += "\(task.title): nothing to compare.\n" }
    for family in families(of: task) where !shown(family, of: task).isEmpty {
      let isBest = family.reference == task.best.known && family == task.againstBest
      let heading = isBest ? "\(family.reference) (\(task.tied.isEmpty ? "best" : "tied")) minus" : "minus \(family.reference) (baseline)"
      let level = "\(significant(settings.level * 100, 6)) % interval"
      var rows = Table(
        columns: [
          Table.Column("Initialization"), Table.Column("Diff.", .right), Table.Column(level, .right), Table.Column("p", .right),
          Table.Column(correctedTitle + "  ", .right),
        ] + effectTitles.map { Table.Column($0, .right) } + claimTitles(family).map { Table.Column($0, .right) } + [Table.Column("To settle", .right)])
      for comparison in shown(family, of: task) {
        rows.append(
          [
            isBest ? comparison.second : comparison.first, differenceText(comparison, of: task), intervalText(comparison, of: task), pText(comparison.p),
            pText(comparison.adjustedP) + (comparison.isToldApart == true ? " *" : "  "),
          ] + effectTexts(comparison) + claimTexts(comparison, in: family) + [settlingText(comparison)])
      }
      text += flowed("\(task.title): \(heading)", width) + rows.fitted(toWidth: columns, cutting: ["Initialization"]).rendered()
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
    var rows = Table(columns: [Table.Column("Initialization"), Table.Column("Average rank", .right), Table.Column(rankLevel, .right)])
    for index in order { rows.append([table.initializations[index], fixed(ranks[index], 2), rankInterval(index)]) }
    return rows.rendered() + "\n" + rankingSentences.map { flowed($0, width) }.joined()
  }

  private var rankLevel: String { "\(significant(settings.level * 100, 6)) % interval" }

  private func rankInterval(_ index: Int) -> String {
    ranking.intervals.known.map { "\(fixed($0[index].lower, 2)) to \(fixed($0[index].upper, 2))" } ?? "n/a"
  }

  /// The average ranks from the best on; nil where there are none.
  public var ranksTable: ReportTable? {
    guard let ranks = ranking.averageRanks.known else { return nil }
    var result = ReportTable(
      title: "Average ranks", caption: rankingCaption, label: "ranks",
      columns: [.init("Initialization"), .init("Average rank", .right), .init(rankLevel, .right)])
    for index in table.initializations.indices.sorted(by: { (ranks[$0], $0) < (ranks[$1], $1) }) {
      result.append([.init(table.initializations[index]), .init(fixed(ranks[index], 2)), .init(rankInterval(index), note: ranking.intervals.reason)])
    }
    return result
  }

  private var rankingCaption: String {
    let levels = ranking.isOverPatients ? "tasks, patients and seeds" : "tasks and seeds"
    let few = ranking.tasks.count < RankIntervals.leastTasks ? " With fewer than \(RankIntervals.leastTasks) tasks they are too short." : ""
    return "Rank 1 is best; over \(listed(ranking.tasks)). Intervals, for the average rank that such studies find on other tasks, by "
      + "\(grouped(RankIntervals.resampleCount)) resamples of \(levels).\(few)"
  }

  /// What the ranks say, and what they cannot.
  var rankingSentences: [String] {
    guard ranking.averageRanks.known != nil else { return ["Not available: \(ranking.averageRanks.reason ?? "")."] }
    var lines = [rankingCaption]
    if let reason = ranking.intervals.reason { lines.append("Intervals of the ranks: not available, \(reason).") }
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

  /// The same without what the table's caption says.
  var rankingSentencesBesideTable: [String] { Array(rankingSentences.dropFirst(ranksTable == nil ? 0 : 1)) }

  private func groupSentences(_ diagram: CriticalDifferenceDiagram) -> [String] {
    diagram.groups.isEmpty
      ? ["All can be told apart."]
      : diagram.groups.map { "Not told apart: \(listed($0.map { diagram.names[$0] }))." }
  }

  private func marksText(_ marks: MarksCheck, _ width: Int?) -> String {
    marks.terminalTable.fitted(toWidth: width, cutting: ["Task", "Initialization"]).rendered() + flowed(MarksCheck.legend, proseWidth(width))
  }
}

extension Table {
  /// The first column's cells no longer than a length.
  fileprivate func cut(first length: Int) -> Table {
    var table = Table(columns: columns)
    for row in rows { table.append([row[0].count > length ? row[0].prefix(length - 1) + "…" : row[0]] + row.dropFirst()) }
    return table
  }
}

/// How long lines of words are on a terminal so many columns wide, and where none is known.
func proseWidth(_ columns: Int?) -> Int { min(120, max(40, columns ?? 100)) }

/// Words in lines no longer than `width`, those after the first indented by two more; paragraphs each for themselves, with a line between them.
func flowed(_ text: String, _ width: Int, indent: String = "") -> String {
  text.components(separatedBy: "\n\n").map { paragraph in
    let rows = wrapped(paragraph, width: width - indent.count - 2)
    return (["\(indent)\(rows[0])"] + rows.dropFirst().map { "\(indent)  \($0)" }).joined(separator: "\n") + "\n"
  }.joined(separator: "\n")
}
