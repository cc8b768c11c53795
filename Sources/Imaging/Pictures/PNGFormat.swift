internal import CImageCodecs

extension PictureFormat {
  /// Of an animated PNG the picture that every reader of PNG shows is read.
  static let png = PictureFormat(
    name: "PNG", endings: ["png"], signatures: [[0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]], statement: PNGChunks.statement
  ) { bytes, request in
    let stated = PNGChunks.statement(bytes)
    try request.requireFirst(of: stated.pictureCount)
    return try CodedPicture.decode(bytes, request, stated) { codecs_decode_png($0, $1, $3, $4) }
  }
}

/// What chunks of a PNG file (ISO/IEC 15948, third edition) say that its decoder does not.
enum PNGChunks {
  static func statement(_ bytes: UnsafeRawBufferPointer) -> PictureStatement {
    var stated = PictureStatement(), position = 8
    while bytes.count - position >= 12 {
      func number(_ place: Int) -> Int { Int(UInt32(bigEndian: bytes.loadUnaligned(fromByteOffset: place, as: UInt32.self))) }
      let length = number(position), name = bytes[position + 4..<position + 8], start = position + 8
      guard length <= bytes.count - position - 12 else { break }
      if name.elementsEqual("eXIf".utf8) {
        // It may stand before or behind the picture.
        stated.orientation = StatedOrientation.exif(UnsafeRawBufferPointer(rebasing: bytes[start..<start + length]))
      } else if name.elementsEqual("acTL".utf8), length == 8 {
        stated.pictureCount = max(1, number(start))
      }
      position += length + 12
    }
    return stated
  }
}
