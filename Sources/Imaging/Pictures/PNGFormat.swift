internal import CImageCodecs

extension PictureFormat {
  static let png = PictureFormat(
    name: "PNG", endings: ["png"], signatures: [[0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]], statedOrientation: StatedOrientation.png
  ) { bytes, request in
    try request.requireFirst()
    return try CodedPicture.decode(bytes, request, orientation: StatedOrientation.png(bytes)) { codecs_decode_png($0, $1, $3, $4) }
  }
}

extension StatedOrientation {
  /// Of the chunk eXIf, which may stand before or behind the picture.
  static func png(_ bytes: UnsafeRawBufferPointer) -> Int {
    var position = 8
    while bytes.count - position >= 12 {
      let length = Int(UInt32(bigEndian: bytes.loadUnaligned(fromByteOffset: position, as: UInt32.self)))
      guard length <= bytes.count - position - 12 else { return 1 }
      if bytes[position + 4..<position + 8].elementsEqual("eXIf".utf8) {
        return exif(UnsafeRawBufferPointer(rebasing: bytes[position + 8..<position + 8 + length]))
      }
      position += length + 12
    }
    return 1
  }
}
