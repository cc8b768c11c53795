/// A second table whose columns are added to the rows of a manifest that agree with it in some columns, as a study's findings are
/// to its images.
public struct TableJoin: Codable, Hashable, Sendable {
  /// What becomes of a row that the second table has nothing for.
  public enum Unmatched: String, Codable, Sendable, CaseIterable {
    case error
    case leaveOut
    /// It stays, and the second table's columns are empty: what only groups need must not change the data set.
    case leaveEmpty
  }

  /// The table, plain or gzipped, with a header.
  public var file: String
  /// The columns that both tables have; each combination is in this table at most once.
  public var on: [String]
  public var unmatched: Unmatched

  public init(file: String, on: [String], unmatched: Unmatched = .error) {
    self.file = file
    self.on = on
    self.unmatched = unmatched
  }
}

/// Rows that count: those with one of some values in a column.
public struct RowFilter: Codable, Hashable, Sendable {
  public var column: String
  public var values: [String]

  public init(_ column: String, _ values: [String]) {
    self.column = column
    self.values = values
  }
}
