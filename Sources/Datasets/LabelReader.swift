import Foundation
import Studies

/// Reads labels from a table: columns of 0 and 1, or a column that lists names.
struct LabelReader {
  let source: ManifestSource
  let table: String

  /// The labels of each row, in the order of the source's classes: 1 present, 0 absent, NaN not known.
  func labels(of rows: [(cells: [String], line: Int)], header: [String]) throws -> [[Float]] {
    if let column = source.labelListColumn {
      return try listed(rows.map(\.cells), column: try index(of: column, in: header, table: table), name: column)
    }
    let columns = try source.labelColumns.map { ($0, try index(of: $0, in: header, table: table)) }
    var labels = [[Float]](), wrong = [(value: String, column: String, line: Int)]()
    labels.reserveCapacity(rows.count)
    for row in rows {
      labels.append(
        columns.map { name, index in
          guard let label = Self.label(row.cells[index]) else {
            wrong.append((row.cells[index], name, row.line))
            return .nan
          }
          return label
        })
    }
    if let first = wrong.first {
      throw DatasetsError.notLabels(
        count: wrong.count, first: first.value, column: first.column, line: first.line, table: table)
    }
    return labels
  }

  /// 0, 1 (also written 0.0 and 1.0) or NaN for nothing; nil for anything else.
  static func label(_ text: String) -> Float? {
    let text = text.trimmingCharacters(in: .whitespaces)
    if text.isEmpty { return .nan }
    guard let number = Float(text), number == 0 || number == 1 else { return nil }
    return number
  }

  private func listed(_ rows: [[String]], column: Int, name: String) throws -> [[Float]] {
    let place = Dictionary(source.labels.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
    var seen = Set<String>()
    let labels = rows.map { cells -> [Float] in
      var labels = [Float](repeating: 0, count: source.labels.count)
      for part in cells[column].components(separatedBy: source.labelSeparator) {
        let label = part.trimmingCharacters(in: .whitespaces)
        if label.isEmpty { continue }
        seen.insert(label)
        if let index = place[label] { labels[index] = 1 }
      }
      return labels
    }
    // A class that no row has is a misspelled one far more often than a rare one, and cannot be scored either way.
    if let absent = source.labels.first(where: { !seen.contains($0) }) {
      throw DatasetsError.neverListed(absent, column: name, table: table, present: seen.sorted())
    }
    return labels
  }
}
