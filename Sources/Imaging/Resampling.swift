/// How an image is brought to another size.
public enum ResizeFilter: String, Sendable, Codable, CaseIterable {
  /// The triangle filter, widened by the scale where the image shrinks: Pillow's BILINEAR, torchvision's default.
  case bilinearAntialiased
  /// The cubic filter with a = −1/2 (Keys 1981), widened likewise: Pillow's BICUBIC. It overshoots at edges, and what leaves
  /// 0...1 is cut off, after each axis as Pillow does.
  case bicubicAntialiased
  /// The two nearest pixels along each axis at any scale: OpenCV's INTER_LINEAR.
  case bilinear
  /// The pixel under the center of the new one: Pillow's NEAREST.
  case nearest
}

/// For every output position along one axis, the input positions it averages and their weights (which sum to 1).
///
/// Output x has its center at c = (x + 1/2) s with s = input / output; with the filter's scale r = max(s, 1) (1 without
/// antialiasing) the input pixel i, centered at i + 1/2, weighs k((i + 1/2 - c) / r), divided by their sum, where k is the
/// triangle max(0, 1 - |t|) or the cubic of radius 2.
struct AxisWeights {
  /// The first input position of each output position.
  private(set) var starts: [Int] = []
  /// The number of input positions of each output position.
  private(set) var counts: [Int] = []
  /// Where the weights of each output position begin in `weights`.
  private(set) var offsets: [Int] = []
  private(set) var weights: [Float] = []

  init(input: Int, output: Int, filter: ResizeFilter) {
    let scale = Double(input) / Double(output)
    let isCubic = filter == .bicubicAntialiased
    let stretch = filter == .bilinear ? 1 : max(scale, 1)
    let radius = isCubic ? 2 * stretch : stretch
    starts.reserveCapacity(output)
    for position in 0..<output {
      let center = (Double(position) + 0.5) * scale
      let first = max(0, Int((center - radius + 0.5).rounded(.down)))
      let end = max(first + 1, min(input, Int((center + radius + 0.5).rounded(.down))))
      let raw = (first..<end).map { input in
        let distance = abs(Double(input) + 0.5 - center) / stretch
        return isCubic ? Self.cubic(distance) : max(0, 1 - distance)
      }
      let sum = raw.reduce(0, +)
      starts.append(first)
      counts.append(raw.count)
      offsets.append(weights.count)
      weights += raw.map { Float($0 / sum) }
    }
  }

  /// Keys' cubic convolution with a = −1/2, at a distance that is not negative.
  private static func cubic(_ t: Double) -> Double {
    if t < 1 { return (1.5 * t - 2.5) * t * t + 1 }
    if t < 2 { return ((-0.5 * t + 2.5) * t - 4) * t + 2 }
    return 0
  }
}

extension FloatImage {
  /// Throws `ImagingError.invalidGeometry` for sizes below 1. The aspect ratio is what the caller makes it.
  public func resized(
    width newWidth: Int, height newHeight: Int, filter: ResizeFilter = .bilinearAntialiased
  ) throws -> FloatImage {
    try requireSize(width: newWidth, height: newHeight)
    if newWidth == width && newHeight == height { return self }
    guard filter != .nearest else { return resizedByNearest(width: newWidth, height: newHeight) }
    let columns = AxisWeights(input: width, output: newWidth, filter: filter)
    let rows = AxisWeights(input: height, output: newHeight, filter: filter)
    guard filter != .bicubicAntialiased else { return across(columns).clamped().down(rows).clamped() }
    let mixed = UnsafeMutablePointer<Float>.allocate(capacity: width)
    defer { mixed.deallocate() }
    return mapPlanes(width: newWidth, height: newHeight) { source, target in
      for y in 0..<newHeight {
        mixRows(source, into: mixed, rows: rows, at: y)
        mixColumns(mixed, into: target + y * newWidth, columns: columns)
      }
    }
  }

  /// Every row brought to another width.
  private func across(_ columns: AxisWeights) -> FloatImage {
    mapPlanes(width: columns.starts.count, height: height) { source, target in
      for y in 0..<height { mixColumns(source + y * width, into: target + y * columns.starts.count, columns: columns) }
    }
  }

  /// Every column brought to another height.
  private func down(_ rows: AxisWeights) -> FloatImage {
    mapPlanes(width: width, height: rows.starts.count) { source, target in
      for y in 0..<rows.starts.count { mixRows(source, into: target + y * width, rows: rows, at: y) }
    }
  }

  private func clamped() -> FloatImage {
    var result = self
    result.values.withUnsafeMutableBufferPointer { pixels in
      for i in 0..<pixels.count { pixels[i] = min(max(pixels[i], 0), 1) }
    }
    return result
  }

  /// Rows first: whole rows are added up, which the compiler turns into vector instructions.
  private func mixRows(
    _ source: UnsafePointer<Float>, into mixed: UnsafeMutablePointer<Float>, rows: AxisWeights, at y: Int
  ) {
    let count = width
    let first = source + rows.starts[y] * count
    let firstWeight = rows.weights[rows.offsets[y]]
    for x in 0..<count { mixed[x] = firstWeight * first[x] }
    for k in 1..<max(rows.counts[y], 1) {
      let weight = rows.weights[rows.offsets[y] + k]
      let row = first + k * count
      for x in 0..<count { mixed[x] += weight * row[x] }
    }
  }
}

private func mixColumns(_ row: UnsafePointer<Float>, into target: UnsafeMutablePointer<Float>, columns: AxisWeights) {
  columns.weights.withUnsafeBufferPointer { weights in
    columns.starts.withUnsafeBufferPointer { starts in
      columns.offsets.withUnsafeBufferPointer { offsets in
        columns.counts.withUnsafeBufferPointer { counts in
          for x in 0..<starts.count {
            let (start, offset) = (starts[x], offsets[x])
            var sum: Float = 0
            for k in 0..<counts[x] { sum += weights[offset &+ k] * row[start &+ k] }
            target[x] = sum
          }
        }
      }
    }
  }
}

extension Mask {
  /// The mask in another size, each new pixel the one under its center. Throws `ImagingError.invalidGeometry` for sizes below 1.
  public func resized(width newWidth: Int, height newHeight: Int) throws -> Mask {
    try requireSize(width: newWidth, height: newHeight)
    return newWidth == width && newHeight == height ? self : resizedByNearest(width: newWidth, height: newHeight)
  }
}

extension Raster {
  fileprivate func resizedByNearest(width newWidth: Int, height newHeight: Int) -> Self {
    let columns = nearestPositions(input: width, output: newWidth)
    let rows = nearestPositions(input: height, output: newHeight)
    return mapPlanes(width: newWidth, height: newHeight) { source, target in
      columns.withUnsafeBufferPointer { columns in
        for y in 0..<newHeight {
          let (from, to) = (source + rows[y] * width, target + y * newWidth)
          for x in 0..<newWidth { to[x] = from[columns[x]] }
        }
      }
    }
  }
}

/// The input position under the center of each output position. The centers are summed up step by step, as Pillow does, so
/// that ties fall on the same side.
private func nearestPositions(input: Int, output: Int) -> [Int] {
  let scale = Double(input) / Double(output)
  var center = scale * 0.5
  return (0..<output).map { _ in
    defer { center += scale }
    return min(Int(center), input - 1)
  }
}
