internal import Foundation

/// Reads the JSON that a safetensors header or index may hold: objects, arrays of whole numbers, and strings.
struct StrictJSONReader {
  private let bytes: [UInt8]
  private let place: String
  private var position = 0

  /// - Parameter place: what the text is, for the sentence about an error in it.
  init(_ data: Data, place: String = "the header") {
    bytes = [UInt8](data)
    self.place = place
  }

  private func malformed(_ reason: String) -> ContainersError {
    .malformedSafetensors("\(reason) at byte \(position) of \(place)")
  }

  private mutating func skipSpace() {
    while position < bytes.count, [0x20, 0x09, 0x0A, 0x0D].contains(bytes[position]) { position += 1 }
  }

  private mutating func take(_ character: Character) -> Bool {
    skipSpace()
    guard position < bytes.count, bytes[position] == character.asciiValue else { return false }
    position += 1
    return true
  }

  private mutating func expect(_ character: Character) throws {
    guard take(character) else { throw malformed("\(character) is missing") }
  }

  /// Only white space may follow.
  mutating func end() throws {
    skipSpace()
    guard position == bytes.count else { throw malformed("there is more text") }
  }

  /// Reads an object; `member` reads the value of each key.
  mutating func object(_ member: (String, inout StrictJSONReader) throws -> Void) throws {
    try expect("{")
    if take("}") { return }
    repeat {
      let key = try string()
      try expect(":")
      try member(key, &self)
    } while take(",")
    try expect("}")
  }

  /// Reads an array of whole numbers that are not negative.
  mutating func wholeNumbers() throws -> [Int] {
    try expect("[")
    if take("]") { return [] }
    var numbers: [Int] = []
    repeat { numbers.append(try wholeNumber()) } while take(",")
    try expect("]")
    return numbers
  }

  private mutating func wholeNumber() throws -> Int {
    skipSpace()
    let start = position
    while position < bytes.count, (0x30...0x39).contains(bytes[position]) { position += 1 }
    let digits = bytes[start..<position]
    guard !digits.isEmpty, digits.count == 1 || digits.first != 0x30, let number = Int(String(decoding: digits, as: UTF8.self))
    else { throw malformed("a whole number is missing or too large") }
    return number
  }

  /// Passes over a value of any kind, without recursion: brackets are only counted.
  mutating func skipValue() throws {
    var depth = 0
    repeat {
      skipSpace()
      guard position < bytes.count else { throw malformed("a value does not end") }
      switch bytes[position] {
      case UInt8(ascii: "{"), UInt8(ascii: "["):
        depth += 1
        position += 1
      case UInt8(ascii: "}"), UInt8(ascii: "]"):
        guard depth > 0 else { throw malformed("a value is missing") }
        depth -= 1
        position += 1
      case UInt8(ascii: "\""): _ = try string()
      case UInt8(ascii: ","), UInt8(ascii: ":"):
        guard depth > 0 else { throw malformed("a value is missing") }
        position += 1
      default:
        let start = position
        while position < bytes.count, Self.isOfNumberOrWord(bytes[position]) { position += 1 }
        guard position > start else { throw malformed("a value is missing") }
      }
    } while depth > 0
  }

  private static func isOfNumberOrWord(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "E"), UInt8(ascii: "+"),
      UInt8(ascii: "-"), UInt8(ascii: "."):
      true
    default: false
    }
  }

  mutating func string() throws -> String {
    try expect("\"")
    var text: [UInt8] = []
    while position < bytes.count {
      let byte = bytes[position]
      position += 1
      switch byte {
      case UInt8(ascii: "\""):
        guard let string = String(validating: text, as: UTF8.self) else { throw malformed("a text is not UTF-8") }
        return string
      case UInt8(ascii: "\\"): text.append(contentsOf: Array(String(try escape()).utf8))
      case 0..<0x20: throw malformed("a text holds a control character")
      default: text.append(byte)
      }
    }
    throw malformed("a text does not end")
  }

  private mutating func escape() throws -> Character {
    guard position < bytes.count else { throw malformed("a text does not end") }
    let byte = bytes[position]
    position += 1
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return Character(Unicode.Scalar(byte))
    case UInt8(ascii: "b"): return "\u{8}"
    case UInt8(ascii: "f"): return "\u{C}"
    case UInt8(ascii: "n"): return "\n"
    case UInt8(ascii: "r"): return "\r"
    case UInt8(ascii: "t"): return "\t"
    case UInt8(ascii: "u"): return try unicodeEscape()
    default: throw malformed("an escape is unknown")
    }
  }

  private mutating func unicodeEscape() throws -> Character {
    let first = try hexadecimal()
    if let scalar = Unicode.Scalar(first) { return Character(scalar) }
    // Not a scalar: the first half of a surrogate pair, which must be followed by the second.
    guard (0xD800..<0xDC00).contains(first), position + 1 < bytes.count, bytes[position] == UInt8(ascii: "\\"),
      bytes[position + 1] == UInt8(ascii: "u")
    else { throw malformed("half a surrogate pair") }
    position += 2
    let second = try hexadecimal()
    guard (0xDC00..<0xE000).contains(second), let scalar = Unicode.Scalar(0x10000 + ((first - 0xD800) << 10) + (second - 0xDC00))
    else { throw malformed("half a surrogate pair") }
    return Character(scalar)
  }

  private mutating func hexadecimal() throws -> UInt32 {
    // `UInt32` would take a sign, which JSON does not have.
    guard position + 4 <= bytes.count, bytes[position] != UInt8(ascii: "+"),
      let value = UInt32(String(decoding: bytes[position..<position + 4], as: UTF8.self), radix: 16)
    else { throw malformed("an escape is cut short") }
    position += 4
    return value
  }
}
