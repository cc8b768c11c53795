extension ReportTable {
  /// A Markdown table; what is equivalent to the best, which Markdown cannot shade, has `≈` behind it.
  public func markdown() -> String {
    let notes = lettered
    let letters = Dictionary(uniqueKeysWithValues: notes.map { ($0.note, $0.letter) })
    func line(_ cells: [String]) -> String { "| " + cells.joined(separator: " | ") + " |\n" }
    var text = title.isEmpty ? "" : "**\(markdownText(title))**\n\n"
    text += line(columns.map { markdownText($0.title) })
    text += "|" + columns.map { $0.alignment == .left ? "---|" : $0.alignment == .right ? "---:|" : ":---:|" }.joined() + "\n"
    for row in rows {
      text += line(
        row.map { cell in
          let plain = markdownText(cell.text)
          let weighted = cell.isBold && !plain.isEmpty ? "**\(plain)**" : plain
          return weighted + (cell.isShaded ? " ≈" : "") + (cell.note.flatMap { letters[$0] }.map { " (\($0))" } ?? "")
        })
    }
    let meanings = [legend.bold.map { "Bold: \(markdownText($0))" }, legend.shaded.map { "≈: \(markdownText($0))" }].compactMap(
      \.self)
    let lines =
      [caption].filter { !$0.isEmpty }.map(markdownText) + (meanings.isEmpty ? [] : [meanings.joined(separator: "; ") + "."])
      + notes.map { "(\($0.letter)) \(markdownText($0.note))" } + self.notes.map(markdownText)
    return text + lines.map { "\n\($0)\n" }.joined()
  }
}

/// Text as Markdown shows it, in a heading, a table or a sentence: marks escaped, tags as entities, one line.
public func markdownText(_ text: String) -> String {
  var result = ""
  for character in text {
    switch character {
    case "\\", "|", "*", "_", "`", "[", "]", "~", "#", "$": result += "\\\(character)"
    case "<": result += "&lt;"
    case ">": result += "&gt;"
    case "&": result += "&amp;"
    case _ where character.isNewline: result += " "
    default: result.append(character)
    }
  }
  return result
}
