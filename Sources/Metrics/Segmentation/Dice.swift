/// The Dice coefficient of a set of images, in the two ways papers report it.
public struct Dice: Codable, Hashable, Sendable {
  /// From the pixel counts of all images together: large structures weigh more. Undefined for nothing against nothing.
  public let pooled: MetricValue
  /// The mean of the images' own coefficients: every image weighs the same. Empty against empty counts as 1.
  public let perImage: MetricValue
  public let imageCount: Int
  /// Images in which there was nothing to find and nothing was found, which count as 1 in `perImage`.
  public let emptyCount: Int

  /// - Parameter images: the counts of each image. Both values are undefined when there is none.
  public init(images: [PixelConfusion]) {
    imageCount = images.count
    emptyCount = images.count { $0.truePositives + $0.falsePositives + $0.falseNegatives == 0 }
    guard !images.isEmpty else {
      pooled = .undefined(reason: "no image")
      perImage = .undefined(reason: "no image")
      return
    }
    pooled = images.reduce(PixelConfusion(), +).pooledDice
    perImage = .value(images.reduce(0) { $0 + $1.dice } / Double(images.count))
  }
}
