internal import CImageCodecs

extension PictureFormat {
  /// Frames of an animation are pictures, as the screen then is.
  static let webp = lossy(
    PictureFormat(
      name: "WebP", endings: ["webp"],
      isBeginning: { $0.starts(with: "RIFF".utf8) && $0.count >= 12 && $0[8..<12].elementsEqual("WEBP".utf8) }
    ) { bytes, request in
      try CodedPicture.decode(bytes, request, PictureStatement(orientation: StatedOrientation.webp(bytes))) { codecs_decode_webp($0, $1, $2, $3, $4) }
    }, where: WebPChunks.areLossy)
}

/// The chunks of a WebP file (RFC 9649), or those within one.
enum WebPChunks {
  /// The first chunk of a name, behind `start` bytes.
  static func first(_ name: String, in bytes: UnsafeRawBufferPointer, from start: Int = 12) -> UnsafeRawBufferPointer? {
    var position = start
    while bytes.count - position >= 8 {
      let length = Int(UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: position + 4, as: UInt32.self)))
      guard length <= bytes.count - position - 8 else { return nil }
      if bytes[position..<position + 4].elementsEqual(name.utf8) { return UnsafeRawBufferPointer(rebasing: bytes[position + 8..<position + 8 + length]) }
      position += 8 + length + length % 2
    }
    return nil
  }

  /// Whether a picture is coded as VP8; those without loss are VP8L. Of an animation its first frame, whose chunks follow 16 bytes.
  static func areLossy(_ bytes: UnsafeRawBufferPointer) -> Bool {
    first("VP8 ", in: bytes) != nil || first("ANMF", in: bytes).map { first("VP8 ", in: $0, from: 16) != nil } ?? false
  }
}

extension StatedOrientation {
  /// Of the chunk EXIF.
  static func webp(_ bytes: UnsafeRawBufferPointer) -> Int {
    guard let chunk = WebPChunks.first("EXIF", in: bytes) else { return 1 }
    // Some writers put JPEG's mark before it.
    return exif(chunk.starts(with: Array("Exif".utf8) + [0, 0]) ? UnsafeRawBufferPointer(rebasing: chunk[6...]) : chunk)
  }
}
