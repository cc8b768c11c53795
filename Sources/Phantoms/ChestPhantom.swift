public import Datasets
import Foundation
public import Foundations

/// Little radiographs drawn by formula: lungs with vessels, ribs, collar bones, heart, diaphragm, and findings to learn.
///
/// Not a simulation of physics: attenuation is summed along made-up shapes and put through an exposure curve. Exposure,
/// position, noise and anatomy vary, and no finding can be told from one pixel, so a network has something to learn and
/// nothing to cheat with. The same path draws the same pixels.
public struct ChestPhantom: Sendable {
  /// The image, one channel, `[height, width]`, 0…255.
  public let pixels: [UInt8]
  /// The lungs (without heart and mediastinum, with fluid and free air), 0 or 255.
  public let lungMask: [UInt8]
  /// The free air of a pneumothorax, between the chest wall and the lung that has drawn back from it, 0 or 255.
  public let airMask: [UInt8]
  public let size: Int
  public let findings: ChestFindings

  /// Draws one radiograph.
  ///
  /// - Parameters:
  ///   - size: Width and height in pixels, 64–128 as a rule.
  ///   - patient: Where the anatomy comes from; the images of one patient share it.
  ///   - image: Where position, findings' places, exposure and noise come from.
  ///   - findings: What to show; nil draws them as `ChestFindings.drawn` does.
  public init(size: Int, patient: SeedPath, image: SeedPath, findings: ChestFindings? = nil) {
    var random = image.appending("radiograph").generator()
    let findings = findings ?? ChestFindings.drawn(using: &random)
    let anatomy = ChestAnatomy(patient: patient)
    let pathology = ChestPathology(findings, anatomy: anatomy, random: &random)
    let scene = ChestScene(anatomy: anatomy, pathology: pathology, size: size, random: &random)
    let drawn = scene.draw()
    var field = drawn.field
    ChestExposure(random: &random).apply(to: &field, random: &random)
    pixels = field.interleavedBytes
    lungMask = drawn.lungs
    airMask = drawn.air
    self.size = size
    self.findings = findings
  }
}

/// One patient in front of one detector: turns a place on the detector into summed attenuation.
private struct ChestScene {
  let anatomy: ChestAnatomy
  let pathology: ChestPathology
  let size: Int
  /// Half image widths a pixel.
  let pixel: Float
  private let rotation: (cosine: Float, sine: Float)
  private let scale: Float
  private let shift: Point
  private let heartCenter: Point
  private let heartRadius: Point
  private let texture: SmoothNoise

  init(anatomy: ChestAnatomy, pathology: ChestPathology, size: Int, random: inout SeededGenerator) {
    self.anatomy = anatomy
    self.pathology = pathology
    self.size = size
    pixel = 2 / Float(size)
    let angle = Float(random.uniform(in: -0.07...0.07))
    rotation = (cos(angle), sin(angle))
    scale = Float(random.uniform(in: 0.94...1.12))
    shift = Point(Float(random.uniform(in: -0.06...0.06)), Float(random.uniform(in: -0.06...0.06)))
    let halfWidth = pathology.heartRatio * anatomy.chestHalfWidth
    // A third of the heart lies on the patient's right.
    heartCenter = Point(0.32 * halfWidth, anatomy.base[1] - anatomy.domeHeight - 0.13 - 0.25 * halfWidth)
    heartRadius = Point(halfWidth, 0.29 + 0.22 * halfWidth)
    texture = SmoothNoise(cells: 9) { random.uniform() }
  }

  func draw() -> (field: PhantomField, lungs: [UInt8], air: [UInt8]) {
    var field = PhantomField(size: size, channels: 1)
    var lungs = [UInt8](repeating: 0, count: size * size), air = lungs
    for row in 0..<size {
      for column in 0..<size {
        let detector = Point((Float(column) + 0.5) * pixel - 1, (Float(row) + 0.5) * pixel - 1)
        let centered = (detector - shift) * scale
        let p = Point(
          rotation.cosine * centered.x - rotation.sine * centered.y,
          rotation.sine * centered.x + rotation.cosine * centered.y)
        let sample = attenuation(at: p)
        field.values[row * size + column] = sample.attenuation
        lungs[row * size + column] = sample.isLung ? 255 : 0
        air[row * size + column] = sample.isFreeAir ? 255 : 0
      }
    }
    return (field, lungs, air)
  }

  private func heartDistance(_ p: Point) -> Float {
    // Tilted, so that the apex points down toward the patient's left.
    let offset = p - heartCenter
    var turned = Point(0.94 * offset.x + 0.34 * offset.y, -0.34 * offset.x + 0.94 * offset.y) / heartRadius
    // Narrower above, where the great vessels leave it.
    turned.x /= 1 - 0.3 * smoothStep(0, -1, turned.y)
    return ((turned * turned).sum().squareRoot() - 1) * min(heartRadius.x, heartRadius.y)
  }

  /// Everything the beam crosses at `p`, in arbitrary units of attenuation, and whether it is lung, and free air, in the masks' sense.
  private func attenuation(at p: Point) -> (attenuation: Float, isLung: Bool, isFreeAir: Bool) {
    let body = anatomy.bodyDistance(p)
    let trunk = 1 - smoothStep(-0.14, 0.01, body)
    guard trunk > 0 else { return (0, false, false) }
    let side: ChestSide = p.x < 0 ? .imageLeft : .imageRight
    let soft = max(pixel, 0.02)
    let lung = anatomy.lungDistance(p, side: side), heart = heartDistance(p)
    let lungCover = 1 - smoothStep(-soft, soft, lung)
    let heartCover = 1 - smoothStep(-1.2 * soft, 1.8 * soft, heart)

    var sum = trunk * anatomy.tissue * (0.85 + 0.16 * p.y)
    sum += centralStructures(p)
    var air: Float = 0
    if lungCover > 0 { air = lungCover * (0.62 - lungContent(p, side: side, lung: lung)) }
    sum -= air * (1 - 0.88 * heartCover)
    sum += 0.10 * heartCover
    let bone = anatomy.ribs(p, side: side)
    if bone > 0 { sum += anatomy.ribContrast * bone }
    sum += 0.09 * trunk * anatomy.clavicle(p, side: side)
    let isLung = lung < 0 && heart > 0
    return (max(sum, 0.02), isLung, isLung && (beyondPleura(p, side: side) ?? -1) > 0 && !isFluid(p, side: side))
  }

  /// How far `p` is outside of a lung that has drawn back from the chest wall; nil without a pneumothorax on that side.
  private func beyondPleura(_ p: Point, side: ChestSide) -> Float? {
    let gap = pathology.gap[side.rawValue]
    guard gap > 0 else { return nil }
    let t = min(max((p.y - anatomy.apex) / (anatomy.base[side.rawValue] - anatomy.apex), 0), 1)
    return anatomy.wallDistance(p, side: side) + gap * (1 - 0.75 * t)
  }

  /// How far `p` lies below the surface of an effusion, which climbs along the chest wall; nil without one on that side.
  private func depth(_ p: Point, side: ChestSide) -> Float? {
    guard let level = pathology.fluidLevel[side.rawValue] else { return nil }
    let u = min(max(side.sign * p.x / anatomy.chestHalfWidth, 0), 1)
    return p.y - (level + 0.30 * (1 - u) * (1 - u) + 0.06 * (1 - u))
  }

  private func isFluid(_ p: Point, side: ChestSide) -> Bool { (depth(p, side: side) ?? -1) > 0 }

  /// Spine, great vessels and windpipe along the midline.
  private func centralStructures(_ p: Point) -> Float {
    let vertebra = 0.5 + 0.5 * sin(p.y * 44)
    var sum = bell(p.x / 0.16) * (0.16 + 0.05 * vertebra)
    sum += 0.14 * bell((p.x - 0.13) / 0.13) * bell((p.y + 0.36) / 0.16)
    if p.y < -0.18 { sum -= 0.19 * bell(p.x / 0.055) * smoothStep(-0.18, -0.3, p.y) }
    return sum
  }

  /// What fills a lung besides air, 0 (clear) … 0.6 (as dense as soft tissue).
  private func lungContent(_ p: Point, side: ChestSide, lung: Float) -> Float {
    var content = 0.06 + 0.035 * texture.value(at: p)
    var markings: Float = 1
    if let beyond = beyondPleura(p, side: side) {
      markings = 1 - smoothStep(-pixel, pixel, beyond)
      // The visceral pleura: a thin white line with nothing but air outside it.
      content += 0.13 * bell(beyond / max(0.018, 0.8 * pixel)) + 0.05 * markings
    }
    if markings > 0 {
      content += markings * vessels(p, side: side)
      for blob in pathology.consolidations where abs(p.y - blob.center.y) < blob.radius {
        content += markings * consolidation(blob, at: p)
      }
      for blob in pathology.nodules where abs(p.y - blob.center.y) < blob.radius * 1.3 {
        let offset = p - blob.center
        let distance = (offset * offset).sum().squareRoot()
        let edge = max(0.3 * blob.radius, pixel)
        content += markings * blob.strength * (1 - smoothStep(blob.radius - edge, blob.radius + edge * 0.5, distance))
      }
    }
    content *= smoothStep(-0.9, -0.2, p.y) * 0.35 + 0.65
    if let depth = depth(p, side: side) { content = mix(content, 0.60, smoothStep(-0.03, 0.035, depth)) }
    return min(content, 0.6)
  }

  private func consolidation(_ blob: ChestPathology.Blob, at p: Point) -> Float {
    let offset = (p - blob.center) / blob.radius
    let falloff = max(1 - (offset * offset).sum(), 0)
    return blob.strength * falloff * (1 + 0.6 * texture.value(at: Point(p.y, p.x) * 1.7))
  }

  private func vessels(_ p: Point, side: ChestSide) -> Float {
    var strongest: Float = 0
    for segment in anatomy.vessels[side.rawValue] {
      let (distance, radius) = segment.measure(p)
      guard distance < radius + pixel else { continue }
      // A vessel thinner than a pixel darkens in proportion to the part it covers.
      let cover = bell(distance / (radius + pixel)) * min(2.2 * radius / pixel, 1)
      strongest = max(strongest, cover * (0.6 + 12 * radius))
    }
    return 0.17 * strongest
  }
}

/// How a detector turns attenuation into gray values: exposure, contrast, shading, noise, collimation, marker.
private struct ChestExposure {
  private let gain: Float
  private let gamma: Float
  private let black: Float
  private let white: Float
  private let tilt: Point
  private let noise: Float
  private let border: [Int]
  private let marker: Point?

  init(random: inout SeededGenerator) {
    func draw(_ range: ClosedRange<Double>) -> Float { Float(random.uniform(in: range)) }
    gain = draw(1.25...1.9)
    gamma = draw(0.9...1.5)
    black = draw(0...0.07)
    white = draw(0.86...1)
    tilt = Point(draw(-0.05...0.05), draw(-0.05...0.05))
    noise = draw(0.012...0.035)
    let isCollimated = random.uniform() < 0.25
    border = (0..<4).map { _ in isCollimated ? Int(draw(0...5)) : 0 }
    // A side marker, drawn without regard to the findings.
    let corner: Float = random.uniform() < 0.5 ? -1 : 1
    let markerPlace = Point(corner * draw(0.78...0.88), draw(-0.9 ... -0.78))
    marker = random.uniform() < 0.4 ? markerPlace : nil
  }

  func apply(to field: inout PhantomField, random: inout SeededGenerator) {
    let size = field.size
    let pixel = 2 / Float(size)
    let scaled = max(size / 64, 1)
    for row in 0..<size {
      let y = (Float(row) + 0.5) * pixel - 1
      for column in 0..<size {
        let x = (Float(column) + 0.5) * pixel - 1
        let index = row * size + column
        // The film's curve: 1 − e^(−gain·attenuation), then the display's gamma.
        var value = pow(1 - exp(-gain * field.values[index]), gamma)
        value += tilt.x * x + tilt.y * y
        value = black + (white - black) * value
        if let marker {
          let far = max(abs(x - marker.x) - 0.03, abs(y - marker.y) - 0.045)
          let hollow = max(abs(x - marker.x - 0.012) - 0.018, abs(y - marker.y + 0.015) - 0.03)
          value = mix(value, 0.97, (1 - smoothStep(-pixel, pixel, far)) * smoothStep(-pixel, pixel, hollow))
        }
        value += noise * Float(random.normal()) * (0.5 + value)
        if row < border[0] * scaled || column < border[1] * scaled || size - row <= border[2] * scaled
          || size - column <= border[3] * scaled
        {
          value = 0.01
        }
        field.values[index] = value
      }
    }
  }
}
