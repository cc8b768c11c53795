public import Datasets
import Foundation
public import Foundations

/// Little color photographs of made-up things, which stand for natural images: one thing of a shape and with a pattern, anywhere, turned, lit and
/// colored at random, before a mottled ground and other small things.
///
/// The shape is the coarse label and shape with pattern the fine one, as ImageNet's and iNaturalist's labels are of photographs of one kind. Color, place, size
/// and light say nothing of either. The same path draws the same pixels.
public struct ObjectPhantom: Sendable {
  /// What a thing's outline is.
  public enum Shape: String, CaseIterable, Sendable {
    case disk, square, triangle, ring, cross, star, moon, bar
  }

  /// What its surface shows.
  public enum Pattern: String, CaseIterable, Sendable {
    case plain, striped, dotted, checkered
  }

  /// The image, red, green and blue of each pixel side by side, `[height, width, 3]`, 0…255.
  public let pixels: [UInt8]
  public let size: Int
  public let shape: Shape
  public let pattern: Pattern

  /// Draws one photograph.
  ///
  /// - Parameters:
  ///   - size: Width and height in pixels, 32–128 as a rule.
  ///   - image: Where all that varies comes from.
  public init(size: Int, shape: Shape, pattern: Pattern, image: SeedPath) {
    var random = image.appending("object").generator()
    let scene = ObjectScene(shape: shape, pattern: pattern, size: size, random: &random)
    var field = scene.draw()
    let noise = Float(random.uniform(in: 0.01...0.04))
    for index in field.values.indices { field.values[index] += noise * Float(random.normal()) }
    pixels = field.interleavedBytes
    self.size = size
    self.shape = shape
    self.pattern = pattern
  }

  /// The coarse labels.
  public static let shapeNames = Shape.allCases.map(\.rawValue)
  /// The fine labels, each of one shape.
  public static let kindNames = Shape.allCases.flatMap { shape in Pattern.allCases.map { "\($0.rawValue) \(shape.rawValue)" } }
}

private struct ObjectScene {
  private struct Speck {
    let center: Point
    let radius: Float
    let color: SIMD3<Float>
  }

  let shape: ObjectPhantom.Shape
  let pattern: ObjectPhantom.Pattern
  let size: Int
  private let center: Point
  private let radius: Float
  private let rotation: (cosine: Float, sine: Float)
  /// How much narrower than high it is seen.
  private let slant: Float
  private let colors: [SIMD3<Float>]
  private let light: Point
  private let spacing: Float
  private let coarseGround: SmoothNoise
  private let fineGround: SmoothNoise
  private let specks: [Speck]

  init(shape: ObjectPhantom.Shape, pattern: ObjectPhantom.Pattern, size: Int, random: inout SeededGenerator) {
    func draw(_ range: ClosedRange<Double>) -> Float { Float(random.uniform(in: range)) }
    func color() -> SIMD3<Float> { SIMD3(draw(0.05...0.95), draw(0.05...0.95), draw(0.05...0.95)) }
    self.shape = shape
    self.pattern = pattern
    self.size = size
    radius = draw(0.38...0.72)
    center = Point(draw(-0.3...0.3), draw(-0.3...0.3))
    let angle = draw(0...(2 * Double.pi))
    rotation = (cos(angle), sin(angle))
    slant = draw(0.75...1)
    // Two grounds and two of the thing, whose own are never alike.
    let first = color(), second = color(), main = color()
    let step = SIMD3<Float>(draw(0.3...0.5), draw(0.3...0.5), draw(0.3...0.5))
    let other = main.replacing(with: main - step, where: main .> 0.5).replacing(with: main + step, where: main .<= 0.5)
    colors = [first, second, main, other]
    light = Point(draw(-0.35...0.35), draw(-0.35...0.35))
    spacing = draw(0.3...0.42)
    coarseGround = SmoothNoise(cells: 3) { random.uniform() }
    fineGround = SmoothNoise(cells: 13) { random.uniform() }
    specks = (0..<random.integer(below: 5)).map { _ in
      Speck(center: Point(draw(-1...1), draw(-1...1)), radius: draw(0.05...0.12), color: color())
    }
  }

  func draw() -> PhantomField {
    var field = PhantomField(size: size, channels: 3)
    let pixel = 2 / Float(size), plane = size * size
    for row in 0..<size {
      for column in 0..<size {
        let p = Point((Float(column) + 0.5) * pixel - 1, (Float(row) + 0.5) * pixel - 1)
        let color = color(at: p, pixel: pixel)
        for channel in 0..<3 { field.values[channel * plane + row * size + column] = color[channel] }
      }
    }
    return field
  }

  private func color(at p: Point, pixel: Float) -> SIMD3<Float> {
    let mottle = 0.5 + 0.35 * coarseGround.value(at: p) + 0.25 * fineGround.value(at: p)
    var color = colors[0] + (colors[1] - colors[0]) * min(max(mottle, 0), 1)
    for speck in specks {
      let offset = p - speck.center
      let cover = 1 - smoothStep(speck.radius - pixel, speck.radius + pixel, (offset * offset).sum().squareRoot())
      color += (speck.color - color) * cover
    }
    let offset = (p - center) / radius
    let q = Point(rotation.cosine * offset.x - rotation.sine * offset.y, (rotation.sine * offset.x + rotation.cosine * offset.y)) / Point(slant, 1)
    let edge = pixel / radius
    let cover = 1 - smoothStep(-edge, edge, outline(q))
    color += (colors[2] + (colors[3] - colors[2]) * surface(q) - color) * cover
    return color * (1 + (light * p).sum())
  }

  /// Below 0 inside of the outline, whose greatest extent is about 1.
  private func outline(_ q: Point) -> Float {
    let distance = (q * q).sum().squareRoot()
    switch shape {
    case .disk: return distance - 0.85
    case .square: return max(abs(q.x), abs(q.y)) - 0.72
    case .triangle: return max(q.y - 0.5, 0.866 * abs(q.x) - 0.5 * q.y - 0.5)
    case .ring: return abs(distance - 0.65) - 0.25
    case .cross: return min(max(abs(q.x) - 0.9, abs(q.y) - 0.27), max(abs(q.y) - 0.9, abs(q.x) - 0.27))
    case .star: return distance - 0.62 - 0.3 * cos(5 * atan2(q.x, q.y))
    case .moon:
      let bite = q - Point(0.45, 0)
      return max(distance - 0.9, 0.75 - (bite * bite).sum().squareRoot())
    case .bar: return max(abs(q.x) - 0.28, abs(q.y) - 0.98)
    }
  }

  /// 0 where the surface has the first color, 1 where it has the second.
  private func surface(_ q: Point) -> Float {
    func wave(_ x: Float) -> Float { smoothStep(-0.3, 0.3, sin(2 * .pi * x / spacing)) }
    switch pattern {
    case .plain: return 0
    case .striped: return wave(q.x)
    case .dotted:
      let cell = Point((q.x / spacing).rounded(), (q.y / spacing).rounded()) * spacing - q
      return 1 - smoothStep(0.22 * spacing, 0.34 * spacing, (cell * cell).sum().squareRoot())
    case .checkered:
      let product = sin(2 * .pi * q.x / (1.6 * spacing)) * sin(2 * .pi * q.y / (1.6 * spacing))
      return smoothStep(-0.15, 0.15, product)
    }
  }
}
