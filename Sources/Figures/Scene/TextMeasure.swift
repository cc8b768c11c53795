/// How wide text is about, for places where it must fit before anything is drawn.
///
/// Fonts differ, so this errs on the wide side: 0.58 of the size for a letter, the whole size for East Asian ones.
enum TextMeasure {
  static func width(_ text: some StringProtocol, size: Double = 12) -> Double {
    text.unicodeScalars.reduce(0) { sum, scalar in
      switch scalar.value {
      case 0x1100...0x11FF, 0x2E80...0x9FFF, 0xAC00...0xD7AF, 0xF900...0xFAFF, 0xFF00...0xFF60, 0x1F000...0x1FFFF: sum + size
      default: sum + 0.58 * size
      }
    }
  }

  /// A text in lines of at most `width`, broken at blanks; a word that is longer is broken after hyphens, underscores, slashes
  /// and arrows, and stays whole where it has none.
  static func lines(_ text: String, width: Double, size: Double = 12) -> [String] {
    if self.width(text, size: size) <= width { return [text] }
    var lines = [String]()
    for word in text.split(separator: " ") {
      add(self.width(word, size: size) <= width ? [word + " "] : parts(word), to: &lines, width: width, size: size)
    }
    return lines.isEmpty ? [""] : lines.map(\.trimmed)
  }

  private static func parts(_ word: Substring) -> [String] {
    var pieces = [""]
    for (character, next) in zip(word, Array(word.dropFirst()) + [" "]) {
      pieces[pieces.count - 1].append(character)
      if "-/→>_".contains(character), !(character == "-" && next == ">") { pieces.append("") }
    }
    return pieces.dropLast() + [pieces[pieces.count - 1] + " "]
  }

  private static func add(_ pieces: [String], to lines: inout [String], width: Double, size: Double) {
    for piece in pieces where !piece.isEmpty {
      if let last = lines.last, self.width(last + piece.trimmed, size: size) <= width {
        lines[lines.count - 1] = last + piece
      } else {
        lines.append(piece)
      }
    }
  }
}

extension String {
  /// Without blanks at its end.
  fileprivate var trimmed: String {
    var text = self
    while text.last == " " { text.removeLast() }
    return text
  }
}
