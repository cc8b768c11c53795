/// Which gray levels of a mask file are object.
public enum MaskThreshold: Codable, Hashable, Sendable {
  /// The file's own levels decide: 0 and anything where none is above 1 or only two are there, else half of the range.
  case automatic
  /// Every level above 0, as the 2021 benchmark reads Montgomery's masks.
  case nonZero
  /// Every level above this one, in the file's own unit; 127 is how the 2021 benchmark reads DRIVE's.
  case above(Int)
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
