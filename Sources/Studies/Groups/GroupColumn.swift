/// A column of a manifest by whose values, or by bands of its numbers, a report gives results apart: sex, age, view.
///
/// It says nothing to a network, so it is no part of a run's identity: groups can be named when all runs are finished.
public struct GroupColumn: Codable, Hashable, Sendable {
  /// What reports call it.
  public var name: String
  /// The table's column.
  public var column: String
  /// The column with the day or year from which `column`, a day or a year too, is counted, such as that of birth; nil where
  /// `column` itself is the number.
  public var yearsSince: String?
  /// The bounds of bands, rising: each band holds its lower bound, the last its upper one too. Empty where each value is a stratum.
  public var bands: [Double]
  /// Whether a table may lack the column, as cut copies of published tables do; each image is then of the stratum “unknown”.
  public var mayBeAbsent: Bool

  /// - Parameter name: the column's own where nil.
  public init(
    _ column: String, name: String? = nil, yearsSince: String? = nil, bands: [Double] = [], mayBeAbsent: Bool = false
  ) {
    self.name = name ?? column
    self.column = column
    self.yearsSince = yearsSince
    self.bands = bands
    self.mayBeAbsent = mayBeAbsent
  }

  /// The columns of the table that it needs.
  public var columns: [String] { [column] + [yearsSince].compactMap(\.self) }

  /// The bands that built-in tasks divide ages by, years.
  public static let ages: [Double] = [0, 40, 65, 120]
}
