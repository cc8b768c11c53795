/// One value a pixel in physical units, such as Hounsfield units: `[height, width]`.
public struct ScalarImage: Sendable, Equatable {
  /// In pixels.
  public let width: Int
  /// In pixels.
  public let height: Int
  /// Row by row from the top.
  public let values: [Float]

  /// Throws `ImagingError.invalidGeometry` where the numbers do not fit together.
  public init(width: Int, height: Int, values: [Float]) throws {
    guard isFilled([height, width], by: values.count) else {
      throw ImagingError.wrongSampleCount(values.count, shape: [height, width])
    }
    self.width = width
    self.height = height
    self.values = values
  }

  /// The image with the window's ends as 0 and 1.
  public func windowed(_ window: IntensityWindow) -> FloatImage {
    FloatImage(width: width, height: height, channels: 1, trusted: values.map { Float(window.brightness(Double($0))) })
  }

  /// The image with its least finite value as 0 and its greatest as 1; 0 where all are equal, or a value is not finite.
  public func stretched() -> FloatImage {
    let range = StoredSamples.float32(values).range() ?? 0...0
    let brightness = stretch(over: range)
    return FloatImage(width: width, height: height, channels: 1, trusted: values.map { brightness(Double($0)) })
  }
}

/// The function that takes a range to 0...1.
func stretch(over range: ClosedRange<Double>) -> (Double) -> Float {
  let extent = range.upperBound - range.lowerBound
  guard extent > 0, extent.isFinite else { return { _ in 0 } }
  return { value in value.isFinite ? Float(min(max((value - range.lowerBound) / extent, 0), 1)) : 0 }
}
