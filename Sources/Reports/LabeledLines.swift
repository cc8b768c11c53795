/// Labels and what they stand for, one a line, aligned; long texts go on under themselves.
func labeled(_ lines: [(label: String, text: String)], width: Int = 100) -> String {
  let indent = (lines.map(\.label.count).max() ?? 0) + 2
  return lines.map { label, text in
    let rows = wrapped(text, width: max(20, width - indent))
    let first = label + String(repeating: " ", count: indent - label.count) + rows[0]
    return ([first] + rows.dropFirst().map { String(repeating: " ", count: indent) + $0 }).joined(separator: "\n") + "\n"
  }.joined()
}

/// A text in lines of at most `width` characters, broken between words; a longer word stays whole.
func wrapped(_ text: String, width: Int) -> [String] {
  var rows = [""]
  for word in text.split(separator: " ") {
    let last = rows[rows.count - 1]
    if last.isEmpty {
      rows[rows.count - 1] = String(word)
    } else if last.count + 1 + word.count <= width {
      rows[rows.count - 1] = "\(last) \(word)"
    } else {
      rows.append(String(word))
    }
  }
  return rows
}
