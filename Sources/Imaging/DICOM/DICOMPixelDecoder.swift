internal import CImageCodecs

/// Turns the stored bytes of one frame into samples: unpacked, decompressed, interleaved, without unused bits.
struct DICOMPixelDecoder {
  let dataset: DICOMDataset
  let header: DICOMHeader
  let codec: DICOMTransferSyntax.Codec
  /// nil: frames lie one behind the other.
  private let fragments: DICOMFragments?

  /// Checks what the header says before anything is decoded or any memory taken.
  init(_ dataset: DICOMDataset, header: DICOMHeader, syntax: DICOMTransferSyntax, pixelLimit: Int) throws {
    guard let codec = syntax.codec else {
      throw FormatFailure.unsupported("a DICOM file of transfer syntax \(syntax.uid)")
    }
    self.dataset = dataset
    self.header = header
    self.codec = codec
    guard header.rows * header.columns <= pixelLimit else {
      throw FormatFailure.tooLarge("it has \(header.columns) × \(header.rows) pixels, more than the limit of \(pixelLimit)")
    }
    let isColor = header.samplesPerPixel == 3
    guard header.samplesPerPixel == 1 || isColor else {
      throw FormatFailure.unsupported("a DICOM file with \(header.samplesPerPixel) samples a pixel")
    }
    let known =
      isColor ? ["RGB", "YBR_FULL", "YBR_FULL_422", "YBR_RCT", "YBR_ICT"] : ["MONOCHROME1", "MONOCHROME2", "PALETTE COLOR"]
    guard known.contains(header.photometricInterpretation) else {
      let words = "\(header.samplesPerPixel) samples a pixel and the photometric interpretation “\(header.photometricInterpretation)”"
      throw FormatFailure.unsupported("a DICOM file with \(words)")
    }
    let bits = header.isFloatingPoint ? [32, 64] : !isColor && (codec == .none || codec == .jpeg2000) ? [1, 8, 16, 32] : [8, 16, 32]
    guard bits.contains(header.bitsAllocated) else {
      throw FormatFailure.unsupported("a DICOM file with \(header.bitsAllocated) bits a sample")
    }
    guard (1...header.bitsAllocated).contains(header.bitsStored) else {
      throw FormatFailure.contradictory("it stores \(header.bitsStored) bits in \(header.bitsAllocated)")
    }
    guard header.bitsAllocated == 8 || !header.photometricInterpretation.hasPrefix("YBR_FULL") else {
      throw FormatFailure.unsupported("a DICOM file with YCbCr colors of \(header.bitsAllocated) bits")
    }
    let isEncapsulated = dataset[.pixelData]?.isDelimited ?? false
    fragments = codec != .none || isEncapsulated ? try DICOMFragments(dataset, frameCount: header.frames) : nil
  }

  private var sampleCount: Int { header.rows * header.columns * header.samplesPerPixel }

  /// The samples of a frame, in RGB where they are colors.
  func samples(of frame: Int) throws -> StoredSamples {
    switch (header.bitsAllocated, header.isSigned) {
    case _ where header.isFloatingPoint: return try floatingPoint(frame)
    case (1, _): return .uint8(try codec == .none ? bits(frame) : integers(frame))
    case (8, false): return .uint8(try bytes(frame))
    case (8, true): return .int8(try integers(frame))
    case (16, false): return .uint16(try integers(frame))
    case (16, true): return .int16(try integers(frame))
    case (_, false): return .uint32(try integers(frame))
    case (_, true): return .int32(try integers(frame))
    }
  }

  /// The color space that decoded colors are in.
  private func colorSpace(_ stream: UnsafeRawBufferPointer?) throws -> String {
    let written = header.photometricInterpretation
    switch codec {
    case .none, .rle: return written
    case .jpeg2000: return written == "YBR_RCT" || written == "YBR_ICT" ? "RGB" : written
    default: return try stream.map { try JPEGStreamHeader($0).colorSpace(header: written) } ?? written
    }
  }

  private func bytes(_ frame: Int) throws -> [UInt8] {
    guard header.samplesPerPixel == 3 else { return try integers(frame) }
    var space = header.photometricInterpretation
    var colors: [UInt8]
    if fragments == nil && space == "YBR_FULL_422" {
      colors = try subsampled(frame)
    } else {
      colors = try integers(frame)
      if let fragments { space = try fragments.withFrame(frame) { try colorSpace($0) } }
    }
    if space == "YBR_FULL" || space == "YBR_FULL_422" { convertToRGB(&colors) }
    return colors
  }

  private func integers<Value: FixedWidthInteger>(_ frame: Int) throws -> [Value] {
    guard let fragments, codec != .none else { return try native(frame) }
    return try fragments.withFrame(frame) { try DICOMFrameStream($0, header: header, codec: codec).decoded() }
  }

  // MARK: Uncompressed

  /// Calls `body` with a frame's bytes, from the one that holds its first bit to the one that holds its last.
  private func withNative<Result>(
    _ frame: Int, bitCount: Int, _ body: (UnsafeRawBufferPointer, _ firstBit: Int) throws -> Result
  ) throws -> Result {
    func part(_ whole: UnsafeRawBufferPointer, _ place: Int) throws -> Result {
      let first = place * bitCount
      let needed = (first + bitCount + 7) / 8
      guard needed <= whole.count else { throw Self.tooFew(whole, needed: needed) }
      return try body(UnsafeRawBufferPointer(rebasing: whole[(first / 8)..<((first + bitCount + 7) / 8)]), first % 8)
    }
    if let fragments { return try fragments.withFrame(frame) { try part($0, 0) } }
    let tag: DICOMTag = header.isFloatingPoint ? (header.bitsAllocated == 32 ? .floatPixelData : .doublePixelData) : .pixelData
    guard let whole = dataset.raw(tag) else {
      throw FormatFailure.contradictory("its transfer syntax says uncompressed, and its pixel data are compressed")
    }
    return try part(whole, frame)
  }

  /// Pixel data that are whole and hold less than the header says. A stream of another codec is called by its name.
  private static func tooFew(_ data: UnsafeRawBufferPointer, needed: Int) -> FormatFailure {
    if let coded = DICOMFragments.codeName(data) {
      return .contradictory("its transfer syntax says uncompressed, and its pixel data are a \(coded) stream")
    }
    return .contradictory("its header asks for \(needed) bytes of pixels, and it has \(data.count)")
  }

  private func native<Value: FixedWidthInteger>(_ frame: Int) throws -> [Value] {
    let size = MemoryLayout<Value>.size
    // Big endian writers may put two 8-bit samples into a word, high byte first.
    if size == 1, dataset.encoding.isBigEndian, dataset[.pixelData]?.type == .words { return try swapped(frame) }
    return try withNative(frame, bitCount: sampleCount * size * 8) { raw, _ in
      var values = [Value](unsafeUninitializedCapacity: sampleCount) { target, filled in
        UnsafeMutableRawBufferPointer(target).copyMemory(from: UnsafeRawBufferPointer(rebasing: raw.prefix(sampleCount * size)))
        filled = sampleCount
      }
      if dataset.encoding.isBigEndian && size > 1 {
        for index in values.indices { values[index] = Value(bigEndian: values[index]) }
      }
      let shift = header.highBit + 1 - header.bitsStored
      let isShifted = shift > 0 && header.highBit < header.bitsAllocated
      dropUnusedBits(&values, bits: header.bitsStored, shift: isShifted ? shift : 0)
      return header.isPlanar && header.samplesPerPixel == 3 ? interleaved(values) : values
    }
  }

  private func swapped<Value: FixedWidthInteger>(_ frame: Int) throws -> [Value] {
    guard let whole = dataset.raw(.pixelData), (frame + 1) * sampleCount + (frame + 1) * sampleCount % 2 <= whole.count else {
      throw Self.tooFew(dataset.raw(.pixelData) ?? UnsafeRawBufferPointer(start: nil, count: 0), needed: (frame + 1) * sampleCount)
    }
    var values = (0..<sampleCount).map { Value(truncatingIfNeeded: whole[(frame * sampleCount + $0) ^ 1]) }
    dropUnusedBits(&values, bits: header.bitsStored, shift: 0)
    return header.isPlanar && header.samplesPerPixel == 3 ? interleaved(values) : values
  }

  /// One bit a sample, the first in the lowest bit; frames need not begin at a byte.
  private func bits(_ frame: Int) throws -> [UInt8] {
    try withNative(frame, bitCount: sampleCount) { raw, firstBit in
      (0..<sampleCount).map { index in raw[(firstBit + index) / 8] >> UInt8((firstBit + index) % 8) & 1 }
    }
  }

  /// Y Y B R for every two pixels of a row (PS3.3 section C.7.6.3.1.2).
  private func subsampled(_ frame: Int) throws -> [UInt8] {
    let pixels = header.rows * header.columns
    return try withNative(frame, bitCount: (pixels + pixels % 2) * 16) { raw, _ in
      var colors = [UInt8](repeating: 0, count: 3 * pixels)
      for pixel in 0..<pixels {
        let pair = 4 * (pixel / 2)
        colors[3 * pixel] = raw[pair + pixel % 2]
        colors[3 * pixel + 1] = raw[pair + 2]
        colors[3 * pixel + 2] = raw[pair + 3]
      }
      return colors
    }
  }

  private func floatingPoint(_ frame: Int) throws -> StoredSamples {
    func patterns<Pattern: FixedWidthInteger>(_ type: Pattern.Type) throws -> [Pattern] {
      try withNative(frame, bitCount: sampleCount * Pattern.bitWidth) { raw, _ in
        (0..<sampleCount).map { index in
          let value = raw.loadUnaligned(fromByteOffset: index * MemoryLayout<Pattern>.size, as: Pattern.self)
          return dataset.encoding.isBigEndian ? value.bigEndian : value.littleEndian
        }
      }
    }
    guard header.samplesPerPixel == 1 else { throw FormatFailure.unsupported("a DICOM file with fractional colors") }
    return header.bitsAllocated == 32
      ? .float32(try patterns(UInt32.self).map { Float(bitPattern: $0) })
      : .float64(try patterns(UInt64.self).map { Double(bitPattern: $0) })
  }

  /// Plane by plane becomes pixel by pixel.
  private func interleaved<Value: FixedWidthInteger>(_ planes: [Value]) -> [Value] {
    let plane = planes.count / 3
    return (0..<planes.count).map { planes[$0 % 3 * plane + $0 / 3] }
  }
}

/// Keeps `bits` bits above the lowest `shift`, with the sign of the highest where the type has one.
func dropUnusedBits<Value: FixedWidthInteger>(_ values: inout [Value], bits: Int, shift: Int) {
  let above = Value.bitWidth - bits - shift
  guard bits < Value.bitWidth, above >= 0 else { return }
  for index in values.indices { values[index] = (values[index] << Value(above)) >> Value(above + shift) }
}

/// YCbCr of ITU-T T.871 as RGB, each color floor(x + 1/2) within 0...255.
func convertToRGB(_ colors: inout [UInt8]) {
  func byte(_ value: Float) -> UInt8 { UInt8(min(max((value + 0.5).rounded(.down), 0), 255)) }
  for index in stride(from: 0, to: colors.count - 2, by: 3) {
    let y = Float(colors[index]), blue = Float(colors[index + 1]) - 128, red = Float(colors[index + 2]) - 128
    colors[index] = byte(y + 1.402 * red)
    colors[index + 1] = byte(y - 0.114 * 1.772 / 0.587 * blue - 0.299 * 1.402 / 0.587 * red)
    colors[index + 2] = byte(y + 1.772 * blue)
  }
}
