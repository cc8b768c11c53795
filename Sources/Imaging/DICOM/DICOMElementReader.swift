/// The two letters that say the type of an element's value.
struct DICOMValueType: Hashable, Sendable {
  let letters: UInt16

  init(_ first: UInt8, _ second: UInt8) { letters = UInt16(first) << 8 | UInt16(second) }

  init(_ name: StaticString) {
    self = name.withUTF8Buffer { $0.count == 2 ? DICOMValueType($0[0], $0[1]) : DICOMValueType(0, 0) }
  }

  var isPlausible: Bool { (65...90).contains(letters >> 8) && (65...90).contains(letters & 0xFF) }

  /// Whether an explicit element of this type writes its length in two bytes.
  var hasShortLength: Bool { Self.short.contains(self) }

  static let unknown = DICOMValueType("UN")
  static let sequence = DICOMValueType("SQ")
  static let words = DICOMValueType("OW")
  static let unsignedShort = DICOMValueType("US")
  static let signedShort = DICOMValueType("SS")
  static let unsignedLong = DICOMValueType("UL")
  static let signedLong = DICOMValueType("SL")
  static let float = DICOMValueType("FL")
  static let double = DICOMValueType("FD")

  private static let short: Set<DICOMValueType> = [
    "AE", "AS", "AT", "CS", "DA", "DS", "DT", "FL", "FD", "IS", "LO", "LT", "PN", "SH", "SL", "SS", "ST", "TM", "UI", "UL", "US",
  ].reduce(into: []) { $0.insert(DICOMValueType(Array($1.utf8)[0], Array($1.utf8)[1])) }
}

/// Walks over the headers of elements.
struct DICOMElementReader {
  struct Header {
    let tag: DICOMTag
    let type: DICOMValueType?
    /// nil: up to a delimiter.
    let length: Int?
  }

  let bytes: UnsafeRawBufferPointer
  var position: Int
  let end: Int

  /// The next element's header, with `position` at its value; nil at the end.
  mutating func next(_ encoding: DICOMEncoding) throws -> Header? {
    // Less than a header is padding.
    guard end - position >= 8 else { return nil }
    let tag = DICOMTag(word(position, encoding), word(position + 2, encoding))
    var type: DICOMValueType?
    var length: UInt32
    let letters = DICOMValueType(bytes[position + 4], bytes[position + 5])
    if encoding.isExplicit && tag.group != 0xFFFE && letters.isPlausible {
      type = letters
      if letters.hasShortLength {
        length = UInt32(word(position + 6, encoding))
        position += 8
      } else {
        guard end - position >= 12 else { throw FormatFailure.truncated("its DICOM data end within an element") }
        length = long(position + 8, encoding)
        position += 12
      }
    } else {
      // Also in an explicit file: some writers leave single elements without a type.
      length = long(position + 4, encoding)
      position += 8
    }
    if length == .max && (tag == .item || type == nil || type == .sequence || type == .unknown || tag == .pixelData) {
      return Header(tag: tag, type: type, length: nil)
    }
    if tag == .itemEnd || tag == .sequenceEnd { length = 0 }
    return Header(tag: tag, type: type, length: Int(length))
  }

  /// The position behind the delimiter of the sequence whose items begin here.
  func endOfSequence(_ encoding: DICOMEncoding, isUnknown: Bool) throws -> Int {
    try endOfDelimited(.init(isItem: false, encoding: isUnknown ? implicit(encoding) : encoding))
  }

  /// The position behind the delimiter of the item whose elements begin here.
  func endOfItem(_ encoding: DICOMEncoding) throws -> Int { try endOfDelimited(.init(isItem: true, encoding: encoding)) }

  /// The position behind an item, or a mark of one's end, that lies in no sequence, and whose header has just been read.
  func endOfStray(_ header: Header, _ encoding: DICOMEncoding) throws -> Int {
    guard let length = header.length else { return try endOfItem(encoding) }
    guard length <= end - position else { throw FormatFailure.truncated("its DICOM data end within an item") }
    return position + length
  }

  private struct Level {
    let isItem: Bool
    let encoding: DICOMEncoding
  }

  private func endOfDelimited(_ outermost: Level) throws -> Int {
    var reader = self
    var open = [outermost]
    while let level = open.last {
      guard let header = try reader.next(level.encoding) else {
        throw FormatFailure.truncated("its DICOM data end within a sequence")
      }
      if header.tag == (level.isItem ? .itemEnd : .sequenceEnd) {
        open.removeLast()
      } else if let length = header.length {
        guard length <= end - reader.position else { throw FormatFailure.truncated("its DICOM data end within a sequence") }
        reader.position += length
      } else if level.isItem, header.tag == .item {
        // An item outside its sequence.
        open.append(Level(isItem: true, encoding: level.encoding))
      } else if level.isItem {
        open.append(Level(isItem: false, encoding: header.type == .unknown ? implicit(level.encoding) : level.encoding))
      } else {
        guard header.tag == .item else { throw FormatFailure.malformed("a DICOM sequence holds something that is no item") }
        open.append(Level(isItem: true, encoding: level.encoding))
      }
    }
    return reader.position
  }

  private func implicit(_ encoding: DICOMEncoding) -> DICOMEncoding {
    DICOMEncoding(isExplicit: false, isBigEndian: encoding.isBigEndian)
  }

  private func word(_ place: Int, _ encoding: DICOMEncoding) -> UInt16 {
    let value = bytes.loadUnaligned(fromByteOffset: place, as: UInt16.self)
    return encoding.isBigEndian ? UInt16(bigEndian: value) : UInt16(littleEndian: value)
  }

  private func long(_ place: Int, _ encoding: DICOMEncoding) -> UInt32 {
    let value = bytes.loadUnaligned(fromByteOffset: place, as: UInt32.self)
    return encoding.isBigEndian ? UInt32(bigEndian: value) : UInt32(littleEndian: value)
  }
}
