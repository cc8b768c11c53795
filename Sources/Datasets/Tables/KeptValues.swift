import Foundations
import Studies

/// The cells of a column that a filter of rows keeps: those that say one of its values, as text or as the same number (`1` and `1.0`, as
/// spreadsheets and pandas write one column).
struct KeptValues {
  let kept: Set<String>
  private let filter: RowFilter
  /// What is not kept and looks like a value that is: but for capitals, blanks and signs it is the same word.
  private let near: [(cell: String, value: String)]

  init(_ filter: RowFilter, among cells: some Collection<String>) {
    let texts = Set(filter.values), numbers = Set(filter.values.compactMap(DecimalText.number))
    let kept = Set(cells.filter { texts.contains($0) || DecimalText.number($0).map(numbers.contains) ?? false })
    self.filter = filter
    self.kept = kept
    near = cells.filter { !kept.contains($0) && DecimalText.number($0) == nil }.sorted().compactMap { cell in
      let plain = OtherNames.plain(cell)
      return plain.isEmpty ? nil : filter.values.first { OtherNames.plain($0) == plain }.map { (cell, $0) }
    }
  }

  /// - Parameter counts: the rows of each cell.
  func remark(counts: [String: Int], table: String) -> SourceRemark? {
    guard let first = near.first else { return nil }
    let rows = near.reduce(0) { $0 + (counts[$1.cell] ?? 0) }
    let words = near.map { "“\($0.cell)” (\(counted(counts[$0.cell] ?? 0, "row")))" }
    return SourceRemark(
      isWarning: true,
      words:
        "\(counted(rows, "row")) of \(table) \(rows == 1 ? "does" : "do") not count because the column “\(filter.column)” says what is not kept and looks like it, such as “\(first.cell)” for “\(first.value)”: \(firstFew(words)).",
      remedy: "Name them under `keep` too, or spell each value one way.")
  }
}
