/// Which pieces of encapsulated pixel data belong to which frame (PS3.5 section A.4).
struct DICOMFragments {
  private let bytes: UnsafeRawBufferPointer
  /// The fragments of every frame.
  private let frames: [[Range<Int>]]

  init(_ dataset: DICOMDataset, frameCount: Int) throws {
    guard let element = dataset[.pixelData], element.isDelimited else {
      throw FormatFailure.contradictory("its transfer syntax says compressed, and its pixel data are not divided into frames")
    }
    bytes = dataset.bytes
    var reader = DICOMElementReader(bytes: bytes, position: element.value.lowerBound, end: element.value.upperBound)
    let encoding = DICOMTransferSyntax.implicitLittleEndian.encoding
    var items: [Range<Int>] = []
    // A missing end mark is let pass: the frames themselves show whether they are whole.
    while let header = try reader.next(encoding), header.tag == .item, let length = header.length {
      guard length <= element.value.upperBound - reader.position else {
        throw FormatFailure.truncated("its DICOM data end before the picture is complete")
      }
      items.append(reader.position..<reader.position + length)
      reader.position += length
    }
    guard let table = items.first else { throw FormatFailure.truncated("its DICOM data end before the picture is complete") }
    let fragments = Array(items.dropFirst())
    guard fragments.count >= frameCount else {
      throw FormatFailure.contradictory("its DICOM header promises \(frameCount) frames and there are \(fragments.count)")
    }
    let offsets = Self.offsets(dataset, table: UnsafeRawBufferPointer(rebasing: bytes[table]))
    if frameCount == 1 {
      frames = [fragments]
    } else if fragments.count == frameCount {
      frames = fragments.map { [$0] }
    } else if let byTable = Self.grouped(fragments, frameCount, startsAt: { place, _ in offsets.contains(place) }) {
      frames = byTable
    } else if let bySignature = Self.grouped(
      fragments, frameCount, startsAt: { [bytes] in Self.startsFrame(bytes, $1) })
    {
      frames = bySignature
    } else {
      throw FormatFailure.malformed(
        "nothing tells which of its \(fragments.count) fragments belong to which of \(frameCount) frames")
    }
  }

  /// Calls `body` with the bytes of a frame; they are joined first where they lie in pieces.
  func withFrame<Result>(_ index: Int, _ body: (UnsafeRawBufferPointer) throws -> Result) throws -> Result {
    let parts = frames[index]
    if parts.count == 1, let part = parts.first { return try body(UnsafeRawBufferPointer(rebasing: bytes[part])) }
    var joined: [UInt8] = []
    joined.reserveCapacity(parts.reduce(0) { $0 + $1.count })
    for part in parts { joined += bytes[part] }
    return try joined.withUnsafeBytes(body)
  }

  /// Where frames begin, counted from the first fragment's own header: of the extended table, or else the basic one.
  private static func offsets(_ dataset: DICOMDataset, table: UnsafeRawBufferPointer) -> Set<Int> {
    if let extended = dataset.raw(.extendedOffsetTable), extended.count >= 8 {
      return Set(
        (0..<extended.count / 8).compactMap {
          Int(exactly: extended.loadUnaligned(fromByteOffset: 8 * $0, as: UInt64.self).littleEndian)
        })
    }
    return Set((0..<table.count / 4).map { Int(table.loadUnaligned(fromByteOffset: 4 * $0, as: UInt32.self).littleEndian) })
  }

  /// The fragments by frame, if exactly as many fragments as there are frames, the first among them, begin one.
  private static func grouped(
    _ fragments: [Range<Int>], _ frameCount: Int, startsAt: (_ offset: Int, _ fragment: Range<Int>) -> Bool
  ) -> [[Range<Int>]]? {
    guard let origin = fragments.first?.lowerBound else { return nil }
    var frames: [[Range<Int>]] = []
    for fragment in fragments {
      if startsAt(fragment.lowerBound - origin, fragment) {
        frames.append([fragment])
      } else if frames.isEmpty {
        return nil
      } else {
        frames[frames.count - 1].append(fragment)
      }
    }
    return frames.count == frameCount ? frames : nil
  }

  /// Whether a fragment begins as a JPEG, JPEG-LS or JPEG 2000 stream does.
  private static func startsFrame(_ bytes: UnsafeRawBufferPointer, _ fragment: Range<Int>) -> Bool {
    codeName(UnsafeRawBufferPointer(rebasing: bytes[fragment])) != nil
  }

  /// What a compressed stream begins as.
  static func codeName(_ bytes: UnsafeRawBufferPointer) -> String? {
    if bytes.starts(with: [0xFF, 0xD8]) { return "JPEG" }
    if bytes.starts(with: [0xFF, 0x4F, 0xFF, 0x51]) || bytes.starts(with: [0, 0, 0, 12, 0x6A, 0x50, 0x20, 0x20]) { return "JPEG 2000" }
    return nil
  }
}
