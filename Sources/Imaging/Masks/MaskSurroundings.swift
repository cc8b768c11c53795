/// What lies around the pixels of a mask of more than two levels, counted by the pixels' level: where areas are and where edges run.
struct MaskSurroundings: Sendable, Equatable {
  /// The pixels whose eight neighbors are of the same level: the inside of an area.
  private(set) var insides: [Int: Int]
  /// Those that have a darker and a brighter one than themselves within two pixels: where an edge runs.
  private(set) var edges: [Int: Int] = [:]
  /// The pixels whose neighborhood spans no more than what JPEG or resizing adds to one level: the inside of an area in such files.
  private(set) var calm: [Int: Int]
  /// Those that have one darker by more than that and one brighter by more than that within two pixels.
  private(set) var slopes: [Int: Int] = [:]

  /// Around one level of 8 bits, JPEG of quality 50 leaves about four; of levels that lie nearer together, fewer must do.
  static let ripple = 8

  static let none = MaskSurroundings(ofAreas: [:])

  /// Of a file of which every level fills areas.
  init(ofAreas counts: [Int: Int]) { (insides, calm) = (counts, counts) }

  /// - Parameter maximum: the level that means white, which like 0 is cut off and has no ripple of its own.
  init(_ levels: [Int32], width: Int, height: Int, maximum: Int) {
    let lowest = levels.min() ?? 0, highest = levels.max() ?? 0
    let ripple = Self.ripple(Int(highest) - Int(lowest), maximum: maximum)
    var insides = LevelTally(from: Int(lowest), to: Int(highest)), edges = insides, calm = insides, slopes = insides
    levels.withUnsafeBufferPointer { levels in
      for y in 0..<height {
        for x in 0..<width {
          let own = levels[y &* width &+ x]
          // Background and object, as a rule most of the pixels.
          if own == 0 || own == maximum { continue }
          var (near, far) = ((least: own, greatest: own), (least: own, greatest: own))
          for v in max(y - 2, 0)...min(y + 2, height - 1) {
            for u in max(x - 2, 0)...min(x + 2, width - 1) {
              let other = levels[v &* width &+ u]
              if other == own { continue }
              if abs(u - x) < 2, abs(v - y) < 2 { near = (min(near.least, other), max(near.greatest, other)) }
              far = (min(far.least, other), max(far.greatest, other))
            }
          }
          let level = Int(own)
          if near.least == near.greatest { insides.add(level) }
          if Int(near.greatest) - Int(near.least) <= ripple { calm.add(level) }
          if far.least < own, far.greatest > own { edges.add(level) }
          if level - Int(far.least) >= ripple, Int(far.greatest) - level >= ripple { slopes.add(level) }
        }
      }
    }
    (self.insides, self.edges, self.calm, self.slopes) = (insides.found, edges.found, calm.found, slopes.found)
    fill(levels, maximum: maximum, lowest: Int(lowest), highest: Int(highest))
  }

  /// The same without the pixels of some levels; what lies around others stays as it is.
  func without(_ levels: Set<Int>) -> MaskSurroundings {
    if levels.isEmpty { return self }
    var rest = self
    for level in levels { (rest.insides[level], rest.edges[level], rest.calm[level], rest.slopes[level]) = (nil, nil, nil, nil) }
    return rest
  }

  mutating func add(_ other: MaskSurroundings) {
    insides.merge(other.insides, uniquingKeysWith: +)
    edges.merge(other.edges, uniquingKeysWith: +)
    calm.merge(other.calm, uniquingKeysWith: +)
    slopes.merge(other.slopes, uniquingKeysWith: +)
  }

  /// The ends of a file's levels are its areas.
  private mutating func fill(_ levels: [Int32], maximum: Int, lowest: Int, highest: Int) {
    for end in Set([0, maximum, lowest, highest]) {
      let count = levels.reduce(0) { $0 + (Int($1) == end ? 1 : 0) }
      if count == 0 { continue }
      if end == lowest || end == highest { insides[end] = count }
      if end == 0 || end == maximum { calm[end] = count }
    }
  }

  /// How far neighbors of one area may lie apart in a file of this extent from the darkest to the brightest level.
  private static func ripple(_ extent: Int, maximum: Int) -> Int {
    let share = max(extent / 16, 1)
    return maximum > 255 ? share : min(share, ripple)
  }

  /// How far a level has to lie from background and object not to be either, changed a little: twice the ripple.
  static func distance(_ extent: Int, maximum: Int) -> Int {
    let share = max(extent / 8, 2)
    return maximum > 255 ? share : min(share, 2 * ripple)
  }
}

/// How often levels occur.
struct LevelTally {
  private let least: Int
  /// Of levels that lie near together, from the least.
  private var places: [Int]
  /// Of others.
  private var others: [Int: Int] = [:]

  init(from least: Int, to greatest: Int) {
    self.least = least
    places = greatest - least < 1 << 20 ? [Int](repeating: 0, count: greatest - least + 1) : []
  }

  mutating func add(_ level: Int) {
    if places.isEmpty { others[level, default: 0] += 1 } else { places[level - least] += 1 }
  }

  var found: [Int: Int] {
    var found = others
    for (place, count) in places.enumerated() where count > 0 { found[place + least] = count }
    return found
  }
}
