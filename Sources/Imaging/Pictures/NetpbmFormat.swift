extension PictureFormat {
  /// PBM, PGM and PPM (netpbm's manual pages pbm, pgm and ppm), with samples as bytes or as digits. Files of bytes may hold several
  /// pictures, one behind another.
  static let netpbm = PictureFormat(
    name: "PGM/PPM", endings: ["pgm", "ppm", "pbm", "pnm"],
    isBeginning: { NetpbmReader.isBeginning($0[...]) },
    statement: { PictureStatement(pictureCount: max(1, NetpbmReader.pictures(in: $0).count)) }
  ) { bytes, request in
    let pictures = NetpbmReader.pictures(in: bytes)
    // The first is read even where it is damaged, so that it is said how.
    guard request.index == 0 || request.index < pictures.count else { throw FormatFailure.absent(request.index, of: max(1, pictures.count)) }
    let start = request.index == 0 ? 0 : pictures[request.index]
    var reader = NetpbmReader(bytes: UnsafeRawBufferPointer(rebasing: bytes[start...]))
    var picture = try reader.picture(pixelLimit: request.pixelLimit)
    picture.statement.pictureCount = max(1, pictures.count)
    return picture
  }
}

/// Reads one picture. A handful of fields and rows without compression: a library would be more code than this.
struct NetpbmReader {
  private let bytes: UnsafeRawBufferPointer
  private var position = 2

  init(bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

  static func isBeginning(_ bytes: Slice<UnsafeRawBufferPointer>) -> Bool {
    let start = bytes.startIndex
    return bytes.count >= 3 && bytes[start] == UInt8(ascii: "P") && (0x31...0x36).contains(bytes[start + 1])
      && (isBlank(bytes[start + 2]) || bytes[start + 2] == UInt8(ascii: "#"))
  }

  /// Where the whole pictures of a file begin. One of digits is the only one; of bytes each ends where its samples do, and blanks may
  /// stand before the next.
  static func pictures(in bytes: UnsafeRawBufferPointer) -> [Int] {
    var starts: [Int] = [], position = 0
    while isBeginning(bytes[position...]) {
      var reader = NetpbmReader(bytes: UnsafeRawBufferPointer(rebasing: bytes[position...]))
      guard let header = try? reader.header(), let size = header.byteCount else { return starts.isEmpty ? [0] : starts }
      guard size <= reader.bytes.count - reader.position else { break }
      starts.append(position)
      position += reader.position + size
      while position < bytes.count, isBlank(bytes[position]) { position += 1 }
    }
    return starts
  }

  /// What stands before the samples.
  private struct Header {
    let width: Int
    let height: Int
    let channels: Int
    /// The sample that is white.
    let maximum: Int
    let isText: Bool
    let isBits: Bool

    /// Of its samples; nil where they are digits, or more than can be.
    var byteCount: Int? {
      if isText { return nil }
      let row = isBits ? (width + 7) / 8 : width * channels * (maximum > 255 ? 2 : 1)
      let size = row.multipliedReportingOverflow(by: height)
      return size.overflow ? nil : size.partialValue
    }
  }

  /// Reads it, and goes to the first sample.
  private mutating func header() throws -> Header {
    // 1, 2, 3: bits, grey and colors as digits; 4, 5, 6 the same as bytes.
    let kind = Int(bytes[1]) - 0x30
    let isText = kind <= 3, isBits = kind % 3 == 1
    let width = try number("width"), height = try number("height"), maximum = isBits ? 1 : try number("greatest value")
    guard width > 0, height > 0 else { throw FormatFailure.malformed("its width or height is 0") }
    guard (1...65535).contains(maximum) else { throw FormatFailure.malformed("its greatest value is \(maximum), and 1 to 65535 are allowed") }
    // Exactly one blank stands before bytes.
    if !isText { position += 1 }
    return Header(width: width, height: height, channels: kind % 3 == 0 ? 3 : 1, maximum: maximum, isText: isText, isBits: isBits)
  }

  static func isBlank(_ byte: UInt8) -> Bool { byte == 32 || (9...13).contains(byte) }

  mutating func picture(pixelLimit: Int) throws -> DecodedPicture {
    let header = try header(), (width, height, maximum) = (header.width, header.height, header.maximum)
    guard width <= pixelLimit / height else { throw FormatFailure.tooManyPixels(width: width, height: height, limit: pixelLimit) }
    let channels = header.channels, count = width * height * channels
    var samples: [UInt16]
    if header.isBits {
      samples = try header.isText ? textBits(count) : packedBits(width: width, height: height)
    } else if header.isText {
      guard bytes.count - position >= count else { throw Self.cut }
      samples = try (0..<count).map { _ in UInt16(clamping: try number("sample")) }
    } else {
      samples = try raw(count, size: maximum > 255 ? 2 : 1)
    }
    if let over = samples.first(where: { Int($0) > maximum }) {
      throw FormatFailure.malformed("a sample is \(over), more than its greatest value \(maximum)")
    }
    return try Self.scaled(samples, maximum: maximum, width: width, height: height, channels: channels)
  }

  private static let cut = FormatFailure.truncated("its samples end before the picture is complete")

  /// Samples whose greatest value is 2ⁿ − 1 stay; others are brought to 8 or 16 bits, as Pillow does.
  private static func scaled(_ samples: [UInt16], maximum: Int, width: Int, height: Int, channels: Int) throws -> DecodedPicture {
    let isWhole = maximum & (maximum + 1) == 0
    let bitDepth = isWhole ? (maximum + 1).trailingZeroBitCount : maximum > 255 ? 16 : 8
    let white = Double(1 << bitDepth - 1)
    let values = isWhole ? samples : samples.map { UInt16((Double($0) / Double(maximum) * white).rounded(.toNearestOrEven)) }
    let stored: StoredSamples = bitDepth <= 8 ? .uint8(values.map { UInt8($0) }) : .uint16(values)
    return DecodedPicture(width: width, height: height, channels: channels, bitDepth: bitDepth, samples: stored)
  }

  /// The next number; a comment runs from # to the end of its line.
  private mutating func number(_ name: String) throws -> Int {
    while position < bytes.count, Self.isBlank(bytes[position]) || bytes[position] == UInt8(ascii: "#") {
      if bytes[position] == UInt8(ascii: "#") {
        while position < bytes.count, bytes[position] != 10, bytes[position] != 13 { position += 1 }
      } else {
        position += 1
      }
    }
    guard position < bytes.count else { throw Self.cut }
    var value = 0, digits = 0
    while position < bytes.count, (0x30...0x39).contains(bytes[position]) {
      value = value * 10 + Int(bytes[position] - 0x30)
      (position, digits) = (position + 1, digits + 1)
      guard value < 1 << 31 else { throw FormatFailure.malformed("its \(name) is absurd") }
    }
    guard digits > 0 else { throw FormatFailure.malformed("its \(name) is no number") }
    return value
  }

  private func raw(_ count: Int, size: Int) throws -> [UInt16] {
    guard position <= bytes.count, bytes.count - position >= count * size else { throw Self.cut }
    if size == 1 { return bytes[position..<position + count].map { UInt16($0) } }
    return (0..<count).map { UInt16(bytes[position + 2 * $0]) << 8 | UInt16(bytes[position + 2 * $0 + 1]) }
  }

  /// 1 is black. Rows begin at a byte.
  private func packedBits(width: Int, height: Int) throws -> [UInt16] {
    let row = (width + 7) / 8
    guard position <= bytes.count, bytes.count - position >= row * height else { throw Self.cut }
    return (0..<width * height).map { index in
      let (y, x) = (index / width, index % width)
      return 1 - UInt16(bytes[position + y * row + x / 8] >> UInt8(7 - x % 8) & 1)
    }
  }

  /// Digits, which need no blanks between them.
  private mutating func textBits(_ count: Int) throws -> [UInt16] {
    guard bytes.count - position >= count else { throw Self.cut }
    var bits: [UInt16] = []
    bits.reserveCapacity(count)
    while bits.count < count {
      guard position < bytes.count else { throw Self.cut }
      let byte = bytes[position]
      position += 1
      if byte == UInt8(ascii: "#") {
        while position < bytes.count, bytes[position] != 10, bytes[position] != 13 { position += 1 }
      } else if byte == 0x30 || byte == 0x31 {
        bits.append(byte == 0x30 ? 1 : 0)
      } else if !Self.isBlank(byte) {
        throw FormatFailure.malformed("a sample is no bit")
      }
    }
    return bits
  }
}
