internal import CImageCodecs

extension PictureFormat {
  static let jpeg = lossy(
    PictureFormat(
      name: "JPEG", endings: ["jpg", "jpeg", "jpe", "jfif"], signatures: [[0xFF, 0xD8, 0xFF]], statement: { PictureStatement(orientation: StatedOrientation.jpeg($0)) }
    ) { bytes, request in
      try request.requireFirst()
      return try CodedPicture.decode(bytes, request, PictureStatement(orientation: StatedOrientation.jpeg(bytes))) { codecs_decode_jpeg($0, $1, $3, $4) }
    })

  static func lossy(_ format: PictureFormat, where isLossy: @escaping @Sendable (UnsafeRawBufferPointer) -> Bool = { _ in true }) -> PictureFormat {
    var format = format
    format.isLossy = isLossy
    return format
  }
}

extension StatedOrientation {
  /// Of the first segment APP1 that holds EXIF, before the picture's code.
  static func jpeg(_ bytes: UnsafeRawBufferPointer) -> Int {
    var position = 2
    while bytes.count - position >= 4, bytes[position] == 0xFF {
      let marker = bytes[position + 1]
      // Fill bytes, and marks without a length.
      if marker == 0xFF {
        position += 1
        continue
      }
      if marker == 0x01 || (0xD0...0xD7).contains(marker) {
        position += 2
        continue
      }
      let length = Int(bytes[position + 2]) << 8 | Int(bytes[position + 3])
      guard marker != 0xDA, length >= 2, length <= bytes.count - position - 2 else { return 1 }
      let segment = UnsafeRawBufferPointer(rebasing: bytes[position + 4..<position + 2 + length])
      if marker == 0xE1, segment.starts(with: Array("Exif".utf8) + [0, 0]) { return exif(UnsafeRawBufferPointer(rebasing: segment[6...])) }
      position += 2 + length
    }
    return 1
  }
}
