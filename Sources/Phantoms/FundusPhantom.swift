public import Datasets
import Foundation
public import Foundations

/// Little photographs of the back of the eye, drawn by formula, with the vessels as mask.
///
/// Arteries and veins fork from the optic disc around a dark macula on a shaded, mottled background inside a round field of
/// view; bright deposits and dark blots lie about that are no vessels. The same path draws the same pixels.
public struct FundusPhantom: Sendable {
  /// The image, red, green and blue of each pixel side by side, `[height, width, 3]`, 0…255.
  public let pixels: [UInt8]
  /// Where at least half a pixel, or the middle of a thinner vessel, is vessel: 0 or 255.
  public let vesselMask: [UInt8]
  public let size: Int

  /// Draws one photograph.
  ///
  /// - Parameters:
  ///   - size: Width and height in pixels, 64–128 as a rule.
  ///   - patient: Where the vessels come from; left and right photographs of one patient differ through `image`.
  ///   - image: Where the position, light and noise come from.
  public init(size: Int, patient: SeedPath, image: SeedPath) {
    var random = image.appending("fundus").generator()
    var eye = patient.appending("eye").generator()
    let scene = FundusScene(size: size, eye: &eye, random: &random)
    var (field, cover) = scene.background()
    scene.drawVessels(into: &field, cover: &cover)
    scene.finish(&field, random: &random)
    pixels = field.interleavedBytes
    vesselMask = cover.map { $0 >= 0.5 ? 255 : 0 }
    self.size = size
  }
}

private struct FundusScene {
  private struct Spot {
    var center: Point
    var radius: Float
    var isBright: Bool
  }

  let size: Int
  private let pixel: Float
  private let disc: Point
  private let discRadius: Float
  private let macula: Point
  private let fieldRadius: Float
  private let fieldCenter: Point
  private let light: Point
  private let tint: SIMD3<Float>
  private let exposure: Float
  private let contrast: Float
  private let texture: SmoothNoise
  private let fineTexture: SmoothNoise
  private let spots: [Spot]
  private let tree: VesselTree

  init(size: Int, eye: inout SeededGenerator, random: inout SeededGenerator) {
    func draw(_ range: ClosedRange<Double>) -> Float { Float(random.uniform(in: range)) }
    self.size = size
    pixel = 2 / Float(size)
    let side: Float = eye.uniform() < 0.5 ? -1 : 1
    disc = Point(side * Float(eye.uniform(in: 0.34...0.52)), Float(eye.uniform(in: -0.12...0.12)))
    discRadius = Float(eye.uniform(in: 0.12...0.16))
    macula = Point(disc.x - side * Float(eye.uniform(in: 0.52...0.62)), disc.y + Float(eye.uniform(in: 0.02...0.1)))
    tree = VesselTree(disc: disc, macula: macula, thinnest: 0.0055, random: &eye)
    fieldRadius = draw(0.9...0.97)
    fieldCenter = Point(draw(-0.03...0.03), draw(-0.03...0.03))
    light = Point(draw(-0.5...0.5), draw(-0.5...0.5))
    tint = SIMD3(draw(0.72...0.92), draw(0.34...0.48), draw(0.12...0.24))
    exposure = draw(0.8...1.1)
    contrast = draw(0.7...1.15)
    texture = SmoothNoise(cells: 7) { random.uniform() }
    fineTexture = SmoothNoise(cells: 31) { random.uniform() }
    var spots = [Spot]()
    if random.uniform() < 0.4 {
      for _ in 0..<(3 + random.integer(below: 9)) {
        let center = Point(draw(-0.65...0.65), draw(-0.65...0.65))
        spots.append(Spot(center: center, radius: draw(0.015...0.045), isBright: random.uniform() < 0.5))
      }
    }
    self.spots = spots
  }

  private func point(row: Int, column: Int) -> Point {
    Point((Float(column) + 0.5) * pixel - 1, (Float(row) + 0.5) * pixel - 1)
  }

  /// Distance to the edge of the round field of view, below 0 inside.
  private func fieldDistance(_ p: Point) -> Float {
    let offset = p - fieldCenter
    return (offset * offset).sum().squareRoot() - fieldRadius
  }

  /// The retina without vessels, and an empty plane for the part of each pixel that is vessel.
  func background() -> (field: PhantomField, cover: [Float]) {
    var field = PhantomField(size: size, channels: 3)
    let plane = size * size
    for row in 0..<size {
      for column in 0..<size {
        let p = point(row: row, column: column)
        guard fieldDistance(p) < pixel else { continue }
        let color = retina(at: p)
        for channel in 0..<3 { field.values[channel * plane + row * size + column] = color[channel] }
      }
    }
    return (field, [Float](repeating: 0, count: plane))
  }

  private func retina(at p: Point) -> SIMD3<Float> {
    let offCenter = p - 0.35 * light
    let shade = 1.08 - 0.42 * (offCenter * offCenter).sum() + 0.08 * (light * p).sum()
    let mottle = 0.07 * texture.value(at: p) + 0.05 * fineTexture.value(at: p)
    var color = tint * max(shade + mottle, 0.1)
    let fromMacula = p - macula
    color *= 1 - SIMD3(0.22, 0.34, 0.3) * bell((fromMacula * fromMacula).sum().squareRoot() / 0.24)
    let fromDisc = p - disc
    let discDistance = (fromDisc * fromDisc).sum().squareRoot()
    let nerve = 1 - smoothStep(discRadius - 0.035, discRadius + 0.03, discDistance)
    let cup = 1 - smoothStep(discRadius * 0.3, discRadius * 0.7, discDistance)
    let nerveColor = SIMD3<Float>(0.97, 0.78, 0.45) * (0.88 + 0.2 * cup)
    color += (nerveColor - color) * (nerve * 0.85)
    for spot in spots {
      let offset = p - spot.center
      let distance = (offset * offset).sum().squareRoot()
      let cover = 1 - smoothStep(spot.radius * 0.6, spot.radius + pixel, distance)
      if cover > 0 {
        let target = spot.isBright ? SIMD3<Float>(0.92, 0.8, 0.4) : color * SIMD3(0.62, 0.4, 0.5)
        color += (target - color) * (cover * 0.75)
      }
    }
    return color
  }

  /// Darkens the retina under every vessel; `cover` holds the largest part of a pixel that one vessel covers.
  func drawVessels(into field: inout PhantomField, cover: inout [Float]) {
    var veinCover = [Float](repeating: 0, count: size * size)
    var arteryCover = veinCover
    for vessel in tree.vessels {
      if vessel.isArtery {
        lay(vessel.segment, on: &arteryCover, cover: &cover)
      } else {
        lay(vessel.segment, on: &veinCover, cover: &cover)
      }
    }
    let plane = size * size
    let veinColor = SIMD3<Float>(0.34, 0.62, 0.46) * contrast, arteryColor = SIMD3<Float>(0.18, 0.48, 0.40) * contrast
    for index in 0..<plane where cover[index] > 0 || veinCover[index] > 0 || arteryCover[index] > 0 {
      if fieldDistance(point(row: index / size, column: index % size)) > 0 {
        cover[index] = 0
        continue
      }
      for channel in 0..<3 {
        let absorbed = (1 - veinCover[index] * veinColor[channel]) * (1 - arteryCover[index] * arteryColor[channel])
        field.values[channel * plane + index] *= absorbed
      }
    }
  }

  private func lay(_ segment: TaperedSegment, on plane: inout [Float], cover: inout [Float]) {
    let reach = max(segment.startRadius, segment.endRadius) + 1.5 * pixel
    func cell(_ coordinate: Float) -> Int { Int(((coordinate + 1) / pixel).rounded(.down)) }
    let firstColumn = max(cell(min(segment.start.x, segment.end.x) - reach), 0)
    let lastColumn = min(cell(max(segment.start.x, segment.end.x) + reach), size - 1)
    let firstRow = max(cell(min(segment.start.y, segment.end.y) - reach), 0)
    let lastRow = min(cell(max(segment.start.y, segment.end.y) + reach), size - 1)
    guard firstColumn <= lastColumn, firstRow <= lastRow else { return }
    for row in firstRow...lastRow {
      for column in firstColumn...lastColumn {
        let (distance, radius) = segment.measure(point(row: row, column: column))
        let index = row * size + column
        let part = lineCover(distance: distance, radius: radius)
        plane[index] = max(plane[index], part)
        // A vessel thinner than a pixel still counts as vessel where its middle runs, so that the mask stays connected.
        cover[index] = max(cover[index], distance < max(radius, 0.5 * pixel) ? 1 : 0)
      }
    }
  }

  /// The part of a pixel that a line of this radius covers at this distance: a box one pixel wide laid over the line.
  private func lineCover(distance: Float, radius: Float) -> Float {
    let half = 0.5 * pixel
    let low = max(distance - half, -radius), high = min(distance + half, radius)
    return max(high - low, 0) / pixel
  }

  /// Exposure, sensor noise and the black surround.
  func finish(_ field: inout PhantomField, random: inout SeededGenerator) {
    let plane = size * size
    let noise = Float(random.uniform(in: 0.008...0.022))
    for index in 0..<plane {
      let inside = 1 - smoothStep(-pixel, pixel, fieldDistance(point(row: index / size, column: index % size)))
      let grain = noise * Float(random.normal())
      for channel in 0..<3 {
        let value = field.values[channel * plane + index] * exposure + grain
        field.values[channel * plane + index] = mix(0.01, value + 0.5 * noise * Float(random.normal()), inside)
      }
    }
  }
}
