internal import CImageCodecs

extension PictureFormat {
  /// In JP2's boxes or bare.
  static let jpeg2000 = lossy(
    PictureFormat(
      name: "JPEG 2000", endings: ["jp2", "j2k", "j2c", "jpc", "jpf", "jpx"],
      signatures: [[0, 0, 0, 12, 0x6A, 0x50, 0x20, 0x20], [0xFF, 0x4F, 0xFF, 0x51]], statement: { _ in PictureStatement() }
    ) { bytes, request in
      try request.requireFirst()
      return try CodedPicture.decode(bytes, request) { codecs_decode_jp2($0, $1, $3, $4) }
    }, where: JPEG2000Marks.areLossy)
}

/// The marks at the head of a code stream of JPEG 2000 (ISO/IEC 15444-1, annex A).
enum JPEG2000Marks {
  /// Whether its wavelet is the one that cannot be undone exactly (9–7). A file of the other one (5–3) may have been cut to a size
  /// nevertheless, which nothing tells.
  static func areLossy(_ bytes: UnsafeRawBufferPointer) -> Bool {
    func word(_ place: Int) -> Int { Int(bytes[place]) << 8 | Int(bytes[place + 1]) }
    // The stream begins a file, or the box of JP2 that holds it.
    guard var position = (0..<max(0, min(bytes.count, 1 << 16) - 4)).first(where: { word($0) == 0xFF4F && word($0 + 2) == 0xFF51 }).map({ $0 + 2 }) else { return false }
    while bytes.count - position >= 14, bytes[position] == 0xFF, word(position) != 0xFF90 {
      // The place of the wavelet in the mark of the coding style.
      if word(position) == 0xFF52 { return bytes[position + 13] == 0 }
      position += 2 + word(position + 2)
    }
    return false
  }
}
