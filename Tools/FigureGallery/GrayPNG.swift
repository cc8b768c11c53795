import Foundation

/// Small gray PNG files without compression, for figures that need images.
enum GrayPNG {
  /// A gradient with a bright disc in its middle.
  static func disc(size: Int, radius: Double) -> Data {
    var rows = [UInt8]()
    for y in 0..<size {
      rows.append(0)
      for x in 0..<size {
        let dx = Double(x) - Double(size) / 2
        let dy = Double(y) - Double(size) / 2
        rows.append((dx * dx + dy * dy).squareRoot() < radius ? 230 : UInt8(y * 120 / size + 30))
      }
    }
    // One stored block holds up to 65,535 bytes.
    var stream: [UInt8] = [0x78, 0x01, 0x01] + little(UInt16(rows.count)) + little(~UInt16(rows.count)) + rows
    var a: UInt32 = 1
    var b: UInt32 = 0
    for byte in rows {
      a = (a + UInt32(byte)) % 65521
      b = (b + a) % 65521
    }
    stream += big(b << 16 | a)
    let header = big(UInt32(size)) + big(UInt32(size)) + [8, 0, 0, 0, 0]
    return Data(
      [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A] + chunk("IHDR", header) + chunk("IDAT", stream) + chunk("IEND", []))
  }

  private static func chunk(_ name: String, _ bytes: [UInt8]) -> [UInt8] {
    let body = Array(name.utf8) + bytes
    var crc: UInt32 = 0xFFFF_FFFF
    for byte in body {
      crc ^= UInt32(byte)
      for _ in 0..<8 { crc = crc & 1 == 1 ? 0xEDB8_8320 ^ (crc >> 1) : crc >> 1 }
    }
    return big(UInt32(bytes.count)) + body + big(~crc)
  }

  private static func big(_ value: UInt32) -> [UInt8] { [24, 16, 8, 0].map { UInt8(value >> $0 & 255) } }
  private static func little(_ value: UInt16) -> [UInt8] { [UInt8(value & 255), UInt8(value >> 8)] }
}
