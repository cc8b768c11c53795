internal import Foundation
public import Foundations

/// The law of a random crop that is then resized (Szegedy et al. 2015, section 6; torchvision's `RandomResizedCrop`).
///
/// Area = A · U(scale), aspect ratio = exp(U(log ratio)), place uniform. A draw that does not fit is drawn again, ten times
/// at most; then the largest central crop whose aspect ratio lies within `ratio` is taken.
public struct RandomResizedCrop: Sendable, Hashable {
  /// The share of the image's area, both bounds within 0...1.
  public let scale: ClosedRange<Double>
  /// Width over height.
  public let ratio: ClosedRange<Double>

  /// torchvision's defaults, which the 2021 benchmark uses: 0.08...1 and 3/4...4/3.
  public init() {
    scale = 0.08...1
    ratio = 3.0 / 4...4.0 / 3
  }

  /// Throws `ImagingError.invalidGeometry` where a share lies outside 0...1 or a ratio is not positive and finite.
  public init(scale: ClosedRange<Double>, ratio: ClosedRange<Double> = 3.0 / 4...4.0 / 3) throws {
    guard scale.lowerBound >= 0, scale.upperBound <= 1, ratio.lowerBound > 0, ratio.upperBound < .infinity else {
      throw ImagingError.geometry(
        "A random crop cannot take \(scale) of the area at ratios of \(ratio).",
        remedy: "Give shares within 0...1 and positive ratios of width to height.")
    }
    self.scale = scale
    self.ratio = ratio
  }

  /// Draws a crop of an image of this size. Of an image without pixels the crop is all of it.
  public func region(width: Int, height: Int, using generator: inout SeededGenerator) -> Region {
    guard width > 0, height > 0 else { return Region(x: 0, y: 0, width: width, height: height) }
    let area = Double(width) * Double(height)
    for _ in 0..<10 {
      let target = area * generator.uniform(in: scale)
      let aspect = exp(generator.uniform(in: log(ratio.lowerBound)...log(ratio.upperBound)))
      let cropWidth = rounded((target * aspect).squareRoot())
      let cropHeight = rounded((target / aspect).squareRoot())
      guard cropWidth > 0, cropWidth <= width, cropHeight > 0, cropHeight <= height else { continue }
      let y = generator.integer(below: height - cropHeight + 1)
      let x = generator.integer(below: width - cropWidth + 1)
      return Region(x: x, y: y, width: cropWidth, height: cropHeight)
    }
    return fallback(width: width, height: height)
  }

  func fallback(width: Int, height: Int) -> Region {
    let aspect = Double(width) / Double(height)
    var (cropWidth, cropHeight) = (width, height)
    if aspect < ratio.lowerBound { cropHeight = min(height, rounded(Double(width) / ratio.lowerBound)) }
    if aspect > ratio.upperBound { cropWidth = min(width, rounded(Double(height) * ratio.upperBound)) }
    return Region(x: (width - cropWidth) / 2, y: (height - cropHeight) / 2, width: cropWidth, height: cropHeight)
  }

  private func rounded(_ value: Double) -> Int { Int(value.rounded(.toNearestOrEven)) }
}
