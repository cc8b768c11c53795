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
  ///   - url: A picture of gray numbers, as nnU-Net writes them in PNG or TIFF, or a NIfTI volume.
  ///   - labels: What counts as object.
  /// - Throws: `ImagingError`, which names the file; also for a picture of colors, whose numbers cannot be told.
  public static func read(_ url: URL, _ selection: ImageSelection = .whole, labels: Set<Int>) throws -> Mask {
    if case .slice(let index, let plane, let volume) = selection {
      let slice = try NIfTIFile.open(url).slice(index, plane: plane, volume: volume)
      return Mask(width: slice.width, height: slice.height, trusted: slice.values.map { value in
        label(of: Double(value)).map(labels.contains) == true ? 1 : 0
      })
    }
    let buffer = try ImageFile.read(url, selection)
    guard buffer.channels == 1 else {
      throw ImagingError.format(url, .unsupported("a label map of colors, in which no numbers can be told"))
    }
    return Mask(buffer, labels: labels)
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
    let buffer = try ImageFile.read(url, selection)
    guard buffer.channels == 1 else {
      throw ImagingError.format(url, .unsupported("a label map of colors, in which no numbers can be told"))
    }
    for (level, count) in MaskLevels(buffer).counts { counts[level] = count }
    return counts
  }

  /// The pixels that lie in this mask and not in another of the same size. Throws `ImagingError.invalidGeometry` where sizes differ.
  public func subtracting(_ other: Mask) throws -> Mask {
    guard width == other.width, height == other.height else {
      throw ImagingError.geometry(
        "A mask of \(width) × \(height) pixels cannot be compared with one of \(other.width) × \(other.height).",
        remedy: "Give masks of one size.")
    }
    return Mask(width: width, height: height, trusted: zip(values, other.values).map { $0 & (1 - $1) })
  }
}
