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
      throw ContainersError.inconsistentArray(name, "the text that holds it does not decode to \(byteCount) bytes")
    }
    return count == byteCount ? decoded : Data(decoded.dropFirst(offset).prefix(count))
  }

  /// The number of bytes written; nil for text that is not UTF-8, has other code points, or holds more.
  ///
  /// Weights' bytes are as good as random, so nothing in the loop branches on them.
  private static func decode(_ text: UnsafeRawBufferPointer, into target: UnsafeMutableRawBufferPointer) -> Int? {
    guard let from = text.baseAddress, let to = target.baseAddress else { return text.isEmpty ? 0 : nil }
    // One byte below 0x80; or 0xC2 and the byte itself; or 0xC3 and the byte less 0x40. Every faulty bit is gathered.
    var (read, written, faults) = (0, 0, UInt8(0))
    let last = text.count - 1
    while read < last, written < target.count {
      let first = from.load(fromByteOffset: read, as: UInt8.self)
      let second = from.load(fromByteOffset: read &+ 1, as: UInt8.self)
      let isLong = first >> 7
      let mask = 0 &- isLong
      faults |= mask & ((first ^ 0xC2) & 0xFE | (second & 0xC0) ^ 0x80)
      let long = second &+ (first & 1) << 6
      to.storeBytes(of: first ^ (mask & (first ^ long)), toByteOffset: written, as: UInt8.self)
      read &+= 1 &+ Int(isLong)
      written &+= 1
    }
    if read == last, written < target.count {
      let first = from.load(fromByteOffset: read, as: UInt8.self)
      faults |= first & 0x80
      to.storeBytes(of: first, toByteOffset: written, as: UInt8.self)
      (read, written) = (read + 1, written + 1)
    }
    return faults == 0 && read == text.count ? written : nil
  }
}
