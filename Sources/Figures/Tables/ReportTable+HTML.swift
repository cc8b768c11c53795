extension ReportTable {
  /// A `table` element with its notes. Bold and shade are said in words too, for those who hear the table.
  public func html() -> String {
    let notes = lettered
    let letters = Dictionary(uniqueKeysWithValues: notes.map { ($0.note, $0.letter) })
    // On paper the words of a wide table are made smaller, so that nothing is cut; a short one stays on one page.
    let classes = "table" + (rows.count <= Self.shortRowCount ? " short" : "") + (widthInCharacters > Self.vastWidth ? " vast" : "")
    var text = "<div class=\"\(classes)\" style=\"--chars:\(widthInCharacters)\"><table>"
    if !title.isEmpty || !caption.isEmpty {
      text += "<caption><span>" + (title.isEmpty ? "" : "<b>\(htmlText(title))</b> ") + htmlText(caption) + "</span></caption>"
    }
    text += "<thead><tr>" + columns.map { "<th scope=\"col\" class=\"\($0.alignment)\">\(htmlText($0.title))</th>" }.joined()
    text += "</tr></thead>\n<tbody>\n"
    let wrapping = Set(columns.indices.filter(wraps))
    for row in rows {
      text += "<tr>"
      for (index, cell) in row.enumerated() {
        let isHeading = index < headingColumns
        let isWhole = isHeading && cell.text.count <= Self.wholeHeadingLength
        let classes = "\(columns[index].alignment)" + (wrapping.contains(index) ? " text" : "") + (isWhole ? " whole" : "") + (cell.isShaded ? " shaded" : "")
        text += isHeading ? "<th scope=\"row\" class=\"\(classes)\">" : "<td class=\"\(classes)\">"
        text += cell.isBold ? "<strong>\(htmlText(cell.text))</strong>" : htmlText(cell.text)
        let meanings = [cell.isBold ? boldMeaning : "", cell.isShaded ? shadedMeaning : ""].filter { !$0.isEmpty }
        if !meanings.isEmpty { text += "<span class=\"heard\"> (\(htmlText(meanings.joined(separator: ", "))))</span>" }
        if let letter = cell.note.flatMap({ letters[$0] }) { text += "<sup>\(letter)</sup>" }
        text += isHeading ? "</th>" : "</td>"
      }
      text += "</tr>\n"
    }
    text += "</tbody></table>"
    var lines = [String]()
    let meanings = [
      legend.bold.map { "<b>Bold</b>: \(htmlText($0))" },
      legend.shaded.map { "<span class=\"swatch shaded\">shaded</span>: \(htmlText($0))" },
    ].compactMap(\.self)
    if !meanings.isEmpty { lines.append(meanings.joined(separator: "; ") + ".") }
    lines += notes.map { "<sup>\($0.letter)</sup> \(htmlText($0.note))" } + self.notes.map(htmlText)
    if !lines.isEmpty { text += "<div class=\"notes\">" + lines.map { "<p>\($0)</p>" }.joined() + "</div>" }
    return text + "</div>\n"
  }

  private static let shortRowCount = 14
  /// In characters: a wider table has its cells wrapped on paper, since words cannot be made small enough.
  private static let vastWidth = 200
  /// The name of a row up to this length stands on one line.
  private static let wholeHeadingLength = 24
}

/// Text as HTML shows it, in an element or in a quoted attribute.
func htmlText(_ text: String) -> String {
  if text.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x26 && $0 != 0x3C && $0 != 0x3E && $0 != 0x22 && $0 != 0x27 }) { return text }
  var result = ""
  result.reserveCapacity(text.utf8.count + 16)
  for scalar in text.unicodeScalars {
    switch scalar {
    case "&": result += "&amp;"
    case "<": result += "&lt;"
    case ">": result += "&gt;"
    case "\"": result += "&quot;"
    case "'": result += "&#39;"
    // HTML allows no other control characters, not even as entities.
    case _ where scalar.value < 0x20 && scalar != "\n" && scalar != "\t": continue
    default: result.unicodeScalars.append(scalar)
    }
  }
  return result
}
