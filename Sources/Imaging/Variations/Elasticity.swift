internal import Foundation
public import Foundations

extension CoordinateMap {
  /// A random elastic deformation (Simard et al. 2003; albumentations' `ElasticTransform`), as the two maps an image is seen
  /// through, the affine one first.
  ///
  /// The affine map is the one that three points around the center, a third of the shorter side away, follow when each of their
  /// coordinates moves by U(-alphaAffine, alphaAffine) pixels. Then every pixel moves by alpha · (G_sigma ∗ U(-1, 1)) pixels
  /// along each axis, G a Gaussian cut at 4 sigma over a field mirrored at its borders. They are not composed into one: the
  /// definition interpolates twice, and once more means smoother images.
  /// Draws from `generator`: 6 numbers for the affine map, then the field along x, then along y, row by row.
  public static func elastic(
    width: Int, height: Int, alpha: Double, sigma: Double, alphaAffine: Double, using generator: inout SeededGenerator
  ) throws -> [CoordinateMap] {
    try requireSize(width: width, height: height)
    guard sigma > 0, sigma.isFinite, sigma < 1e4, alpha.isFinite, alphaAffine >= 0, alphaAffine.isFinite else {
      throw ImagingError.geometry(
        "An elastic deformation cannot have alpha \(alpha), sigma \(sigma) and alphaAffine \(alphaAffine).",
        remedy: "Give finite numbers, sigma above 0 and alphaAffine at least 0.")
    }
    let affine = try AffineMap.jittered(width: width, height: height, by: alphaAffine, using: &generator)
    let kernel = gaussianKernel(sigma: sigma)
    let moveX = smoothNoise(width: width, height: height, kernel: kernel, using: &generator)
    let moveY = smoothNoise(width: width, height: height, kernel: kernel, using: &generator)
    var seen = (x: [Float](repeating: 0, count: width * height), y: [Float](repeating: 0, count: width * height))
    var moved = seen
    for index in 0..<width * height {
      let (x, y) = (Double(index % width), Double(index / width))
      (seen.x[index], seen.y[index]) = affine(x, y)
      moved.x[index] = Float(x + alpha * Double(moveX[index]))
      moved.y[index] = Float(y + alpha * Double(moveY[index]))
    }
    return [
      try CoordinateMap(width: width, height: height, x: seen.x, y: seen.y),
      try CoordinateMap(width: width, height: height, x: moved.x, y: moved.y),
    ]
  }
}

/// (x, y) → (a x + b y + c, d x + e y + f).
private struct AffineMap {
  let a, b, c, d, e, f: Double

  func callAsFunction(_ x: Double, _ y: Double) -> (Float, Float) { (Float(a * x + b * y + c), Float(d * x + e * y + f)) }

  /// The map that takes the three moved points back to where they were.
  static func jittered(
    width: Int, height: Int, by amount: Double, using generator: inout SeededGenerator
  ) throws -> AffineMap {
    let (centerX, centerY) = (Double(width / 2), Double(height / 2))
    let side = Double(min(width, height) / 3)
    let points = [(centerX + side, centerY + side), (centerX + side, centerY - side), (centerX - side, centerY - side)]
    let moved = points.map { point in
      let x = point.0 + generator.uniform(in: -amount...amount)
      return (x, point.1 + generator.uniform(in: -amount...amount))
    }
    let (ux, uy) = (moved[1].0 - moved[0].0, moved[1].1 - moved[0].1)
    let (vx, vy) = (moved[2].0 - moved[0].0, moved[2].1 - moved[0].1)
    let determinant = ux * vy - uy * vx
    guard abs(determinant) > 1e-6 else {
      throw ImagingError.geometry(
        "An image of \(width) × \(height) pixels is too small for an elastic deformation that moves points by \(amount) pixels.",
        remedy: "Give a larger image or a smaller alphaAffine.")
    }
    /// The linear function with these values at the three moved points.
    func plane(_ p0: Double, _ p1: Double, _ p2: Double) -> (Double, Double, Double) {
      let slopeX = ((p1 - p0) * vy - (p2 - p0) * uy) / determinant
      let slopeY = ((p2 - p0) * ux - (p1 - p0) * vx) / determinant
      return (slopeX, slopeY, p0 - slopeX * moved[0].0 - slopeY * moved[0].1)
    }
    let (a, b, c) = plane(points[0].0, points[1].0, points[2].0)
    let (d, e, f) = plane(points[0].1, points[1].1, points[2].1)
    return AffineMap(a: a, b: b, c: c, d: d, e: e, f: f)
  }
}

/// exp(-i² / 2 sigma²) for |i| ≤ ⌊4 sigma + 1/2⌋, divided by its sum.
private func gaussianKernel(sigma: Double) -> [Float] {
  let radius = Int(4 * sigma + 0.5)
  let raw = (-radius...radius).map { exp(-Double($0 * $0) / (2 * sigma * sigma)) }
  let sum = raw.reduce(0, +)
  return raw.map { Float($0 / sum) }
}

/// A field of U(-1, 1) numbers, smoothed along both axes.
private func smoothNoise(
  width: Int, height: Int, kernel: [Float], using generator: inout SeededGenerator
) -> [Float] {
  var noise = [Float](repeating: 0, count: width * height)
  for index in noise.indices { noise[index] = Float(2 * generator.uniform() - 1) }
  let alongRows = smoothedAlongRows(noise, width: width, height: height, kernel: kernel)
  return smoothedAlongColumns(alongRows, width: width, height: height, kernel: kernel)
}

/// The index at `index` once the line is mirrored at its outer edges: … 1 0 0 1 … (SciPy's "reflect").
private func mirrored(_ index: Int, _ count: Int) -> Int {
  let period = 2 * count
  let place = index % period
  let positive = place < 0 ? place + period : place
  return positive < count ? positive : period - 1 - positive
}

private func smoothedAlongRows(_ field: [Float], width: Int, height: Int, kernel: [Float]) -> [Float] {
  let radius = kernel.count / 2
  var padded = [Float](repeating: 0, count: width + 2 * radius)
  var result = [Float](repeating: 0, count: field.count)
  result.withUnsafeMutableBufferPointer { result in
    padded.withUnsafeMutableBufferPointer { padded in
      for y in 0..<height {
        let start = y * width
        for x in 0..<padded.count { padded[x] = field[start + mirrored(x - radius, width)] }
        for (k, weight) in kernel.enumerated() {
          for x in 0..<width { result[start &+ x] += weight * padded[k &+ x] }
        }
      }
    }
  }
  return result
}

private func smoothedAlongColumns(_ field: [Float], width: Int, height: Int, kernel: [Float]) -> [Float] {
  let radius = kernel.count / 2
  var result = [Float](repeating: 0, count: field.count)
  result.withUnsafeMutableBufferPointer { result in
    field.withUnsafeBufferPointer { field in
      for y in 0..<height {
        for (k, weight) in kernel.enumerated() {
          let source = mirrored(y + k - radius, height) * width
          for x in 0..<width { result[y &* width &+ x] += weight * field[source &+ x] }
        }
      }
    }
  }
  return result
}
