/// A layer as pgfplots commands.
struct PGFLayer {
  let layer: Layer
  let panel: Panel

  private var color: String { "mt\(layer.style.color.rawValue)" }

  var source: String {
    switch layer.shape {
    case .bars(let data, let width, let isHorizontal): bars(data, width, isHorizontal)
    case .points(let data, let size): points(data, size)
    case .errors(let data, let isHorizontal): errors(data, isHorizontal)
    case .lines(let segments, let width, let hasMarkers): segments.map { line($0, width, hasMarkers) }.joined()
    case .area(let outline, let opacity):
      "\\addplot[draw=none,fill=\(color),fill opacity=\(number(opacity))] coordinates "
        + "{\(places(simplified(outline, in: panel, above: 200).map { ($0.x, $0.y) }))} -- cycle;\n"
    case .boxes(let boxes, let width): boxes.map { box($0, width) }.joined()
    case .texts(let labels): labels.map(text).joined()
    case .cells(let cells): cells.map(cell).joined()
    }
  }

  private func bars(_ data: [Layer.Datum], _ width: Double, _ isHorizontal: Bool) -> String {
    guard !data.isEmpty else { return "" }
    let pattern = layer.style.pattern.pgf.map { ",postaction={pattern=\($0),pattern color=mtink!75}" } ?? ""
    let direction = isHorizontal ? "xbar" : "ybar"
    return "\\addplot[\(direction),bar width=\(number(width)),bar shift=0pt,draw=mtink,fill=\(color)\(pattern)"
      + "\(errorOptions(data, isHorizontal))] coordinates {\(coordinates(data, isHorizontal))};\n"
  }

  private func points(_ data: [Layer.Datum], _ size: Double) -> String {
    guard !data.isEmpty else { return "" }
    return
      "\\addplot[only marks,mark=\(layer.style.marker.pgf),mark size=\(number(size / 4))pt,mark options={\(layer.style.markOptions)}"
      + "\(errorOptions(data, false))] coordinates {\(coordinates(data, false))};\n"
  }

  private func errors(_ data: [Layer.Datum], _ isHorizontal: Bool) -> String {
    guard data.contains(where: { $0.above != nil }) else { return "" }
    return "\\addplot[only marks,mark=none,\(color)\(errorOptions(data, isHorizontal, color: color))] coordinates "
      + "{\(coordinates(data, isHorizontal))};\n"
  }

  private func line(_ data: [Layer.Datum], _ width: Double, _ hasMarkers: Bool) -> String {
    // TeX's memory is small, so every line loses what cannot be seen.
    let points = simplified(data, in: panel, above: 200)
    let mark =
      hasMarkers
      ? "mark=\(layer.style.marker.pgf),mark size=1.8pt,mark repeat=\(max(1, points.count / 12)),"
        + "mark options={solid,\(layer.style.markOptions)}"
      : "mark=none"
    return "\\addplot[\(color),line width=\(number(width * 0.6))pt,\(layer.style.dash.tikz),\(mark)] coordinates "
      + "{\(places(points.map { ($0.x, $0.y) }))};\n"
  }

  private func box(_ box: Layer.Box, _ width: Double) -> String {
    let numbers = box.numbers
    let left = box.x - width / 2
    let right = box.x + width / 2
    let cap = width / 4
    func line(_ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double, _ style: String = "mtink") -> String {
      "\\draw[\(style)] \(place(x1, y1)) -- \(place(x2, y2));\n"
    }
    return "\\draw[mtink,fill=\(color)] \(place(left, numbers.lowerQuartile)) rectangle \(place(right, numbers.upperQuartile));\n"
      + line(left, numbers.median, right, numbers.median, "mtink,line width=.9pt")
      + line(box.x, numbers.upperQuartile, box.x, numbers.upperWhisker)
      + line(box.x, numbers.lowerQuartile, box.x, numbers.lowerWhisker)
      + line(box.x - cap, numbers.upperWhisker, box.x + cap, numbers.upperWhisker)
      + line(box.x - cap, numbers.lowerWhisker, box.x + cap, numbers.lowerWhisker)
  }

  private func text(_ label: Layer.Label) -> String {
    // A figure in print is smaller than in a page: 10 points there are 6.5 here.
    let size = number(label.size * 0.65)
    let skip = number(label.size * 0.75)
    let anchor =
      switch label.side {
      case .left: "east"
      case .right: "west"
      case .above: "south"
      case .below: "north"
      case .center: "center"
      }
    // TeX sets stars so wide that four are wider than a bar.
    let isStars = !label.text.isEmpty && label.text.allSatisfy { $0 == "*" }
    let words = isStars ? label.text.map(String.init).joined(separator: "\\kern-.14em ") : latexText(label.text)
    var options = [
      "anchor=\(anchor)", "inner sep=1.2pt", "text=mt\(label.color.rawValue)",
      "font=\\fontsize{\(size)}{\(skip)}\\selectfont\(label.isBold ? "\\bfseries" : "")",
    ]
    if label.hasBackground { options += ["fill=white", "fill opacity=.8", "text opacity=1"] }
    if label.isUpright { options.append("rotate=90") }
    return "\\node[\(options.joined(separator: ","))] at \(place(label.place.x, label.place.y)) {\(words)};\n"
  }

  private func cell(_ cell: Layer.Cell) -> String {
    let x = Double(cell.column)
    let y = Double(cell.row)
    let fill = cell.strength.map {
      "\\path[fill=\(color),fill opacity=\(number(0.04 + 0.56 * $0))] \(place(x - 0.48, y - 0.46)) rectangle "
        + "\(place(x + 0.48, y + 0.46));\n"
    }
    let words = cell.text.isEmpty ? "" : text(Layer.Label(place: .init(x, y), text: cell.text))
    return (fill ?? "") + words
  }

  private func errorOptions(_ data: [Layer.Datum], _ isHorizontal: Bool, color: String = "mtink") -> String {
    guard data.contains(where: { $0.above != nil }) else { return "" }
    let axis = isHorizontal ? "x" : "y"
    return ",error bars/.cd,\(axis) dir=both,\(axis) explicit,error bar style={\(color),solid,line width=.5pt},"
      + "error mark options={\(color),rotate=90,mark size=1.6pt,line width=.5pt}"
  }

  private func coordinates(_ data: [Layer.Datum], _ isHorizontal: Bool) -> String {
    data.filter { $0.x.isFinite && $0.y.isFinite }.map { datum in
      let point = "(\(number(datum.x)),\(number(datum.y)))"
      guard let above = datum.above, let below = datum.below, above.isFinite, below.isFinite else { return point }
      func length(_ value: Double) -> String { isHorizontal ? "(\(number(value)),0)" : "(0,\(number(value)))" }
      return above == below ? "\(point) +- \(length(above))" : "\(point) += \(length(above)) -= \(length(below))"
    }.joined(separator: " ")
  }

  private func places(_ points: [(Double, Double)]) -> String {
    points.filter { $0.0.isFinite && $0.1.isFinite }.map { "(\(number($0.0)),\(number($0.1)))" }.joined(separator: " ")
  }

  private func place(_ x: Double, _ y: Double) -> String { "(axis cs:\(number(x)),\(number(y)))" }
}

extension Style {
  /// How TikZ draws the marker.
  var markOptions: String {
    let color = "mt\(color.rawValue)"
    if marker.isLinear { return marker.rawValue.hasPrefix("open") ? "draw=\(color),fill=white" : "draw=\(color),line width=1pt" }
    return "draw=mtink,fill=\(color),line width=.3pt" + (marker == .invertedTriangle ? ",rotate=180" : "")
  }
}

extension Style.Marker {
  var pgf: String {
    switch self {
    case .circle: "*"
    case .square: "square*"
    case .diamond: "diamond*"
    case .triangle, .invertedTriangle: "triangle*"
    case .pentagon: "pentagon*"
    case .plus: "+"
    case .cross: "x"
    case .openCircle: "*"
    case .openSquare: "square*"
    case .openDiamond: "diamond*"
    }
  }
}

extension Style.Dash {
  var tikz: String {
    switch self {
    case .solid: "solid"
    case .dashed: "dashed"
    case .dotted: "densely dotted"
    case .dashDotted: "dash dot"
    }
  }
}

extension Style.Pattern {
  var pgf: String? {
    switch self {
    case .solid: nil
    case .rising: "north east lines"
    case .falling: "north west lines"
    case .crossed: "crosshatch"
    case .dotted: "dots"
    case .horizontal: "horizontal lines"
    case .vertical: "vertical lines"
    }
  }
}
