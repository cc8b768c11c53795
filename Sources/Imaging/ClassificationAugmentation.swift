public import Foundations

/// How the 2021 benchmark varies training images of classification tasks (protocol section 1.4): a random resized crop, a
/// mirror image half of the time, and a rotation of up to 7 degrees.
public struct ClassificationAugmentation: Sendable, Hashable {
  public let crop: RandomResizedCrop
  public let flipProbability: Double
  /// In degrees, either way.
  public let maximumRotation: Double

  public init(crop: RandomResizedCrop = RandomResizedCrop(), flipProbability: Double = 0.5, maximumRotation: Double = 7) {
    self.crop = crop
    self.flipProbability = flipProbability
    self.maximumRotation = maximumRotation
  }

  /// A varied image of `width` × `height` pixels. Draws the crop, the mirroring, the angle, in this order.
  ///
  /// Only the crop is ever converted to numbers, and a grey image stays at one channel.
  public func apply(
    to buffer: PixelBuffer, width: Int, height: Int, filter: ResizeFilter = .bilinearAntialiased, using generator: inout SeededGenerator
  ) throws -> FloatImage {
    let region = crop.region(width: buffer.width, height: buffer.height, using: &generator)
    let isFlipped = generator.uniform() < flipProbability
    let degrees = (2 * generator.uniform() - 1) * maximumRotation
    var image = try FloatImage(buffer, region: region).resized(width: width, height: height, filter: filter)
    if isFlipped { image = image.flippedHorizontally() }
    return try image.rotated(degrees: degrees)
  }
}
