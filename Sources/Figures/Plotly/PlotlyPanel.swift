/// A panel as plotly takes it: `Plotly.newPlot(element, data, layout)`.
public struct PlotlyPanel: Sendable, Equatable {
  public let data: JSONText
  public let layout: JSONText

  /// - Parameter titleLines: how many lines the longest title beside it has, so that axes side by side begin at one height.
  public init(_ panel: Panel, colors: PlotlyColors, titleLines: Int = 0) {
    let traces = PlotlyTraces(colors: colors)
    var data = panel.layers.flatMap { traces.traces($0, in: panel) }
    // plotly draws an axis only if a trace uses it.
    if !panel.rightTicks.isEmpty { data.append(["type": "scatter", "x": [nil], "y": [nil], "yaxis": "y2", "hoverinfo": "skip"]) }
    self.data = .list(data)
    layout =
      PlotlyLayout(panel: panel, colors: colors, annotations: panel.layers.flatMap(traces.annotations), titleLines: titleLines)
      .json
  }
}

extension JSONText: ExpressibleByNilLiteral {
  public init(nilLiteral: ()) { self = .null }
}

extension Figure {
  /// The figure for plotly, a plot for each panel.
  public func plotlyPanels(_ colors: PlotlyColors = .fixed(.light)) -> [PlotlyPanel] {
    let lines = panels.map { PanelTitle($0).lines.count }.max() ?? 0
    return panels.map { PlotlyPanel($0, colors: colors, titleLines: lines) }
  }

  /// The same as one JSON text: `{"panels":[{"data":…,"layout":…}]}`.
  public func plotlyJSON(_ colors: PlotlyColors = .fixed(.light)) -> String {
    let panels = plotlyPanels(colors).map { panel -> JSONText in ["data": panel.data, "layout": panel.layout] }
    return JSONText.object([.init(key: "panels", value: .list(panels))]).encoded
  }
}
