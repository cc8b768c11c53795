/// What the markers of a JPEG or JPEG-LS stream say of its picture (ITU-T T.81 annex B, T.87 annex C).
struct JPEGStreamHeader {
  /// Bits a sample.
  let precision: Int
  let rows: Int
  let columns: Int
  /// The components' identifiers.
  let components: [UInt8]
  /// Whether the DCT process is one that libjpeg decodes at 8 bits: baseline, extended or progressive, with Huffman codes.
  let isHuffmanDCT: Bool
  let isLS: Bool
  let hasJFIF: Bool

  init(_ bytes: UnsafeRawBufferPointer) throws {
    let malformed = FormatFailure.malformed("its compressed pixel data are no JPEG stream")
    guard bytes.count >= 4, bytes[0] == 0xFF, bytes[1] == 0xD8 else { throw malformed }
    var position = 2
    var hasJFIF = false
    while bytes.count - position >= 4 {
      guard bytes[position] == 0xFF else { throw malformed }
      let marker = bytes[position + 1]
      // Any number of fill bytes may stand before a marker.
      if marker == 0xFF {
        position += 1
        continue
      }
      let length = Int(bytes[position + 2]) << 8 | Int(bytes[position + 3])
      guard length >= 2, length <= bytes.count - position - 2 else { break }
      let segment = UnsafeRawBufferPointer(rebasing: bytes[position + 4..<position + 2 + length])
      if marker == 0xE0 && segment.starts(with: "JFIF".utf8) { hasJFIF = true }
      let isFrame = (0xC0...0xCF).contains(marker) && ![0xC4, 0xC8, 0xCC].contains(marker) || marker == 0xF7
      if isFrame {
        guard segment.count >= 6, segment.count >= 6 + 3 * Int(segment[5]) else { throw malformed }
        precision = Int(segment[0])
        rows = Int(segment[1]) << 8 | Int(segment[2])
        columns = Int(segment[3]) << 8 | Int(segment[4])
        components = (0..<Int(segment[5])).map { segment[6 + 3 * $0] }
        isHuffmanDCT = [0xC0, 0xC1, 0xC2].contains(marker)
        isLS = marker == 0xF7
        self.hasJFIF = hasJFIF
        return
      }
      position += 2 + length
    }
    throw FormatFailure.truncated("its JPEG data end before the picture is complete")
  }

  /// The color space of three components, by the rules of pydicom: components named R, G, B are that; a JFIF mark means
  /// YCbCr; else the DICOM header decides.
  func colorSpace(header photometric: String) -> String {
    if components == Array("RGB".utf8) || components == Array("rgb".utf8) { return "RGB" }
    return hasJFIF && !photometric.contains("YBR") ? "YBR_FULL" : photometric
  }
}
