public import Datasets
import Foundation

/// A drawing surface of planar brightness values, nominally in 0…1: `[channels, height, width]`.
struct PhantomField: Sendable {
  let size: Int
  let channels: Int
  var values: [Float]

  init(size: Int, channels: Int, value: Float = 0) {
    self.size = size
    self.channels = channels
    values = [Float](repeating: value, count: size * size * channels)
  }

  /// Eight-bit pixels with the channels of one pixel side by side, as image files store them.
  var interleavedBytes: [UInt8] {
    let plane = size * size
    var bytes = [UInt8](repeating: 0, count: values.count)
    for channel in 0..<channels {
      for pixel in 0..<plane {
        bytes[pixel * channels + channel] = UInt8(min(max(values[channel * plane + pixel], 0), 1) * 255 + 0.5)
      }
    }
    return bytes
  }
}

/// A point of the phantoms' plane: x to the right and y downward, the image being the square −1…1.
typealias Point = SIMD2<Float>

/// Rises smoothly from 0 at `low` to 1 at `high`.
@inline(__always)
func smoothStep(_ low: Float, _ high: Float, _ x: Float) -> Float {
  let t = min(max((x - low) / (high - low), 0), 1)
  return t * t * (3 - 2 * t)
}

/// A bell of height 1 and half-width 1 with bounded support: (1 − x²)², 0 outside.
@inline(__always)
func bell(_ x: Float) -> Float {
  let t = max(1 - x * x, 0)
  return t * t
}

/// The larger of two numbers with the corner rounded over a width of `k`.
@inline(__always)
func smoothMaximum(_ a: Float, _ b: Float, _ k: Float) -> Float {
  let h = max(k - abs(a - b), 0)
  return max(a, b) + h * h / (4 * k)
}

@inline(__always)
func mix(_ a: Float, _ b: Float, _ t: Float) -> Float { a + (b - a) * t }

/// A line from `start` to `end` whose radius changes evenly from one end to the other.
struct TaperedSegment: Sendable {
  let start: Point
  let end: Point
  let startRadius: Float
  let endRadius: Float
  private let direction: Point
  private let inverseLengthSquared: Float

  init(from start: Point, to end: Point, startRadius: Float, endRadius: Float) {
    self.start = start
    self.end = end
    self.startRadius = startRadius
    self.endRadius = endRadius
    direction = end - start
    inverseLengthSquared = 1 / max((direction * direction).sum(), 1e-12)
  }

  /// Distance to the center line divided by the radius there, and that radius: below 1 is inside.
  @inline(__always)
  func measure(_ p: Point) -> (distance: Float, radius: Float) {
    let offset = p - start
    let along = min(max((offset * direction).sum() * inverseLengthSquared, 0), 1)
    let across = offset - direction * along
    return ((across * across).sum().squareRoot(), mix(startRadius, endRadius, along))
  }
}

/// Smooth noise in −1…1: random values on a coarse grid, interpolated.
struct SmoothNoise: Sendable {
  private let cells: Int
  private let values: [Float]

  init(cells: Int, drawing uniform: () -> Double) {
    self.cells = cells
    values = (0..<(cells + 1) * (cells + 1)).map { _ in Float(2 * uniform() - 1) }
  }

  func value(at p: Point) -> Float {
    let scaled = (p * 0.5 + 0.5) * Float(cells)
    let column = min(max(Int(scaled.x), 0), cells - 1), row = min(max(Int(scaled.y), 0), cells - 1)
    let tx = smoothStep(0, 1, scaled.x - Float(column)), ty = smoothStep(0, 1, scaled.y - Float(row))
    let corner = row * (cells + 1) + column
    let top = mix(values[corner], values[corner + 1], tx)
    let bottom = mix(values[corner + cells + 1], values[corner + cells + 2], tx)
    return mix(top, bottom, ty)
  }
}
