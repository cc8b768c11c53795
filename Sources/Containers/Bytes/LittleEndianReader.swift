internal import Foundation

/// Takes little-endian numbers from the front of some bytes; throws when there are too few.
struct LittleEndianReader {
  private let bytes: [UInt8]
  private(set) var position = 0

  init(_ data: Data) { bytes = [UInt8](data) }

  var remaining: Int { bytes.count - position }

  mutating func skip(_ count: Int) throws { _ = try self.bytes(count) }

  mutating func bytes(_ count: Int) throws -> ArraySlice<UInt8> {
    guard count >= 0, count <= remaining else {
      throw ContainersError.truncated(needed: "\(count) bytes more of a record", available: remaining)
    }
    defer { position += count }
    return bytes[position..<position + count]
  }

  mutating func uint16() throws -> UInt16 { try number() }
  mutating func uint32() throws -> UInt32 { try number() }
  mutating func uint64() throws -> UInt64 { try number() }

  /// A 64-bit count or offset that a file can have.
  mutating func count() throws -> Int {
    let value = try uint64()
    guard let count = Int(exactly: value) else {
      throw ContainersError.malformedArchive("a size of \(value) bytes is not possible")
    }
    return count
  }

  mutating func number<Number: FixedWidthInteger>() throws -> Number {
    var value: Number = 0
    for (index, byte) in try bytes(Number.bitWidth / 8).enumerated() {
      value |= Number(truncatingIfNeeded: byte) << Number(8 * index)
    }
    return value
  }
}
