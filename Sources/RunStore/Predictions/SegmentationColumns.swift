internal import Foundations
internal import Metrics

/// The columns of a segmentation's predictions behind `id` and `patient`.
///
/// The four pixel counts; where outlines were compared `hd95:<unit>` and `nsd:<tolerance><unit>`, in files of older runs `hd95` and
/// `nsd:<tolerance>` in pixels of the network's input; where a file states its pixel spacing `spacingX:mm` and `spacingY:mm`; and where
/// center lines were compared the four counts of clDice.
struct SegmentationColumns: Equatable {
  static let counts = ["truePositives", "falsePositives", "falseNegatives", "trueNegatives"]
  static let spacing = ["spacingX:mm", "spacingY:mm"]
  private static let centerline = [
    "centerlinePredicted", "centerlinePredictedInTruth", "centerlineTrue", "centerlineTrueInPrediction",
  ]
  static var centerlineCount: Int { centerline.count }
  private static let distance = "hd95", surface = "nsd:"

  let unit: DistanceUnit
  let tolerance: Double
  let hasOutlines: Bool
  let hasSpacing: Bool
  let hasCenterline: Bool

  /// What follows the counts, in words for messages.
  static let words = "hd95:<mm or px>, nsd:<tolerance><mm or px>, \(spacing.joined(separator: ", ")) and the four of the center lines"

  init(_ predictions: SegmentationPredictions) {
    unit = predictions.unit
    tolerance = predictions.tolerance
    hasOutlines = predictions.rows.contains { $0.outline != nil }
    hasSpacing = predictions.spacedCount > 0
    hasCenterline = predictions.rows.contains { $0.centerline != nil }
  }

  /// Those of each of several classes, alike for all; the pixel spacing is the image's and stands apart.
  init(_ predictions: ClassMaskPredictions) {
    unit = predictions.unit
    tolerance = predictions.tolerance
    hasOutlines = predictions.classes.contains { $0.rows.contains { $0.outline != nil } }
    hasSpacing = false
    hasCenterline = predictions.classes.contains { $0.rows.contains { $0.centerline != nil } }
  }

  /// Nil for columns that are not these.
  init?(_ names: some Collection<String>) {
    guard names.starts(with: Self.counts) else { return nil }
    var rest = Array(names.dropFirst(Self.counts.count))
    var unit = DistanceUnit.inputPixels, tolerance = OutlineAgreement.tolerance
    hasOutlines = rest.first?.hasPrefix(Self.distance) ?? false
    if hasOutlines {
      guard rest.count > 1, let found = DistanceUnit.allCases.first(where: { Self.title(of: $0) == rest[0] }), rest[1].hasPrefix(Self.surface),
        rest[1].hasSuffix(found.symbol), let stated = Double(rest[1].dropFirst(Self.surface.count).dropLast(found.symbol.count)),
        stated >= 0, stated.isFinite
      else { return nil }
      (unit, tolerance) = (found, stated)
      rest.removeFirst(2)
    }
    self.unit = unit
    self.tolerance = tolerance
    hasSpacing = rest.starts(with: Self.spacing)
    if hasSpacing { rest.removeFirst(Self.spacing.count) }
    hasCenterline = rest.starts(with: Self.centerline)
    if hasCenterline { rest.removeFirst(Self.centerline.count) }
    guard rest.isEmpty else { return nil }
  }

  private static func title(of unit: DistanceUnit) -> String { unit == .inputPixels ? distance : "\(distance):\(unit.symbol)" }

  var names: [String] {
    Self.counts + (hasOutlines ? [Self.title(of: unit), Self.surface + PredictionsFile.spelled(tolerance) + unit.symbol] : [])
      + (hasSpacing ? Self.spacing : []) + (hasCenterline ? Self.centerline : [])
  }

  func fields(of row: SegmentationPredictions.Row) -> [String] {
    let counts = [row.counts.truePositives, row.counts.falsePositives, row.counts.falseNegatives, row.counts.trueNegatives].map(String.init)
    let outline = [row.outline?.hausdorff95, row.outline?.normalizedSurfaceDistance], spacing = [row.spacing?.x, row.spacing?.y]
    let line = row.centerline.map { [$0.predicted, $0.predictedInTarget, $0.target, $0.targetInPredicted].map(String.init) }
    func spelled(_ numbers: [Double?]) -> [String] { numbers.map { $0.map(PredictionsFile.spelled) ?? "" } }
    return counts + (hasOutlines ? spelled(outline) : []) + (hasSpacing ? spelled(spacing) : [])
      + (hasCenterline ? line ?? [String](repeating: "", count: Self.centerline.count) : [])
  }

  /// What two fields say: nothing, or two distances above 0; nil for anything else.
  static func spacing(_ x: Double?, _ y: Double?) -> PixelSpacing?? {
    if x == nil, y == nil { return .some(nil) }
    guard let x, let y, let spacing = PixelSpacing(x: x, y: y) else { return nil }
    return .some(spacing)
  }

  /// A row from what its fields say, in the columns that there are.
  ///
  /// In files of older runs two empty masks stand at a distance of 0; they are at none.
  func row(
    id: String, patient: String, counts: PixelConfusion, outline: (hausdorff95: Double?, surface: Double?), spacing: PixelSpacing?,
    centerline: CenterlineAgreement?, isOfClass: Bool = false
  ) -> SegmentationPredictions.Row {
    let isNothing = counts.truePositives + counts.falsePositives + counts.falseNegatives == 0
    let distance = unit == .inputPixels && isNothing ? nil : outline.hausdorff95
    return SegmentationPredictions.Row(
      id: id, patient: patient.isEmpty ? nil : patient, counts: counts,
      outline: hasOutlines ? OutlineAgreement(hausdorff95: distance, normalizedSurfaceDistance: outline.surface) : nil,
      spacing: spacing, centerline: centerline, isOfClass: isOfClass)
  }
}
