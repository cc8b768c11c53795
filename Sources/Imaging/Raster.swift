/// What images and masks share, so that one geometry serves both: planes of values, `[channels, height, width]`.
///
/// Internal on purpose: the public types offer the operations as methods of their own, so that the compiler makes fast
/// code for each of them here.
protocol Raster {
  associatedtype Value: Numeric
  var width: Int { get }
  var height: Int { get }
  var channels: Int { get }
  var values: [Value] { get }
  init(width: Int, height: Int, channels: Int, trusted values: [Value])
}

extension FloatImage: Raster {}

extension Mask: Raster {
  var channels: Int { 1 }

  init(width: Int, height: Int, channels: Int, trusted values: [UInt8]) {
    self.init(width: width, height: height, trusted: values)
  }
}

extension Raster {
  /// A raster of another size, each of whose planes `fill` writes from the plane of this one.
  func mapPlanes(
    width newWidth: Int, height newHeight: Int,
    _ fill: (_ source: UnsafePointer<Value>, _ target: UnsafeMutablePointer<Value>) throws -> Void
  ) rethrows -> Self {
    let plane = width * height
    let newPlane = newWidth * newHeight
    let result = try [Value](unsafeUninitializedCapacity: newPlane * channels) { target, filled in
      try values.withUnsafeBufferPointer { source in
        guard let from = source.baseAddress, let to = target.baseAddress else { return }
        for channel in 0..<channels { try fill(from + channel * plane, to + channel * newPlane) }
      }
      filled = newPlane * channels
    }
    return Self(width: newWidth, height: newHeight, channels: channels, trusted: result)
  }

  func copied(_ region: Region) -> Self {
    mapPlanes(width: region.width, height: region.height) { source, target in
      for y in 0..<region.height {
        (target + y * region.width).update(from: source + (region.y + y) * width + region.x, count: region.width)
      }
    }
  }

  /// As `copied`, with 0 where the region reaches past the raster.
  func copiedWithPadding(_ region: Region) -> Self {
    mapPlanes(width: region.width, height: region.height) { source, target in
      target.initialize(repeating: 0, count: region.width * region.height)
      let columns = max(region.x, 0)..<max(min(region.x + region.width, width), max(region.x, 0))
      for y in max(region.y, 0)..<max(min(region.y + region.height, height), max(region.y, 0)) {
        let row = target + (y - region.y) * region.width + (columns.lowerBound - region.x)
        row.update(from: source + y * width + columns.lowerBound, count: columns.count)
      }
    }
  }

  func mirroredLeftRight() -> Self {
    mapPlanes(width: width, height: height) { source, target in
      for y in 0..<height {
        let (from, to) = (source + y * width, target + y * width)
        for x in 0..<width { to[x] = from[width &- 1 &- x] }
      }
    }
  }

  func mirroredTopBottom() -> Self {
    mapPlanes(width: width, height: height) { source, target in
      for y in 0..<height { (target + y * width).update(from: source + (height - 1 - y) * width, count: width) }
    }
  }
}

/// Throws unless an image of this size can be made: at least one pixel, and no more than may be read.
func requireSize(width: Int, height: Int) throws {
  let (count, overflows) = width.multipliedReportingOverflow(by: height)
  guard width > 0, height > 0, !overflows, count <= ImageFile.pixelLimit else {
    throw ImagingError.geometry(
      "An image of \(width) × \(height) pixels cannot be made.",
      remedy: "Give a width and a height of at least 1, and no more than \(ImageFile.pixelLimit) pixels in all.")
  }
}

/// Whether `count` values fill a block of this shape exactly.
func isFilled(_ shape: [Int], by count: Int) -> Bool {
  var rest = count
  // Division cannot overflow, whatever sizes a caller names.
  for size in shape {
    guard size > 0, rest % size == 0 else { return false }
    rest /= size
  }
  return rest == 1
}
