extension Table {
  /// The columns side by side in as many tables as the width asks for, each with the first columns again; one table where no width
  /// is known. A single column that is too wide stands alone.
  public func blocks(ofWidth width: Int?, repeating headings: Int = 1) -> [Table] {
    let widths = columns.indices.map { column in max(columns[column].title.count, rows.map { $0[column].count }.max() ?? 0) }
    let heading = widths.prefix(headings).reduce(0) { $0 + $1 + 2 } - 2
    var blocks: [[Int]] = [[]], used = heading
    for column in columns.indices.dropFirst(headings) {
      if let width, used + 2 + widths[column] > width, !blocks[blocks.count - 1].isEmpty {
        blocks.append([])
        used = heading
      }
      blocks[blocks.count - 1].append(column)
      used += 2 + widths[column]
    }
    return blocks.map { block in
      let shown = Array(0..<min(headings, columns.count)) + block
      var table = Table(columns: shown.map { columns[$0] })
      for row in rows { table.append(shown.map { row[$0] }) }
      return table
    }
  }

  /// The table with long cells cut, so that its lines are no longer than `width` where that can be done; whole where no width is known.
  ///
  /// - Parameters:
  ///   - columns: those that may be cut, by their titles; the widest is cut first, none below 8 characters.
  ///   - lasting: those of them whose last words matter, and which are cut at the front.
  public func fitted(toWidth width: Int?, cutting columns: Set<String>, keepingEndsOf lasting: Set<String> = []) -> Table {
    guard let width else { return self }
    var widths = self.columns.indices.map { column in
      max(self.columns[column].title.count, rows.map { $0[column].count }.max() ?? 0)
    }
    let gaps = 2 * max(0, widths.count - 1)
    let least = 8
    while widths.reduce(gaps, +) > width {
      let widest = self.columns.indices.filter { columns.contains(self.columns[$0].title) && widths[$0] > least }
        .max { widths[$0] < widths[$1] }
      guard let widest else { break }
      widths[widest] -= 1
    }
    var result = Table(columns: self.columns)
    for row in rows {
      result.append(
        row.indices.map { column in
          let (cell, width) = (row[column], widths[column])
          guard cell.count > width else { return cell }
          return lasting.contains(self.columns[column].title) ? "…" + cell.suffix(width - 1) : cell.prefix(width - 1) + "…"
        })
    }
    return result
  }
}
