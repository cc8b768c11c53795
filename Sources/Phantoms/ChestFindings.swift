public import Datasets
public import Foundations

/// What a drawn radiograph shows, as a multi-label target.
public struct ChestFindings: Hashable, Sendable {
  public var cardiomegaly = false
  public var consolidation = false
  public var effusion = false
  public var nodule = false
  public var pneumothorax = false

  public init() {}

  /// The classes in the order of `labels`.
  public static let names = ["Cardiomegaly", "Consolidation", "Effusion", "Nodule", "Pneumothorax"]

  /// 0 or 1 for each of `names`.
  public var labels: [Float] {
    [cardiomegaly, consolidation, effusion, nodule, pneumothorax].map { $0 ? 1 : 0 }
  }

  /// Draws findings as they come together in clinics: a large heart often has an effusion beside it, and a third of images show none.
  public static func drawn(using random: inout SeededGenerator) -> ChestFindings {
    var findings = ChestFindings()
    if random.uniform() < 0.33 { return findings }
    findings.cardiomegaly = random.uniform() < 0.32
    findings.effusion = random.uniform() < (findings.cardiomegaly ? 0.5 : 0.3)
    findings.consolidation = random.uniform() < 0.28
    findings.nodule = random.uniform() < 0.35
    findings.pneumothorax = random.uniform() < 0.25
    return findings
  }
}

/// Where and how strongly each finding of one image is drawn.
struct ChestPathology: Sendable {
  struct Blob: Sendable {
    var center: Point
    var radius: Float
    var strength: Float
  }

  var heartRatio: Float
  /// The height that the fluid reaches at the chest wall, for each side; nil without an effusion.
  var fluidLevel: [Float?] = [nil, nil]
  /// The greatest gap between chest wall and lung, for each side; 0 without a pneumothorax.
  var gap: [Float] = [0, 0]
  var nodules: [Blob] = []
  var consolidations: [Blob] = []

  init(_ findings: ChestFindings, anatomy: ChestAnatomy, random: inout SeededGenerator) {
    func draw(_ range: ClosedRange<Double>) -> Float { Float(random.uniform(in: range)) }
    // The cardiothoracic ratio: above one half is read as cardiomegaly.
    heartRatio = findings.cardiomegaly ? draw(0.54...0.66) : draw(0.37...0.475)
    if findings.effusion {
      let isBilateral = random.uniform() < 0.25
      let first = random.integer(below: 2)
      for side in 0..<2 where isBilateral || side == first {
        fluidLevel[side] = anatomy.base[side] - draw(0.25...0.75)
      }
    }
    if findings.pneumothorax { gap[random.integer(below: 2)] = draw(0.13...0.30) }
    if findings.nodule {
      for _ in 0..<(1 + random.integer(below: 2)) {
        let radius = draw(0.05...0.10)
        let center = Self.place(margin: 0.9 * radius, anatomy: anatomy, gap: gap, random: &random)
        nodules.append(Blob(center: center, radius: radius, strength: draw(0.30...0.55)))
      }
    }
    if findings.consolidation {
      let heart = Self.place(margin: 0.08, anatomy: anatomy, gap: gap, random: &random)
      for _ in 0..<9 {
        let offset = Point(0.13 * Float(random.normal()), 0.11 * Float(random.normal()))
        consolidations.append(Blob(center: heart + offset, radius: draw(0.09...0.20), strength: draw(0.10...0.22)))
      }
    }
  }

  /// A place inside a lung at least `margin` from its outline and outside a pneumothorax.
  private static func place(
    margin: Float, anatomy: ChestAnatomy, gap: [Float], random: inout SeededGenerator
  ) -> Point {
    var center = Point(0.4, -0.1)
    for _ in 0..<64 {
      let side = ChestSide.allCases[random.integer(below: 2)]
      center = Point(side.sign * Float(random.uniform(in: 0.16...0.75)), Float(random.uniform(in: -0.65...0.55)))
      let clearance = margin + gap[side.rawValue] * 0.8
      if anatomy.lungDistance(center, side: side) < -clearance { break }
    }
    return center
  }
}
