extension CoordinateMap {
  /// Stretches the columns and rows between the lines of a grid, each step by its own factor (albumentations'
  /// `GridDistortion`).
  ///
  /// With n factors the axis is cut into n steps of ⌊length / n⌋ pixels; step i shows that many pixels times `factors[i]` of
  /// the original, from where step i - 1 ended. The fewer than n pixels after the last step show the rest of the axis.
  public static func grid(width: Int, height: Int, columnFactors: [Double], rowFactors: [Double]) throws -> CoordinateMap {
    guard (1...max(width, 1)).contains(columnFactors.count), (1...max(height, 1)).contains(rowFactors.count) else {
      throw ImagingError.geometry(
        "A grid of \(columnFactors.count) × \(rowFactors.count) factors does not fit an image of \(width) × \(height) pixels.",
        remedy: "Give at least one factor for columns and for rows, and no more factors than pixels.")
    }
    let columns = stretched(length: width, factors: columnFactors)
    let rows = stretched(length: height, factors: rowFactors)
    return try CoordinateMap(
      width: width, height: height, x: rows.flatMap { _ in columns },
      y: rows.flatMap { [Float](repeating: $0, count: width) })
  }

  private static func stretched(length: Int, factors: [Double]) -> [Float] {
    let step = length / factors.count
    var places = [Float]()
    var start = 0.0
    /// Adds `count` places from `start` to `end`, both included.
    func advance(to end: Double, count: Int) {
      places += (0..<count).map { Float(count == 1 ? start : start + (end - start) * Double($0) / Double(count - 1)) }
      start = end
    }
    for factor in factors { advance(to: start + Double(step) * factor, count: step) }
    advance(to: Double(length), count: length - places.count)
    return places
  }

  /// A lens of radial distortion k r² + k r⁴ (albumentations' `OpticalDistortion`; Brown 1966 with k1 = k2 = k).
  ///
  /// With x = (u - (w - 1)/2) / w, y = (v - (h - 1)/2) / w and r² = x² + y², pixel (u, v) shows the place
  /// w x (1 + k r² + k r⁴) + w/2 + shiftX, w y (1 + k r² + k r⁴) + h/2 + shiftY: both axes are measured in widths.
  public static func lens(width: Int, height: Int, k: Double, shiftX: Double, shiftY: Double) throws -> CoordinateMap {
    try requireSize(width: width, height: height)
    var columns = [Float]()
    var rows = [Float]()
    columns.reserveCapacity(width * height)
    rows.reserveCapacity(width * height)
    for v in 0..<height {
      let y = (Double(v) - Double(height - 1) / 2) / Double(width)
      for u in 0..<width {
        let x = (Double(u) - Double(width - 1) / 2) / Double(width)
        let squared = x * x + y * y
        let factor = 1 + k * squared + k * squared * squared
        columns.append(Float(Double(width) * (x * factor + 0.5) + shiftX))
        rows.append(Float(Double(width) * y * factor + Double(height) / 2 + shiftY))
      }
    }
    return try CoordinateMap(width: width, height: height, x: columns, y: rows)
  }
}
