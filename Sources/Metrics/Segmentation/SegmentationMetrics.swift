/// Dice of the pixels of all images together.
enum PooledDice: PooledMetric {
  static let name = "dicePooled", title = "Dice (pooled)"
  static func parts(of counts: PixelConfusion) -> (above: Int, below: Int) {
    (2 * counts.truePositives, 2 * counts.truePositives + counts.falsePositives + counts.falseNegatives)
  }
  static func value(of sample: SegmentationSample) -> MetricValue { sample.pooled.pooledDice }
}

/// The plain mean of the images' Dice; of one class of several over the images in which it is drawn or found.
enum ImageDice: ImageRowMetric {
  static let name = "dicePerImage", title = "Dice (per image)"
  static func value(of row: SegmentationPredictions.Row) -> Double? { row.isNowhere ? nil : row.counts.dice }
  static func value(of sample: SegmentationSample) -> MetricValue { sample.mean(orElse: nowhere, value) }
  static func leavesOut(_ row: SegmentationPredictions.Row) -> Bool { row.isNowhere }
}

/// Why a mean over the images with a class has no value.
private let nowhere = "the class is in no image, neither drawn nor found"

enum PooledIoU: PooledMetric {
  static let name = "iouPooled", title = "IoU (pooled)"
  static func parts(of counts: PixelConfusion) -> (above: Int, below: Int) {
    (counts.truePositives, counts.truePositives + counts.falsePositives + counts.falseNegatives)
  }
  static func value(of sample: SegmentationSample) -> MetricValue { sample.pooled.pooledIoU }
}

enum ImageIoU: ImageRowMetric {
  static let name = "iouPerImage", title = "IoU (per image)"
  static func value(of row: SegmentationPredictions.Row) -> Double? { row.isNowhere ? nil : row.counts.iou }
  static func value(of sample: SegmentationSample) -> MetricValue { sample.mean(orElse: nowhere, value) }
  static func leavesOut(_ row: SegmentationPredictions.Row) -> Bool { row.isNowhere }
}

/// Of the pixels of all images together.
enum PixelSensitivity: PooledMetric {
  static let name = "pixelSensitivity", title = "Sensitivity (pixels)"
  static func parts(of counts: PixelConfusion) -> (above: Int, below: Int) {
    (counts.truePositives, counts.truePositives + counts.falseNegatives)
  }
  static func value(of sample: SegmentationSample) -> MetricValue { sample.share(\.sensitivity, "no pixel belongs to the structure") }
}

/// Of the pixels of all images together.
enum PixelPrecision: PooledMetric {
  static let name = "pixelPrecision", title = "Precision (pixels)"
  static func parts(of counts: PixelConfusion) -> (above: Int, below: Int) {
    (counts.truePositives, counts.truePositives + counts.falsePositives)
  }
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
