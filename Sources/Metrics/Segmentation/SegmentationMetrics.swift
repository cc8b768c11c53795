/// Dice of the pixels of all images together.
enum PooledDice: SegmentationMetric {
  static let name = "dicePooled", title = "Dice (pooled)"
  static func value(of sample: SegmentationSample) -> MetricValue { sample.pooled.pooledDice }
}

/// The plain mean of the images' Dice.
enum ImageDice: SegmentationMetric {
  static let name = "dicePerImage", title = "Dice (per image)"
  static func value(of sample: SegmentationSample) -> MetricValue { sample.mean { $0.counts.dice } }
}

enum PooledIoU: SegmentationMetric {
  static let name = "iouPooled", title = "IoU (pooled)"
  static func value(of sample: SegmentationSample) -> MetricValue { sample.pooled.pooledIoU }
}

enum ImageIoU: SegmentationMetric {
  static let name = "iouPerImage", title = "IoU (per image)"
  static func value(of sample: SegmentationSample) -> MetricValue { sample.mean { $0.counts.iou } }
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
  public static let pixelSensitivity = MetricName(PixelSensitivity.self)
  public static let pixelPrecision = MetricName(PixelPrecision.self)
}
