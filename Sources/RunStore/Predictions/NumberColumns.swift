internal import Foundation
internal import Foundations
internal import Metrics

/// The columns of a regression's predictions behind `id` and `patient`: `truth:<unit>:<name>` of each number, empty where it is not known,
/// then `predicted:<unit>:<name>` of each. Without a unit two colons stand together.
struct NumberColumns: Equatable {
  private static let truth = "truth:", predicted = "predicted:"

  let unit: String?
  let numbers: [String]

  init(_ predictions: NumberPredictions) { (unit, numbers) = (predictions.unit, predictions.names) }

  /// Whether a table's columns are to be read as these.
  static func mayBe(_ names: some Collection<String>) -> Bool { names.first?.hasPrefix(truth) ?? false }

  /// Nil for columns that are not these.
  init?(_ names: [String]) {
    let parted = names.prefix(names.count / 2).map { Array($0.dropFirst(Self.truth.count).split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)) }
    guard let first = parted.first, parted.allSatisfy({ $0.count == 2 && $0[0] == first[0] }) else { return nil }
    unit = first[0].isEmpty ? nil : String(first[0])
    numbers = parted.map { String($0[1]) }
    guard names == self.names else { return nil }
  }

  var names: [String] {
    [Self.truth, Self.predicted].flatMap { prefix in numbers.map { "\(prefix)\(unit ?? ""):\($0)" } }
  }

  func fields(of row: NumberPredictions.Row, url: URL) throws -> [String] {
    guard row.truths.count == numbers.count, row.values.count == numbers.count else {
      throw RunStoreError.malformedPredictions(url, reason: "the image “\(row.id)” has not one value a number")
    }
    if let wrong = row.values.first(where: { !$0.isFinite }) {
      throw RunStoreError.malformedPredictions(url, reason: "the predicted number \(wrong) of “\(row.id)” is not finite")
    }
    return row.truths.map { $0.isNaN ? "" : PredictionsFile.spelled($0) } + row.values.map(PredictionsFile.spelled)
  }

  func row(_ fields: [String], url: URL) throws -> NumberPredictions.Row {
    func number(_ field: String) throws -> Double {
      guard let number = Double(field), number.isFinite else {
        throw RunStoreError.malformedPredictions(url, reason: "the number “\(field)” of “\(fields[0])” is none")
      }
      return number
    }
    let truths = try (0..<numbers.count).map { place in fields[2 + place].isEmpty ? .nan : try number(fields[2 + place]) }
    let values = try (0..<numbers.count).map { place in try number(fields[2 + numbers.count + place]) }
    return NumberPredictions.Row(id: fields[0], patient: fields[1].isEmpty ? nil : fields[1], truths: truths, values: values)
  }
}

extension PredictionsFile {
  static func encode(_ predictions: NumberPredictions, url: URL) throws -> [[String]] {
    let columns = NumberColumns(predictions)
    return try [["id", "patient"] + columns.names] + predictions.rows.map { [$0.id, $0.patient ?? ""] + (try columns.fields(of: $0, url: url)) }
  }

  static func decodeNumbers(_ document: CSV.Document, url: URL) throws -> NumberPredictions {
    guard let columns = NumberColumns(Array(document.header.dropFirst(2))) else {
      throw RunStoreError.malformedPredictions(url, reason: "its columns are not truth:<unit>:<name> of each number, then predicted:<unit>:<name>")
    }
    return NumberPredictions(names: columns.numbers, unit: columns.unit, rows: try document.rows.map { try columns.row($0, url: url) })
  }
}
