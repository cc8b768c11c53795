internal import Foundation

extension FloatImage {
  /// Turned counterclockwise about the center, each pixel the nearest of the original, 0 where there is none, the size kept
  /// (torchvision's `RandomRotation` with its defaults).
  public func rotated(degrees: Double) throws -> FloatImage { try turned(degrees: degrees) }
}

extension Mask {
  /// Turned as `FloatImage.rotated(degrees:)` turns the image.
  public func rotated(degrees: Double) throws -> Mask { try turned(degrees: degrees) }
}

extension Raster {
  /// Walks the original in steps of 2^-16 pixel, as Pillow does, so that the same pixels are chosen.
  fileprivate func turned(degrees: Double) throws -> Self {
    guard degrees.isFinite, width < 32768, height < 32768 else {
      throw ImagingError.geometry(
        "An image of \(width) × \(height) pixels cannot be rotated by \(degrees) degrees.",
        remedy: "Give a finite angle and an image of less than 32768 pixels a side.")
    }
    let angle = -degrees.truncatingRemainder(dividingBy: 360) * .pi / 180
    let (cosine, sine) = (cos(angle), sin(angle))
    let (centerX, centerY) = (Double(width) / 2, Double(height) / 2)
    func fixed(_ value: Double) -> Int { Int((value * 65536 + 0.5).rounded(.down)) }
    // Where the center of the first new pixel comes from.
    let firstX = fixed(centerX + cosine * (0.5 - centerX) + sine * (0.5 - centerY))
    let firstY = fixed(centerY - sine * (0.5 - centerX) + cosine * (0.5 - centerY))
    let (stepCosine, stepSine) = (fixed(cosine), fixed(sine))
    let stepMinusSine = fixed(-sine)
    return mapPlanes(width: width, height: height) { source, target in
      for row in 0..<height {
        var x = firstX + row * stepSine
        var y = firstY + row * stepCosine
        let to = target + row * width
        for column in 0..<width {
          let (fromX, fromY) = (x >> 16, y >> 16)
          let isInside = fromX >= 0 && fromX < width && fromY >= 0 && fromY < height
          to[column] = isInside ? source[fromY &* width &+ fromX] : 0
          x &+= stepCosine
          y &+= stepMinusSine
        }
      }
    }
  }
}
