import Foundation
import Foundations
import Studies

/// Reads labels from a table: columns of 0 and 1, or a column that lists names.
struct LabelReader {
  let source: ManifestSource
  let table: String
  private let pattern: PatientPattern?

  init(source: ManifestSource, table: String) throws {
    self.source = source
    self.table = table
    pattern = try source.labelPattern.map { try PatientPattern($0) }
  }

  /// The labels of each row, in the order of the source's classes: 1 present, 0 absent, −1 uncertain, NaN not known.
  ///
  /// - Parameter all: Every row of the table, whether its image counts or not.
  func labels(of rows: [(cells: [String], line: Int)], all: [[String]], header: [String]) throws -> [[Float]] {
    if let column = source.labelListColumn {
      let index = try index(of: column, in: header, table: table)
      try checkListed(all, column: index, name: column)
      try checkKnown(rows, column: index, name: column)
      // A large table repeats few combinations.
      let combinations = Set(rows.map { $0.cells[index] })
      let labels = Dictionary(uniqueKeysWithValues: combinations.map { ($0, listed($0)) })
      return rows.map { labels[$0.cells[index]] ?? [] }
    }
    let columns = try source.labelColumns.map { ($0, try index(of: $0, in: header, table: table)) }
    var labels = [[Float]](), wrong = [(value: String, column: String, line: Int)]()
    labels.reserveCapacity(rows.count)
    for row in rows {
      labels.append(
        columns.map { name, index in
          guard let label = label(row.cells[index]) else {
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

  /// 0, 1 (also written 1.0, 1,0, true, yes, T or Y), what is written for uncertain, or NaN for nothing; nil for anything else.
  private func label(_ text: String) -> Float? {
    Self.label(text, uncertain: source.uncertainLabel, empty: source.emptyLabels)
  }

  static func label(_ text: String, uncertain: Double? = nil, empty: ManifestSource.EmptyLabels = .unknown) -> Float? {
    let text = text.trimmingCharacters(in: .whitespaces)
    if text.isEmpty { return empty == .absent ? 0 : .nan }
    guard let number = DecimalText.number(text) ?? words[text.lowercased()] else { return nil }
    if number == uncertain { return Sample.uncertain }
    return number == 0 || number == 1 ? Float(number) : nil
  }

  private static let words: [String: Double] = ["true": 1, "false": 0, "yes": 1, "no": 0, "t": 1, "f": 0, "y": 1, "n": 0]

  /// What is to be said of names that are no class, where nothing says which may be none.
  func remarks(on rows: [[String]], header: [String]) throws -> [SourceRemark] {
    guard let column = source.labelListColumn, source.otherLabels == nil, pattern == nil else { return [] }
    let place = try index(of: column, in: header, table: table)
    let cells = Dictionary(rows.map { ($0[place], 1) }, uniquingKeysWith: +)
    let counts = cells.reduce(into: [String: Int]()) { counts, cell in for name in Set(names(in: cell.key)) { counts[name, default: 0] += cell.value } }
    return OtherNames(counts, classes: source.labels).remarks(column: column, table: table)
  }

  private func listed(_ cell: String) -> [Float] {
    let names = Set(names(in: cell))
    return source.labels.map { names.contains($0) ? 1 : 0 }
  }

  private func names(in cell: String) -> [String] {
    if let pattern { return pattern.groups(of: [cell]).compactMap { $0 } }
    if source.labelSyntax == .python { return Self.pythonNames(in: cell) }
    return cell.components(separatedBy: source.labelSeparator).map { $0.trimmingCharacters(in: .whitespaces) }.filter { !$0.isEmpty }
  }

  /// The texts in quotes of a list as Python writes it, without spaces at their ends; none of anything else.
  static func pythonNames(in cell: String) -> [String] {
    var names = [String](), name = "", quote: Character?, isEscaped = false
    for character in cell {
      if let open = quote {
        if isEscaped {
          name.append(character)
          isEscaped = false
        } else if character == "\\" {
          isEscaped = true
        } else if character == open {
          names.append(name.trimmingCharacters(in: .whitespaces))
          (name, quote) = ("", nil)
        } else {
          name.append(character)
        }
      } else if character == "'" || character == "\"" {
        quote = character
      }
    }
    return names.filter { !$0.isEmpty }
  }

  /// A name that is no class and is not known to be none is a misspelled one.
  private func checkKnown(_ rows: [(cells: [String], line: Int)], column: Int, name: String) throws {
    guard let others = source.otherLabels else { return }
    let known = Set(source.labels + others)
    var unknownOfCell = [String: String?](), wrong = [(name: String, line: Int)]()
    for row in rows {
      let cell = row.cells[column]
      let unknown = unknownOfCell[cell] ?? names(in: cell).first { !known.contains($0) }
      unknownOfCell[cell] = .some(unknown)
      if let unknown { wrong.append((unknown, row.line)) }
    }
    if let first = wrong.first {
      throw DatasetsError.unknownName(
        first.name, count: wrong.count, column: name, line: first.line, table: table, known: source.labels + others)
    }
  }

  /// A class that no row has is a misspelled one far more often than a rare one, and cannot be scored either way.
  private func checkListed(_ rows: [[String]], column: Int, name: String) throws {
    let seen = Set(rows.map { $0[column] }).reduce(into: Set<String>()) { $0.formUnion(names(in: $1)) }
    if let absent = source.labels.first(where: { !seen.contains($0) }) {
      throw DatasetsError.neverListed(absent, column: name, table: table, present: seen.sorted())
    }
  }
}
