public import Foundations

/// Damages text as editors, spreadsheets and wrong exports do: numbers, words, lines and the signs between them.
public enum TextMutation {
  /// Numbers at which counts, places and sizes go wrong, and words that stand where numbers should.
  private static let words = [
    "0", "-0", "1", "-1", "2", "7", "255", "256", "65535", "65536", "2147483647", "2147483648", "4294967295", "4294967296",
    "4611686018427387904", "9223372036854775807", "-9223372036854775808", "18446744073709551616", "99999999999999999999999", "0.5", "-0.5",
    "1e9", "1e308", "1e309", "-1e309", "1e-400", "nan", "NaN", "inf", "-inf", "null", "true", "false", "\"\"", "\"a\"", "[]", "{}", "[[]]",
    "[0]", "{\"size\":[4,4],\"counts\":[16]}", "../..", "/", ".", "\u{FEFF}", "é", "e\u{301}", "𝟙", "\u{0}", "０",
  ].map { Array($0.utf8) }

  private static let signs = Array("\",'[]{}:;|-+. \t\n\r\\/0".utf8)

  /// One to four changes.
  ///
  /// - Parameter donor: another text of the same format, from which lines are taken.
  public static func mutated(_ original: [UInt8], donor: [UInt8], with generator: inout SeededGenerator) -> [UInt8] {
    var bytes = original
    for _ in 0...generator.integer(below: 4) where !bytes.isEmpty { change(&bytes, donor: donor, with: &generator) }
    return bytes
  }

  private static func change(_ bytes: inout [UInt8], donor: [UInt8], with generator: inout SeededGenerator) {
    let position = generator.integer(below: bytes.count)
    switch generator.integer(below: 12) {
    case 0, 1, 2: bytes.replaceSubrange(word(at: position, in: bytes), with: words[generator.integer(below: words.count)])
    case 3:
      // A word from elsewhere.
      let other = word(at: generator.integer(below: bytes.count), in: bytes)
      bytes.replaceSubrange(word(at: position, in: bytes), with: Array(bytes[other]))
    case 4: bytes[position] = signs[generator.integer(below: signs.count)]
    case 5: bytes.insert(signs[generator.integer(below: signs.count)], at: position)
    case 6: bytes.removeSubrange(word(at: position, in: bytes))
    case 7: bytes.removeSubrange(line(at: position, in: bytes))
    case 8: bytes.insert(contentsOf: Array(bytes[line(at: position, in: bytes)]), at: position)
    case 9:
      guard !donor.isEmpty else { return }
      bytes.replaceSubrange(
        line(at: position, in: bytes), with: Array(donor[line(at: generator.integer(below: donor.count), in: donor)]))
    case 10:
      // One sign very often: nested brackets, long numbers, many columns.
      let sign = signs[generator.integer(below: signs.count)], count = 1 << generator.integer(below: 13)
      bytes.insert(contentsOf: repeatElement(sign, count: count), at: position)
    default: bytes = FileMutation.mutated(bytes, donor: donor, structure: 0..<bytes.count, with: &generator)
    }
  }

  /// The letters and digits around a place; the sign there where it is neither.
  private static func word(at position: Int, in bytes: [UInt8]) -> Range<Int> {
    func belongs(_ byte: UInt8) -> Bool {
      (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte) || byte >= 0x80 || byte == 0x2E || byte == 0x5F
    }
    return around(position, in: bytes, belongs)
  }

  private static func line(at position: Int, in bytes: [UInt8]) -> Range<Int> { around(position, in: bytes) { $0 != 0x0A } }

  private static func around(_ position: Int, in bytes: [UInt8], _ belongs: (UInt8) -> Bool) -> Range<Int> {
    guard belongs(bytes[position]) else { return position..<position + 1 }
    let start = bytes[..<position].lastIndex { !belongs($0) }.map { $0 + 1 } ?? 0
    let end = bytes[position...].firstIndex { !belongs($0) } ?? bytes.count
    return start..<end
  }
}
