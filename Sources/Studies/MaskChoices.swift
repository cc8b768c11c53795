/// Which gray levels of a mask file are object.
public enum MaskThreshold: Codable, Hashable, Sendable {
  /// The levels of all files of the source together decide, where only two are there or all others are soft edges between two.
  case automatic
  /// Every level above 0, as the 2021 benchmark reads Montgomery's masks.
  case nonZero
  /// Every level above this one, in the file's own unit; 127 is how the 2021 benchmark reads DRIVE's.
  case above(Int)
  /// The same for files of fractional numbers, such as probabilities.
  case aboveNumber(Double)
  /// The opacity of the files is the mask: every one above half of the range.
  case alpha
}

/// What the levels of mask files mean.
public struct MaskMeaning: Codable, Hashable, Sendable {
  public var threshold: MaskThreshold
  /// The levels of each class, for files that number them; every other level but `ignore` and the background is an error. Empty where
  /// files number nothing.
  public var labels: [String: [Int]]
  /// The labels that are object; empty for all but one called `background`.
  public var object: [String]
  /// Levels of pixels that have no part in loss or metric.
  public var ignore: [Int]
  /// The color of the object, 0xRRGGBB.
  public var color: Int?

  public init(
    threshold: MaskThreshold = .automatic, labels: [String: [Int]] = [:], object: [String] = [], ignore: [Int] = [], color: Int? = nil
  ) {
    (self.threshold, self.labels, self.object, self.ignore, self.color) = (threshold, labels, object, ignore, color)
  }

  /// The label that is no object.
  public static let background = "background"

  /// The classes of files that number them, in the order of the network's outputs: as `object` names them, else by their lowest level.
  public var classes: [(name: String, levels: [Int])] {
    let names =
      object.isEmpty
      ? labels.keys.filter { $0 != Self.background }.sorted { (labels[$0]?.min() ?? 0, $0) < (labels[$1]?.min() ?? 0, $1) } : object
    return names.map { (name: $0, levels: labels[$0] ?? []) }
  }

  /// The levels that are object, of files that number their classes.
  public var objectLevels: Set<Int> {
    let names = object.isEmpty ? labels.keys.filter { $0 != Self.background } : object
    return Set(names.flatMap { labels[$0] ?? [] })
  }

  /// The levels that files which number their classes may have: 0 is background where no label says otherwise.
  public var knownLevels: Set<Int> { Set(labels.values.joined()).union(ignore).union(labels[Self.background] == nil ? [0] : []) }

  /// Whether the files' own levels have to tell what object is.
  public var isAutomatic: Bool { threshold == .automatic && labels.isEmpty && color == nil }
}

/// What becomes of a mask that has not the size of its image.
public enum MaskSizeRule: String, Codable, Sendable, CaseIterable {
  /// It is an error.
  case exact
  /// It is resized to the image's by the nearest pixel.
  case nearest
}

/// What a picture file without a header holds.
public struct RawGeometry: Codable, Hashable, Sendable {
  public enum ByteOrder: String, Codable, Sendable, CaseIterable { case bigEndian, littleEndian }
  public enum Zero: String, Codable, Sendable, CaseIterable { case black, white }

  /// In pixels.
  public var width: Int
  /// In pixels.
  public var height: Int
  /// Bits a sample that mean something, 1 to 16; up to 8 are stored in a byte, more in two.
  public var bits: Int
  public var byteOrder: ByteOrder
  /// Bytes before the first sample.
  public var offset: Int
  /// What the sample 0 looks like.
  public var zero: Zero

  public init(width: Int, height: Int, bits: Int, byteOrder: ByteOrder, offset: Int = 0, zero: Zero = .black) {
    self.width = width
    self.height = height
    self.bits = bits
    self.byteOrder = byteOrder
    self.offset = offset
    self.zero = zero
  }

  /// The chest radiographs of JSRT (Shiraishi et al. 2000).
  public static let jsrt = RawGeometry(width: 2048, height: 2048, bits: 12, byteOrder: .bigEndian, zero: .white)
}
