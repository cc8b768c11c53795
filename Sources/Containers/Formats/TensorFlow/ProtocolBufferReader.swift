internal import Foundation

/// Takes the fields of one message of Protocol Buffers from its bytes. What a field means, its reader knows.
struct ProtocolBufferReader {
  /// A field's number with its value; a 64-bit fixed value is not used by any message here, so it is only skipped.
  enum Value: Equatable {
    case varint(UInt64)
    case fixed32(UInt32)
    case bytes(ArraySlice<UInt8>)
    case fixed64
  }

  private let bytes: ArraySlice<UInt8>
  private var position: Int

  init(_ bytes: ArraySlice<UInt8>) {
    self.bytes = bytes
    position = bytes.startIndex
  }

  var isAtEnd: Bool { position == bytes.endIndex }
  var remaining: Int { bytes.endIndex - position }

  /// The next field, or nil at the end.
  mutating func field() throws -> (number: UInt64, value: Value)? {
    guard !isAtEnd else { return nil }
    let tag = try varint()
    guard tag >> 3 != 0 else { throw Self.malformed("a field has the number 0") }
    switch tag & 7 {
    case 0: return (tag >> 3, .varint(try varint()))
    case 1:
      _ = try take(8)
      return (tag >> 3, .fixed64)
    case 2: return (tag >> 3, .bytes(try take(try varint())))
    case 5: return (tag >> 3, .fixed32(try take(4).reversed().reduce(0) { $0 << 8 | UInt32($1) }))
    default: throw Self.malformed("a field is of the unknown kind \(tag & 7)")
    }
  }

  /// A number in groups of 7 bits, the lowest first; ten groups at most, and the tenth has one bit left.
  mutating func varint() throws -> UInt64 {
    var value: UInt64 = 0
    for shift in stride(from: UInt64(0), to: 70, by: 7) {
      guard position < bytes.endIndex else { throw Self.malformed("a number is cut short") }
      let byte = bytes[position]
      position += 1
      guard shift < 63 || byte <= 1 else { throw Self.malformed("a number has more than 64 bits") }
      value |= UInt64(byte & 0x7F) << shift
      if byte & 0x80 == 0 { return value }
    }
    throw Self.malformed("a number has more than 64 bits")
  }

  mutating func take(_ count: UInt64) throws -> ArraySlice<UInt8> {
    guard count <= UInt64(remaining) else { throw Self.malformed("\(count) bytes should follow where \(remaining) are left") }
    defer { position += Int(count) }
    return bytes[position..<position + Int(count)]
  }

  private static func malformed(_ reason: String) -> ContainersError { .malformed(.tensorFlowBundle, reason) }
}
