public import Foundation

extension Mask {
  /// How far a stored number may lie from the whole number that it means: float32 arithmetic leaves 0.9999999 for 1.
  static let labelTolerance = 1e-3

  /// The whole number that a value of a label map means; nil where it means none.
  public static func label(of value: Double) -> Int? {
    let rounded = value.rounded()
    guard abs(value - rounded) <= labelTolerance else { return nil }
    return Int(exactly: rounded)
  }

  /// The pixels of a label map whose value is one of `labels`.
  ///
  /// - Parameters:
  ///   - url: A picture of gray numbers, as nnU-Net writes them in PNG or TIFF, of any type, or a NIfTI volume.
  ///   - labels: What counts as object.
  /// - Throws: `ImagingError`, which names the file; also for a picture of colors, whose numbers cannot be told.
  public static func read(_ url: URL, _ selection: ImageSelection = .whole, labels: Set<Int>) throws -> Mask {
    try read(url, selection, labelsOfEach: [labels])[0]
  }

  /// The same for several sets of labels, the file decoded once: a mask a set.
  public static func read(_ url: URL, _ selection: ImageSelection = .whole, labelsOfEach sets: [Set<Int>]) throws -> [Mask] {
    if case .slice(let index, let plane, let volume) = selection {
      let slice = try NIfTIFile.open(url).slice(index, plane: plane, volume: volume)
      let levels = slice.values.map { label(of: Double($0)) }
      return sets.map { labels in
        Mask(width: slice.width, height: slice.height, trusted: levels.map { $0.map(labels.contains) == true ? 1 : 0 })
      }
    }
    let picture = try MaskPicture(url, selection)
    guard let levels = picture.labels() else { throw ImagingError.colored(url) }
    return sets.map { labels in
      Mask(
        width: picture.width, height: picture.height,
        trusted: levels.map { level in
          level.map { labels.contains(Int($0)) } == true ? 1 : 0
        })
    }
  }

  /// What `read(_:threshold:)` gives for several sets of levels, the file decoded once: a mask a set.
  public static func read(_ url: URL, levelsOfEach sets: [Set<Int>]) throws -> [Mask] {
    let picture = try MaskPicture(url)
    if let buffer = picture.samples { return sets.map { Mask(buffer, threshold: .levels($0)) } }
    let labels = picture.labels() ?? []
    return sets.map { object in
      Mask(width: picture.width, height: picture.height, trusted: labels.map { level in level.map { object.contains(Int($0)) } == true ? 1 : 0 })
    }
  }

  /// The pixels of a gray picture whose number is one of `labels`.
  public init(_ buffer: PixelBuffer, labels: Set<Int>) {
    let values: [UInt8]
    switch buffer.samples {
    case .bytes(let samples): values = samples.map { labels.contains(Int($0)) ? 1 : 0 }
    case .words(let samples): values = samples.map { labels.contains(Int($0)) ? 1 : 0 }
    }
    self.init(width: buffer.width, height: buffer.height, trusted: values)
  }

  /// The values of a label map and how many pixels have each, of a volume in all its slices; what is no whole number stands under nil.
  ///
  /// - Throws: as `read`.
  public static func labelCounts(_ url: URL, _ selection: ImageSelection = .whole) throws -> [Int?: Int] {
    var counts = [Int?: Int]()
    if case .slice(_, let plane, let volume) = selection {
      let file = try NIfTIFile.open(url)
      for index in 0..<(try NIfTIFile.sliceCount(of: url, plane: plane)) {
        for value in try file.slice(index, plane: plane, volume: volume).values { counts[label(of: Double(value)), default: 0] += 1 }
      }
      return counts
    }
    guard let levels = try MaskPicture(url, selection).labels() else { throw ImagingError.colored(url) }
    return Self.counts(levels)
  }

  fileprivate static func counts(_ levels: [Int32?]) -> [Int?: Int] {
    var counts = [Int?: Int]()
    let whole = levels.compactMap(\.self)
    for (level, count) in MaskLevels.histogram(whole) { counts[level] = count }
    if whole.count < levels.count { counts[nil] = levels.count - whole.count }
    return counts
  }

  /// The pixels that lie in this mask and not in another of the same size. Throws `ImagingError.invalidGeometry` where sizes differ.
  public func subtracting(_ other: Mask) throws -> Mask {
    guard width == other.width, height == other.height else {
      throw ImagingError.geometry(
        "A mask of \(width) × \(height) pixels cannot be compared with one of \(other.width) × \(other.height).",
        remedy: "Give masks of one size.")
    }
    return Mask(width: width, height: height, trusted: zip(values, other.values).map { $1 == 0 ? $0 : 0 })
  }
}

/// The numbers of a mask file that numbers its classes.
public struct StoredLabels: Sendable {
  /// Pixels by value; what is no whole number stands under nil.
  public let counts: [Int?: Int]
  /// Whether it is a picture of colors, also of a palette's, which count by their luma.
  public private(set) var isColored = false
  /// Whether its format keeps no numbers, as JPEG.
  public private(set) var isLossy = false

  public init(counts: [Int?: Int]) { self.counts = counts }

  /// Opens a file. Throws `ImagingError`, which names it.
  public init(_ url: URL) throws {
    let picture = try MaskPicture(url)
    if let levels = picture.labels() { counts = Mask.counts(levels) } else { counts = Mask.counts(try picture.levels()) }
    (isColored, isLossy) = (picture.samples.map { $0.colorChannels == 3 } ?? false, picture.isLossy)
  }
}

extension Mask {
  /// The share of object among the outermost pixels, 0...1.
  public var borderShare: Double {
    var object = 0, all = 0
    func add(_ x: Int, _ y: Int) {
      object += values[y * width + x] == 0 ? 0 : 1
      all += 1
    }
    for x in 0..<width {
      add(x, 0)
      if height > 1 { add(x, height - 1) }
    }
    for y in 1..<max(height - 1, 1) {
      add(0, y)
      if width > 1 { add(width - 1, y) }
    }
    return Double(object) / Double(max(all, 1))
  }
}

extension ImagingError {
  static func colored(_ url: URL) -> ImagingError {
    .format(url, .unsupported("a label map of colors, in which no numbers can be told"))
  }
}
