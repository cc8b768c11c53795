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
///
/// All outputs have the same number of inputs, as loops without surprises are fast: where fewer weigh in, the weights before or
/// behind are 0, and adding 0 changes no bit of a sum.
struct AxisWeights {
  /// The number of input positions of each output position.
  let taps: Int
  /// The first input position of each output position, in rising order.
  private(set) var starts: [Int] = []
  /// `[outputs, taps]`.
  private(set) var weights: [Float] = []

  init(input: Int, output: Int, filter: ResizeFilter) {
    let scale = Double(input) / Double(output)
    let isCubic = filter == .bicubicAntialiased
    let stretch = filter == .bilinear ? 1 : max(scale, 1)
    let radius = isCubic ? 2 * stretch : stretch
    func range(_ center: Double) -> Range<Int> {
      let first = max(0, Int((center - radius + 0.5).rounded(.down)))
      return first..<max(first + 1, min(input, Int((center + radius + 0.5).rounded(.down))))
    }
    let centers = (0..<output).map { (Double($0) + 0.5) * scale }
    let taps = centers.reduce(1) { max($0, range($1).count) }
    self.taps = taps
    starts.reserveCapacity(output)
    weights = [Float](repeating: 0, count: output * taps)
    var raw = [Double](repeating: 0, count: taps)
    for (position, center) in centers.enumerated() {
      let range = range(center)
      let start = min(range.lowerBound, input - taps)
      starts.append(start)
      var sum = 0.0
      for (index, input) in range.enumerated() {
        let distance = abs(Double(input) + 0.5 - center) / stretch
        raw[index] = isCubic ? Self.cubic(distance) : max(0, 1 - distance)
        sum += raw[index]
      }
      let offset = position * taps + range.lowerBound - start
      for index in 0..<range.count { weights[offset + index] = Float(raw[index] / sum) }
    }
  }

  /// Every output is the input at its place.
  init(keeping count: Int) {
    taps = 1
    starts = Array(0..<count)
    weights = [Float](repeating: 1, count: count)
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
    guard filter != .bicubicAntialiased else { return try across(columns).clamped().down(rows).clamped() }
    return try mapPlanes(width: newWidth, height: newHeight) { source, target in
      try ResamplingSource(plane: source, width: width, height: height).resample(rows: rows, columns: columns, into: target)
    }
  }

  /// Every row brought to another width.
  private func across(_ columns: AxisWeights) throws -> FloatImage {
    try mapPlanes(width: columns.starts.count, height: height) { source, target in
      try ResamplingSource(plane: source, width: width, height: height)
        .resample(rows: AxisWeights(keeping: height), columns: columns, into: target)
    }
  }

  /// Every column brought to another height.
  private func down(_ rows: AxisWeights) throws -> FloatImage {
    try mapPlanes(width: width, height: rows.starts.count) { source, target in
      try ResamplingSource(plane: source, width: width, height: height)
        .resample(rows: rows, columns: AxisWeights(keeping: width), into: target)
    }
  }

  private func clamped() -> FloatImage {
    var result = self
    result.values.withUnsafeMutableBufferPointer { pixels in
      for i in 0..<pixels.count { pixels[i] = min(max(pixels[i], 0), 1) }
    }
    return result
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
