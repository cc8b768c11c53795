import Foundation
import Foundations
import Studies

/// The numbers that a regression asks for: what they are called and counted in.
public struct NamedNumbers: Hashable, Sendable {
  /// In the order of the network's outputs.
  public let names: [String]
  /// Of all of them, such as `months`; nil for none.
  public let unit: String?

  public init(names: [String], unit: String?) { (self.names, self.unit) = (names, unit) }
}

/// Reads numbers from the columns of a table.
struct NumberReader {
  let columns: [String]
  let table: String

  /// The numbers of each row, in the order of the columns; NaN where a cell is empty, which says that the number is not known.
  func numbers(of rows: [(cells: [String], line: Int)], header: [String]) throws -> [[Float]] {
    let places = try columns.map { ($0, try index(of: $0, in: header, table: table)) }
    var wrong = [(value: String, column: String, line: Int)]()
    let numbers = rows.map { row in
      places.map { name, place -> Float in
        let text = row.cells[place].trimmingCharacters(in: .whitespaces)
        if text.isEmpty { return .nan }
        if let number = DecimalText.number(text).map({ Float($0) }), number.isFinite { return number }
        wrong.append((row.cells[place], name, row.line))
        return .nan
      }
    }
    if let first = wrong.first {
      throw DatasetsError.notNumbers(count: wrong.count, first: first.value, column: first.column, line: first.line, table: table)
    }
    return numbers
  }
}

extension DatasetsError {
  static func notNumbers(count: Int, first: String, column: String, line: Int, table: String) -> DatasetsError {
    DatasetsError(
      kind: .notALabel,
      problem: "The column \(column) of \(table) has \(count) cell\(count == 1 ? "" : "s") that \(count == 1 ? "is" : "are") no number; "
        + "the first, in line \(line), is “\(first)”.",
      remedy: "Write numbers with a decimal point, and leave empty what is not known.")
  }

  static func noNumbers(table: String) -> DatasetsError {
    DatasetsError(kind: .missingLabels, problem: "The manifest \(table) names no columns of numbers.", remedy: "Add `numberColumns`.")
  }

  static func unusableNumbers(_ name: String, count: Int) -> DatasetsError {
    DatasetsError(
      kind: .missingLabels,
      problem: count < 2
        ? "Of the training images \(count == 0 ? "none" : "only one") has a known number in \(name)."
        : "The \(count) known numbers in \(name) of the training images are all the same.",
      remedy: "Give training images whose numbers differ; without them nothing can be learned.")
  }
}
