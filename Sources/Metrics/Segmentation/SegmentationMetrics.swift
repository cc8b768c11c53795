/// Dice of the pixels of all images together.
enum PooledDice: SegmentationMetric {
  static let name = "dicePooled", title = "Dice (pooled)"
  static func value(of sample: SegmentationSample) -> MetricValue { .value(sample.pooled.dice) }
}

/// The plain mean of the images' Dice.
enum ImageDice: SegmentationMetric {
  static let name = "dicePerImage", title = "Dice (per image)"
  static func value(of sample: SegmentationSample) -> MetricValue { sample.mean { $0.counts.dice } }
}

enum PooledIoU: SegmentationMetric {
  static let name = "iouPooled", title = "IoU (pooled)"
  static func value(of sample: SegmentationSample) -> MetricValue { .value(sample.pooled.iou) }
}

enum ImageIoU: SegmentationMetric {
  static let name = "iouPerImage", title = "IoU (per image)"
  static func value(of sample: SegmentationSample) -> MetricValue { sample.mean { $0.counts.iou } }
}

/// The mean over the images of the 95 % Hausdorff distance, in pixels of the network's input.
enum Hausdorff95: SegmentationMetric {
  static let name = "hausdorff95", title = "HD95"
  static let unit = MetricName.Unit.pixels
  static let direction = MetricName.Direction.lower
  static let range = 0...Double.infinity
  static func value(of sample: SegmentationSample) -> MetricValue { sample.outlineMean { $0.hausdorff95 } }
  static func leavesOut(_ row: SegmentationPredictions.Row) -> Bool { row.outline.map { $0.hausdorff95 == nil } ?? false }
}

/// The mean over the images of the normalized surface distance.
enum NormalizedSurfaceDistance: SegmentationMetric {
  static let name = "normalizedSurfaceDistance", title = "NSD"
  static func value(of sample: SegmentationSample) -> MetricValue { sample.outlineMean { $0.normalizedSurfaceDistance } }
}

/// Of the pixels of all images together.
enum PixelSensitivity: SegmentationMetric {
  static let name = "pixelSensitivity", title = "Sensitivity (pixels)"
  static func value(of sample: SegmentationSample) -> MetricValue { sample.share(\.sensitivity, "no pixel belongs to the structure") }
}

/// Of the pixels of all images together.
enum PixelPrecision: SegmentationMetric {
  static let name = "pixelPrecision", title = "Precision (pixels)"
  static func value(of sample: SegmentationSample) -> MetricValue { sample.share(\.precision, "no pixel is called the structure's") }
}

extension MetricName {
  public static let dicePooled = MetricName(PooledDice.self)
  public static let dicePerImage = MetricName(ImageDice.self)
  public static let iouPooled = MetricName(PooledIoU.self)
  public static let iouPerImage = MetricName(ImageIoU.self)
  public static let hausdorff95 = MetricName(Hausdorff95.self)
  public static let normalizedSurfaceDistance = MetricName(NormalizedSurfaceDistance.self)
  public static let pixelSensitivity = MetricName(PixelSensitivity.self)
  public static let pixelPrecision = MetricName(PixelPrecision.self)
}
