/// How colors are written into plotly's JSON.
public enum PlotlyColors: Sendable, Equatable {
  /// As they are in a palette.
  case fixed(Palette)
  /// As names behind a control character, which the page's script replaces when light turns to dark.
  case named

  func code(_ color: Color, opacity: Double = 1) -> JSONText {
    switch self {
    case .named: .text("\u{1}\(color.rawValue)" + (opacity < 1 ? "/\(opacity)" : ""))
    case .fixed(let palette): .text(opacity < 1 ? Self.transparent(palette.code(color), opacity) : palette.code(color))
    }
  }

  /// The color of the inside of a bar or box.
  func fill(_ color: Color) -> JSONText {
    switch self {
    case .named: .text("\u{1}\(color.rawValue)-fill")
    case .fixed(let palette): .text(palette.fillCode(color))
    }
  }

  /// `#e69f00` as `rgba(230,159,0,0.25)`
  private static func transparent(_ code: String, _ opacity: Double) -> String {
    let number = Int(code.dropFirst(), radix: 16) ?? 0
    return "rgba(\(number >> 16),\(number >> 8 & 255),\(number & 255),\(opacity))"
  }
}

/// Text as plotly shows it: plotly reads a few HTML tags and entities in every text, so those are escaped, and control characters
/// are left out.
func plotlyText(_ text: String) -> String {
  if text.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x24 && $0 != 0x26 && $0 != 0x3C && $0 != 0x3E }) { return text }
  var result = ""
  for scalar in text.unicodeScalars {
    switch scalar {
    case "&": result += "&amp;"
    case "<": result += "&lt;"
    case ">": result += "&gt;"
    // Between two of these plotly looks for formulas.
    case "$": result += "&#36;"
    case "\n": result += "<br>"
    case _ where scalar.value < 0x20: continue
    default: result.unicodeScalars.append(scalar)
    }
  }
  return result
}
