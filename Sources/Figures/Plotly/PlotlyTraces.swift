/// Layers as plotly's traces.
struct PlotlyTraces {
  let colors: PlotlyColors

  func traces(_ layer: Layer, in panel: Panel) -> [JSONText] {
    switch layer.shape {
    case .bars(let data, let width, let isHorizontal): [bars(data, width, isHorizontal, layer)]
    case .points(let data, let size): [points(data, size, layer)]
    case .errors(let data, let isHorizontal): [errors(data, isHorizontal, layer)]
    case .lines(let segments, let width, let hasMarkers): [lines(segments, width, hasMarkers, layer, panel)]
    case .area(let outline, let opacity): [area(simplified(outline, in: panel, above: 2000), opacity, layer)]
    case .boxes(let boxes, let width): [self.boxes(boxes, width, layer)]
    case .texts(let labels): texts(labels.filter { !$0.isAnnotation }, layer)
    case .cells(let cells): self.cells(cells, layer)
    }
  }

  /// Texts that plotly can only draw as annotations: with a background, or upright.
  func annotations(_ layer: Layer) -> [JSONText] {
    guard case .texts(let labels) = layer.shape else { return [] }
    return labels.filter(\.isAnnotation).map { label in
      [
        "x": .number(label.place.x), "y": .number(label.place.y), "text": .text(text(label)), "showarrow": false,
        "font": ["size": .number(label.size), "color": colors.code(label.color)], "borderpad": 1,
        "bgcolor": label.hasBackground ? colors.code(.paper, opacity: 0.8) : "rgba(0,0,0,0)",
        "textangle": label.isUpright ? -90 : 0,
        "xanchor": .text(label.side == .right ? "left" : label.side == .left ? "right" : "center"),
        "yanchor": .text(label.side == .above ? "bottom" : label.side == .below ? "top" : "middle"),
        "xshift": label.side == .right ? 3 : label.side == .left ? -3 : 0,
      ]
    }
  }

  private func trace(_ type: String, _ layer: Layer, _ members: JSONText) -> JSONText {
    var all: [JSONText.Member] = [.init(key: "type", value: .text(type)), .init(key: "showlegend", value: false)]
    if let series = layer.series {
      all.append(.init(key: "legendgroup", value: .text(series)))
      all.append(.init(key: "name", value: .text(plotlyText(series))))
    }
    if case .object(let more) = members { all += more }
    return .object(all)
  }

  private func bars(_ data: [Layer.Datum], _ width: Double, _ isHorizontal: Bool, _ layer: Layer) -> JSONText {
    var marker: JSONText = ["color": colors.fill(layer.style.color), "line": ["color": colors.code(.ink), "width": 1]]
    if let shape = layer.style.pattern.plotly {
      marker = marker.with(
        "pattern",
        [
          "shape": .text(shape), "fillmode": "replace", "bgcolor": colors.fill(layer.style.color),
          "fgcolor": colors.code(.ink, opacity: 0.75),
          "size": 7, "solidity": 0.22,
        ])
    }
    return trace(
      "bar", layer,
      places(data).with("orientation", isHorizontal ? "h" : "v").with("width", .number(width)).with("marker", marker)
        .with(isHorizontal ? "error_x" : "error_y", errorBar(data, horizontal: isHorizontal)))
  }

  private func points(_ data: [Layer.Datum], _ size: Double, _ layer: Layer) -> JSONText {
    trace(
      "scatter", layer,
      places(data).with("mode", "markers").with("marker", marker(layer.style, size)).with("cliponaxis", false)
        .with("error_y", errorBar(data, horizontal: false)))
  }

  private func errors(_ data: [Layer.Datum], _ isHorizontal: Bool, _ layer: Layer) -> JSONText {
    trace(
      "scatter", layer,
      places(data).with("mode", "markers").with("marker", ["size": 1, "color": colors.code(layer.style.color)])
        .with(isHorizontal ? "error_x" : "error_y", errorBar(data, horizontal: isHorizontal, color: layer.style.color)))
  }

  private func lines(_ segments: [[Layer.Datum]], _ width: Double, _ hasMarkers: Bool, _ layer: Layer, _ panel: Panel) -> JSONText {
    // Segments follow each other with a gap between. Very long lines lose what cannot be seen.
    var data = [Layer.Datum?]()
    for segment in segments {
      if !data.isEmpty { data.append(nil) }
      data += simplified(segment, in: panel, above: 2000)
    }
    let hovers = data.map { $0?.hover ?? "" }
    var members: JSONText = [
      "x": .numbers(data.map { $0?.x }), "y": .numbers(data.map { $0?.y }), "mode": hasMarkers ? "lines+markers" : "lines",
      "line": ["color": colors.code(layer.style.color), "width": .number(width), "dash": .text(layer.style.dash.plotly)],
    ]
    if hasMarkers {
      let marker = marker(layer.style, 7)
      members = members.with("marker", segments.contains { $0.count > 24 } ? marker.with("maxdisplayed", 12) : marker)
    }
    return trace("scatter", layer, hovers.allSatisfy(\.isEmpty) ? members.with("hoverinfo", "skip") : hover(members, hovers))
  }

  private func area(_ outline: [Layer.Place], _ opacity: Double, _ layer: Layer) -> JSONText {
    trace(
      "scatter", layer,
      [
        "x": .numbers(outline.map(\.x)), "y": .numbers(outline.map(\.y)), "mode": "lines", "line": ["width": 0], "fill": "toself",
        "fillcolor": colors.code(layer.style.color, opacity: opacity), "hoverinfo": "skip",
      ])
  }

  private func boxes(_ boxes: [Layer.Box], _ width: Double, _ layer: Layer) -> JSONText {
    trace(
      "box", layer,
      [
        "x": .numbers(boxes.map(\.x)), "q1": .numbers(boxes.map(\.numbers.lowerQuartile)),
        "median": .numbers(boxes.map(\.numbers.median)),
        "q3": .numbers(boxes.map(\.numbers.upperQuartile)), "lowerfence": .numbers(boxes.map(\.numbers.lowerWhisker)),
        "upperfence": .numbers(boxes.map(\.numbers.upperWhisker)), "width": .number(width), "boxpoints": false,
        "fillcolor": colors.fill(layer.style.color), "line": ["color": colors.code(.ink), "width": 1.2], "hoverinfo": "y",
      ])
  }

  private func texts(_ labels: [Layer.Label], _ layer: Layer) -> [JSONText] {
    guard !labels.isEmpty else { return [] }
    return [
      trace(
        "scatter", layer,
        [
          "x": .numbers(labels.map(\.place.x)), "y": .numbers(labels.map(\.place.y)), "mode": "text", "cliponaxis": false,
          "text": .texts(labels.map(text)), "textposition": .texts(labels.map(\.side.plotly)),
          "textfont": ["size": .numbers(labels.map(\.size)), "color": .list(labels.map { colors.code($0.color) })],
          "hoverinfo": "skip",
        ])
    ]
  }

  private func cells(_ cells: [Layer.Cell], _ layer: Layer) -> [JSONText] {
    let columns = (cells.map(\.column).max() ?? 0) + 1
    let rows = (cells.map(\.row).max() ?? 0) + 1
    var strengths = [[Double?]](repeating: .init(repeating: nil, count: columns), count: rows)
    var hovers = [[String]](repeating: .init(repeating: "", count: columns), count: rows)
    for cell in cells {
      strengths[cell.row][cell.column] = cell.strength
      hovers[cell.row][cell.column] = plotlyText(cell.hover)
    }
    let labels = cells.filter { !$0.text.isEmpty }.map {
      Layer.Label(place: .init(Double($0.column), Double($0.row)), text: $0.text)
    }
    return [
      trace(
        "heatmap", layer,
        [
          "z": .list(strengths.map(JSONText.numbers)), "zmin": 0, "zmax": 1, "showscale": false, "xgap": 2, "ygap": 2,
          "colorscale": [
            [0, colors.code(layer.style.color, opacity: 0.04)], [1, colors.code(layer.style.color, opacity: 0.6)],
          ],
          "hovertext": .list(hovers.map(JSONText.texts)), "hoverinfo": "text",
        ])
    ] + texts(labels, layer)
  }

  private func text(_ label: Layer.Label) -> String {
    label.isBold ? "<b>\(plotlyText(label.text))</b>" : plotlyText(label.text)
  }

  private func places(_ data: [Layer.Datum]) -> JSONText {
    hover(["x": .numbers(data.map(\.x)), "y": .numbers(data.map(\.y))], data.map(\.hover))
  }

  private func hover(_ members: JSONText, _ texts: [String]) -> JSONText {
    members.with("hovertext", .texts(texts.map(plotlyText))).with("hoverinfo", "text")
  }

  private func errorBar(_ data: [Layer.Datum], horizontal: Bool, color: Color = .ink) -> JSONText {
    guard data.contains(where: { $0.above != nil }) else { return ["visible": false] }
    let isSymmetric = data.allSatisfy { $0.above == $0.below }
    let bar: JSONText = [
      "type": "data", "symmetric": .flag(isSymmetric), "array": .numbers(data.map(\.above)), "color": colors.code(color),
      "thickness": 1.3,
      "width": 3,
    ]
    return isSymmetric ? bar : bar.with("arrayminus", .numbers(data.map(\.below)))
  }

  private func marker(_ style: Style, _ size: Double) -> JSONText {
    [
      "symbol": .text(style.marker.plotly), "size": .number(size), "color": colors.code(style.color),
      "line": [
        "color": style.marker.isLinear ? colors.code(style.color) : colors.code(.ink, opacity: 0.7),
        "width": style.marker.isLinear ? 1.7 : 0.8,
      ],
    ]
  }
}

extension Layer.Label {
  var isAnnotation: Bool { hasBackground || isUpright }
}

extension Layer.Side {
  var plotly: String {
    switch self {
    case .left: "middle left"
    case .right: "middle right"
    case .above: "top center"
    case .below: "bottom center"
    case .center: "middle center"
    }
  }
}

extension Style.Pattern {
  var plotly: String? {
    switch self {
    case .solid: nil
    case .rising: "/"
    case .falling: "\\"
    case .crossed: "x"
    case .dotted: "."
    case .horizontal: "-"
    case .vertical: "|"
    }
  }
}

extension Style.Dash {
  var plotly: String {
    switch self {
    case .solid: "solid"
    case .dashed: "dash"
    case .dotted: "dot"
    case .dashDotted: "dashdot"
    }
  }
}

extension Style.Marker {
  var plotly: String {
    switch self {
    case .circle: "circle"
    case .square: "square"
    case .diamond: "diamond"
    case .triangle: "triangle-up"
    case .invertedTriangle: "triangle-down"
    case .pentagon: "pentagon"
    case .plus: "cross-thin"
    case .cross: "x-thin"
    case .openCircle: "circle-open"
    case .openSquare: "square-open"
    case .openDiamond: "diamond-open"
    }
  }

  /// Drawn with lines alone, which take the color of the series.
  var isLinear: Bool { [.plus, .cross, .openCircle, .openSquare, .openDiamond].contains(self) }
}
