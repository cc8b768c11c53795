public import Foundations

/// How the 2021 benchmark varies training images of classification tasks (protocol section 1.4): a random resized crop, a
/// mirror image half of the time, and a rotation of up to 7 degrees.
public struct ClassificationAugmentation: Sendable, Hashable {
  /// One draw.
  public struct Variation: Sendable, Hashable {
    /// The crop, in pixels of the image as it is stored.
    public let region: Region
    public let isMirrored: Bool
    /// Counterclockwise.
    public let degrees: Double
  }

  public let crop: RandomResizedCrop
  public let flipProbability: Double
  /// In degrees, either way.
  public let maximumRotation: Double

  public init(crop: RandomResizedCrop = RandomResizedCrop(), flipProbability: Double = 0.5, maximumRotation: Double = 7) {
    self.crop = crop
    self.flipProbability = flipProbability
    self.maximumRotation = maximumRotation
  }

  /// Draws the crop, the mirroring and the angle, in this order, for an image of this size.
  public func draw(width: Int, height: Int, using generator: inout SeededGenerator) -> Variation {
    let region = crop.region(width: width, height: height, using: &generator)
    let isMirrored = generator.uniform() < flipProbability
    return Variation(region: region, isMirrored: isMirrored, degrees: (2 * generator.uniform() - 1) * maximumRotation)
  }

  /// The image varied as it was drawn, in `width` × `height` pixels.
  ///
  /// Only the crop is ever converted to numbers, and a grey image stays at one channel.
  public func apply(
    _ variation: Variation, to buffer: PixelBuffer, width: Int, height: Int, filter: ResizeFilter = .bilinearAntialiased
  ) throws -> FloatImage {
    try buffer.withView { try apply(variation, to: $0, width: width, height: height, filter: filter) }
  }

  /// As above, of lent pixels.
  public func apply(
    _ variation: Variation, to view: PixelView, width: Int, height: Int, filter: ResizeFilter = .bilinearAntialiased
  ) throws -> FloatImage {
    var image = try FloatImage(view, region: variation.region, resizedTo: (width, height), filter: filter)
    if variation.isMirrored { image = image.flippedHorizontally() }
    return try image.rotated(degrees: variation.degrees)
  }

  /// Draws, and applies what was drawn.
  public func apply(
    to buffer: PixelBuffer, width: Int, height: Int, filter: ResizeFilter = .bilinearAntialiased, using generator: inout SeededGenerator
  ) throws -> FloatImage {
    let variation = draw(width: buffer.width, height: buffer.height, using: &generator)
    return try apply(variation, to: buffer, width: width, height: height, filter: filter)
  }
}
