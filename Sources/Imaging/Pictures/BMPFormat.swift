extension PictureFormat {
  /// Windows' bitmaps, and those of OS/2: 1, 4 and 8 bits with a palette, plain or as run lengths, and 16, 24 and 32 bits.
  static let bmp = PictureFormat(name: "BMP", endings: ["bmp", "dib"], isBeginning: BMPReader.isBeginning, statement: { _ in PictureStatement() }) { bytes, request in
    try request.requireFirst()
    return try BMPReader(bytes: bytes).picture(pixelLimit: request.pixelLimit)
  }
}

/// Reads a bitmap (BITMAPFILEHEADER and the BITMAPINFOHEADER family of Windows' documentation). Headers of fixed places and rows almost
/// without compression: a library would be more code than this.
struct BMPReader {
  private let bytes: UnsafeRawBufferPointer
  private let headerSize: Int
  private let width: Int
  private let height: Int
  private let isTopDown: Bool
  private let bits: Int
  private let compression: Int

  private enum Compression { static let none = 0, runs8 = 1, runs4 = 2, masks = 3, masksWithOpacity = 6 }

  static func isBeginning(_ bytes: UnsafeRawBufferPointer) -> Bool {
    bytes.count >= 26 && bytes.starts(with: "BM".utf8) && [12, 40, 52, 56, 64, 108, 124].contains(Int(bytes[14])) && bytes[15] == 0
      && bytes[16] == 0 && bytes[17] == 0
  }

  init(bytes: UnsafeRawBufferPointer) throws {
    self.bytes = bytes
    headerSize = Int(bytes[14])
    guard bytes.count >= 14 + headerSize else { throw Self.cut }
    func word(_ place: Int) -> Int { Int(bytes.loadUnaligned(fromByteOffset: place, as: UInt16.self).littleEndian) }
    func long(_ place: Int) -> Int { Int(bytes.loadUnaligned(fromByteOffset: place, as: Int32.self).littleEndian) }
    let isCore = headerSize == 12
    width = isCore ? word(18) : long(18)
    let rows = isCore ? word(20) : long(22)
    (height, isTopDown) = (abs(rows), rows < 0)
    bits = word(isCore ? 24 : 28)
    compression = isCore ? Compression.none : long(30)
    guard width > 0, height > 0 else { throw FormatFailure.malformed("its width or height is 0") }
    let isKnown: Bool
    switch compression {
    case Compression.none: isKnown = [1, 4, 8, 16, 24, 32].contains(bits)
    case Compression.runs8: isKnown = bits == 8
    case Compression.runs4: isKnown = bits == 4
    case Compression.masks, Compression.masksWithOpacity: isKnown = (bits == 16 || bits == 32) && headerSize != 64
    default: isKnown = false
    }
    guard isKnown else { throw FormatFailure.unsupported("a BMP with \(bits) bits a pixel and compression \(compression)") }
  }

  func picture(pixelLimit: Int) throws -> DecodedPicture {
    guard width <= pixelLimit / height else { throw FormatFailure.tooManyPixels(width: width, height: height, limit: pixelLimit) }
    return try bits <= 8 ? paletted(compression == Compression.none ? indices() : runs()) : colors()
  }

  private static let cut = FormatFailure.truncated("its BMP data end before the picture is complete")

  private func unsigned(_ place: Int) -> Int { Int(bytes.loadUnaligned(fromByteOffset: place, as: UInt32.self).littleEndian) }

  private var pixelStart: Int { unsigned(10) }

  /// Bytes from a row to the next: whole words of 32 bits.
  private var stride: Int { (width * bits + 31) / 32 * 4 }

  /// Where a row lies, counted from the top of the picture.
  private func place(ofRow row: Int) -> Int { pixelStart + (isTopDown ? row : height - 1 - row) * stride }

  private func checkRows() throws {
    // The last row may lack its padding.
    let needed = (height - 1) * stride + (width * bits + 7) / 8
    guard pixelStart <= bytes.count, needed <= bytes.count - pixelStart else { throw Self.cut }
  }

  // MARK: Palettes

  private func indices() throws -> [UInt8] {
    try checkRows()
    var values: [UInt8] = []
    values.reserveCapacity(width * height)
    let mask = UInt8(truncatingIfNeeded: 1 << bits - 1)
    for row in 0..<height {
      let start = place(ofRow: row)
      for column in 0..<width {
        let bit = column * bits
        values.append(bytes[start + bit / 8] >> UInt8(8 - bits - bit % 8) & mask)
      }
    }
    return values
  }

  /// Run lengths: a count and an index (of 4 bits, two in turn), or 0 and an order.
  private func runs() throws -> [UInt8] {
    // Two bytes make at most 255 pixels, and skipped ones cost none: what a short stream leaves out is of color 0.
    var values = [UInt8](repeating: 0, count: width * height)
    var position = pixelStart, x = 0, y = 0
    func set(_ index: UInt8) {
      if x < width, y < height { values[(isTopDown ? y : height - 1 - y) * width + x] = index }
      x += 1
    }
    while y < height {
      guard position <= bytes.count - 2 else {
        // A picture that is full needs no end mark.
        if y == height - 1, x >= width { return values }
        throw Self.cut
      }
      let (count, value) = (Int(bytes[position]), bytes[position + 1])
      position += 2
      if count > 0 {
        for index in 0..<count { set(bits == 8 ? value : index % 2 == 0 ? value >> 4 : value & 15) }
        continue
      }
      switch value {
      case 0: (x, y) = (0, y + 1)
      case 1: return values
      case 2:
        guard position <= bytes.count - 2 else { throw Self.cut }
        (x, y) = (x + Int(bytes[position]), y + Int(bytes[position + 1]))
        position += 2
      default:
        let length = bits == 8 ? Int(value) : (Int(value) + 1) / 2
        guard length <= bytes.count - position else { throw Self.cut }
        for index in 0..<Int(value) {
          let byte = bytes[position + (bits == 8 ? index : index / 2)]
          set(bits == 8 ? byte : index % 2 == 0 ? byte >> 4 : byte & 15)
        }
        // Orders begin at even places.
        position += length + length % 2
      }
    }
    return values
  }

  /// 8-bit grey where every color in use is grey, else RGB.
  private func paletted(_ indices: [UInt8]) throws -> DecodedPicture {
    let size = headerSize == 12 ? 3 : 4, start = 14 + headerSize
    let stated = headerSize == 12 ? 0 : unsigned(46)
    let count = min(stated == 0 ? 1 << bits : stated, 256)
    guard count * size <= bytes.count - start else { throw Self.cut }
    if let over = indices.max(), over >= count { throw FormatFailure.malformed("a pixel has color \(over) of a palette of \(count)") }
    func color(_ index: UInt8) -> (red: UInt8, green: UInt8, blue: UInt8) {
      let place = start + Int(index) * size
      return (bytes[place + 2], bytes[place + 1], bytes[place])
    }
    var isUsed = [Bool](repeating: false, count: 256)
    for index in indices { isUsed[Int(index)] = true }
    let colors = (0..<count).map { color(UInt8($0)) }
    let isGrey = colors.indices.allSatisfy { !isUsed[$0] || colors[$0].red == colors[$0].green && colors[$0].green == colors[$0].blue }
    var samples: [UInt8] = []
    samples.reserveCapacity(indices.count * (isGrey ? 1 : 3))
    for index in indices {
      let color = colors[Int(index)]
      samples.append(color.red)
      if !isGrey {
        samples.append(color.green)
        samples.append(color.blue)
      }
    }
    return DecodedPicture(width: width, height: height, channels: isGrey ? 1 : 3, bitDepth: 8, samples: .uint8(samples))
  }

  // MARK: Colors

  /// Where in a pixel a color's bits are.
  private struct Field {
    let mask: UInt32

    /// 0...255, rounded down as Pillow does.
    func callAsFunction(_ pixel: UInt32) -> UInt8 {
      guard mask != 0 else { return 0 }
      let shift = UInt32(mask.trailingZeroBitCount), most = UInt64(mask >> shift)
      return UInt8(min(UInt64((pixel & mask) >> shift) * 255 / most, 255))
    }
  }

  private func fields() throws -> [Field] {
    guard compression == Compression.masks || compression == Compression.masksWithOpacity else {
      return (bits == 16 ? [0x7C00, 0x3E0, 0x1F] : [0xFF0000, 0xFF00, 0xFF]).map { Field(mask: $0) }
    }
    // Behind a short header, or within a longer one: the same place.
    let hasOpacity = compression == Compression.masksWithOpacity || headerSize >= 56
    guard bytes.count >= 54 + (hasOpacity ? 16 : 12) else { throw Self.cut }
    let masks = (0..<(hasOpacity ? 4 : 3)).map { UInt32(unsigned(54 + 4 * $0)) }
    guard masks.prefix(3).allSatisfy({ $0 != 0 }) else { throw FormatFailure.malformed("its BMP data do not say which bits are which color") }
    return masks.last == 0 ? masks.dropLast().map { Field(mask: $0) } : masks.map { Field(mask: $0) }
  }

  private func colors() throws -> DecodedPicture {
    try checkRows()
    let fields = try bits == 24 ? [] : fields(), channels = max(fields.count, 3), size = bits / 8
    var samples: [UInt8] = []
    samples.reserveCapacity(width * height * channels)
    for row in 0..<height {
      let start = place(ofRow: row)
      for column in 0..<width {
        let place = start + column * size
        switch size {
        case 3: for offset in [2, 1, 0] { samples.append(bytes[place + offset]) }
        case 2:
          let pixel = UInt32(bytes.loadUnaligned(fromByteOffset: place, as: UInt16.self).littleEndian)
          for field in fields { samples.append(field(pixel)) }
        default:
          let pixel = bytes.loadUnaligned(fromByteOffset: place, as: UInt32.self).littleEndian
          for field in fields { samples.append(field(pixel)) }
        }
      }
    }
    return DecodedPicture(width: width, height: height, channels: channels, bitDepth: 8, samples: .uint8(samples))
  }
}
