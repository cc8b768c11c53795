/// For every pixel of a warped image, the place in the original that it shows: `[height, width]` of (x, y).
///
/// Whole numbers are pixel centers, so the map (x, y) → (x, y) changes nothing. Places outside mean the image mirrored at
/// its border pixels (OpenCV's BORDER_REFLECT_101).
public struct CoordinateMap: Sendable, Equatable {
  public let width: Int
  public let height: Int
  /// Columns of the original, in pixels.
  public let x: [Float]
  /// Rows of the original, in pixels.
  public let y: [Float]

  /// Throws `ImagingError.invalidGeometry` where the counts do not fit the size, or a place is not finite or absurdly far off.
  public init(width: Int, height: Int, x: [Float], y: [Float]) throws {
    guard isFilled([height, width], by: x.count), y.count == x.count else {
      throw ImagingError.wrongSampleCount(min(x.count, y.count), shape: [height, width])
    }
    // Not a number compares false, so it fails here too.
    guard x.allSatisfy({ abs($0) < 1e6 }), y.allSatisfy({ abs($0) < 1e6 }) else {
      throw ImagingError.geometry(
        "A coordinate map points a million pixels away or nowhere.", remedy: "Give finite places near the image.")
    }
    self.width = width
    self.height = height
    self.x = x
    self.y = y
  }
}

extension FloatImage {
  /// The image seen through the map, bilinear between the four nearest pixels.
  public func warped(by map: CoordinateMap) -> FloatImage {
    mapPlanes(width: map.width, height: map.height) { source, target in
      map.forEachPlace { index, x, y in
        let (left, top) = (x.rounded(.down), y.rounded(.down))
        let (right, bottom) = (x - left, y - top)
        let (x0, x1) = (reflected(Int(left), width), reflected(Int(left) + 1, width))
        let (row0, row1) = (reflected(Int(top), height) * width, reflected(Int(top) + 1, height) * width)
        let upper = source[row0 + x0] * (1 - right) + source[row0 + x1] * right
        let lower = source[row1 + x0] * (1 - right) + source[row1 + x1] * right
        target[index] = upper * (1 - bottom) + lower * bottom
      }
    }
  }
}

extension Mask {
  /// The mask seen through the map, each pixel the nearest one, so that it stays binary and lies as the warped image does.
  public func warped(by map: CoordinateMap) -> Mask {
    mapPlanes(width: map.width, height: map.height) { source, target in
      map.forEachPlace { index, x, y in
        let column = reflected(Int(x.rounded(.toNearestOrEven)), width)
        target[index] = source[reflected(Int(y.rounded(.toNearestOrEven)), height) * width + column]
      }
    }
  }
}

extension CoordinateMap {
  @inline(__always)
  fileprivate func forEachPlace(_ body: (_ index: Int, _ x: Float, _ y: Float) -> Void) {
    x.withUnsafeBufferPointer { x in
      y.withUnsafeBufferPointer { y in
        for index in 0..<x.count { body(index, x[index], y[index]) }
      }
    }
  }
}

/// The index within 0..<count that lies where `index` does once the line is mirrored at its end pixels, again and again.
@inline(__always)
func reflected(_ index: Int, _ count: Int) -> Int {
  if index >= 0 && index < count { return index }
  guard count > 1 else { return 0 }
  let period = 2 * (count - 1)
  let place = index % period
  let positive = place < 0 ? place + period : place
  return positive < count ? positive : period - positive
}
