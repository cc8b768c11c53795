/// Finds the data set in a file's bytes: preamble, file meta information, transfer syntax (PS3.10 section 7).
///
/// Files without preamble or meta information are common in old sets; for them the first element tells how they are written.
struct DICOMContainer {
  let syntax: DICOMTransferSyntax
  /// Where the data set begins.
  let start: Int

  /// Whether the bytes look like a DICOM file: the letters DICM at 128, or a plausible first element.
  static func isPlausible(_ bytes: UnsafeRawBufferPointer) -> Bool {
    hasPreamble(bytes) || firstElement(bytes, at: 0) != nil
  }

  static func hasPreamble(_ bytes: UnsafeRawBufferPointer) -> Bool {
    bytes.count >= 132 && bytes[128..<132].elementsEqual("DICM".utf8)
  }

  /// Reads the head of the file.
  init(_ bytes: UnsafeRawBufferPointer) throws {
    var position = Self.hasPreamble(bytes) ? 132 : 0
    var uid: String?
    // Group 2 is explicit little endian always; its own length is not trusted.
    var reader = DICOMElementReader(bytes: bytes, position: position, end: bytes.count)
    let meta = DICOMTransferSyntax.explicitLittleEndian.encoding
    while let header = try reader.next(meta), header.tag.group == 2 {
      guard let length = header.length, length <= bytes.count - reader.position else {
        throw FormatFailure.truncated("its DICOM data end before the picture is complete")
      }
      if header.tag == .transferSyntax {
        let value = bytes[reader.position..<reader.position + min(length, 64)]
        uid = String(decoding: value.prefix { $0 != 0 && $0 != 32 }, as: UTF8.self)
      }
      reader.position += length
      position = reader.position
    }
    start = position
    let looks = Self.firstElement(bytes, at: position)
    guard let uid, !uid.isEmpty else {
      guard let looks else { throw FormatFailure.malformed("its DICOM header names no transfer syntax") }
      syntax =
        !looks.isExplicit ? .implicitLittleEndian : looks.isBigEndian ? .explicitBigEndian : .explicitLittleEndian
      return
    }
    var named = DICOMTransferSyntax.named(uid)
    // Some writers name one and write the other; the first element shows which.
    if !named.isDeflated, let looks, looks.isBigEndian == named.encoding.isBigEndian { named.encoding.isExplicit = looks.isExplicit }
    syntax = named
  }

  /// How the element at a place is written, if it can be the first of a data set: of group 2 or 8 (or 4, or up to 0x28 for cut-down
  /// files), of a type and length that fit.
  private static func firstElement(_ bytes: UnsafeRawBufferPointer, at place: Int) -> DICOMEncoding? {
    guard bytes.count - place >= 16 else { return nil }
    let group = UInt16(bytes[place]) | UInt16(bytes[place + 1]) << 8
    let isBigEndian = ![0x02, 0x04, 0x08, 0x10, 0x18, 0x20, 0x28].contains(group)
    guard !isBigEndian || [0x04, 0x08, 0x10, 0x18, 0x20, 0x28].contains(group.byteSwapped) else { return nil }
    if DICOMValueType(bytes[place + 4], bytes[place + 5]).isPlausible {
      return DICOMEncoding(isExplicit: true, isBigEndian: isBigEndian)
    }
    // Implicit: a length that stays small is all there is to see, and big endian is always explicit.
    let length = bytes.loadUnaligned(fromByteOffset: place + 4, as: UInt32.self).littleEndian
    guard !isBigEndian, length <= 1024, Int(length) <= bytes.count - place - 8 else { return nil }
    return DICOMEncoding(isExplicit: false, isBigEndian: false)
  }
}
