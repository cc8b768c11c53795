/// Text as LaTeX prints it: every character that means something to TeX is escaped, common symbols become commands, and what a
/// plain pdflatex has no glyph for is named by its code, so that any name compiles.
func latexText(_ text: String) -> String {
  var result = ""
  result.reserveCapacity(text.utf8.count)
  for scalar in text.unicodeScalars {
    if let command = commands[scalar] {
      result += command
    } else if scalar.value < 0x20 || scalar.value == 0x7F {
      result += " "
    } else if scalar.value < 0x7F || (0xC0...0x17F).contains(scalar.value) {
      // ASCII, and the accented letters that LaTeX knows by itself.
      result.unicodeScalars.append(scalar)
    } else {
      let digits = String(scalar.value, radix: 16, uppercase: true)
      result += "[U+" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits + "]"
    }
  }
  return result
}

private let commands: [Unicode.Scalar: String] = [
  "\\": "\\textbackslash{}", "{": "\\{", "}": "\\}", "$": "\\$", "&": "\\&", "#": "\\#", "%": "\\%", "_": "\\_",
  "^": "\\textasciicircum{}", "~": "\\textasciitilde{}", "<": "\\textless{}", ">": "\\textgreater{}", "|": "\\textbar{}",
  "\"": "{\\char34}", "`": "\\textasciigrave{}", "'": "\\textquotesingle{}",
  "±": "\\ensuremath{\\pm}", "→": "\\ensuremath{\\rightarrow}", "←": "\\ensuremath{\\leftarrow}", "×": "\\ensuremath{\\times}",
  "÷": "\\ensuremath{\\div}", "≤": "\\ensuremath{\\leq}", "≥": "\\ensuremath{\\geq}", "≠": "\\ensuremath{\\neq}",
  "≈": "\\ensuremath{\\approx}", "−": "\\ensuremath{-}", "∞": "\\ensuremath{\\infty}", "√": "\\ensuremath{\\surd}",
  "·": "\\ensuremath{\\cdot}", "°": "\\ensuremath{^\\circ}", "²": "\\ensuremath{^2}", "³": "\\ensuremath{^3}",
  "½": "\\ensuremath{1/2}",
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
