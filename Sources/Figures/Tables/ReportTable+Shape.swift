extension ReportTable {
  /// The same with rows for columns, where that makes a wide table narrower: of many tasks and few initializations the tasks stand below
  /// each other. A table with several columns of names stays as it is.
  ///
  /// - Parameters:
  ///   - heading: what the columns are, above the names that now begin the rows.
  ///   - count: so many columns of values are narrow enough.
  public func upright(heading: String, whereWiderThan count: Int = 6) -> ReportTable {
    guard headingColumns == 1, columns.count - 1 > count, columns.count - 1 > rows.count else { return self }
    var result = ReportTable(
      title: title, caption: caption, label: label, columns: [.init(heading)] + rows.map { .init($0[0].text, columns[1].alignment) },
      boldMeaning: boldMeaning, shadedMeaning: shadedMeaning, notes: notes)
    for (place, column) in columns.enumerated().dropFirst() { result.append([.init(column.title)] + rows.map { $0[place] }) }
    return result
  }

  /// About how wide it is, in characters with the blanks between columns.
  var widthInCharacters: Int { columnWidths.reduce(0) { $0 + $1 + 2 } }

  /// Longer texts at the left of their cells are wrapped.
  static let wrappingLength = 30

  /// About how wide each column is, in characters.
  var columnWidths: [Int] {
    func longestWord(_ text: String) -> Int { text.split(separator: " ").map(\.count).max() ?? 0 }
    return columns.indices.map { index in
      let cells = rows.map { row -> Int in
        let length = row[index].text.count + (row[index].note == nil ? 0 : 1)
        return columns[index].alignment == .left ? max(min(length, Self.wrappingLength), longestWord(row[index].text)) : length
      }
      return max(longestWord(columns[index].title), cells.max() ?? 0)
    }
  }

  /// Whether a column at the left has texts that must be wrapped for the table to be no wider than it need be.
  func wraps(_ index: Int) -> Bool {
    columns[index].alignment == .left && rows.contains { $0[index].text.count > Self.wrappingLength }
  }
}
