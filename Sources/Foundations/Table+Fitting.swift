extension Table {
  /// The table with long cells cut at their ends, so that its lines are no longer than `width` where that can be done.
  ///
  /// - Parameter columns: those that may be cut, by their titles; the widest is cut first, none below 8 characters.
  public func fitted(toWidth width: Int, cutting columns: Set<String>) -> Table {
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
      result.append(zip(row, widths).map { cell, width in cell.count <= width ? cell : cell.prefix(max(width - 1, 0)) + "…" })
    }
    return result
  }
}
