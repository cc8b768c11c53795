/// The plain mean of the images' clDice (Shit et al. 2021), where a task asks for it.
enum CenterlineDice: ImageRowMetric {
  static let name = "clDice", title = "clDice"
  static func value(of row: SegmentationPredictions.Row) -> Double? { row.centerline?.clDice }
  static func value(of sample: SegmentationSample) -> MetricValue { sample.mean(value) }
  static func leavesOut(_ row: SegmentationPredictions.Row) -> Bool { row.isOfClass && row.centerline == nil }
  static func isMeasured(in predictions: SegmentationPredictions) -> Bool { predictions.rows.contains { $0.centerline != nil } }
}

extension MetricName {
  public static let clDice = MetricName(CenterlineDice.self)
}
