/// A format of picture files: how its files begin and are called, and how one picture of them is decoded.
///
/// A new one is a file beside this one and a line in `all`.
struct PictureFormat: Sendable {
  let name: String
  /// Of file names, in lower case.
  let endings: [String]
  /// Whether bytes begin as a file of the format does.
  let isBeginning: @Sendable (UnsafeRawBufferPointer) -> Bool
  /// Decodes one picture. Throws `FormatFailure`.
  let decode: @Sendable (UnsafeRawBufferPointer, PictureRequest) throws -> DecodedPicture
  /// What a file states outside of what is decoded; nil for formats in which only decoding tells it.
  let statement: (@Sendable (UnsafeRawBufferPointer) -> PictureStatement)?
  /// Whether a file's numbers come out otherwise than they were written.
  var isLossy: @Sendable (UnsafeRawBufferPointer) -> Bool = { _ in false }

  /// Asked in this order: formats with long signatures first.
  static let all: [PictureFormat] = [.png, .jpeg, .tiff, .gif, .webp, .jpeg2000, .netpbm, .bmp]

  init(
    name: String, endings: [String], isBeginning: @escaping @Sendable (UnsafeRawBufferPointer) -> Bool,
    statement: (@Sendable (UnsafeRawBufferPointer) -> PictureStatement)? = nil,
    decode: @escaping @Sendable (UnsafeRawBufferPointer, PictureRequest) throws -> DecodedPicture
  ) {
    self.name = name
    self.endings = endings
    self.isBeginning = isBeginning
    self.statement = statement
    self.decode = decode
  }

  /// A format that each of some signatures begins.
  init(
    name: String, endings: [String], signatures: [[UInt8]], statement: (@Sendable (UnsafeRawBufferPointer) -> PictureStatement)? = nil,
    decode: @escaping @Sendable (UnsafeRawBufferPointer, PictureRequest) throws -> DecodedPicture
  ) {
    self.init(
      name: name, endings: endings, isBeginning: { bytes in signatures.contains { bytes.starts(with: $0) } }, statement: statement,
      decode: decode)
  }

  init?(of bytes: UnsafeRawBufferPointer) {
    guard let match = Self.all.first(where: { $0.isBeginning(bytes) }) else { return nil }
    self = match
  }
}

/// What a picture file says of its pictures beside their pixels.
struct PictureStatement: Sendable, Equatable {
  /// 1...8 as tag 274 of TIFF numbers them; 1 is upright.
  var orientation = 1
  /// How many pictures the file holds.
  var pictureCount = 1

  /// - Parameter isChosen: Whether somebody said which of several pictures is meant.
  func remarks(isChosen: Bool, isTurned: Bool) -> [ImageRemark] {
    var remarks: [ImageRemark] = []
    if pictureCount > 1, !isChosen { remarks.append(.severalPictures(pictureCount)) }
    if orientation > 1 { remarks.append(.statedOrientation(orientation, isTurned: isTurned)) }
    return remarks
  }
}

/// Which picture of a file is decoded, and how.
struct PictureRequest: Sendable {
  /// From 0.
  var index = 0
  var orientation: OrientationRule = .asStated
  var pixelLimit = ImageFile.pixelLimit

  /// Throws where a file of one picture is asked for another.
  func requireFirst() throws { if index > 0 { throw FormatFailure.absent(index, of: 1) } }

  /// Throws where another picture is asked for than the first of a file, the only one that is decoded of several.
  func requireFirst(of count: Int) throws {
    if index >= count { throw FormatFailure.absent(index, of: count) }
    if index > 0 { throw FormatFailure.unsupported("of its \(count) pictures only the first can be read") }
  }
}

/// What becomes of the orientation that a picture file states (EXIF, or tag 274 of TIFF).
public enum OrientationRule: String, Sendable, Hashable, Codable, CaseIterable {
  /// The picture is turned as its file says, in every format that can say it: as viewers and annotation tools show it.
  case asStated
  /// The rows stay as they are stored.
  case asStored
}

/// One picture of a file.
struct DecodedPicture: Sendable {
  let width: Int
  let height: Int
  /// 1 grey, 2 grey and alpha, 3 RGB, 4 RGBA.
  let channels: Int
  let bitDepth: Int
  /// Pixel by pixel, rows from the top.
  let samples: StoredSamples
  var statement = PictureStatement()
  var isTurned = false

  /// Whether samples are brightness: unsigned numbers of up to 16 bits. Others are measurements, such as those of a float TIFF.
  var isBrightness: Bool {
    switch samples {
    case .uint8, .uint16: return true
    default: return false
    }
  }

  /// The picture as a network sees it: its samples as they are, measurements from the least to the greatest in 16 bits; or all that
  /// lie between the ends of `window` in 16 bits.
  func pixelBuffer(window: IntensityWindow?) throws -> PixelBuffer {
    if window == nil {
      switch samples {
      case .uint8(let bytes):
        return try PixelBuffer(width: width, height: height, channels: channels, bitDepth: bitDepth, samples: .bytes(bytes))
      case .uint16(let words):
        return try PixelBuffer(width: width, height: height, channels: channels, bitDepth: bitDepth, samples: .words(words))
      default: break
      }
    }
    let brightness = window.map { window in { Float(window.brightness($0)) } } ?? stretch(over: samples.range() ?? 0...0)
    var words = samples.map(brightness).map { UInt16(($0 * 65535).rounded()) }
    if channels == 2 || channels == 4, isBrightness {
      let opacity = samples.map { Float($0 / Double(1 << bitDepth - 1)) }
      for index in stride(from: channels - 1, to: words.count, by: channels) { words[index] = UInt16((opacity[index] * 65535).rounded()) }
    }
    return try PixelBuffer(width: width, height: height, channels: channels, bitDepth: 16, samples: .words(words))
  }

  /// - Parameters:
  ///   - isChosen: Whether somebody said which of several pictures is meant.
  ///   - window: Whether somebody said what is black and white.
  func remarks(isChosen: Bool, window: IntensityWindow?) -> [ImageRemark] {
    let scale = window == nil && !isBrightness ? samples.range().map { ImageRemark.ownScale($0) } : nil
    return statement.remarks(isChosen: isChosen, isTurned: isTurned) + [samples.notFiniteRemark, scale].compactMap(\.self)
  }

  /// How samples become brightness, in words.
  func display(window: IntensityWindow?) -> String {
    var words = "as stored"
    if let window {
      words = window.words
    } else if !isBrightness {
      words = samples.range().map { "from \($0.lowerBound) to \($0.upperBound)" } ?? "as stored"
    }
    return isTurned ? words + ", turned from orientation \(statement.orientation)" : words
  }
}
