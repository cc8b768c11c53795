internal import Figures
internal import Foundations

extension ReportTable {
  /// The table for a terminal so many columns wide: bold cells starred, shaded ones with ≈, notes by letters under it. Columns that do
  /// not fit stand in a table below.
  func terminalText(width: Int?) -> String {
    let letters = Dictionary(uniqueKeysWithValues: lettered.map { ($0.note, $0.letter) })
    var table = Table(columns: columns.map { .init($0.title, $0.alignment == .left ? .left : .right) })
    for row in rows { table.append(row.map { Self.marked($0, letters) }) }
    var meanings: [String] = []
    if let bold = legend.bold { meanings.append("*: \(bold)") }
    if let shaded = legend.shaded { meanings.append("≈: \(shaded)") }
    var lines = caption.isEmpty ? [] : [caption]
    if !meanings.isEmpty { lines.append(meanings.joined(separator: "; ") + ".") }
    lines += lettered.map { "(\($0.letter)) \($0.note)" } + notes
    let blocks = table.blocks(ofWidth: width, repeating: headingColumns).map { $0.rendered() }
    return "\(title)\n\n" + blocks.joined(separator: "\n") + lines.map { flowed($0, proseWidth(width)) }.joined()
  }

  private static func marked(_ cell: Cell, _ letters: [String: String]) -> String {
    let mark = cell.isBold ? " *" : cell.isShaded ? " ≈" : ""
    return cell.text + mark + (cell.note.flatMap { letters[$0] }.map { " (\($0))" } ?? "")
  }
}
