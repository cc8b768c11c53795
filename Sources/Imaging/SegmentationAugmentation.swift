public import Foundations

/// How the 2021 benchmark varies training images of segmentation tasks together with their masks (protocol section 1.4, with the
/// defaults of albumentations 0.4.3 where the recipe names none).
///
/// Three independent stages: brightness and contrast, or gamma; one of three warps; a random crop back to full size. The image
/// is interpolated bilinearly, the mask takes the nearest pixel, and both follow one geometry.
///
/// The published numbers are pixels of images of 224 × 224. At other sizes they keep their proportion to the image, so that a
/// deformation looks the same: see `elasticScale`.
///
/// Two things are not as the library does them. It computes in whole gray levels and cuts off what lies between, which is less
/// than one level a stage; here values stay real numbers. And its nearest neighbor of a crop that grows is OpenCV's, which takes
/// the pixel under the new one's corner and so shifts the mask against its image by up to half a pixel; here it is the pixel under the center.
public struct SegmentationAugmentation: Sendable, Hashable {
  /// Of brightness and contrast (each ±0.2) or gamma (0.80, 0.81, … 1.20).
  public var photometryProbability = 0.3
  /// Of an elastic, grid or optical distortion.
  public var warpProbability = 0.3
  /// Of a crop of 156...224 rows of 224, in proportion for other sizes.
  public var cropProbability = 0.25
  /// The smallest crop's height over the image's, within 0...1.
  public var smallestCrop = 156.0 / 224

  public init() {}

  /// A varied image and mask of unchanged size. Throws `ImagingError.invalidGeometry` where the two differ in size.
  public func apply(
    to image: FloatImage, mask: Mask, using generator: inout SeededGenerator
  ) throws -> (image: FloatImage, mask: Mask) {
    guard image.width == mask.width, image.height == mask.height else {
      throw ImagingError.geometry(
        "An image of \(image.width) × \(image.height) pixels has a mask of \(mask.width) × \(mask.height).",
        remedy: "Bring both to one size first.")
    }
    var (image, mask) = (image, mask)
    if generator.uniform() < photometryProbability { image = photometry(image, using: &generator) }
    if generator.uniform() < warpProbability {
      for map in try warp(width: image.width, height: image.height, using: &generator) {
        (image, mask) = (image.warped(by: map), mask.warped(by: map))
      }
    }
    if generator.uniform() < cropProbability {
      let region = crop(width: image.width, height: image.height, using: &generator)
      let size = (image.width, image.height)
      image = try image.cropped(to: region).resized(width: size.0, height: size.1, filter: .bilinear)
      mask = try mask.cropped(to: region).resized(width: size.0, height: size.1)
    }
    return (image, mask)
  }

  private func photometry(_ image: FloatImage, using generator: inout SeededGenerator) -> FloatImage {
    guard generator.integer(below: 2) == 0 else {
      // On 8-bit images, which the benchmark varies, the library raises to 1 / gamma.
      return image.gammaCorrected(Float(100 / Double(80 + generator.integer(below: 41))))
    }
    let contrast = 1 + generator.uniform(in: -0.2...0.2)
    return image.adjusted(brightness: Float(generator.uniform(in: -0.2...0.2)), contrast: Float(contrast))
  }

  /// What alpha, sigma and alphaAffine of the elastic deformation are multiplied by for an image of this size, 1 at 224 × 224.
  ///
  /// Lengths grow with the image. A field smoothed by s times the sigma is s times weaker, so for moves that are s times as
  /// long alpha is multiplied by s².
  static func elasticScale(width: Int, height: Int) -> (alpha: Double, sigma: Double, alphaAffine: Double) {
    let scale = Double(min(width, height)) / 224
    return (scale * scale, scale, scale)
  }

  /// The maps to be seen through, one after the other.
  private func warp(width: Int, height: Int, using generator: inout SeededGenerator) throws -> [CoordinateMap] {
    switch generator.integer(below: 3) {
    case 0:
      let scale = Self.elasticScale(width: width, height: height)
      return try CoordinateMap.elastic(
        width: width, height: height, alpha: 120 * scale.alpha, sigma: 6 * scale.sigma, alphaAffine: 3.6 * scale.alphaAffine,
        using: &generator)
    case 1:
      let columns = (0..<5).map { _ in 1 + generator.uniform(in: -0.3...0.3) }
      let rows = (0..<5).map { _ in 1 + generator.uniform(in: -0.3...0.3) }
      return [try .grid(width: width, height: height, columnFactors: columns, rowFactors: rows)]
    default:
      // The library rounds the drawn shift of ±0.5 to whole pixels, so it is 0.
      return [try .lens(width: width, height: height, k: generator.uniform(in: -2...2), shiftX: 0, shiftY: 0)]
    }
  }

  /// A crop of the image's own proportions, its height and place uniform.
  private func crop(width: Int, height: Int, using generator: inout SeededGenerator) -> Region {
    let share = smallestCrop > 0 ? min(smallestCrop, 1) : 0
    let smallest = max(1, Int((share * Double(height)).rounded()))
    let cropHeight = smallest + generator.integer(below: height - smallest + 1)
    let cropWidth = max(1, Int(Double(cropHeight) * Double(width) / Double(height)))
    let y = Int(Double(height - cropHeight) * generator.uniform())
    let x = Int(Double(width - cropWidth) * generator.uniform())
    return Region(x: x, y: y, width: cropWidth, height: cropHeight)
  }
}
