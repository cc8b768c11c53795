public import Foundation
internal import Foundations
public import Metrics

/// Reads and writes `predictions.csv`.
///
/// Classification has the columns `id`, `patient`, `target:<class>` and `probability:<class>`; a label that is not known is
/// an empty field. Classes that the task does not score stand behind the others as `unscoredTarget:<class>` and
/// `unscoredProbability:<class>`. Segmentation has `id`, `patient`, the four pixel counts, `hd95` in pixels of the network's input (empty where
/// one of the masks is) and `nsd:<tolerance>` with the tolerance in pixels; files of older runs lack the last two. Numbers are
/// their shortest round trip.
public enum PredictionsFile {
  private static let distanceColumn = "hd95"
  private static let surfacePrefix = "nsd:"
  private static let countColumns = ["truePositives", "falsePositives", "falseNegatives", "trueNegatives"]

  public static func write(_ predictions: Predictions, to url: URL) throws {
    try AtomicFile.write(text(predictions, of: url), to: url)
  }

  /// What the file of some predictions holds.
  ///
  /// - Parameter url: what messages call it.
  public static func text(_ predictions: Predictions, of url: URL) throws -> String {
    let rows: [[String]] = switch predictions {
    case .classification(let predictions): try encode(predictions, url: url)
    case .segmentation(let predictions): encode(predictions)
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

  static func decodeAll(_ bytes: Data, of url: URL) throws -> Predictions {
    // A file that was cut short within a row would give a number with fewer digits.
    guard bytes.isEmpty || bytes.last == UInt8(ascii: "\n") else {
      throw RunStoreError.malformedPredictions(url, reason: "its last line has no end")
    }
    if let plain = PlainPredictions.decode(bytes, countColumns: countColumns) { return plain }
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
    return document.header.dropFirst(2).starts(with: countColumns)
      ? .segmentation(try decodeSegmentation(document, url: url))
      : .classification(try decodeClassification(document, url: url))
  }

  private static func encode(_ predictions: ClassificationPredictions, url: URL) throws -> [[String]] {
    let names = predictions.classNames, scored = predictions.scoredClasses ?? names
    let order = scored.compactMap(names.firstIndex(of:)), rest = names.indices.filter { !order.contains($0) }
    var rows = [
      ["id", "patient"] + scored.map { "target:\($0)" } + scored.map { "probability:\($0)" }
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
    let hasOutlines = predictions.rows.contains { $0.outline != nil }
    let outlineColumns = hasOutlines ? [distanceColumn, surfacePrefix + spelled(predictions.tolerance)] : []
    return [["id", "patient"] + countColumns + outlineColumns]
      + predictions.rows.map { row in
        let counts = row.counts
        let numbers = [counts.truePositives, counts.falsePositives, counts.falseNegatives, counts.trueNegatives].map { String($0) }
        let outline = [row.outline?.hausdorff95, row.outline?.normalizedSurfaceDistance].map { $0.map(spelled) ?? "" }
        return [row.id, row.patient ?? ""] + numbers + (hasOutlines ? outline : [])
      }
  }

  /// Whole numbers without a decimal point, others as their shortest round trip.
  private static func spelled(_ number: Double) -> String {
    if let whole = Int(exactly: number) { return String(whole) }
    return "\(number)"
  }

  private static func decodeClassification(_ document: CSV.Document, url: URL) throws -> ClassificationPredictions {
    let columns = Array(document.header.dropFirst(2))
    func names(_ prefix: String) -> [String] { columns.filter { $0.hasPrefix(prefix) }.map { String($0.dropFirst(prefix.count)) } }
    let scored = names("target:"), rest = names("unscoredTarget:")
    let expected =
      scored.map { "target:\($0)" } + scored.map { "probability:\($0)" } + rest.map { "unscoredTarget:\($0)" }
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
    return ClassificationPredictions(classNames: scored + rest, scoredClasses: rest.isEmpty ? nil : scored, rows: rows)
  }

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
    let tolerance = try tolerance(document, url: url)
    let rows = try document.rows.map { row in
      let counts = try row[2..<6].map { field -> Int in
        guard let count = Int(field), count >= 0 else {
          throw RunStoreError.malformedPredictions(url, reason: "the pixel count “\(field)” of “\(row[0])” is not a whole number")
        }
        return count
      }
      return SegmentationPredictions.Row(
        id: row[0], patient: row[1].isEmpty ? nil : row[1],
        counts: PixelConfusion(
          truePositives: counts[0], falsePositives: counts[1], falseNegatives: counts[2], trueNegatives: counts[3]),
        outline: tolerance == nil
          ? nil
          : OutlineAgreement(
            hausdorff95: try distance(row[6], of: row[0], to: .infinity, url: url),
            normalizedSurfaceDistance: try distance(row[7], of: row[0], to: 1, url: url)))
    }
    return SegmentationPredictions(rows: rows, tolerance: tolerance ?? OutlineAgreement.tolerance)
  }

  /// The tolerance that the header states; nil for a file without distances.
  private static func tolerance(_ document: CSV.Document, url: URL) throws -> Double? {
    let columns = Array(document.header.dropFirst(2 + countColumns.count))
    if columns.isEmpty { return nil }
    guard columns.count == 2, columns[0] == distanceColumn, columns[1].hasPrefix(surfacePrefix),
      let tolerance = Double(columns[1].dropFirst(surfacePrefix.count)), tolerance >= 0, tolerance.isFinite
    else {
      throw RunStoreError.malformedPredictions(url, reason: "after the pixel counts its columns are not hd95 and nsd:<tolerance>")
    }
    return tolerance
  }

  private static func distance(_ field: String, of id: String, to greatest: Double, url: URL) throws -> Double? {
    if field.isEmpty { return nil }
    guard let number = Double(field), number >= 0, number.isFinite, number <= greatest else {
      throw RunStoreError.malformedPredictions(url, reason: "the distance “\(field)” of “\(id)” is not one")
    }
    return number
  }
}
