internal import Foundation
internal import Foundations
internal import Metrics

/// The fields of a segmentation's row, read one after the other; what is wrong in one is said with the image's id.
struct MaskFields {
  private let fields: [String]
  private let url: URL
  private var place = 2

  private var id: String { fields[0] }

  /// - Parameter fields: `id`, `patient`, and what columns name.
  init(_ fields: [String], url: URL) { (self.fields, self.url) = (fields, url) }

  /// The next mask.
  ///
  /// - Parameters:
  ///   - spacing: the image's, where its columns stood before.
  ///   - isOfClass: whether the mask is of one class of several.
  mutating func row(_ columns: SegmentationColumns, spacing known: PixelSpacing? = nil, isOfClass: Bool = false) throws -> SegmentationPredictions.Row {
    let counts = PixelConfusion(
      truePositives: try count(), falsePositives: try count(), falseNegatives: try count(), trueNegatives: try count())
    let outline = columns.hasOutlines ? (try distance(to: .infinity), try distance(to: 1)) : (nil, nil)
    let own = columns.hasSpacing ? try spacing() : known
    var centerline: CenterlineAgreement?
    if columns.hasCenterline {
      let last = min(place + SegmentationColumns.centerlineCount, fields.count)
      if fields[place..<last].allSatisfy(\.isEmpty) {
        place = last
      } else {
        centerline = CenterlineAgreement(
          predicted: try count(), predictedInTarget: try count(), target: try count(), targetInPredicted: try count())
        if centerline == nil {
          throw RunStoreError.malformedPredictions(url, reason: "of a center line of “\(id)” more lies within a mask than there is of it")
        }
      }
    }
    return columns.row(
      id: id, patient: fields[1], counts: counts, outline: outline, spacing: own, centerline: centerline, isOfClass: isOfClass)
  }

  mutating func spacing() throws -> PixelSpacing? {
    let sides = (try distance(to: .infinity), try distance(to: .infinity))
    guard let spacing = SegmentationColumns.spacing(sides.0, sides.1) else {
      throw RunStoreError.malformedPredictions(url, reason: "the pixel spacing of “\(id)” is not two numbers above 0")
    }
    return spacing
  }

  private mutating func next() -> String {
    defer { place += 1 }
    return fields[place]
  }

  private mutating func count() throws -> Int {
    let field = next()
    guard let count = Int(field), count >= 0 else {
      throw RunStoreError.malformedPredictions(url, reason: "the pixel count “\(field)” of “\(id)” is not a whole number")
    }
    return count
  }

  private mutating func distance(to greatest: Double) throws -> Double? {
    let field = next()
    if field.isEmpty { return nil }
    guard let number = Double(field), number >= 0, number.isFinite, number <= greatest else {
      throw RunStoreError.malformedPredictions(url, reason: "the distance “\(field)” of “\(id)” is not one")
    }
    return number
  }
}
