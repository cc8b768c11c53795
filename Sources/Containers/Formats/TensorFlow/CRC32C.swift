internal import Foundation

/// The checksum of Castagnoli 1993 that TensorFlow guards its tables and tensors with: polynomial 0x1EDC6F41, reflected.
enum CRC32C {
  /// Table 0 carries one byte through the register; table k carries it through k zero bytes more, so that eight bytes go in
  /// at a time.
  private static let tables: [UInt32] = {
    var tables = [UInt32](repeating: 0, count: 8 * 256)
    for byte in 0..<256 {
      var value = UInt32(byte)
      for _ in 0..<8 { value = value & 1 == 1 ? (value >> 1) ^ 0x82F6_3B78 : value >> 1 }
      tables[byte] = value
    }
    for entry in 256..<8 * 256 {
      let before = tables[entry - 256]
      tables[entry] = (before >> 8) ^ tables[Int(before & 0xFF)]
    }
    return tables
  }()

  /// The checksum of all bytes so far after these; 0 is that of none.
  static func updated(_ running: UInt32, with data: Data) -> UInt32 {
    tables.withUnsafeBufferPointer { tables in
      data.withUnsafeBytes { bytes in
        guard let table = tables.baseAddress, let base = bytes.baseAddress else { return running }
        var value = ~running
        var offset = 0
        let count = bytes.count
        while offset + 8 <= count {
          let low = UInt32(littleEndian: base.loadUnaligned(fromByteOffset: offset, as: UInt32.self)) ^ value
          let high = UInt32(littleEndian: base.loadUnaligned(fromByteOffset: offset + 4, as: UInt32.self))
          value = table[1792 + Int(low & 0xFF)] ^ table[1536 + Int(low >> 8 & 0xFF)]
          value ^= table[1280 + Int(low >> 16 & 0xFF)] ^ table[1024 + Int(low >> 24)]
          value ^= table[768 + Int(high & 0xFF)] ^ table[512 + Int(high >> 8 & 0xFF)]
          value ^= table[256 + Int(high >> 16 & 0xFF)] ^ table[Int(high >> 24)]
          offset += 8
        }
        while offset < count {
          value = (value >> 8) ^ table[Int((value ^ UInt32(base.load(fromByteOffset: offset, as: UInt8.self))) & 0xFF)]
          offset += 1
        }
        return ~value
      }
    }
  }

  /// Undoes the mask under which TensorFlow stores a checksum, so that a checksum of checksums stays useful.
  static func unmasked(_ stored: UInt32) -> UInt32 {
    let rotated = stored &- 0xA282_EAD8
    return rotated >> 17 | rotated << 15
  }
}
