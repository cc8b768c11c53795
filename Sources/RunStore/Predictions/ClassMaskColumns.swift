internal import Foundation
internal import Foundations
internal import Metrics

/// The columns of a segmentation of several classes behind `id` and `patient`: the image's `spacingX:mm` and `spacingY:mm` where a file
/// states it, then for each class what `SegmentationColumns` names for one mask, with the class behind a colon, as in
/// `truePositives:lung` and `hd95:px:lung`. Fields of outlines and center lines are empty where the class has no value in the image.
struct ClassMaskColumns {
  /// Begins a class.
  private static let first = SegmentationColumns.counts[0] + ":"

  let classNames: [String]
  let hasSpacing: Bool
  /// Of each class.
  let own: SegmentationColumns

  init(_ predictions: ClassMaskPredictions) {
    classNames = predictions.classNames
    hasSpacing = predictions.spacedCount > 0
    own = SegmentationColumns(predictions)
  }

  /// Whether a table's columns are to be read as these.
  static func mayBe(_ names: some Collection<String>) -> Bool {
    (names.starts(with: SegmentationColumns.spacing) ? names.dropFirst(2).first : names.first)?.hasPrefix(first) ?? false
  }

  /// Nil for columns that are not these.
  init?(_ names: some Collection<String>) {
    var rest = Array(names)
    hasSpacing = rest.starts(with: SegmentationColumns.spacing)
    if hasSpacing { rest.removeFirst(SegmentationColumns.spacing.count) }
    let starts = rest.indices.filter { rest[$0].hasPrefix(Self.first) }
    guard starts.first == 0 else { return nil }
    var classNames: [String] = [], known: SegmentationColumns?
    for (start, end) in zip(starts, starts.dropFirst() + [rest.count]) {
      let name = String(rest[start].dropFirst(Self.first.count)), suffix = ":" + name
      let block = rest[start..<end]
      guard block.allSatisfy({ $0.hasSuffix(suffix) }), let columns = SegmentationColumns(block.map { String($0.dropLast(suffix.count)) }),
        !columns.hasSpacing, known == nil || known == columns, !classNames.contains(name)
      else { return nil }
      classNames.append(name)
      known = columns
    }
    guard let known else { return nil }
    (self.classNames, own) = (classNames, known)
  }

  var names: [String] {
    (hasSpacing ? SegmentationColumns.spacing : []) + classNames.flatMap { name in own.names.map { "\($0):\(name)" } }
  }
}

extension PredictionsFile {
  static func encode(_ predictions: ClassMaskPredictions, url: URL) throws -> [[String]] {
    let columns = ClassMaskColumns(predictions), images = predictions.images
    guard predictions.classes.allSatisfy({ $0.rows.map(\.id) == images.map(\.id) }) else {
      throw RunStoreError.malformedPredictions(url, reason: "its classes are not of the same images")
    }
    return [["id", "patient"] + columns.names]
      + images.indices.map { row in
        let sides = [images[row].spacing?.x, images[row].spacing?.y].map { $0.map(spelled) ?? "" }
        return [images[row].id, images[row].patient ?? ""] + (columns.hasSpacing ? sides : [])
          + predictions.classes.flatMap { columns.own.fields(of: $0.rows[row]) }
      }
  }

  static func decodeClassMasks(_ document: CSV.Document, url: URL) throws -> ClassMaskPredictions {
    guard let columns = ClassMaskColumns(document.header.dropFirst(2)) else {
      throw RunStoreError.malformedPredictions(
        url, reason: "its columns are not, for each class alike, the pixel counts and \(SegmentationColumns.words), each with the class behind a colon")
    }
    var classes = columns.classNames.map { _ in [SegmentationPredictions.Row]() }
    for fields in document.rows {
      var reader = MaskFields(fields, url: url)
      let spacing = columns.hasSpacing ? try reader.spacing() : nil
      for place in classes.indices { classes[place].append(try reader.row(columns.own, spacing: spacing, isOfClass: true)) }
    }
    return ClassMaskPredictions(
      classNames: columns.classNames,
      classes: classes.map { SegmentationPredictions(rows: $0, unit: columns.own.unit, tolerance: columns.own.tolerance) })
  }
}
