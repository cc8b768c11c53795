public import Foundation
internal import Foundations
public import Metrics

/// Reads and writes `predictions.csv`.
///
/// Classification has the columns `id`, `patient`, `target:<class>` (`grade:<class>` where the classes are grades, in their order) and
/// `probability:<class>`; a label that is not known is an empty field. Classes that the task does not score stand behind the others as `unscoredTarget:<class>` and
/// `unscoredProbability:<class>`. Segmentation has `id`, `patient` and what `SegmentationColumns` names, of several classes what
/// `ClassMaskColumns` does, a regression what `NumberColumns` does. Numbers are their shortest round trip.
public enum PredictionsFile {
  public static func write(_ predictions: Predictions, to url: URL) throws {
    try AtomicFile.write(text(predictions, of: url), to: url)
  }

  /// What the file of some predictions holds.
  ///
  /// - Parameter url: what messages call it.
  public static func text(_ predictions: Predictions, of url: URL) throws -> String {
    let rows: [[String]] =
      switch predictions {
      case .classification(let predictions): try encode(predictions, url: url)
      case .segmentation(let predictions): encode(predictions)
      case .classMasks(let predictions): try encode(predictions, url: url)
      case .numbers(let predictions): try encode(predictions, url: url)
      }
    return CSV.encode(rows)
  }

  /// The predictions of the classes that are scored, in their order.
  public static func read(_ url: URL) throws -> Predictions { try readAll(url).scored }

  /// The predictions of all classes that the network answers for.
  public static func readAll(_ url: URL) throws -> Predictions {
    guard let bytes = try FileBytes.read(url.path) else { throw RunStoreError.missingFile(url) }
    return try decodeAll(bytes, of: url)
  }

  /// The predictions that a file holds, of the classes that are scored, in their order.
  ///
  /// - Parameter url: what messages call it.
  public static func decode(_ bytes: Data, of url: URL) throws -> Predictions { try decodeAll(bytes, of: url).scored }

  /// The same, quicker for a file that has the rows of an earlier one.
  ///
  /// - Parameter known: the rows of an earlier file, or none yet; those of this file where it has others.
  public static func decode(_ bytes: Data, of url: URL, known: inout KnownRows) throws -> Predictions {
    try decodeAll(bytes, of: url, known: &known).scored
  }

  static func decodeAll(_ bytes: Data, of url: URL) throws -> Predictions {
    var known = KnownRows()
    return try decodeAll(bytes, of: url, known: &known)
  }

  private static func decodeAll(_ bytes: Data, of url: URL, known: inout KnownRows) throws -> Predictions {
    // A file that was cut short within a row would give a number with fewer digits.
    guard bytes.isEmpty || bytes.last == UInt8(ascii: "\n") else {
      throw RunStoreError.malformedPredictions(url, reason: "its last line has no end")
    }
    if let plain = PlainPredictions.decode(bytes, known: &known) { return plain }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw RunStoreError.malformedPredictions(url, reason: "it is not UTF-8 text")
    }
    let document: CSV.Document
    do {
      document = try CSV.parse(text)
    } catch let error as FoundationsError {
      throw RunStoreError.malformedPredictions(url, reason: error.problem)
    }
    guard document.header.prefix(2) == ["id", "patient"] else {
      throw RunStoreError.malformedPredictions(url, reason: "its first columns are not id and patient")
    }
    var seen = Set<String>()
    for row in document.rows where !seen.insert(row[0]).inserted {
      throw RunStoreError.malformedPredictions(url, reason: "the image “\(row[0])” is there twice")
    }
    let columns = document.header.dropFirst(2)
    if columns.starts(with: SegmentationColumns.counts) { return .segmentation(try decodeSegmentation(document, url: url)) }
    if ClassMaskColumns.mayBe(columns) { return .classMasks(try decodeClassMasks(document, url: url)) }
    return NumberColumns.mayBe(columns)
      ? .numbers(try decodeNumbers(document, url: url)) : .classification(try decodeClassification(document, url: url))
  }

  private static func encode(_ predictions: ClassificationPredictions, url: URL) throws -> [[String]] {
    let names = predictions.classNames, scored = predictions.scoredClasses ?? names
    let order = scored.compactMap(names.firstIndex(of:)), rest = names.indices.filter { !order.contains($0) }
    var rows = [
      ["id", "patient"] + scored.map { truthPrefix(areOrdered: predictions.areOrdered) + $0 } + scored.map { "probability:\($0)" }
        + rest.map { "unscoredTarget:\(names[$0])" } + rest.map { "unscoredProbability:\(names[$0])" }
    ]
    for row in predictions.rows {
      guard row.targets.count == names.count, row.probabilities.count == names.count else {
        throw RunStoreError.malformedPredictions(url, reason: "the image “\(row.id)” has not one value a class")
      }
      if let wrong = row.probabilities.first(where: { !(0...1).contains($0) }) {
        throw RunStoreError.malformedPredictions(url, reason: "the probability \(wrong) of “\(row.id)” is not between 0 and 1")
      }
      rows.append(
        [row.id, row.patient ?? ""]
          + [order, rest].flatMap { places in
            places.map { row.targets[$0].isNaN ? "" : spelled(Double(row.targets[$0])) } + places.map { spelled(row.probabilities[$0]) }
          })
    }
    return rows
  }

  private static func encode(_ predictions: SegmentationPredictions) -> [[String]] {
    let columns = SegmentationColumns(predictions)
    return [["id", "patient"] + columns.names] + predictions.rows.map { [$0.id, $0.patient ?? ""] + columns.fields(of: $0) }
  }

  /// Whole numbers without a decimal point, others as their shortest round trip.
  static func spelled(_ number: Double) -> String {
    if let whole = Int(exactly: number) { return String(whole) }
    return "\(number)"
  }

  private static func decodeClassification(_ document: CSV.Document, url: URL) throws -> ClassificationPredictions {
    let columns = Array(document.header.dropFirst(2))
    func names(_ prefix: String) -> [String] { columns.filter { $0.hasPrefix(prefix) }.map { String($0.dropFirst(prefix.count)) } }
    let areOrdered = columns.first?.hasPrefix(truthPrefix(areOrdered: true)) ?? false, prefix = truthPrefix(areOrdered: areOrdered)
    let scored = names(prefix), rest = names("unscoredTarget:")
    let expected =
      scored.map { prefix + $0 } + scored.map { "probability:\($0)" } + rest.map { "unscoredTarget:\($0)" }
      + rest.map { "unscoredProbability:\($0)" }
    guard !scored.isEmpty, columns == expected else {
      throw RunStoreError.malformedPredictions(url, reason: "its columns are neither targets with probabilities nor pixel counts")
    }
    let targets = Array(2..<2 + scored.count) + (0..<rest.count).map { 2 + 2 * scored.count + $0 }
    let probabilities = (0..<scored.count).map { 2 + scored.count + $0 } + (0..<rest.count).map { 2 + 2 * scored.count + rest.count + $0 }
    let rows = try document.rows.map { row in
      ClassificationPredictions.Row(
        id: row[0], patient: row[1].isEmpty ? nil : row[1], targets: try targets.map { try target(row[$0], of: row[0], url: url) },
        probabilities: try probabilities.map { try probability(row[$0], of: row[0], url: url) })
    }
    return ClassificationPredictions(
      classNames: scored + rest, scoredClasses: rest.isEmpty ? nil : scored, areOrdered: areOrdered, rows: rows)
  }

  private static func truthPrefix(areOrdered: Bool) -> String { areOrdered ? "grade:" : "target:" }

  private static func target(_ field: String, of id: String, url: URL) throws -> Float {
    if field.isEmpty { return .nan }
    guard field == "0" || field == "1" else {
      throw RunStoreError.malformedPredictions(url, reason: "the label “\(field)” of “\(id)” is neither 0 nor 1")
    }
    return field == "1" ? 1 : 0
  }

  private static func probability(_ field: String, of id: String, url: URL) throws -> Double {
    guard let number = Double(field), (0...1).contains(number) else {
      throw RunStoreError.malformedPredictions(url, reason: "the probability “\(field)” of “\(id)” is not between 0 and 1")
    }
    return number
  }

  private static func decodeSegmentation(_ document: CSV.Document, url: URL) throws -> SegmentationPredictions {
    guard let columns = SegmentationColumns(document.header.dropFirst(2)) else {
      throw RunStoreError.malformedPredictions(url, reason: "after the pixel counts its columns are not \(SegmentationColumns.words)")
    }
    let rows = try document.rows.map { fields in
      var reader = MaskFields(fields, url: url)
      return try reader.row(columns)
    }
    return SegmentationPredictions(rows: rows, unit: columns.unit, tolerance: columns.tolerance)
  }
}
