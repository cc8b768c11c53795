internal import CImageCodecs

extension PictureFormat {
  /// Frames are pictures: the first as it is, a later one as the screen then is.
  static let gif = PictureFormat(name: "GIF", endings: ["gif"], signatures: [Array("GIF87a".utf8), Array("GIF89a".utf8)]) { bytes, request in
    try CodedPicture.decode(bytes, request) { codecs_decode_gif($0, $1, $2, $3, $4) }
  }
}
