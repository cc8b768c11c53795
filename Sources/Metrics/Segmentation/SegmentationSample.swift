/// The masks of all images, or a resample of them: what metrics of segmentations are computed from, each part of it once.
final class SegmentationSample {
  let rows: [SegmentationPredictions.Row]
  /// Of the rows' normalized surface distances.
  let tolerance: Double
  /// How often each row counts; nil for once.
  let weights: [Int]?

  init(_ predictions: SegmentationPredictions, weights: [Int]?) {
    rows = predictions.rows
    tolerance = predictions.tolerance
    self.weights = weights
  }

  var isEmpty: Bool { rows.isEmpty || weights?.allSatisfy { $0 == 0 } ?? false }

  /// The pixels of all images together.
  private(set) lazy var pooled: PixelConfusion = rows.enumerated().reduce(into: PixelConfusion()) { sum, entry in
    let weight = weights?[entry.offset] ?? 1, counts = entry.element.counts
    sum.truePositives += weight * counts.truePositives
    sum.falsePositives += weight * counts.falsePositives
    sum.falseNegatives += weight * counts.falseNegatives
    sum.trueNegatives += weight * counts.trueNegatives
  }

  /// A share of pixels, with a reason that speaks of pixels.
  func share(_ value: (PixelConfusion) -> MetricValue, _ reason: String) -> MetricValue {
    value(pooled).number.map { .value($0) } ?? .undefined(reason: reason)
  }

  /// Of what is measured between outlines, over the images that have a value.
  func outlineMean(_ value: (OutlineAgreement) -> Double?) -> MetricValue {
    guard rows.contains(where: { $0.outline != nil }) else {
      return .undefined(reason: "the predictions hold no distances of outlines, as those of older runs do not")
    }
    return mean(orElse: "in every image one of the two masks is empty, or both are") { $0.outline.flatMap(value) }
  }

  /// Over the images that have a value.
  ///
  /// - Parameter reason: where no image has one.
  func mean(orElse reason: String = "no image has a value", _ value: (SegmentationPredictions.Row) -> Double?) -> MetricValue {
    var sum = 0.0, total = 0
    for (index, row) in rows.enumerated() {
      let weight = weights?[index] ?? 1
      guard weight > 0, let number = value(row) else { continue }
      sum += Double(weight) * number
      total += weight
    }
    return total == 0 ? .undefined(reason: reason) : .value(sum / Double(total))
  }
}

extension SegmentationPredictions {
  /// The images that are no part of a metric, since it has no value there though it was measured.
  public func leftOutCount(of name: MetricName) -> Int {
    guard let metric = name.metric as? any SegmentationMetric.Type else { return 0 }
    return rows.count { metric.leavesOut($0) }
  }
}
