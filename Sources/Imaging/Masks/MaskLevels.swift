/// The levels of one mask file: what has to be known of every file of a folder before it can be said what object is in any of them.
public struct MaskLevels: Sendable, Equatable {
  /// Pixels by gray level; colors by their luma.
  public let counts: [Int: Int]
  /// Pixels by color, as 0xRRGGBB of the highest eight bits; nil for a gray file. No more than `colorLimit` colors are told apart.
  public let colors: [Int: Int]?
  /// Pixels by opacity; nil for a file without.
  public let opacities: [Int: Int]?
  /// The level that means white or full in the file's own depth.
  public let maximum: Int
  /// Of the pixels of each level between the lowest and the highest, those whose eight neighbors are of the same level: the inside of
  /// an area.
  public let insides: [Int: Int]
  /// Of the same pixels, those that have a darker and a brighter one than themselves within two pixels: where an edge runs.
  public let edges: [Int: Int]

  public static let colorLimit = 256

  public init(_ buffer: PixelBuffer) {
    let levels = greyLevels(of: buffer), (width, height) = (buffer.width, buffer.height)
    counts = Self.histogram(levels)
    maximum = buffer.maximum
    var insides = [Int: Int](), edges = [Int: Int]()
    // Of two levels neither is anything but background and object.
    if counts.count > 2 {
      let places = Neighborhoods(levels: levels, width: width, height: height)
      (insides, edges) = places.counts()
    }
    self.insides = insides
    self.edges = edges
    colors = buffer.colorChannels == 3 ? Self.colors(of: buffer) : nil
    opacities = buffer.hasAlpha ? Self.histogram(channel(buffer.channels - 1, of: buffer)) : nil
  }

  private static func histogram(_ levels: [UInt16]) -> [Int: Int] {
    var counts = [Int](repeating: 0, count: 65536)
    for level in levels { counts[Int(level)] += 1 }
    var found = [Int: Int]()
    for (level, count) in counts.enumerated() where count > 0 { found[level] = count }
    return found
  }

  /// Nil where every pixel is gray.
  private static func colors(of buffer: PixelBuffer) -> [Int: Int]? {
    var found = [Int: Int](), isColored = false
    func add(_ red: Int, _ green: Int, _ blue: Int) {
      if red != green || green != blue { isColored = true }
      let code = red << 16 | green << 8 | blue
      if found[code] != nil || found.count < colorLimit { found[code, default: 0] += 1 }
    }
    let step = buffer.channels, shift = max(buffer.bitDepth - 8, 0)
    switch buffer.samples {
    case .bytes(let samples):
      for place in stride(from: 0, to: samples.count, by: step) { add(Int(samples[place]), Int(samples[place + 1]), Int(samples[place + 2])) }
    case .words(let samples):
      for place in stride(from: 0, to: samples.count, by: step) {
        add(Int(samples[place]) >> shift, Int(samples[place + 1]) >> shift, Int(samples[place + 2]) >> shift)
      }
    }
    return isColored ? found : nil
  }
}

/// What lies around the pixels of a mask.
private struct Neighborhoods {
  let levels: [UInt16]
  let width: Int
  let height: Int

  func counts() -> (insides: [Int: Int], edges: [Int: Int]) {
    var insides = [Int](repeating: 0, count: 65536), edges = insides
    let lowest = levels.min(), highest = levels.max()
    levels.withUnsafeBufferPointer { levels in
      for y in 0..<height {
        for x in 0..<width {
          let own = levels[y &* width &+ x]
          // Background and object, as a rule most of the pixels.
          if own == lowest || own == highest { continue }
          var isInside = true, isBelow = false, isAbove = false
          for v in max(y - 2, 0)...min(y + 2, height - 1) {
            for u in max(x - 2, 0)...min(x + 2, width - 1) {
              let other = levels[v &* width &+ u]
              if other == own { continue }
              if abs(u - x) < 2, abs(v - y) < 2 { isInside = false }
              if other < own { isBelow = true } else { isAbove = true }
            }
          }
          if isInside { insides[Int(own)] += 1 }
          if isBelow, isAbove { edges[Int(own)] += 1 }
        }
      }
    }
    func found(_ counts: [Int]) -> [Int: Int] {
      var found = [Int: Int]()
      for (level, count) in counts.enumerated() where count > 0 { found[level] = count }
      return found
    }
    return (found(insides), found(edges))
  }
}
