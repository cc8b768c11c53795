extension ReportTable {
  /// The lines that a document's preamble needs for every table.
  public static let latexRequirements = """
    \\usepackage{booktabs}
    \\usepackage[table]{xcolor}
    \\usepackage{textcomp}
    \\usepackage{graphicx}

    """

  /// A `table` environment with booktabs rules: caption and label, the best bold, what is equivalent to it shaded, notes under it.
  public func latex() -> String {
    let notes = lettered
    let letters = Dictionary(uniqueKeysWithValues: notes.map { ($0.note, $0.letter) })
    let specification = columns.map { $0.alignment == .left ? "l" : $0.alignment == .right ? "r" : "c" }.joined()
    let words = [title, caption].filter { !$0.isEmpty }.map(latexText).joined(separator: ". ")
    var text = "\\begin{table}\n\\centering\n\\definecolor{mtshade}{HTML}{D9E7E0}\n"
    if !words.isEmpty { text += "\\caption{\(words)}\n" }
    if !label.isEmpty { text += "\\label{tab:\(identifier(label))}\n" }
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

  private var legendLines: [String] {
    let parts = [legend.bold.map { "Bold: \(latexText($0))" }, legend.shaded.map { "shaded: \(latexText($0))" }].compactMap(
      \.self)
    return parts.isEmpty ? [] : [parts.joined(separator: "; ") + "."]
  }
}
