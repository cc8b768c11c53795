/// UTF-16 text on its way to UTF-8, piece by piece.
struct WideText {
  private let isBigEndian: Bool
  /// A byte whose partner is in the next piece.
  private var half: UInt8?
  /// The first half of a character of two words.
  private var lead: UInt16?

  /// nil where the bytes, the first of a text, are not UTF-16: neither a byte order mark nor letters with a zero beside each.
  init?(beginning bytes: some Collection<UInt8>) {
    let start = Array(bytes.prefix(4))
    guard start.count >= 2 else { return nil }
    if start[0] == 0xFF, start[1] == 0xFE {
      isBigEndian = false
    } else if start[0] == 0xFE, start[1] == 0xFF {
      isBigEndian = true
    } else if start.count == 4, start[1] == 0, start[3] == 0, start[0] != 0, start[2] != 0 {
      isBigEndian = false
    } else if start.count == 4, start[0] == 0, start[2] == 0, start[1] != 0, start[3] != 0 {
      isBigEndian = true
    } else {
      return nil
    }
  }

  var isWithinCharacter: Bool { half != nil || lead != nil }

  /// The next piece as UTF-8, without byte order marks. Halves of characters without their partner become U+FFFD.
  mutating func narrowed(_ bytes: UnsafeBufferPointer<UInt8>) -> [UInt8] {
    var text = [UInt8]()
    text.reserveCapacity(bytes.count / 2 + 4)
    for byte in bytes {
      guard let first = half else {
        half = byte
        continue
      }
      half = nil
      append(isBigEndian ? UInt16(first) << 8 | UInt16(byte) : UInt16(byte) << 8 | UInt16(first), to: &text)
    }
    return text
  }

  private mutating func append(_ word: UInt16, to text: inout [UInt8]) {
    if let first = lead {
      lead = nil
      if UTF16.isTrailSurrogate(word) {
        append(UnicodeScalar(0x10000 + (UInt32(first) - 0xD800) << 10 + (UInt32(word) - 0xDC00)), to: &text)
        return
      }
      append(nil, to: &text)
    }
    if UTF16.isLeadSurrogate(word) {
      lead = word
    } else if word != 0xFEFF {
      append(UnicodeScalar(UInt32(word)), to: &text)
    }
  }

  private func append(_ scalar: UnicodeScalar?, to text: inout [UInt8]) {
    text.append(contentsOf: Array(String(Character(scalar ?? "\u{FFFD}")).utf8))
  }
}
