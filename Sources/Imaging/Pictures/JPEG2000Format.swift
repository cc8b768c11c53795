internal import CImageCodecs

extension PictureFormat {
  /// In JP2's boxes or bare.
  static let jpeg2000 = PictureFormat(
    name: "JPEG 2000", endings: ["jp2", "j2k", "j2c", "jpc", "jpf", "jpx"],
    signatures: [[0, 0, 0, 12, 0x6A, 0x50, 0x20, 0x20], [0xFF, 0x4F, 0xFF, 0x51]], statement: { _ in PictureStatement() }
  ) { bytes, request in
    try request.requireFirst()
    return try CodedPicture.decode(bytes, request) { codecs_decode_jp2($0, $1, $3, $4) }
  }
}
