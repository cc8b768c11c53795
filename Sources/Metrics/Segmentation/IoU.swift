extension PixelConfusion {
  /// The Jaccard index TP / (TP + FP + FN), intersection over union (Jaccard 1901), in 0...1.
  ///
  /// Empty against empty is 1, as for `dice`.
  public var iou: Double {
    pooledIoU.number ?? 1
  }

  /// The same of the pixels of many images together; undefined for nothing against nothing.
  public var pooledIoU: MetricValue {
    let union = truePositives + falsePositives + falseNegatives
    return union == 0 ? Self.nothing : .value(Double(truePositives) / Double(union))
  }
}

/// Intersection over union of a set of images, in the two ways papers report it.
public struct IoU: Codable, Hashable, Sendable {
  /// From the pixel counts of all images together: large structures weigh more. Undefined for nothing against nothing.
  public let pooled: MetricValue
  /// The mean of the images' own values: every image weighs the same. Empty against empty counts as 1.
  public let perImage: MetricValue

  /// - Parameter images: the counts of each image. Both values are undefined when there is none.
  public init(images: [PixelConfusion]) {
    guard !images.isEmpty else {
      pooled = .undefined(reason: "no image")
      perImage = .undefined(reason: "no image")
      return
    }
    pooled = images.reduce(PixelConfusion(), +).pooledIoU
    perImage = .value(images.reduce(0) { $0 + $1.iou } / Double(images.count))
  }
}
