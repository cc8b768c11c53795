public import Datasets
import Foundation
import Foundations

/// The blood vessels of one made-up retina, as tapered segments that start at the optic disc.
///
/// Four arcades leave the disc, each an artery and a vein that run side by side; they curve around the macula and fork, and
/// the width of the branches follows Murray's law, r₀³ = r₁³ + r₂³ (Murray 1926), with unequal branches.
struct VesselTree: Sendable {
  struct Vessel: Sendable {
    var segment: TaperedSegment
    var isArtery: Bool
  }

  private(set) var vessels: [Vessel] = []
  private let disc: Point
  private let macula: Point
  private let thinnest: Float

  /// - Parameter thinnest: The radius below which a vessel ends, in half image widths.
  init(disc: Point, macula: Point, thinnest: Float, random: inout SeededGenerator) {
    self.disc = disc
    self.macula = macula
    self.thinnest = thinnest
    let toMacula: Float = macula.x > disc.x ? 1 : -1
    for isUpper in [true, false] {
      for isTemporal in [true, false] {
        for isArtery in [true, false] {
          let vertical: Float = isUpper ? -1 : 1
          let horizontal = isTemporal ? toMacula : -toMacula
          let steepness = Float(random.uniform(in: isTemporal ? 1.0...1.5 : 0.75...1.3))
          let heading = atan2(vertical * sin(steepness), horizontal * cos(steepness))
          let radius = Float(random.uniform(in: isArtery ? 0.015...0.021 : 0.021...0.028))
          let start = disc + 0.03 * Point(Float(random.normal()), Float(random.normal()))
          // Temporal arcades bend around the macula, nasal ones run straight.
          let bend = isTemporal ? -vertical * horizontal * Float(random.uniform(in: 0.9...1.4)) : 0
          grow(
            from: start, heading: heading, radius: radius, bend: bend, isArtery: isArtery, depth: 0, random: &random)
        }
      }
    }
  }

  private mutating func grow(
    from start: Point, heading: Float, radius: Float, bend: Float, isArtery: Bool, depth: Int,
    random: inout SeededGenerator
  ) {
    var place = start, heading = heading, radius = radius
    let step: Float = 0.06
    var untilFork = Float(random.uniform(in: depth == 0 ? 0.18...0.34 : 0.12...0.3))
    var wobble = Float(0)
    // Thin twigs end early; nothing runs over the macula, which has no vessels.
    while radius > thinnest, (place * place).sum() < 1.0 {
      wobble = 0.6 * wobble + 0.13 * Float(random.normal())
      heading += bend * step + wobble * (isArtery ? 0.8 : 1)
      let next = place + step * Point(cos(heading), sin(heading))
      let toMacula = next - macula
      if (toMacula * toMacula).sum() < 0.018 { return }
      let nextRadius = radius * 0.978
      vessels.append(
        Vessel(
          segment: TaperedSegment(from: place, to: next, startRadius: radius, endRadius: nextRadius),
          isArtery: isArtery))
      place = next
      radius = nextRadius
      untilFork -= step
      guard untilFork <= 0 else { continue }
      untilFork = Float(random.uniform(in: 0.14...0.32))
      let share = Float(random.uniform(in: 0.12...0.42))
      let side: Float = random.uniform() < 0.5 ? -1 : 1
      let angle = side * Float(random.uniform(in: 0.45...0.95))
      grow(
        from: place, heading: heading + angle, radius: radius * cbrt(share), bend: -0.3 * side, isArtery: isArtery,
        depth: depth + 1, random: &random)
      radius *= cbrt(1 - share)
      heading -= angle * 0.25
    }
  }
}
