internal import Figures
public import Foundation
public import Foundations
internal import Metrics
internal import RunStore
internal import Statistics
internal import Studies

extension StudyReport {
  /// The table of tasks and initializations, shares in percent with two decimals as the papers have them.
  public var table: Table {
    // Whole training sets need no word.
    let hasFractions = rows.contains { !$0.fraction.isWhole }, hasModes = Set(rows.map(\.mode)).count > 1
    var table = Table(
      columns: [Table.Column("Task")] + (hasModes ? [Table.Column("Mode")] : []) + (hasFractions ? [Table.Column("Training images", .right)] : []) + [
        Table.Column(rows.allSatisfy { $0.metric.unit.isPercent } ? "Metric, %" : "Metric")
      ]
        + initializations.map { Table.Column($0, .right) })
    for row in rows {
      table.append(
        [row.task] + (hasModes ? [row.mode.words] : []) + (hasFractions ? [row.fraction.percentText] : []) + [
          row.metricTitle + (rows.allSatisfy { $0.metric.unit.isPercent } ? "" : row.metric.unit.suffix)
        ] + row.fields.map { $0.text(row.metric.scale) })
    }
    return table
  }

  /// The table and what must be known beside it, for a terminal of any width.
  public var terminalText: String { terminalText(width: nil) }

  /// The same for a terminal so many columns wide: initializations that do not fit stand in a table of their own.
  public func terminalText(width: Int?) -> String {
    let notes = [legend] + remarks
    let headings = table.columns.count - initializations.count
    return table.blocks(ofWidth: width, repeating: headings).map { $0.rendered() }.joined(separator: "\n") + "\n" + originsText { $0.rendered() } + notes.map { $0 + "\n" }.joined()
  }

  /// What the initializations started from, where one of them started from a file of the catalog or of one's own.
  private func originsText(_ render: (Table) -> String) -> String {
    origins.allSatisfy { $0.certificate == nil } ? "" : render(WeightsOrigin.table(origins)) + "\n"
  }

  /// The same as Markdown.
  public var markdown: String { "# \(markdownText(study))\n\n" + markdownBody(remarks: remarks) }

  func markdownBody(remarks: [String]) -> String {
    Self.markdown(table) + "\n" + originsText(Self.markdown) + ([legend] + remarks).map { "- \(markdownText($0))\n" }.joined()
  }

  private static func markdown(_ table: Table) -> String {
    var found = ReportTable(columns: table.columns.map { .init($0.title, $0.alignment == .right ? .right : .left) })
    for row in table.rows { found.append(row.map { .init($0) }) }
    return found.markdown()
  }

  /// One line for every metric of every run. Values are in 0…1, in their shortest round trip.
  public var csv: Data {
    let header = [
      "study", "task", "initialization", "mode", "seed", "fraction", "metric", "class", "value", "undefined", "images", "identity", "run",
    ]
    let entries = self.entries, study = CSV.encodeField(study), size = 20_000
    let parts = concurrentMap((entries.count + size - 1) / size) { part in
      Data(Self.lines(entries[part * size..<min(entries.count, (part + 1) * size)], study: study).utf8)
    }
    return parts.reduce(into: Data(CSV.encode([header]).utf8)) { $0 += $1 }
  }

  private static func lines(_ entries: ArraySlice<Entry>, study: String) -> String {
    var text = "", run: Entry?, start = "", end = ""
    for entry in entries {
      // What the lines of a run have in common is spelled once.
      if run?.identity != entry.identity || run?.run != entry.run {
        let (task, initialization) = (CSV.encodeField(entry.task), CSV.encodeField(entry.initialization))
        start = "\(study),\(task),\(initialization),\(entry.mode.rawValue),\(entry.seed),\(entry.fraction),"
        end = ",\(entry.imageCount),\(entry.identity),\(CSV.encodeField(entry.run))\n"
        run = entry
      }
      text += start
      text += entry.metric.rawValue
      text += ","
      if let name = entry.className { text += CSV.encodeField(name) }
      text += ","
      switch entry.value {
      case .value(let number): text += "\(number),"
      case .undefined(let reason): text += "," + CSV.encodeField(reason)
      }
      text += end
    }
    return text
  }

  /// What the table's signs mean.
  private var legend: String {
    let marked = rows.contains { $0.fields.contains { $0.exclusion != nil } }
    return Self.plainLegend + (marked ? " †: left out of the verdict, since test images are on the list of its training images." : "")
  }

  static let plainLegend =
    "Mean ± standard deviation (n − 1 in its denominator) over n seeds, on the test set; – where the initialization was trained on the task itself."
}

extension StudyReport.Field {
  /// `81.70 ± 0.15 (n = 10)`, with the seeds that give no value.
  public var text: String { text(.percent) }

  func text(_ scale: ResultTable.Scale) -> String {
    guard isApplicable else { return "–" }
    let gapWords = gaps.words
    guard let mean = summary.mean.number else { return gapWords.isEmpty ? "not planned" : gapWords.joined(separator: ", ") }
    let spread = summary.standardDeviation.number.map { " ± \(scale.text($0))" } ?? ""
    let seeds = (["n = \(summary.count)"] + (gapWords.isEmpty ? [] : [gapWords.joined(separator: ", ")])).joined(separator: "; ")
    return "\(scale.text(mean).replacingMinus)\(spread) (\(seeds))" + (exclusion == nil ? "" : Analysis.leftOutMark)
  }
}

extension StudyReport.Gaps {
  /// The kinds that occur, each with its count.
  var words: [String] {
    let kinds = [
      (undefined, "undefined"), (failed, "failed"), (broken, "broken"), (inWork, "in work"), (interrupted, "interrupted"),
      (missing, "missing"),
    ]
    return kinds.filter { $0.0 > 0 }.map { "\($0.0) \($0.1)" }
  }
}
