/// Axes, margins and words around a panel for plotly.
struct PlotlyLayout {
  let panel: Panel
  let colors: PlotlyColors
  let annotations: [JSONText]
  var titleLines = 0

  var json: JSONText {
    let title = PanelTitle(panel)
    var layout: JSONText = [
      "font": ["family": .text(Self.fonts), "size": 12, "color": colors.code(.ink)],
      "paper_bgcolor": colors.code(.paper), "plot_bgcolor": colors.code(.paper), "showlegend": false, "barmode": "overlay",
      "hovermode": "closest",
      "margin": ["l": 12, "r": 16, "t": .number(Double(17 * max(titleLines, title.lines.count) + 18)), "b": 12, "pad": 0],
      "xaxis": axis(panel.x, isHorizontal: true), "yaxis": axis(panel.y, isHorizontal: false),
      "hoverlabel": ["bgcolor": colors.code(.paper), "bordercolor": colors.code(.muted), "font": ["color": colors.code(.ink)]],
    ]
    var annotations = annotations
    if !title.lines.isEmpty {
      // An annotation grows upward from the plot into its margin, line by line; plotly's own title does not.
      annotations.append([
        "text": .text("<b>" + title.lines.map(plotlyText).joined(separator: "<br>") + "</b>"), "font": ["size": 13],
        "align": "left",
        "showarrow": false, "xref": "paper", "x": 0, "xanchor": "left", "xshift": -2, "yref": "paper", "y": 1,
        "yanchor": "bottom",
        "yshift": 10, "borderpad": 0,
      ])
    }
    if !panel.rightTicks.isEmpty {
      var right = panel.y
      right.ticks = panel.rightTicks
      right.hasGrid = false
      right.title = ""
      layout = layout.with("yaxis2", axis(right, isHorizontal: false).with("overlaying", "y").with("side", "right"))
    }
    return annotations.isEmpty ? layout : layout.with("annotations", .list(annotations))
  }

  private static let fonts = "system-ui, -apple-system, 'Segoe UI', 'Liberation Sans', 'DejaVu Sans', sans-serif"

  private func axis(_ axis: Axis, isHorizontal: Bool) -> JSONText {
    let labels = TickLabels(axis, isHorizontal: isHorizontal, panel: panel)
    var json: JSONText = [
      "range": .numbers([axis.lower, axis.upper]), "tickmode": "array", "tickvals": .numbers(axis.ticks.map(\.place)),
      "ticktext": .texts(labels.lines.map { $0.map(plotlyText).joined(separator: "<br>") }), "automargin": true,
      "zeroline": false, "showgrid": .flag(axis.hasGrid),
      "gridcolor": colors.code(.grid), "showline": .flag(axis.isVisible), "linecolor": colors.code(.muted),
      "ticks": axis.isVisible && !axis.ticks.isEmpty ? "outside" : "", "tickcolor": colors.code(.muted), "ticklen": 4,
    ]
    if isHorizontal { json = json.with("tickangle", labels.isSlanted ? -35 : 0) }
    if !axis.title.isEmpty {
      let room = isHorizontal ? Double(panel.minimumWidth) - 80 : Double(panel.height) - 70
      let lines = TextMeasure.lines(axis.title, width: room, size: 12)
      json = json.with("title", ["text": .text(lines.map(plotlyText).joined(separator: "<br>")), "standoff": 8])
    }
    return json
  }
}
