public import Foundations

/// Damage to the content of a PNG chunk, whose checksum is made right again.
public enum RepairedPNG {
  /// nil for a file whose chunks do not follow one another.
  public static func mutated(_ original: [UInt8], donor: [UInt8], with generator: inout SeededGenerator) -> [UInt8]? {
    var chunks: [(type: [UInt8], data: [UInt8])] = []
    var position = 8
    while position + 12 <= original.count {
      let length = original[position..<position + 4].reduce(0) { $0 << 8 | Int($1) }
      guard length <= original.count - position - 12 else { return nil }
      chunks.append((Array(original[position + 4..<position + 8]), Array(original[position + 8..<position + 8 + length])))
      position += length + 12
    }
    guard !chunks.isEmpty else { return nil }
    let changed = generator.integer(below: chunks.count)
    chunks[changed].data = FileMutation.mutated(
      chunks[changed].data, donor: donor, structure: 0..<chunks[changed].data.count, with: &generator)
    func bigEndian(_ value: UInt32) -> [UInt8] { withUnsafeBytes(of: value.bigEndian) { Array($0) } }
    return chunks.reduce(into: Array(original.prefix(8))) { bytes, chunk in
      let named = chunk.type + chunk.data
      bytes += bigEndian(UInt32(chunk.data.count))
      bytes += named
      bytes += bigEndian(Checksums.crc32(named))
    }
  }
}
