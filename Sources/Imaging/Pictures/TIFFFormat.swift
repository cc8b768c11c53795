internal import CImageCodecs

extension PictureFormat {
  /// Either byte order, classic and BigTIFF. Pages are pictures.
  static let tiff = PictureFormat(
    name: "TIFF", endings: ["tif", "tiff"],
    signatures: [[0x49, 0x49, 42, 0], [0x4D, 0x4D, 0, 42], [0x49, 0x49, 43, 0], [0x4D, 0x4D, 0, 43]]
  ) { bytes, request in
    try CodedPicture.decode(bytes, request) { codecs_decode_tiff($0, $1, $2, $3, $4) }
  }
}
