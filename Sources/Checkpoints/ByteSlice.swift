internal import Foundation

/// A part of another source.
struct ByteSlice: ByteSource {
  let byteCount: Int
  private let whole: any ByteSource
  private let start: Int

  /// The caller has checked that the part lies within `whole`.
  init(of whole: any ByteSource, offset: Int, count: Int) {
    self.whole = whole
    start = offset
    byteCount = count
  }

  func read(offset: Int, count: Int) throws -> Data {
    try check(offset: offset, count: count)
    return try whole.read(offset: start + offset, count: count)
  }
}

/// Elements that are stored with their highest byte first.
struct SwappedByteSource: ByteSource {
  private let stored: any ByteSource
  private let width: Int

  init(_ stored: any ByteSource, width: Int) {
    self.stored = stored
    self.width = width
  }

  var byteCount: Int { stored.byteCount }

  func read(offset: Int, count: Int) throws -> Data {
    try check(offset: offset, count: count)
    // Whole elements around what is asked for.
    let first = offset / width * width
    let end = min(byteCount, (offset + count + width - 1) / width * width)
    var data = try stored.read(offset: first, count: end - first)
    guard width > 1 else { return data }
    data.withUnsafeMutableBytes { bytes in
      for start in stride(from: 0, through: bytes.count - width, by: width) {
        for index in 0..<width / 2 { bytes.swapAt(start + index, start + width - 1 - index) }
      }
    }
    return first == offset && data.count == count ? data : Data(data.dropFirst(offset - first).prefix(count))
  }
}

/// Bytes that are stored as UTF-8 text with one code point below 256 a byte. How many they are is known from the array
/// that they belong to, and checked when they are read.
struct Latin1ByteSource: ByteSource {
  let byteCount: Int
  private let whole: any ByteSource
  private let range: Range<Int>
  private let name: String

  /// The caller has checked that the range lies within `whole`.
  init(of whole: any ByteSource, range: Range<Int>, byteCount: Int, name: String) {
    self.whole = whole
    self.range = range
    self.byteCount = byteCount
    self.name = name
  }

  func read(offset: Int, count: Int) throws -> Data {
    try check(offset: offset, count: count)
    let text = try whole.read(offset: range.lowerBound, count: range.count)
    var decoded = Data(count: byteCount)
    let written = decoded.withUnsafeMutableBytes { target in text.withUnsafeBytes { Self.decode($0, into: target) } }
    guard written == byteCount else {
      throw CheckpointsError.inconsistentArray(name, "the text that holds it does not decode to \(byteCount) bytes")
    }
    return count == byteCount ? decoded : Data(decoded.dropFirst(offset).prefix(count))
  }

  /// The number of bytes written; nil for text that is not UTF-8, has other code points, or holds more.
  private static func decode(_ text: UnsafeRawBufferPointer, into target: UnsafeMutableRawBufferPointer) -> Int? {
    var (from, to) = (0, 0)
    while from < text.count {
      guard to < target.count else { return nil }
      let first = text[from]
      if first < 0x80 {
        target[to] = first
        from += 1
      } else {
        // 110000xx 10xxxxxx: the two-byte forms of U+0080 to U+00FF.
        guard first == 0xC2 || first == 0xC3, from + 1 < text.count, text[from + 1] & 0xC0 == 0x80 else { return nil }
        target[to] = (first & 3) << 6 | text[from + 1] & 0x3F
        from += 2
      }
      to += 1
    }
    return to
  }
}
