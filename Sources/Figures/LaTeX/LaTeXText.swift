internal import Foundation

/// Text as LaTeX prints it: every character that means something to TeX is escaped, common symbols become commands, and what the Latin
/// fonts of pdflatex have no glyph for is spelled in Latin letters (`중앙` as `jung-ang`, `心` as `xīn`), so that any name compiles and can be
/// read. The names as they are stand in the other formats. What has no spelling, such as a picture character, is named by its code.
func latexText(_ text: String) -> String { printed(text.unicodeScalars) ?? spelledWhereNeeded(text) }

/// What prints the characters; nil where one has no glyph.
private func printed(_ scalars: some Sequence<Unicode.Scalar>) -> String? {
  var result = ""
  for scalar in scalars {
    if isPlain(scalar) {
      result.unicodeScalars.append(scalar)
    } else if let command = commands[scalar] {
      result += command
    } else if scalar.value < 0x20 || scalar.value == 0x7F {
      result += " "
    } else if scalar.value < 0x7F {
      // The other marks of ASCII, such as [ and *.
      result.unicodeScalars.append(scalar)
    } else if (0xC0...0x17E).contains(scalar.value), !lacking.contains(scalar) {
      // The accented letters that the T1 encoding has.
      result.unicodeScalars.append(scalar)
    } else {
      return nil
    }
  }
  return result
}

/// Most of all text: letters, digits and marks of ASCII that mean nothing to TeX.
private func isPlain(_ scalar: Unicode.Scalar) -> Bool {
  switch scalar {
  case "a"..."z", "A"..."Z", "0"..."9", " ", ".", ",", "-", "(", ")", ":", ";", "=", "+", "/": true
  default: false
  }
}

private func spelledWhereNeeded(_ text: String) -> String {
  var result = "", foreign = ""
  // Marks that stand behind their letter are put into it first, as names of files on a Mac have them.
  for character in text.precomposedStringWithCanonicalMapping {
    if let known = printed(character.unicodeScalars) {
      result += spelled(foreign) + known
      foreign = ""
    } else {
      foreign.append(character)
    }
  }
  return result + spelled(foreign)
}

/// Characters that have no glyph, in Latin letters; a word of them is spelled as a whole.
private func spelled(_ foreign: String) -> String {
  if foreign.isEmpty { return "" }
  let plain = foreign.precomposedStringWithCompatibilityMapping
  let latin = (plain.applyingTransform(.toLatin, reverse: false) ?? plain).precomposedStringWithCanonicalMapping
  return latin.map { character in
    printed(character.unicodeScalars) ?? accented(character)
      ?? String(character).applyingTransform(StringTransform("Latin-ASCII"), reverse: false).flatMap { $0.utf8.allSatisfy { $0 < 0x80 } ? $0 : nil }
      .flatMap { printed($0.unicodeScalars) } ?? named(character)
  }.joined()
}

/// A letter with marks that LaTeX sets by commands, such as the ạ of `Việt Nam`'s alphabet.
private func accented(_ character: Character) -> String? {
  let parts = String(character).decomposedStringWithCanonicalMapping.unicodeScalars
  guard parts.count > 1, let base = parts.first, base.properties.isAlphabetic, let letter = printed([base]) else { return nil }
  var result = letter
  for mark in parts.dropFirst() {
    guard let command = accents[mark] else { return nil }
    result = "\\\(command){\(result)}"
  }
  return result
}

/// By code; what is never seen has none.
private func named(_ character: Character) -> String {
  character.unicodeScalars.filter { !$0.properties.isDefaultIgnorableCodePoint }.map { scalar in
    let digits = String(scalar.value, radix: 16, uppercase: true)
    return "[U+" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits + "]"
  }.joined()
}

/// Letters within the range of those with a glyph that have none.
private let lacking: Set<Unicode.Scalar> = ["Ħ", "ħ", "ĸ", "Ŀ", "ŀ", "ŉ", "Ŧ", "ŧ"]

private let accents: [Unicode.Scalar: String] = [
  "\u{300}": "`", "\u{301}": "'", "\u{302}": "^", "\u{303}": "~", "\u{304}": "=", "\u{306}": "u", "\u{307}": ".", "\u{308}": "\"",
  "\u{30A}": "r", "\u{30B}": "H", "\u{30C}": "v", "\u{323}": "d", "\u{327}": "c", "\u{328}": "k", "\u{331}": "b",
]

private let commands: [Unicode.Scalar: String] = [
  "\\": "\\textbackslash{}", "{": "\\{", "}": "\\}", "$": "\\$", "&": "\\&", "#": "\\#", "%": "\\%", "_": "\\_",
  "^": "\\textasciicircum{}", "~": "\\textasciitilde{}", "<": "\\textless{}", ">": "\\textgreater{}", "|": "\\textbar{}",
  "\"": "{\\char34}", "`": "\\textasciigrave{}", "'": "\\textquotesingle{}",
  "±": "\\ensuremath{\\pm}", "→": "\\ensuremath{\\rightarrow}", "←": "\\ensuremath{\\leftarrow}", "×": "\\ensuremath{\\times}",
  "÷": "\\ensuremath{\\div}", "≤": "\\ensuremath{\\leq}", "≥": "\\ensuremath{\\geq}", "≠": "\\ensuremath{\\neq}",
  "≈": "\\ensuremath{\\approx}", "−": "\\ensuremath{-}", "∞": "\\ensuremath{\\infty}", "√": "\\ensuremath{\\surd}",
  "·": "\\ensuremath{\\cdot}", "°": "\\ensuremath{^\\circ}", "²": "\\ensuremath{^2}", "³": "\\ensuremath{^3}",
  "½": "\\ensuremath{1/2}",
  // In the spellings of Arabic, Hebrew and Cyrillic names.
  "\u{2BF}": "`", "\u{2BE}": "{'}", "\u{2B9}": "{'}", "\u{2BA}": "{''}",
  "†": "\\ensuremath{\\dagger}", "‡": "\\ensuremath{\\ddagger}", "–": "--", "—": "---", "‐": "-", "‑": "-", "‘": "`", "’": "{'}",
  "“": "``", "”": "{''}", "…": "\\ldots{}", "•": "\\textbullet{}", "§": "\\S{}", "©": "\\copyright{}", "\u{A0}": "~",
  "\u{2009}": "\\,", "\u{202F}": "\\,", "\u{200B}": "",
  "α": "\\ensuremath{\\alpha}", "β": "\\ensuremath{\\beta}", "γ": "\\ensuremath{\\gamma}", "δ": "\\ensuremath{\\delta}",
  "ε": "\\ensuremath{\\varepsilon}", "η": "\\ensuremath{\\eta}", "θ": "\\ensuremath{\\theta}", "κ": "\\ensuremath{\\kappa}",
  "λ": "\\ensuremath{\\lambda}", "μ": "\\ensuremath{\\mu}", "µ": "\\ensuremath{\\mu}", "π": "\\ensuremath{\\pi}",
  "ρ": "\\ensuremath{\\rho}", "σ": "\\ensuremath{\\sigma}", "τ": "\\ensuremath{\\tau}", "φ": "\\ensuremath{\\varphi}",
  "χ": "\\ensuremath{\\chi}", "ω": "\\ensuremath{\\omega}", "Δ": "\\ensuremath{\\Delta}", "Σ": "\\ensuremath{\\Sigma}",
  "Ω": "\\ensuremath{\\Omega}",
]
