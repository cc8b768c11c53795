/// Rows and columns of text, for the terminal, Markdown and CSV.
public struct Table: Sendable, Equatable {
  public enum Alignment: Sendable { case left, right }

  public struct Column: Sendable, Equatable {
    public let title: String
    public let alignment: Alignment

    public init(_ title: String, _ alignment: Alignment = .left) {
      self.title = title
      self.alignment = alignment
    }
  }

  public let columns: [Column]
  public private(set) var rows: [[String]] = []

  public init(columns: [Column]) { self.columns = columns }

  /// Adds a row; missing cells are empty, surplus cells are dropped.
  public mutating func append(_ row: [String]) {
    rows.append((0..<columns.count).map { $0 < row.count ? row[$0] : "" })
  }

  /// Aligned text for a terminal: a header, a rule, the rows; two spaces between columns, no trailing blanks.
  public func rendered() -> String {
    let titles = columns.map(\.title)
    let widths = columns.indices.map { column in ([titles] + rows).map { $0[column].count }.max() ?? 0 }
    func line(_ cells: [String]) -> String {
      let padded = cells.indices.map { index in
        let blanks = String(repeating: " ", count: widths[index] - cells[index].count)
        return columns[index].alignment == .right ? blanks + cells[index] : cells[index] + blanks
      }
      var text = padded.joined(separator: "  ")
      while text.last == " " { text.removeLast() }
      return text
    }
    let rule = widths.map { String(repeating: "─", count: $0) }.joined(separator: "  ")
    return ([line(titles), rule] + rows.map(line)).joined(separator: "\n") + "\n"
  }

  /// A Markdown table.
  public func markdown() -> String {
    func line(_ cells: [String]) -> String {
      "| " + cells.map { $0.split(separator: "|", omittingEmptySubsequences: false).joined(separator: "\\|") }.joined(separator: " | ") + " |"
    }
    let rule = "|" + columns.map { $0.alignment == .right ? "---:|" : "---|" }.joined()
    return ([line(columns.map(\.title)), rule] + rows.map(line)).joined(separator: "\n") + "\n"
  }

  public func csv() -> String { CSV.encode([columns.map(\.title)] + rows) }
}
