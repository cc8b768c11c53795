/// What the mask files of a whole source mean together, never one file by itself.
///
/// The stated rules, in this order:
/// 1. Opacity: where the colors of all files are one level and the opacities are not, opacity is the mask. Else it is not looked at.
/// 2. Two levels over all files: the higher is object, whatever their numbers (0 and 1, 0 and 255, a palette's two colors).
/// 3. Black and white of several programs: no file has more than two levels, and each is within a sixteenth of its depth's range of black or
///    of white, as 0 and 255 beside a palette's 3 and 253, or 8 bits beside 16. Object is white.
/// 4. Soft edges (resizing, JPEG): more than two levels, of which all but background and object lie along edges. Up to
///    `fewLevels` levels have to lie there for nine pixels of ten, each within two pixels of a darker and of a brighter one. Of more levels,
///    and of JPEG, half of the pixels that are neither of the two, by more than JPEG changes one, have to lie between such neighbors (objects
///    that are numbered do not), and none but few may fill areas, as a class between the two does, of which JPEG and resizing leave no
///    two pixels alike; and no more than half of all pixels may be neither, as in a picture that is no mask. Object is then what lies above half of the way between the two levels that most pixels have, below and above the
///    middle.
/// 5. Anything else numbers classes or marks what does not count, and only a person can say which: `MaskUnderstanding.unclear`.
public enum MaskUnderstanding: Sendable, Hashable, Codable {
  /// Every file read by itself comes to the same, so nothing has to be said.
  case asEach
  /// All files are read so.
  case all(Mask.Threshold)
  /// No rule says what object is.
  case unclear

  /// No more levels are few.
  static let fewLevels = 16
  /// Levels that lie nearer together number something.
  static let leastSpan = 32

  /// Raised where the rules understand other files, so that nothing kept is taken for what they say now.
  public static let revision = 3
  /// Of the object's pixels, those that may lie in areas of another level; more are a class of their own.
  static let calmShare = 0.02

  /// - Parameter files: one a mask file.
  public init(_ files: [MaskLevels]) {
    let survey = MaskSurvey(files)
    if survey.counts.count == 1, let opacities = survey.opacities, opacities.count > 1 {
      guard let limit = Self.limit(between: opacities, .none, maximum: survey.deepest, isSoftAllowed: true, isLossy: false) else {
        self = .unclear
        return
      }
      self = .all(.opacity(above: limit))
      return
    }
    if survey.counts.count < 2 {
      self = .asEach
      return
    }
    let isTwoColored = survey.colors.map { $0.count <= 2 || survey.counts.count > 2 } ?? true
    guard isTwoColored,
      let limit = Self.blackAndWhite(files, survey)
        ?? Self.limit(
          between: survey.counts, survey.surroundings, maximum: survey.deepest, isSoftAllowed: survey.colors.map(Self.areOneHue) ?? true,
          isLossy: survey.isLossy)
    else {
      self = .unclear
      return
    }
    let isAsEach = files.allSatisfy { file in
      let own = file.ownLimit
      return file.counts.keys.allSatisfy { ($0 > own) == ($0 > limit) }
    }
    self = isAsEach ? .asEach : .all(.above(limit))
  }

  /// The highest level that is background of files that are black and white, each of its own; nil where one is not, and where two levels
  /// over all say it more simply.
  private static func blackAndWhite(_ files: [MaskLevels], _ survey: MaskSurvey) -> Int? {
    guard survey.counts.count > 2, survey.colors.map(areOneHue) ?? true else { return nil }
    var black = Int.min, white = Int.max
    for file in files {
      guard let lowest = file.counts.keys.min(), let highest = file.counts.keys.max() else { continue }
      let near = file.maximum / 16
      func isBlack(_ level: Int) -> Bool { (0...near).contains(level) }
      func isWhite(_ level: Int) -> Bool { (file.maximum - near...file.maximum).contains(level) }
      guard file.counts.count <= 2, isBlack(lowest) || isWhite(lowest), isBlack(highest) || isWhite(highest) else { return nil }
      // Two numbers near 0 number something.
      if lowest != highest, isBlack(lowest) == isBlack(highest) { return nil }
      if isBlack(lowest) { black = max(black, lowest) }
      if isWhite(highest) { white = min(white, highest) }
    }
    guard black >= 0, black < white else { return nil }
    let half = survey.deepest / 2
    return (black..<white).contains(half) ? half : black
  }

  /// The highest level that is background; nil where the levels number something.
  private static func limit(
    between counts: [Int: Int], _ around: MaskSurroundings, maximum: Int, isSoftAllowed: Bool, isLossy: Bool
  ) -> Int? {
    guard let lowest = counts.keys.min(), let highest = counts.keys.max() else { return nil }
    if counts.count == 2 { return lowest }
    guard isSoftAllowed, highest - lowest >= leastSpan else { return nil }
    let middle = (lowest + highest) / 2
    func mode(_ isOn: (Int) -> Bool) -> Int? { counts.filter { isOn($0.key) }.max { ($0.value, $1.key) < ($1.value, $0.key) }?.key }
    guard let background = mode({ $0 <= middle }), let object = mode({ $0 > middle }) else { return nil }
    let half = maximum / 2, limit = background <= half && object > half ? half : (background + object) / 2
    func sum(_ pixels: [Int: Int], _ isOn: (Int) -> Bool) -> Int { pixels.reduce(0) { isOn($1.key) ? $0 + $1.value : $0 } }
    func isOther(_ level: Int) -> Bool { level != background && level != object }
    let others = sum(counts, isOther)
    if counts.count <= fewLevels, !isLossy { return 10 * sum(around.edges, isOther) >= 9 * others ? limit : nil }
    if 4 * sum(around.insides, isOther) > others { return nil }
    let distance = MaskSurroundings.distance(highest - lowest, maximum: maximum)
    func isNeither(_ level: Int) -> Bool { abs(level - background) >= distance && abs(level - object) >= distance }
    let most = calmShare * Double(sum(counts) { $0 > limit })
    if Double(sum(around.calm, isNeither)) > most { return nil }
    let between = sum(counts, isNeither)
    if 2 * between > sum(counts, { _ in true }) { return nil }
    return Double(between) > most && 2 * sum(around.slopes, isNeither) < between ? nil : limit
  }

  /// Whether all colors are one, more or less of it: red, dark red, black.
  private static func areOneHue(_ colors: [Int: Int]) -> Bool {
    func channels(_ color: Int) -> [Double] { [16, 8, 0].map { Double(color >> $0 & 0xFF) } }
    let all = colors.keys.map(channels)
    guard let brightest = all.max(by: { $0.reduce(0, +) < $1.reduce(0, +) }), let darkest = all.min(by: { $0.reduce(0, +) < $1.reduce(0, +) })
    else { return true }
    let way = zip(brightest, darkest).map { $0 - $1 }, length = way.reduce(0) { $0 + $1 * $1 }
    if length == 0 { return true }
    return all.allSatisfy { color in
      let place = zip(color, darkest).map { $0 - $1 }, along = zip(place, way).reduce(0) { $0 + $1.0 * $1.1 } / length
      // JPEG leaves colors a little beside the way.
      return zip(place, way).allSatisfy { abs($0 - along * $1) <= 24 }
    }
  }
}

/// The levels of many mask files together.
public struct MaskSurvey: Sendable, Equatable {
  public let fileCount: Int
  /// Pixels by level.
  public let counts: [Int: Int]
  /// Files by level that they have.
  public let files: [Int: Int]
  public let colors: [Int: Int]?
  public let opacities: [Int: Int]?
  /// Whether any file's format keeps no levels.
  public let isLossy: Bool
  let surroundings: MaskSurroundings
  /// The highest maximum of a file.
  let deepest: Int

  public init(_ all: [MaskLevels]) {
    fileCount = all.count
    func sum(_ counts: (MaskLevels) -> [Int: Int]?) -> [Int: Int] {
      all.reduce(into: [Int: Int]()) { $0.merge(counts($1) ?? [:], uniquingKeysWith: +) }
    }
    counts = sum { $0.counts }
    files = sum { $0.counts.mapValues { _ in 1 } }
    colors = all.contains { $0.colors != nil } ? sum { $0.colors ?? Self.grays($0.counts) } : nil
    opacities = all.contains { $0.opacities != nil } ? sum { $0.opacities ?? [$0.maximum: $0.counts.values.reduce(0, +)] } : nil
    isLossy = all.contains(where: \.isLossy)
    surroundings = all.reduce(into: .none) { $0.add($1.surroundings) }
    deepest = all.map(\.maximum).max() ?? 1
  }

  /// Where most pixels lie, from dark to bright: the commonest levels, each with those that lie no farther from it than JPEG and resizing
  /// may have brought them, and as many as hold a hundredth of the pixels that are not on the slope of an edge.
  public var peaks: [(level: Int, pixels: Int)] {
    guard let lowest = counts.keys.min(), let highest = counts.keys.max() else { return [] }
    let distance = MaskSurroundings.distance(highest - lowest, maximum: deepest)
    var left = counts.reduce(into: [Int: Int]()) { $0[$1.key] = max(0, $1.value - surroundings.slopes[$1.key, default: 0]) }, found = [(level: Int, pixels: Int)]()
    let all = left.values.reduce(0, +)
    while found.count < Self.peakLimit, let top = left.max(by: { ($0.value, $1.key) < ($1.value, $0.key) }) {
      func isNear(_ level: Int) -> Bool { abs(level - top.key) < distance }
      if found.count > 1, 100 * left.reduce(0, { isNear($1.key) ? $0 + $1.value : $0 }) < all { break }
      found.append((top.key, counts.reduce(0) { isNear($1.key) ? $0 + $1.value : $0 }))
      left = left.filter { !isNear($0.key) }
    }
    return found.sorted { $0.level < $1.level }
  }

  private static let peakLimit = 6

  /// Whether there are more peaks than classes as a rule have: objects that are numbered.
  public var hasManyPeaks: Bool { peaks.count == Self.peakLimit }

  private static func grays(_ counts: [Int: Int]) -> [Int: Int] {
    counts.reduce(into: [Int: Int]()) { $0[min($1.key, 255) * 0x010101, default: 0] += $1.value }
  }
}
