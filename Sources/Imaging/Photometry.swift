internal import Foundation

extension FloatImage {
  /// clip(contrast · v + brightness) to 0...1; 1 and 0 change nothing (albumentations' `RandomBrightnessContrast`).
  public func adjusted(brightness: Float, contrast: Float) -> FloatImage {
    var result = self
    result.values.withUnsafeMutableBufferPointer { pixels in
      for i in 0..<pixels.count { pixels[i] = min(max(contrast * pixels[i] + brightness, 0), 1) }
    }
    return result
  }

  /// v^gamma for v in 0...1; above 1 darkens (albumentations' `RandomGamma`). Values below 0 become 0.
  public func gammaCorrected(_ gamma: Float) -> FloatImage {
    var result = self
    result.values.withUnsafeMutableBufferPointer { pixels in
      for i in 0..<pixels.count { pixels[i] = powf(max(pixels[i], 0), gamma) }
    }
    return result
  }
}
