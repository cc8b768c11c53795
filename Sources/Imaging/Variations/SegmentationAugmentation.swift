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

  /// One draw; a stage that is nil does not happen.
  public struct Variation: Sendable, Equatable {
    public enum Photometry: Sendable, Equatable {
      /// contrast · v + brightness.
      case brightness(Double, contrast: Double)
      /// v^exponent.
      case gamma(exponent: Double)
    }

    public enum Warp: Sendable, Equatable {
      /// The maps hold the drawn noise; the numbers are the scaled ones.
      case elastic(alpha: Double, sigma: Double, alphaAffine: Double, maps: [CoordinateMap])
      case grid(columnFactors: [Double], rowFactors: [Double])
      case optical(k: Double)
    }

    public let photometry: Photometry?
    public let warp: Warp?
    /// Of the resized image, brought back to full size.
    public let crop: Region?
  }

  public init() {}

  /// Draws the stages in their order, for an image of this size.
  public func draw(width: Int, height: Int, using generator: inout SeededGenerator) throws -> Variation {
    let photometry = generator.uniform() < photometryProbability ? photometry(using: &generator) : nil
    let warp = generator.uniform() < warpProbability ? try warp(width: width, height: height, using: &generator) : nil
    let crop = generator.uniform() < cropProbability ? crop(width: width, height: height, using: &generator) : nil
    return Variation(photometry: photometry, warp: warp, crop: crop)
  }

  /// The image and its mask varied as it was drawn, of unchanged size. Throws `ImagingError.invalidGeometry` where the two differ in size.
  public func apply(_ variation: Variation, to image: FloatImage, mask: Mask) throws -> (image: FloatImage, mask: Mask) {
    guard image.width == mask.width, image.height == mask.height else {
      throw ImagingError.geometry(
        "An image of \(image.width) × \(image.height) pixels has a mask of \(mask.width) × \(mask.height).",
        remedy: "Bring both to one size first.")
    }
    let size = (width: image.width, height: image.height)
    var (image, mask) = (image, mask)
    switch variation.photometry {
    case .brightness(let brightness, let contrast): image = image.adjusted(brightness: Float(brightness), contrast: Float(contrast))
    case .gamma(let exponent): image = image.gammaCorrected(Float(exponent))
    case nil: break
    }
    for map in try variation.warp?.maps(width: size.width, height: size.height) ?? [] {
      (image, mask) = (image.warped(by: map), mask.warped(by: map))
    }
    if let region = variation.crop {
      image = try image.cropped(to: region).resized(width: size.width, height: size.height, filter: .bilinear)
      mask = try mask.cropped(to: region).resized(width: size.width, height: size.height)
    }
    return (image, mask)
  }

  /// Draws, and applies what was drawn.
  public func apply(
    to image: FloatImage, mask: Mask, using generator: inout SeededGenerator
  ) throws -> (image: FloatImage, mask: Mask) {
    try apply(draw(width: image.width, height: image.height, using: &generator), to: image, mask: mask)
  }

  private func photometry(using generator: inout SeededGenerator) -> Variation.Photometry {
    // On 8-bit images, which the benchmark varies, the library raises to 1 / gamma.
    guard generator.integer(below: 2) == 0 else { return .gamma(exponent: 100 / Double(80 + generator.integer(below: 41))) }
    let contrast = 1 + generator.uniform(in: -0.2...0.2)
    return .brightness(generator.uniform(in: -0.2...0.2), contrast: contrast)
  }

  /// What alpha, sigma and alphaAffine of the elastic deformation are multiplied by for an image of this size, 1 at 224 × 224.
  ///
  /// Lengths grow with the image. A field smoothed by s times the sigma is s times weaker, so for moves that are s times as
  /// long alpha is multiplied by s².
  static func elasticScale(width: Int, height: Int) -> (alpha: Double, sigma: Double, alphaAffine: Double) {
    let scale = Double(min(width, height)) / 224
    return (scale * scale, scale, scale)
  }

  private func warp(width: Int, height: Int, using generator: inout SeededGenerator) throws -> Variation.Warp {
    switch generator.integer(below: 3) {
    case 0:
      let scale = Self.elasticScale(width: width, height: height)
      let (alpha, sigma, alphaAffine) = (120 * scale.alpha, 6 * scale.sigma, 3.6 * scale.alphaAffine)
      let maps = try CoordinateMap.elastic(
        width: width, height: height, alpha: alpha, sigma: sigma, alphaAffine: alphaAffine, using: &generator)
      return .elastic(alpha: alpha, sigma: sigma, alphaAffine: alphaAffine, maps: maps)
    case 1:
      let columns = (0..<5).map { _ in 1 + generator.uniform(in: -0.3...0.3) }
      return .grid(columnFactors: columns, rowFactors: (0..<5).map { _ in 1 + generator.uniform(in: -0.3...0.3) })
    // The library also draws a shift of ±0.5 and rounds it to whole pixels, so it is 0.
    default: return .optical(k: generator.uniform(in: -2...2))
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

extension SegmentationAugmentation.Variation.Warp {
  /// The maps to be seen through, one after the other.
  func maps(width: Int, height: Int) throws -> [CoordinateMap] {
    switch self {
    case .elastic(_, _, _, let maps): maps
    case .grid(let columns, let rows): [try .grid(width: width, height: height, columnFactors: columns, rowFactors: rows)]
    case .optical(let k): [try .lens(width: width, height: height, k: k, shiftX: 0, shiftY: 0)]
    }
  }
}
