public import Datasets
import Foundation
import Foundations

/// The side of the body as it lies in the image: the patient's right lung is on the left of a radiograph.
enum ChestSide: Int, CaseIterable, Sendable {
  case imageLeft = 0
  case imageRight = 1

  var sign: Float { self == .imageLeft ? -1 : 1 }
}

/// The lasting shape of one made-up patient's chest, from which every radiograph of that patient is drawn.
///
/// Lengths are in half image widths. `X` below is the distance from the midline toward the side at hand.
struct ChestAnatomy: Sendable {
  let chestHalfWidth: Float
  let apex: Float
  /// Height of the lowest lateral lung, for each side.
  let base: [Float]
  let domeHeight: Float
  let mediastinumHalfWidth: Float
  let shoulderHeight: Float
  let ribSpacing: Float
  let ribPhase: Float
  let ribSlope: Float
  let ribContrast: Float
  let tissue: Float
  let vessels: [[TaperedSegment]]

  init(patient: SeedPath) {
    var random = patient.appending("anatomy").generator()
    func draw(_ range: ClosedRange<Double>) -> Float { Float(random.uniform(in: range)) }
    chestHalfWidth = draw(0.70...0.82)
    shoulderHeight = draw(-1.02 ... -0.90)
    apex = shoulderHeight + draw(0.16...0.25)
    let rightBase = draw(0.50...0.68)
    base = [rightBase, rightBase + draw(0.02...0.08)]
    domeHeight = draw(0.10...0.20)
    mediastinumHalfWidth = draw(0.10...0.15)
    ribSpacing = draw(0.125...0.155)
    ribPhase = draw(0...1)
    ribSlope = draw(0.20...0.36)
    ribContrast = draw(0.10...0.17)
    tissue = draw(0.85...1.15)
    var trees = [[TaperedSegment]]()
    for side in ChestSide.allCases {
      trees.append(Self.pulmonaryVessels(side: side, halfWidth: chestHalfWidth, random: &random))
    }
    vessels = trees
  }

  /// Vessels that fan out from the hilum, each forking once: the markings that make a lung look like a lung.
  private static func pulmonaryVessels(
    side: ChestSide, halfWidth: Float, random: inout SeededGenerator
  ) -> [TaperedSegment] {
    var segments = [TaperedSegment]()
    let count = 8
    for index in 0..<count {
      let angle = Float(-1.75 + 3.5 * (Double(index) + random.uniform(in: 0.2...0.8)) / Double(count))
      let reach = halfWidth * Float(random.uniform(in: 0.24...0.36))
      let hilum = Point(side.sign * Float(random.uniform(in: 0.15...0.21)), Float(random.uniform(in: -0.1...0.1)))
      let bend = hilum + reach * Point(side.sign * cos(angle), sin(angle))
      let width = Float(random.uniform(in: 0.014...0.026))
      segments.append(TaperedSegment(from: hilum, to: bend, startRadius: width, endRadius: width * 0.6))
      for turn in [-1.0, 1.0] {
        let branchAngle = angle + Float(turn * random.uniform(in: 0.15...0.5))
        let length = reach * Float(random.uniform(in: 0.6...1.1))
        let tip = bend + length * Point(side.sign * cos(branchAngle), sin(branchAngle))
        segments.append(TaperedSegment(from: bend, to: tip, startRadius: width * 0.55, endRadius: width * 0.2))
      }
    }
    return segments
  }

  /// How far the rib cage's inner wall lies from the midline at height `y`.
  func outerWall(y: Float, side: ChestSide) -> Float {
    let t = min(max((y - apex) / (0.8 * (base[side.rawValue] - apex)), 0), 1)
    return chestHalfWidth * (0.34 + 0.66 * (1 - (1 - t) * (1 - t)).squareRoot())
  }

  /// The height of the diaphragm's dome at `X`: highest in the medial half, lowest at the lateral angle.
  func diaphragm(lateral x: Float, side: ChestSide) -> Float {
    let summit = 0.42 * chestHalfWidth
    let reach = x > summit ? chestHalfWidth - summit : summit * 1.3
    let u = (x - summit) / reach
    return base[side.rawValue] - domeHeight + domeHeight * u * u
  }

  /// Below 0 inside the rib cage beside and above the lung, rounded at the apex: the part of the outline that a collapsed lung leaves.
  @inline(__always)
  func wallDistance(_ p: Point, side: ChestSide) -> Float {
    smoothMaximum(side.sign * p.x - outerWall(y: p.y, side: side), apex - p.y, 0.12)
  }

  /// About the signed distance to one lung's outline, below 0 inside; the heart is not cut out.
  @inline(__always)
  func lungDistance(_ p: Point, side: ChestSide) -> Float {
    let lateral = side.sign * p.x
    let narrow = 0.09 * bell((p.y - apex) / 0.5)
    let medial = smoothMaximum(mediastinumHalfWidth + narrow - lateral, p.y - diaphragm(lateral: lateral, side: side), 0.03)
    return smoothMaximum(wallDistance(p, side: side), medial, 0.03)
  }

  /// Below 0 inside the trunk and neck.
  func bodyDistance(_ p: Point) -> Float {
    let x = abs(p.x)
    // Shoulders slope away from the neck.
    let shoulder = shoulderHeight + 0.30 * (x - 0.2) * (x - 0.2) - p.y
    let flank = x - (chestHalfWidth + 0.15 + 0.07 * p.y)
    let arm = x - 1.3
    let trunk = smoothMaximum(shoulder, p.y < -0.35 ? mix(arm, flank, smoothStep(-0.75, -0.35, p.y)) : flank, 0.08)
    let neck = x - 0.24
    return p.y < shoulderHeight + 0.2 ? min(trunk, neck) : trunk
  }

  /// Brightness that the ribs add at a point beside the midline, 0…1.
  func ribs(_ p: Point, side: ChestSide) -> Float {
    let lateral = side.sign * p.x
    let u = lateral / chestHalfWidth
    guard u > 0.1 else { return 0 }
    let wall = outerWall(y: p.y, side: side)
    let inside = 1 - smoothStep(-0.01, 0.05, lateral - wall)
    guard inside > 0, p.y > apex - 0.08 else { return 0 }
    let posterior = band((p.y - ribSlope * u * u * u + 0.04 * u) / ribSpacing + ribPhase, halfWidth: 0.24)
    let anterior = band((p.y + 0.55 * u) / (ribSpacing * 1.25) + ribPhase * 1.7, halfWidth: 0.2) * smoothStep(0.35, 0.6, u)
    // Ribs run nearly along the beam at the wall, so they thicken and brighten there.
    let grazing = 1 + 0.8 * smoothStep(-0.16, 0, lateral - wall)
    return inside * grazing * (posterior + 0.5 * anterior)
  }

  /// A stripe repeated once a unit: darker in its middle than along its two dense rims.
  private func band(_ phase: Float, halfWidth: Float) -> Float {
    let offset = abs(phase - phase.rounded(.down) - 0.5) / halfWidth
    return (1 - smoothStep(0.8, 1.15, offset)) * (0.6 + 0.4 * offset * offset)
  }

  /// Brightness that the collar bones add, 0…1.
  func clavicle(_ p: Point, side: ChestSide) -> Float {
    let lateral = side.sign * p.x
    guard lateral > 0.1, lateral < 0.9 else { return 0 }
    let u = (lateral - 0.1) / 0.8
    let center = apex + 0.16 - 0.16 * u + 0.05 * sin(u * 5)
    return 1 - smoothStep(0.026, 0.045, abs(p.y - center))
  }
}
