internal import CImageCodecs

extension PictureFormat {
  /// Frames of an animation are pictures, as the screen then is.
  static let webp = PictureFormat(
    name: "WebP", endings: ["webp"],
    isBeginning: { $0.starts(with: "RIFF".utf8) && $0.count >= 12 && $0[8..<12].elementsEqual("WEBP".utf8) }
  ) { bytes, request in
    try CodedPicture.decode(bytes, request, PictureStatement(orientation: StatedOrientation.webp(bytes))) { codecs_decode_webp($0, $1, $2, $3, $4) }
  }
}

extension StatedOrientation {
  /// Of the chunk EXIF.
  static func webp(_ bytes: UnsafeRawBufferPointer) -> Int {
    var position = 12
    while bytes.count - position >= 8 {
      let length = Int(UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: position + 4, as: UInt32.self)))
      guard length <= bytes.count - position - 8 else { return 1 }
      if bytes[position..<position + 4].elementsEqual("EXIF".utf8) {
        let chunk = UnsafeRawBufferPointer(rebasing: bytes[position + 8..<position + 8 + length])
        // Some writers put JPEG's mark before it.
        return exif(chunk.starts(with: Array("Exif".utf8) + [0, 0]) ? UnsafeRawBufferPointer(rebasing: chunk[6...]) : chunk)
      }
      position += 8 + length + length % 2
    }
    return 1
  }
}
