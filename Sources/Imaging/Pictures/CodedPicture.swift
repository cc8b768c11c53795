internal import CImageCodecs

/// A picture that a decoder of `CImageCodecs` makes.
enum CodedPicture {
  typealias Decoder = @Sendable (_ bytes: UnsafeRawPointer?, _ byteCount: Int, _ index: UInt32, _ pixelLimit: UInt64, UnsafeMutablePointer<codecs_image>) -> Int32

  /// - Parameter statement: What the file states besides the decoder.
  static func decode(
    _ bytes: UnsafeRawBufferPointer, _ request: PictureRequest, _ statement: PictureStatement = PictureStatement(), by decoder: Decoder
  ) throws -> DecodedPicture {
    var image = codecs_image()
    var status = decoder(bytes.baseAddress, bytes.count, UInt32(clamping: request.index), UInt64(request.pixelLimit), &image)
    defer { codecs_release(&image) }
    if status == CODECS_ABSENT { throw FormatFailure.absent(request.index, of: Int(image.picture_count)) }
    let stated = max(statement.orientation, Int(image.orientation))
    let isTurned = stated > 1 && request.orientation == .asStated
    if status == CODECS_OK, isTurned { status = codecs_turn(&image, UInt32(stated)) }
    guard status == CODECS_OK, let pixels = image.pixels else {
      if status == CODECS_TOO_LARGE {
        throw FormatFailure.tooManyPixels(width: Int(image.width), height: Int(image.height), limit: request.pixelLimit)
      }
      let reason = withUnsafeBytes(of: image.reason) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
      throw FormatFailure(status: status, reason: reason)
    }
    let raw = UnsafeRawBufferPointer(start: pixels, count: image.byte_count)
    return DecodedPicture(
      width: Int(image.width), height: Int(image.height), channels: Int(image.channels), bitDepth: Int(image.bit_depth),
      samples: samples(raw, image),
      statement: PictureStatement(orientation: stated, pictureCount: max(statement.pictureCount, Int(image.picture_count))), isTurned: isTurned)
  }

  private static func samples(_ raw: UnsafeRawBufferPointer, _ image: codecs_image) -> StoredSamples {
    func copied<Value>(_ type: Value.Type) -> [Value] { Array(raw.bindMemory(to: Value.self)) }
    switch (Int(image.sample_kind), image.bytes_per_sample) {
    case (CODECS_SIGNED, 1): return .int8(copied(Int8.self))
    case (CODECS_SIGNED, 2): return .int16(copied(Int16.self))
    case (CODECS_SIGNED, _): return .int32(copied(Int32.self))
    case (CODECS_FLOATING, 4): return .float32(copied(Float.self))
    case (CODECS_FLOATING, _): return .float64(copied(Double.self))
    case (_, 1): return .uint8(copied(UInt8.self))
    case (_, 2): return .uint16(copied(UInt16.self))
    default: return .uint32(copied(UInt32.self))
    }
  }
}
