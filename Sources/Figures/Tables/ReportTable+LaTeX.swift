internal import Foundation

extension ReportTable {
  /// The lines that a document's preamble needs for every table.
  public static let latexRequirements = """
    \\usepackage[T1]{fontenc}
    \\usepackage{booktabs}
    \\usepackage[table]{xcolor}
    \\usepackage{textcomp}
    \\usepackage{graphicx}

    """

  /// So many rows fit on a page.
  private static let rowsOfPage = 40

  /// A `table` environment with booktabs rules: caption and label, the best bold, what is equivalent to it shaded, notes under it. A table that
  /// is longer than a page is several, since what floats is not parted.
  public func latex() -> String {
    guard rows.count > Self.rowsOfPage else { return latex(rows[...], words: [title, caption], hasLabel: true) }
    let parts = (rows.count + Self.rowsOfPage - 1) / Self.rowsOfPage, size = (rows.count + parts - 1) / parts
    return (0..<parts).map { part in
      let words = part == 0 ? [title, caption, "Part 1 of \(parts)"] : [title, "Part \(part + 1) of \(parts)"]
      return latex(rows[(part * size)..<min((part + 1) * size, rows.count)], words: words, hasLabel: part == 0)
    }.joined()
  }

  private func latex(_ rows: ArraySlice<[Cell]>, words: [String], hasLabel: Bool) -> String {
    let notes = lettered
    let letters = Dictionary(uniqueKeysWithValues: notes.map { ($0.note, $0.letter) })
    let specification = columns.indices.map { index in
      // Long texts are wrapped, so that the table need not be made small until nobody can read it.
      if wraps(index) { return "p{\(Self.wrappedWidth)}" }
      return columns[index].alignment == .left ? "l" : columns[index].alignment == .right ? "r" : "c"
    }.joined()
    let words = words.filter { !$0.isEmpty }.map(latexText).joined(separator: ". ").replacingOccurrences(of: ".. ", with: ". ")
    var text = "\\begin{table}\n\\centering\n\\definecolor{mtshade}{HTML}{D9E7E0}\n"
    if !words.isEmpty { text += "\\caption{\(words)}\n" }
    if hasLabel, !label.isEmpty { text += "\\label{tab:\(identifier(label))}\n" }
    // Only a table that is wider than the column is made smaller.
    text +=
      "\\resizebox{\\ifdim\\width>\\linewidth\\linewidth\\else\\width\\fi}{!}{%\n\\begin{tabular}{\(specification)}\n\\toprule\n"
    text += columns.map { latexText($0.title) }.joined(separator: " & ") + " \\\\\n\\midrule\n"
    for row in rows {
      let cells = row.map { cell in
        let plain = latexText(cell.text)
        let weighted = cell.isBold ? "\\textbf{\(plain)}" : plain
        let noted = weighted + (cell.note.flatMap { letters[$0] }.map { "\\textsuperscript{\($0)}" } ?? "")
        return cell.isShaded ? "\\cellcolor{mtshade}\(noted)" : noted
      }
      // A row that begins with a bracket would be taken for the length of the line break before it.
      text += (cells.first?.hasPrefix("[") == true ? "{}" : "") + cells.joined(separator: " & ") + " \\\\\n"
    }
    text += "\\bottomrule\n\\end{tabular}}\n"
    let lines = legendLines + notes.map { "\\textsuperscript{\($0.letter)}\\,\(latexText($0.note))" } + self.notes.map(latexText)
    if !lines.isEmpty { text += "\\par\\smallskip{\\footnotesize\n" + lines.joined(separator: "\\par\n") + "\\par}\n" }
    return text + "\\end{table}\n"
  }

  private static let wrappedWidth = "4.2cm"

  private var legendLines: [String] {
    let parts = [legend.bold.map { "Bold: \(latexText($0))" }, legend.shaded.map { "shaded: \(latexText($0))" }].compactMap(
      \.self)
    return parts.isEmpty ? [] : [parts.joined(separator: "; ") + "."]
  }
}
