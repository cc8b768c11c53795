package import Foundation

/// A writer of the plainest PNG: stored, not compressed, so that pictures of one size are files of one length.
package enum StoredPNG {
  package static func gray(_ bytes: [UInt8], width: Int) -> Data { file(bytes, width: width, channels: 1, color: 0) }

  package static func rgba(_ bytes: [UInt8], width: Int) -> Data { file(bytes, width: width, channels: 4, color: 6) }

  private static func file(_ bytes: [UInt8], width: Int, channels: Int, color: UInt8) -> Data {
    let row = width * channels, height = bytes.count / row
    var raw = [UInt8]()
    for y in 0..<height { raw += [0] + bytes[y * row..<(y + 1) * row] }
    var stored: [UInt8] = [0x78, 0x01], place = 0
    while place < raw.count {
      let count = min(65535, raw.count - place), isLast: UInt8 = place + count == raw.count ? 1 : 0
      stored += [isLast, UInt8(count & 255), UInt8(count >> 8), UInt8(~count & 255), UInt8((~count >> 8) & 255)] + raw[place..<place + count]
      place += count
    }
    stored += bigEndian(adler(raw))
    var png = Data([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A])
    png += chunk("IHDR", bigEndian(UInt32(width)) + bigEndian(UInt32(height)) + [8, color, 0, 0, 0])
    png += chunk("IDAT", stored) + chunk("IEND", [])
    return png
  }

  private static func chunk(_ name: String, _ content: [UInt8]) -> Data {
    let body = Array(name.utf8) + content
    return Data(bigEndian(UInt32(content.count)) + body + bigEndian(crc(body)))
  }

  private static func bigEndian(_ value: UInt32) -> [UInt8] { [24, 16, 8, 0].map { UInt8(value >> $0 & 255) } }

  private static func crc(_ bytes: [UInt8]) -> UInt32 {
    ~bytes.reduce(~UInt32(0)) { crc, byte in
      (0..<8).reduce(crc ^ UInt32(byte)) { value, _ in value & 1 == 1 ? value >> 1 ^ 0xEDB8_8320 : value >> 1 }
    }
  }

  private static func adler(_ bytes: [UInt8]) -> UInt32 {
    var (a, b) = (UInt32(1), UInt32(0))
    for byte in bytes {
      a = (a + UInt32(byte)) % 65521
      b = (b + a) % 65521
    }
    return b << 16 | a
  }
}
