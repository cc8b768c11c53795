public import Foundation
internal import Foundations
public import Metrics

/// Reads and writes `predictions.csv`.
///
/// Classification has the columns `id`, `patient`, `target:<class>` and `probability:<class>`; a label that is not known is
/// an empty field. Segmentation has `id`, `patient` and the four pixel counts. Numbers are their shortest round trip.
public enum PredictionsFile {
  private static let countColumns = ["truePositives", "falsePositives", "falseNegatives", "trueNegatives"]

  public static func write(_ predictions: Predictions, to url: URL) throws {
    let rows: [[String]] = switch predictions {
    case .classification(let predictions): try encode(predictions, url: url)
    case .segmentation(let predictions): encode(predictions)
    }
    try AtomicFile.write(CSV.encode(rows), to: url)
  }

  public static func read(_ url: URL) throws -> Predictions {
    guard FileManager.default.fileExists(atPath: url.path) else { throw RunStoreError.missingFile(url) }
    let document: CSV.Document
    do {
      document = try CSV.parse(try TextFile.read(url))
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
    return document.header.dropFirst(2) == countColumns[...]
      ? .segmentation(try decodeSegmentation(document, url: url))
      : .classification(try decodeClassification(document, url: url))
  }

  private static func encode(_ predictions: ClassificationPredictions, url: URL) throws -> [[String]] {
    let names = predictions.classNames
    var rows = [["id", "patient"] + names.map { "target:\($0)" } + names.map { "probability:\($0)" }]
    for row in predictions.rows {
      guard row.targets.count == names.count, row.probabilities.count == names.count else {
        throw RunStoreError.malformedPredictions(url, reason: "the image “\(row.id)” has not one value a class")
      }
      if let wrong = row.probabilities.first(where: { !(0...1).contains($0) }) {
        throw RunStoreError.malformedPredictions(url, reason: "the probability \(wrong) of “\(row.id)” is not between 0 and 1")
      }
      rows.append(
        [row.id, row.patient ?? ""] + row.targets.map { $0.isNaN ? "" : spelled(Double($0)) } + row.probabilities.map(spelled))
    }
    return rows
  }

  private static func encode(_ predictions: SegmentationPredictions) -> [[String]] {
    [["id", "patient"] + countColumns]
      + predictions.rows.map { row in
        let counts = row.counts
        return [row.id, row.patient ?? ""]
          + [counts.truePositives, counts.falsePositives, counts.falseNegatives, counts.trueNegatives].map { String($0) }
      }
  }

  /// Whole numbers without a decimal point, others as their shortest round trip.
  private static func spelled(_ number: Double) -> String {
    if let whole = Int(exactly: number) { return String(whole) }
    return "\(number)"
  }

  private static func decodeClassification(_ document: CSV.Document, url: URL) throws -> ClassificationPredictions {
    let columns = Array(document.header.dropFirst(2))
    let count = columns.count / 2
    let names = columns.prefix(count).map { String($0.dropFirst("target:".count)) }
    let expected = names.map { "target:\($0)" } + names.map { "probability:\($0)" }
    guard count > 0, columns == expected else {
      throw RunStoreError.malformedPredictions(url, reason: "its columns are neither targets with probabilities nor pixel counts")
    }
    let rows = try document.rows.map { row in
      let targets = try row[2..<(2 + count)].map { field -> Float in
        if field.isEmpty { return .nan }
        guard field == "0" || field == "1" else {
          throw RunStoreError.malformedPredictions(url, reason: "the label “\(field)” of “\(row[0])” is neither 0 nor 1")
        }
        return field == "1" ? 1 : 0
      }
      let probabilities = try row[(2 + count)...].map { field -> Double in
        guard let number = Double(field), (0...1).contains(number) else {
          throw RunStoreError.malformedPredictions(url, reason: "the probability “\(field)” of “\(row[0])” is not between 0 and 1")
        }
        return number
      }
      return ClassificationPredictions.Row(
        id: row[0], patient: row[1].isEmpty ? nil : row[1], targets: targets, probabilities: probabilities)
    }
    return ClassificationPredictions(classNames: names, rows: rows)
  }

  private static func decodeSegmentation(_ document: CSV.Document, url: URL) throws -> SegmentationPredictions {
    SegmentationPredictions(
      rows: try document.rows.map { row in
        let counts = try row[2...].map { field -> Int in
          guard let count = Int(field), count >= 0 else {
            throw RunStoreError.malformedPredictions(url, reason: "the pixel count “\(field)” of “\(row[0])” is not a whole number")
          }
          return count
        }
        return SegmentationPredictions.Row(
          id: row[0], patient: row[1].isEmpty ? nil : row[1],
          counts: PixelConfusion(
            truePositives: counts[0], falsePositives: counts[1], falseNegatives: counts[2], trueNegatives: counts[3]))
      })
  }
}
