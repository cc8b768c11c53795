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

  /// v^gamma for v in 0...1; above 1 darkens. Values below 0 become 0.
  ///
  /// albumentations' `RandomGamma` takes the same power of images of real numbers; of 8-bit images versions up to 0.4 take v^(1 / gamma).
  public func gammaCorrected(_ gamma: Float) -> FloatImage {
    var result = self
    result.values.withUnsafeMutableBufferPointer { pixels in
      for i in 0..<pixels.count { pixels[i] = powf(max(pixels[i], 0), gamma) }
    }
    return result
  }
}
