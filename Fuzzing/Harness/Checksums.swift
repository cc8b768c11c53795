/// Cyclic redundancy checks, so that a damaged file can be given the right ones and its damage is not found too early.
public enum Checksums {
  private static func table(_ polynomial: UInt32) -> [UInt32] {
    (0..<256).map { index in (0..<8).reduce(UInt32(index)) { sum, _ in sum & 1 == 1 ? sum >> 1 ^ polynomial : sum >> 1 } }
  }

  private static let ieee = table(0xEDB8_8320)
  private static let castagnoli = table(0x82F6_3B78)

  private static func sum(_ bytes: some Sequence<UInt8>, _ table: [UInt32]) -> UInt32 {
    ~bytes.reduce(~UInt32(0)) { table[Int(UInt8(truncatingIfNeeded: $0) ^ $1)] ^ $0 >> 8 }
  }

  /// CRC-32 of zip.
  public static func crc32(_ bytes: some Sequence<UInt8>) -> UInt32 { sum(bytes, ieee) }

  /// CRC-32C as LevelDB's tables mask it.
  public static func maskedCRC32C(_ bytes: some Sequence<UInt8>) -> UInt32 {
    let sum = sum(bytes, castagnoli)
    return (sum >> 15 | sum << 17) &+ 0xA282_EAD8
  }
}

extension [UInt8] {
  /// The little-endian number at a position; nil past the end.
  func number(at position: Int, width: Int) -> Int? {
    guard position >= 0, width <= 8, position <= count - width else { return nil }
    return Int(truncatingIfNeeded: self[position..<position + width].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) })
  }

  static func number(_ value: Int, width: Int) -> [UInt8] {
    (0..<width).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
  }
}
