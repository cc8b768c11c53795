internal import CImageCodecs

/// One compressed frame.
struct DICOMFrameStream {
  private let bytes: UnsafeRawBufferPointer
  private let header: DICOMHeader
  private let codec: DICOMTransferSyntax.Codec

  init(_ bytes: UnsafeRawBufferPointer, header: DICOMHeader, codec: DICOMTransferSyntax.Codec) {
    self.bytes = bytes
    self.header = header
    self.codec = codec
  }

  private var sampleCount: Int { header.rows * header.columns * header.samplesPerPixel }

  /// The frame's samples as the header types them: without what lies above the stored bits, such as overlays, and with the sign of the
  /// highest of them.
  func decoded<Value: FixedWidthInteger>() throws -> [Value] {
    var coded: Coded<Value>
    switch codec {
    case .rle: coded = try runLength()
    case .jpeg2000: coded = try jpeg2000()
    case .jpegLS: coded = try jpegLS()
    default: coded = try jpeg()
    }
    // A stream of fewer bits without a sign of its own has it in the highest of these.
    let bits = Value.isSigned ? min(header.bitsStored, coded.signBits) : header.bitsStored
    dropUnusedBits(&coded.values, bits: bits, shift: 0)
    return coded.values
  }

  /// What a decoder gives.
  private struct Coded<Value: FixedWidthInteger> {
    var values: [Value]
    /// The bits of which the highest is the sign, where the code knows no sign; else all that there are.
    var signBits = Value.bitWidth
  }

  private func runLength<Value: FixedWidthInteger>() throws -> Coded<Value> {
    // Two bytes make at most 128, so a stream can be too short before it is read.
    guard sampleCount * MemoryLayout<Value>.size <= 64 * bytes.count else {
      throw FormatFailure.truncated("its RLE data end before the picture is complete")
    }
    let size = MemoryLayout<Value>.size
    let runs = try RunLengths(bytes, segmentCount: header.samplesPerPixel * size)
    var values = [Value](repeating: 0, count: sampleCount)
    try values.withUnsafeMutableBytes {
      try runs.decode(count: header.rows * header.columns, samples: header.samplesPerPixel, size: size, into: $0)
    }
    return Coded(values: values)
  }

  private func jpeg<Value: FixedWidthInteger>() throws -> Coded<Value> {
    let stream = try checkedHeader()
    let values: [Value]
    if stream.isHuffmanDCT && stream.precision == 8 {
      values = try throughLibjpeg()
    } else {
      // Every scan costs a pass over the picture.
      var scans = 0
      for index in 0..<bytes.count - 1 where bytes[index] == 0xFF && bytes[index + 1] == 0xDA { scans += 1 }
      guard scans <= 200 else { throw FormatFailure.malformed("its JPEG data have more than 200 scans") }
      values = try widened(codecs_decode_rare_jpeg, precision: stream.precision)
    }
    return Coded(values: values)
  }

  private func jpegLS<Value: FixedWidthInteger>() throws -> Coded<Value> {
    let stream = try checkedHeader()
    guard stream.isLS else { throw FormatFailure.malformed("its compressed pixel data are no JPEG-LS stream") }
    return Coded(values: try widened(codecs_decode_jpeg_ls, precision: stream.precision), signBits: stream.precision)
  }

  private func jpeg2000<Value: FixedWidthInteger>() throws -> Coded<Value> {
    var layout = layout(bitsAllocated: Value.bitWidth, bitsStored: header.bitsStored)
    var values = try filled(Value.self) { frame, _, reason in
      codecs_decode_jpeg2000(bytes.baseAddress, bytes.count, &layout, frame, reason)
    }
    // Some writers code signed samples as unsigned ones, and the other way around.
    let isMistyped = (layout.is_signed != 0) != Value.isSigned && header.samplesPerPixel == 1
    if isMistyped && !Value.isSigned { dropUnusedBits(&values, bits: Int(layout.bits_stored), shift: 0) }
    return Coded(values: values, signBits: isMistyped ? Int(layout.bits_stored) : Value.bitWidth)
  }

  /// The stream's own header, which has to agree with the file's, so that no decoder writes past the frame or leaves a part of
  /// it as it was.
  private func checkedHeader() throws -> JPEGStreamHeader {
    let stream = try JPEGStreamHeader(bytes)
    guard stream.rows == header.rows, stream.columns == header.columns, stream.components.count == header.samplesPerPixel else {
      let coded = "\(stream.columns) × \(stream.rows) pixels of \(stream.components.count) samples"
      let expected = "\(header.columns) × \(header.rows) of \(header.samplesPerPixel)"
      throw FormatFailure.contradictory("its JPEG data hold \(coded), its header says \(expected)")
    }
    guard (2...header.bitsAllocated).contains(stream.precision), stream.precision <= 16 else {
      throw FormatFailure.contradictory(
        "its JPEG data have \(stream.precision) bits a sample, its header makes room for \(header.bitsAllocated)")
    }
    return stream
  }

  /// By the decoder of JPEG files, which refuses damaged data.
  private func throughLibjpeg<Value: FixedWidthInteger>() throws -> [Value] {
    var image = codecs_image()
    let status = codecs_decode_jpeg_components(bytes.baseAddress, bytes.count, UInt64(header.rows * header.columns), &image)
    defer { codecs_release(&image) }
    guard status == CODECS_OK, let pixels = image.pixels, image.byte_count == sampleCount else {
      let reason = withUnsafeBytes(of: image.reason) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
      throw FormatFailure(status: status == CODECS_OK ? Int32(CODECS_MALFORMED) : status, reason: reason)
    }
    let decoded = UnsafeRawBufferPointer(start: pixels, count: image.byte_count)
    return decoded.map { Value(truncatingIfNeeded: $0) }
  }

  private typealias Decoder = (
    UnsafeRawPointer?, Int, UnsafePointer<codecs_frame_layout>?, UnsafeMutableRawPointer?, Int, UnsafeMutablePointer<CChar>?
  ) -> Int32

  private func widened<Value: FixedWidthInteger>(_ decode: Decoder, precision: Int) throws -> [Value] {
    // A codec writes bytes for up to 8 bits, whatever room the header makes.
    let width = precision <= 8 ? 8 : 16
    var layout = layout(bitsAllocated: width, bitsStored: min(precision, width))
    func decoded<Coded: FixedWidthInteger>(_ type: Coded.Type) throws -> [Coded] {
      try filled(type) { frame, count, reason in
        decode(bytes.baseAddress, bytes.count, &layout, frame, count, reason)
      }
    }
    if width == Value.bitWidth { return try decoded(Value.self) }
    return width == 8
      ? try decoded(UInt8.self).map { Value(truncatingIfNeeded: $0) }
      : try decoded(UInt16.self).map { Value(truncatingIfNeeded: $0) }
  }

  private func layout(bitsAllocated: Int, bitsStored: Int) -> codecs_frame_layout {
    codecs_frame_layout(
      width: UInt32(header.columns), height: UInt32(header.rows), samples: UInt32(header.samplesPerPixel),
      bits_allocated: UInt32(bitsAllocated), bits_stored: UInt32(bitsStored), is_signed: header.isSigned ? 1 : 0)
  }

  private func filled<Value: FixedWidthInteger>(
    _ type: Value.Type, _ decode: (UnsafeMutableRawPointer?, _ byteCount: Int, UnsafeMutablePointer<CChar>?) -> Int32
  ) throws -> [Value] {
    var reason = [CChar](repeating: 0, count: 200)
    var status = Int32(CODECS_OK)
    let count = sampleCount
    // Zeroed: what a decoder leaves out must not be what was in memory. One more, since codecs want an even number of bytes.
    var values = [Value](repeating: 0, count: count + 1)
    values.withUnsafeMutableBytes { target in
      let byteCount = count * MemoryLayout<Value>.size
      status = decode(target.baseAddress, byteCount + byteCount % 2, &reason)
    }
    guard status == CODECS_OK else { throw FormatFailure(status: status, reason: reason) }
    values.removeLast()
    return values
  }
}
