internal import Foundation

/// The bytes of a pickle, read a piece at a time from a position on. What is taken as a range is not read, so that
/// gigabytes of array bytes inside a pickle cost nothing.
struct PickleInput {
  let source: any ByteSource
  /// Where the pickle starts and where its next byte is, in the source.
  let start: Int
  private(set) var position: Int
  private var window: [UInt8] = []
  private var windowStart = 0
  private var nextWindowCount = 4096
  private static let windowLimit = 1 << 18

  init(_ source: any ByteSource, from start: Int = 0) {
    self.source = source
    self.start = start
    position = start
  }

  var remaining: Int { source.byteCount - position }

  mutating func byte() throws -> UInt8 {
    var index = position - windowStart
    if index < 0 || index >= window.count {
      guard remaining > 0 else { throw endsEarly() }
      try fill()
      index = 0
    }
    position += 1
    return window[index]
  }

  /// The range of the next `count` bytes, which are stepped over.
  mutating func take(_ count: Int) throws -> Range<Int> {
    guard count >= 0, count <= remaining else { throw endsEarly() }
    defer { position += count }
    return position..<position + count
  }

  /// The next `count` bytes. Only for what is bounded: texts, numbers.
  mutating func bytes(_ count: Int) throws -> ArraySlice<UInt8> {
    let range = try take(count)
    let index = range.lowerBound - windowStart
    if index >= 0, index <= window.count, count <= window.count - index { return window[index..<index + count] }
    return [UInt8](try source.read(offset: range.lowerBound, count: count))[...]
  }

  mutating func number<Number: FixedWidthInteger>(_: Number.Type) throws -> Number {
    var value: Number = 0
    var shift = 0
    for byte in try bytes(Number.bitWidth / 8) {
      value |= Number(truncatingIfNeeded: byte) << Number(truncatingIfNeeded: shift)
      shift += 8
    }
    return value
  }

  /// The bytes up to the next line feed, which is stepped over; nil when there are more than `limit`.
  mutating func line(atMost limit: Int) throws -> [UInt8]? {
    let lineStart = position
    var line: [UInt8] = []
    while true {
      guard remaining > 0 else {
        position = lineStart
        throw endsEarly()
      }
      let byte = try byte()
      if byte == 0x0A { return line }
      guard line.count < limit else { return nil }
      line.append(byte)
    }
  }

  private func endsEarly() -> ContainersError { .malformedPickle("it ends early", at: position - start) }

  private mutating func fill() throws {
    let count = min(nextWindowCount, remaining)
    window = [UInt8](try source.read(offset: position, count: count))
    windowStart = position
    nextWindowCount = min(nextWindowCount * 2, Self.windowLimit)
  }
}
