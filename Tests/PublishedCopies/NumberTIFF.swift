package import Foundation

/// A gray picture of numbers as an uncompressed TIFF of one strip, as scientific programs write masks.
package enum NumberTIFF {
  /// The types of samples, each with the number that TIFF gives its kind: 1 unsigned, 2 signed, 3 IEEE.
  package enum Kind: String, CaseIterable, Sendable {
    case int16, int32, uint32, float32, float64
  }

  package static func file(_ values: [Double], width: Int, _ kind: Kind) -> Data {
    func bytes<Value>(_ value: Value) -> Data { withUnsafeBytes(of: value) { Data($0) } }
    var pixels = Data()
    for value in values {
      switch kind {
      case .int16: pixels += bytes(Int16(value).littleEndian)
      case .int32: pixels += bytes(Int32(value).littleEndian)
      case .uint32: pixels += bytes(UInt32(value).littleEndian)
      case .float32: pixels += bytes(Float(value).bitPattern.littleEndian)
      case .float64: pixels += bytes(value.bitPattern.littleEndian)
      }
    }
    let bits = kind == .int16 ? 16 : kind == .float64 ? 64 : 32, format = kind == .uint32 ? 1 : kind == .int16 || kind == .int32 ? 2 : 3
    let entries: [(tag: UInt16, value: Int)] = [
      (256, width), (257, values.count / width), (258, bits), (259, 1), (262, 1), (273, 8), (277, 1), (278, values.count / width), (279, pixels.count), (339, format),
    ]
    var file = Data([0x49, 0x49, 42, 0]) + bytes(UInt32(8 + pixels.count).littleEndian) + pixels + bytes(UInt16(entries.count).littleEndian)
    for entry in entries { file += bytes(entry.tag.littleEndian) + bytes(UInt16(4).littleEndian) + bytes(UInt32(1).littleEndian) + bytes(UInt32(entry.value).littleEndian) }
    return file + bytes(UInt32(0))
  }
}
