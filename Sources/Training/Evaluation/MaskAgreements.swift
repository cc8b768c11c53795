public import Datasets
import Foundations
public import Metrics

/// A predicted mask against the truth on the pixels of the image's own file.
public struct MeasuredMask: Codable, Sendable {
  let inPixels: OutlineAgreement?
  /// Nil where the image's file states no spacing.
  let inMillimeters: OutlineAgreement?
  let spacing: PixelSpacing?
  let centerline: CenterlineAgreement?

  /// - Parameters:
  ///   - predicted: of the truth's size, row by row. Pixels that do not count are left out here.
  ///   - place: of the class, where the truth is of several.
  ///   - hasCenterline: whether the skeletons are compared too.
  public init(predicted: [Bool], truth: OriginalTruth, ofClass place: Int = 0, hasCenterline: Bool) {
    let own = truth.masks[place]
    let counted = truth.counted.map { zip(predicted, $0.pixels).map { $0 && $1 } } ?? predicted
    spacing = truth.spacing
    guard let mask = SegmentationMask(width: own.width, height: own.height, pixels: counted),
      let target = SegmentationMask(width: own.width, height: own.height, pixels: own.pixels)
    else {
      (inPixels, inMillimeters, centerline) = (nil, nil, nil)
      return
    }
    let distances = SurfaceDistances.make(predicted: mask, target: target).known
    inPixels = distances.map { OutlineAgreement($0) }
    inMillimeters = truth.spacing.flatMap { spacing in
      let measured =
        spacing.isIsotropic
        ? distances?.scaled(by: spacing.x) : SurfaceDistances.make(predicted: mask, target: target, spacing: (spacing.x, spacing.y)).known
      return measured.map { OutlineAgreement($0) }
    }
    centerline = hasCenterline ? CenterlineAgreement.make(predicted: mask, target: target).known : nil
  }
}

/// The masks of a set, as they are answered. In which unit their outlines are apart is known at the end: millimeters are taken where
/// every image's file states its spacing, since a mean of millimeters and pixels would be neither.
public struct MaskAgreements: Sendable {
  struct Row: Sendable {
    let id: String
    let patient: String?
    let counts: PixelConfusion
    /// Nil where only pixels are counted.
    let measured: MeasuredMask?
  }

  private var rows: [Row] = []

  public init() {}

  public mutating func add(_ sample: Sample, counts: PixelConfusion, measured: MeasuredMask?) {
    rows.append(Row(id: sample.id, patient: sample.patient, counts: counts, measured: measured))
  }

  public var predictions: SegmentationPredictions { predictions(ofClass: false) }

  /// - Parameter ofClass: whether the masks are of one class of several, which has no value in an image where it is nowhere.
  func predictions(ofClass: Bool) -> SegmentationPredictions {
    let unit: DistanceUnit = !rows.isEmpty && rows.allSatisfy { $0.measured?.spacing != nil } ? .millimeters : .pixels
    return SegmentationPredictions(
      rows: rows.map { row in
        var outline = unit == .millimeters ? row.measured?.inMillimeters : row.measured?.inPixels, centerline = row.measured?.centerline
        if ofClass {
          if let found = outline, found.isOfNothing { outline = OutlineAgreement(hausdorff95: nil, normalizedSurfaceDistance: nil) }
          if let found = centerline, found.predicted == 0, found.target == 0 { centerline = nil }
        }
        return SegmentationPredictions.Row(
          id: row.id, patient: row.patient, counts: row.counts, outline: outline, spacing: row.measured?.spacing, centerline: centerline,
          isOfClass: ofClass)
      }, unit: unit)
  }
}

extension OutlineAgreement {
  /// Whether both masks are empty, which are at no distance and agree in everything.
  fileprivate var isOfNothing: Bool { hausdorff95 == nil && normalizedSurfaceDistance == 1 }
}

/// The masks of several classes, as they are answered.
struct ClassMaskAgreements {
  let classNames: [String]
  private var classes: [MaskAgreements]

  init(classNames: [String]) {
    self.classNames = classNames
    classes = classNames.map { _ in MaskAgreements() }
  }

  /// - Parameter masks: one a class.
  mutating func add(_ sample: Sample, _ masks: [MaskAnswer]) {
    for (place, mask) in zip(classes.indices, masks) { classes[place].add(sample, counts: mask.counts, measured: mask.measured) }
  }

  var predictions: ClassMaskPredictions {
    ClassMaskPredictions(classNames: classNames, classes: classes.map { $0.predictions(ofClass: true) })
  }
}
