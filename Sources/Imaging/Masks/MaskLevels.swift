public import Foundation

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
  /// Whether the file's format keeps no levels, as JPEG.
  public let isLossy: Bool
  /// The highest level that is background where the file is read by itself, as `Mask.Threshold.automatic` reads it.
  public let ownLimit: Int
  /// Of the pixels of each level, what lies around them.
  let surroundings: MaskSurroundings

  public static let colorLimit = 256

  public init(_ buffer: PixelBuffer) {
    self.init(levels: greyLevels(of: buffer).map(Int32.init), width: buffer.width, height: buffer.height, buffer: buffer, isLossy: false, ignoring: [])
  }

  /// Opens a mask file. Throws `ImagingError`, which names it; also where its numbers are not whole.
  ///
  /// - Parameter ignored: Levels whose pixels do not count, and say nothing here.
  public init(_ url: URL, ignoring ignored: Set<Int> = []) throws {
    let picture = try MaskPicture(url)
    self.init(
      levels: try picture.levels(), width: picture.width, height: picture.height, buffer: picture.samples, isLossy: picture.isLossy, ignoring: ignored)
  }

  /// Of numbers whose places do not matter.
  init(counting levels: [Int32]) {
    self.init(levels: levels, width: 0, height: 0, buffer: nil, isLossy: false, ignoring: [])
  }

  private init(levels: [Int32], width: Int, height: Int, buffer: PixelBuffer?, isLossy: Bool, ignoring ignored: Set<Int>) {
    let all = Self.histogram(levels)
    counts = ignored.isEmpty ? all : all.filter { !ignored.contains($0.key) }
    maximum = buffer?.maximum ?? ((all.keys.max() ?? 0) > 255 ? 65535 : 255)
    ownLimit = Self.ownLimit(all, maximum: maximum)
    // Of two levels neither is anything but background and object.
    surroundings =
      counts.count > 2 && width > 0
      ? MaskSurroundings(levels, width: width, height: height, maximum: maximum).without(ignored) : MaskSurroundings(ofAreas: counts)
    colors = buffer.flatMap { $0.colorChannels == 3 ? Self.colors(of: $0) : nil }
    opacities = buffer.flatMap { $0.hasAlpha ? Self.histogram(channel($0.channels - 1, of: $0).map(Int32.init)) : nil }
    self.isLossy = isLossy
  }

  private static func ownLimit(_ counts: [Int: Int], maximum: Int) -> Int {
    guard let lowest = counts.keys.min(), let highest = counts.keys.max(), highest > 1 else { return 0 }
    return counts.count == 2 ? lowest : maximum / 2
  }

  static func histogram(_ levels: [Int32]) -> [Int: Int] {
    guard let least = levels.min(), let greatest = levels.max() else { return [:] }
    var tally = LevelTally(from: Int(least), to: Int(greatest))
    for level in levels { tally.add(Int(level)) }
    return tally.found
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
