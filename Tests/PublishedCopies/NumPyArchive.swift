package import Foundation

/// Writes `.npz` as `numpy.savez` does: a zip of stored `.npy` files.
package enum NumPyArchive {
  package struct Array: Sendable {
    package var type: String
    package var shape: [Int]
    package var bytes: [UInt8]

    package init(type: String = "|u1", shape: [Int], bytes: [UInt8]) {
      self.type = type
      self.shape = shape
      self.bytes = bytes
    }

    /// As a `.npy` file.
    package var file: Data {
      let shape = shape.map(String.init).joined(separator: ", ") + (shape.count == 1 ? "," : "")
      var header = "{'descr': '\(type)', 'fortran_order': False, 'shape': (\(shape)), }"
      header += String(repeating: " ", count: 63 - (10 + header.utf8.count) % 64) + "\n"
      let length = UInt16(header.utf8.count)
      return Data([0x93] + Swift.Array("NUMPY".utf8) + [1, 0, UInt8(length & 255), UInt8(length >> 8)]) + Data(header.utf8) + Data(bytes)
    }
  }

  package static func write(_ arrays: KeyValuePairs<String, Array>, to url: URL) throws {
    try write(arrays.map { ($0.key, $0.value) }, to: url)
  }

  package static func write(_ arrays: [(key: String, array: Array)], to url: URL) throws {
    var archive = Data(), directory = Data()
    func number(_ value: Int, _ width: Int) -> [UInt8] { (0..<width).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) } }
    for (key, array) in arrays {
      let name = Swift.Array((key + ".npy").utf8), file = array.file, sum = Int(checksum(file))
      let sizes = number(0, 4) + number(sum, 4) + number(file.count, 4) + number(file.count, 4) + number(name.count, 2)
      directory += Data([0x50, 0x4B, 1, 2] + number(20, 2) + number(20, 2) + number(0, 4) + sizes + number(0, 2) + number(0, 10))
      directory += Data(number(archive.count, 4) + name)
      archive += Data([0x50, 0x4B, 3, 4] + number(20, 2) + number(0, 4) + sizes + number(0, 2) + name) + file
    }
    let end = [0x50, 0x4B, 5, 6] + number(0, 4) + number(arrays.count, 2) + number(arrays.count, 2)
    try (archive + directory + Data(end + number(directory.count, 4) + number(archive.count, 4) + number(0, 2))).write(to: url)
  }

  private static let remainders: [UInt32] = (0..<256).map { byte in
    (0..<8).reduce(UInt32(byte)) { value, _ in value & 1 == 1 ? value >> 1 ^ 0xEDB8_8320 : value >> 1 }
  }

  /// CRC-32.
  private static func checksum(_ data: Data) -> UInt32 {
    let table = remainders
    return ~data.withUnsafeBytes { bytes in
      var sum = UInt32.max
      for byte in bytes { sum = table[Int((sum ^ UInt32(byte)) & 255)] ^ sum >> 8 }
      return sum
    }
  }
}
