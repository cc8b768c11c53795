/// A metric of the distances between outlines, which exists in each unit under a name of its own: what was measured in another unit is
/// another metric, so that no table, mean or test can mix them.
protocol OutlineMetric: SegmentationMetric {
  static var distanceUnit: DistanceUnit { get }
}

extension OutlineMetric {
  static func isMeasured(in predictions: SegmentationPredictions) -> Bool {
    // What holds no outlines at all has no unit: it says under the oldest names that it has none.
    (predictions.rows.contains { $0.outline != nil } ? predictions.unit : .inputPixels) == distanceUnit
  }
}

/// The mean over the images of the 95 % Hausdorff distance.
protocol MeanHausdorff95: OutlineMetric, ImageRowMetric {}

extension MeanHausdorff95 {
  static var title: String { "HD95" }
  static var unit: MetricName.Unit { .distance(distanceUnit) }
  static var direction: MetricName.Direction { .lower }
  static var range: ClosedRange<Double> { 0...Double.infinity }
  static func value(of row: SegmentationPredictions.Row) -> Double? { row.outline?.hausdorff95 }
  static func value(of sample: SegmentationSample) -> MetricValue { sample.outlineMean { $0.hausdorff95 } }
  static func leavesOut(_ row: SegmentationPredictions.Row) -> Bool { row.outline.map { $0.hausdorff95 == nil } ?? false }
}

/// The mean over the images of the normalized surface distance at the tolerance of `OutlineAgreement`.
protocol MeanSurfaceDistance: OutlineMetric, ImageRowMetric {}

extension MeanSurfaceDistance {
  static var title: String { "NSD at \(Int(OutlineAgreement.tolerance)) \(distanceUnit.title)" }
  static func value(of row: SegmentationPredictions.Row) -> Double? { row.outline?.normalizedSurfaceDistance }
  static func value(of sample: SegmentationSample) -> MetricValue {
    guard sample.tolerance == OutlineAgreement.tolerance else {
      return .undefined(reason: "the predictions are at a tolerance of \(sample.tolerance), not of \(OutlineAgreement.tolerance)")
    }
    return sample.outlineMean { $0.normalizedSurfaceDistance }
  }
  static func leavesOut(_ row: SegmentationPredictions.Row) -> Bool { row.outline.map { $0.normalizedSurfaceDistance == nil } ?? false }
}

enum Hausdorff95InMillimeters: MeanHausdorff95 {
  static let name = "hausdorff95Millimeters", distanceUnit = DistanceUnit.millimeters
}

enum Hausdorff95InPixels: MeanHausdorff95 {
  static let name = "hausdorff95Pixels", distanceUnit = DistanceUnit.pixels
}

/// Of older runs, which have no other.
enum Hausdorff95: MeanHausdorff95 {
  static let name = "hausdorff95", distanceUnit = DistanceUnit.inputPixels
}

enum SurfaceDistanceInMillimeters: MeanSurfaceDistance {
  static let name = "normalizedSurfaceDistanceMillimeters", distanceUnit = DistanceUnit.millimeters
}

enum SurfaceDistanceInPixels: MeanSurfaceDistance {
  static let name = "normalizedSurfaceDistancePixels", distanceUnit = DistanceUnit.pixels
}

/// Of older runs, which have no other.
enum NormalizedSurfaceDistance: MeanSurfaceDistance {
  static let name = "normalizedSurfaceDistance", distanceUnit = DistanceUnit.inputPixels
}

extension MetricName {
  public static let hausdorff95Millimeters = MetricName(Hausdorff95InMillimeters.self)
  public static let hausdorff95Pixels = MetricName(Hausdorff95InPixels.self)
  public static let hausdorff95 = MetricName(Hausdorff95.self)
  public static let normalizedSurfaceDistanceMillimeters = MetricName(SurfaceDistanceInMillimeters.self)
  public static let normalizedSurfaceDistancePixels = MetricName(SurfaceDistanceInPixels.self)
  public static let normalizedSurfaceDistance = MetricName(NormalizedSurfaceDistance.self)
}
