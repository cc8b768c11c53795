public import Foundations

/// Damages files as transmission, bad writers and attackers do. The same generator gives the same damage.
public enum FileMutation {
  /// Numbers at which sizes, counts and offsets go wrong.
  private static let edges: [UInt64] = [
    0, 1, 2, 7, 8, 63, 64, 65, 127, 128, 255, 256, 1023, 65_535, 65_536, 1 << 24, (1 << 31) - 1, 1 << 31, (1 << 32) - 1, 1 << 32,
    1 << 40, 1 << 61, (1 << 62) - 1, (1 << 63) - 1, 1 << 63, .max - 7, .max,
  ]

  /// One to four changes, most of them in the part that holds structure.
  ///
  /// - Parameters:
  ///   - donor: another file of the same format, from which pieces are taken.
  ///   - structure: where the structure is, as far as known; nil for the first 600 bytes.
  public static func mutated(
    _ original: [UInt8], donor: [UInt8], structure: Range<Int>? = nil, with generator: inout SeededGenerator
  ) -> [UInt8] {
    var bytes = original
    for _ in 0...generator.integer(below: 4) where !bytes.isEmpty {
      let place = (structure ?? 0..<600).clamped(to: 0..<bytes.count)
      let range = generator.integer(below: 3) == 0 || place.isEmpty ? 0..<bytes.count : place
      let position = range.lowerBound + generator.integer(below: range.count)
      change(&bytes, at: position, donor: donor, with: &generator)
    }
    return bytes
  }

  private static func change(_ bytes: inout [UInt8], at position: Int, donor: [UInt8], with generator: inout SeededGenerator) {
    func end(_ limit: Int, _ generator: inout SeededGenerator) -> Int {
      min(bytes.count, position + 1 + generator.integer(below: limit))
    }
    switch generator.integer(below: 12) {
    case 0: bytes[position] ^= 1 << UInt8(generator.integer(below: 8))
    case 1: bytes[position] = UInt8(generator.integer(below: 256))
    case 2: bytes[position] = [0, 1, 0x7F, 0x80, 0xFE, 0xFF][generator.integer(below: 6)]
    case 3, 4: editNumber(&bytes, at: position, with: &generator)
    case 5: bytes.removeSubrange(position..<end(32, &generator))
    case 6:
      // A piece is repeated where it is.
      bytes.insert(contentsOf: Array(bytes[position..<end(64, &generator)]), at: position)
    case 7:
      // A piece moves to another place.
      let piece = Array(bytes[position..<end(64, &generator)])
      let target = generator.integer(below: bytes.count)
      bytes.replaceSubrange(target..<min(bytes.count, target + piece.count), with: piece)
    case 8:
      guard !donor.isEmpty else { return }
      let from = generator.integer(below: donor.count)
      let piece = donor[from..<min(donor.count, from + 1 + generator.integer(below: 128))]
      bytes.replaceSubrange(position..<min(bytes.count, position + piece.count), with: piece)
    case 9:
      for index in position..<end(16, &generator) { bytes[index] = 0xFF }
    case 10:
      for index in position..<end(16, &generator) { bytes[index] = 0 }
    default:
      // Rarely, since little is left to look at after it.
      if generator.integer(below: 4) == 0 { bytes.removeSubrange(position...) } else { bytes[position] &+= 1 }
    }
  }

  /// Reads a little-endian number of 1, 2, 4 or 8 bytes and puts one near it or at an edge in its place.
  private static func editNumber(_ bytes: inout [UInt8], at position: Int, with generator: inout SeededGenerator) {
    let width = [1, 2, 4, 8][generator.integer(below: 4)]
    guard position + width <= bytes.count else { return }
    var value = bytes[position..<position + width].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    switch generator.integer(below: 6) {
    case 0: value &+= 1
    case 1: value &-= 1
    case 2: value = value &* 2
    case 3: value = ~value
    default: value = edges[generator.integer(below: edges.count)]
    }
    for index in 0..<width { bytes[position + index] = UInt8(truncatingIfNeeded: value >> UInt64(8 * index)) }
  }
}
