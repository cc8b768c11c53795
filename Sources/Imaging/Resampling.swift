/// How an image is brought to another size.
public enum ResizeFilter: String, Sendable, Codable, CaseIterable {
  /// The triangle filter, widened by the scale where the image shrinks: Pillow's BILINEAR, torchvision's default.
  case bilinearAntialiased
  /// The two nearest pixels along each axis at any scale: OpenCV's INTER_LINEAR.
  case bilinear
  /// The pixel under the center of the new one: Pillow's NEAREST.
  case nearest
}

/// For every output position along one axis, the input positions it averages and their weights (which sum to 1).
///
/// Output x has its center at c = (x + 1/2) s with s = input / output; with the filter radius r = max(s, 1) (1 without
/// antialiasing) the input pixel i, centered at i + 1/2, weighs max(0, 1 - |i + 1/2 - c| / r), divided by their sum.
struct AxisWeights {
  /// The first input position of each output position.
  private(set) var starts: [Int] = []
  /// The number of input positions of each output position.
  private(set) var counts: [Int] = []
  /// Where the weights of each output position begin in `weights`.
  private(set) var offsets: [Int] = []
  private(set) var weights: [Float] = []

  init(input: Int, output: Int, antialiased: Bool) {
    let scale = Double(input) / Double(output)
    let radius = antialiased ? max(scale, 1) : 1
    starts.reserveCapacity(output)
    for position in 0..<output {
      let center = (Double(position) + 0.5) * scale
      let first = max(0, Int((center - radius + 0.5).rounded(.down)))
      let end = max(first + 1, min(input, Int((center + radius + 0.5).rounded(.down))))
      let raw = (first..<end).map { max(0, 1 - abs(Double($0) + 0.5 - center) / radius) }
      let sum = raw.reduce(0, +)
      starts.append(first)
      counts.append(raw.count)
      offsets.append(weights.count)
      weights += raw.map { Float($0 / sum) }
    }
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
    let antialiased = filter == .bilinearAntialiased
    let columns = AxisWeights(input: width, output: newWidth, antialiased: antialiased)
    let rows = AxisWeights(input: height, output: newHeight, antialiased: antialiased)
    let mixed = UnsafeMutablePointer<Float>.allocate(capacity: width)
    defer { mixed.deallocate() }
    return mapPlanes(width: newWidth, height: newHeight) { source, target in
      for y in 0..<newHeight {
        mixRows(source, into: mixed, rows: rows, at: y)
        mixColumns(mixed, into: target + y * newWidth, columns: columns)
      }
    }
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
