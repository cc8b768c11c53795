/// The small drawing before the words of a legend, as the plots draw the series.
enum LegendSymbol {
  static func html(_ entry: LegendEntry) -> String {
    let color = "var(--\(entry.style.color.rawValue))"
    let dashes = entry.style.dash.svg.map { " stroke-dasharray=\"\($0)\"" } ?? ""
    let line = "<path d=\"M1 8H29\" stroke=\"\(color)\" stroke-width=\"2\"\(dashes)/>"
    let shape: String
    switch entry.symbol {
    case .key(let key): return "<b class=\"key\">\(htmlText(key))</b>"
    case .bar:
      shape =
        "<path d=\"M3 2H27V14H3Z\" fill=\"var(--\(entry.style.color.rawValue)-fill)\" stroke=\"var(--ink)\"/>"
        + (entry.style.pattern.svg.map {
          "<path d=\"\($0)\" fill=\"none\" stroke=\"var(--ink)\" stroke-opacity=\".75\" stroke-width=\"1.2\"/>"
        } ?? "")
    case .line: shape = line
    case .band: shape = "<path d=\"M1 2H29V14H1Z\" fill=\"\(color)\" fill-opacity=\".25\"/>" + line
    case .marker: shape = marker(entry.style, color)
    case .lineAndMarker: shape = line + marker(entry.style, color)
    }
    return "<svg width=\"30\" height=\"16\" viewBox=\"0 0 30 16\" aria-hidden=\"true\">\(shape)</svg>"
  }

  private static func marker(_ style: Style, _ color: String) -> String {
    let path =
      switch style.marker {
      case .circle, .openCircle: "M10.5 8a4.5 4.5 0 1 0 9 0a4.5 4.5 0 1 0-9 0Z"
      case .square, .openSquare: "M11 4H19V12H11Z"
      case .diamond, .openDiamond: "M15 2.5L20.5 8L15 13.5L9.5 8Z"
      case .triangle: "M15 3L20 12H10Z"
      case .invertedTriangle: "M15 13L20 4H10Z"
      case .pentagon: "M15 3L20 6.6L18.1 12.5H11.9L10 6.6Z"
      case .plus: "M15 3V13M10 8H20"
      case .cross: "M11 4L19 12M19 4L11 12"
      }
    if style.marker.isLinear {
      let fill = [.plus, .cross].contains(style.marker) ? "none" : "var(--paper)"
      return "<path d=\"\(path)\" fill=\"\(fill)\" stroke=\"\(color)\" stroke-width=\"2\"/>"
    }
    return "<path d=\"\(path)\" fill=\"\(color)\" stroke=\"var(--ink)\" stroke-opacity=\".7\" stroke-width=\".8\"/>"
  }
}

extension Style.Dash {
  fileprivate var svg: String? {
    switch self {
    case .solid: nil
    case .dashed: "7 4"
    case .dotted: "2 3"
    case .dashDotted: "7 3 2 3"
    }
  }
}

extension Style.Pattern {
  /// Strokes over the box from (3, 2) to (27, 14).
  fileprivate var svg: String? {
    let rising = "M3 14L15 2M11 14L23 2M19 14L27 6M3 6L7 2"
    let falling = "M3 2L15 14M11 2L23 14M19 2L27 10M3 10L7 14"
    return switch self {
    case .solid: nil
    case .rising: rising
    case .falling: falling
    case .crossed: rising + falling
    case .dotted: "M6 5h1M12 5h1M18 5h1M24 5h1M9 8h1M15 8h1M21 8h1M6 11h1M12 11h1M18 11h1M24 11h1"
    case .horizontal: "M3 6H27M3 10H27"
    case .vertical: "M8 2V14M13 2V14M18 2V14M23 2V14"
    }
  }
}
