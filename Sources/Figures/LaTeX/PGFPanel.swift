/// A panel as a pgfplots axis in a picture of its own.
struct PGFPanel {
  let panel: Panel
  /// In centimeters, words included.
  let width: Double
  /// Of the axis alone.
  let height: Double

  var source: String {
    "\\begin{tikzpicture}[baseline=(current axis.south)]\n\\begin{axis}[\n" + options.map { "  \($0),\n" }.joined() + "]\n"
      + panel.layers.map { PGFLayer(layer: $0, panel: panel).source }.joined() + rightTicks + "\\end{axis}\n\\end{tikzpicture}%\n"
  }

  /// What is left for the axis beside its words. Letters of 7 points are about 0.13 cm wide.
  private var axisWidth: Double {
    func room(_ ticks: [Axis.Tick]) -> Double {
      min(0.4 * width, ticks.map { TextMeasure.width($0.label, size: 0.21) }.max() ?? 0)
    }
    return max(1.5, width - room(panel.y.ticks) - room(panel.rightTicks) - (panel.y.title.isEmpty ? 0.3 : 0.8))
  }

  private var options: [String] {
    var lines = [
      "width=\(number(axisWidth))cm", "height=\(number(height))cm", "scale only axis", "enlargelimits=false",
      "clip mode=individual",
      "xmin=\(number(panel.x.lower))", "xmax=\(number(panel.x.upper))", "ymin=\(number(panel.y.lower))",
      "ymax=\(number(panel.y.upper))",
      "axis x line*=bottom", "axis y line*=left", "tick align=outside", "major tick length=2pt",
      "tick style={mtmuted}", "grid style={mtgrid,line width=.3pt}", "label style={font=\\fontsize{8}{9}\\selectfont}",
      "tick label style={font=\\fontsize{7}{8}\\selectfont,align=center}",
    ]
    lines += axis("x", panel.x, length: axisWidth) + axis("y", panel.y, length: height)
    if !panel.title.isEmpty {
      lines.append("title={\(latexText(panel.title))}")
      lines.append(
        "title style={font=\\fontsize{8}{9.6}\\selectfont\\bfseries,align=center,text width=\(number(axisWidth + 0.6))cm,"
          + "inner sep=1pt,execute at begin node={\\hyphenpenalty=10000 }}")
    }
    return lines
  }

  private func axis(_ name: String, _ axis: Axis, length: Double) -> [String] {
    let isHorizontal = name == "x"
    let room = isHorizontal ? TickRoom(axis, length: length).width : 3.2
    let broken = axis.ticks.map { TextMeasure.lines($0.label, width: room, size: 0.25) }
    let widest = broken.flatMap { $0.map { TextMeasure.width($0, size: 0.25) } }.max() ?? 0
    // A little too wide: a smaller font will do. More: slanted.
    let isSlanted = isHorizontal && widest > 1.3 * room
    let isTight = isHorizontal && !isSlanted && widest > 0.85 * room
    let labels = isSlanted ? axis.ticks.map { latexText($0.label) } : broken.map { $0.map(latexText).joined(separator: "\\\\") }
    var lines = [
      "\(name)tick={\(axis.ticks.map { number($0.place) }.joined(separator: ","))}",
      "\(name)ticklabels={\(labels.map { "{\($0)}" }.joined(separator: ","))}",
    ]
    if axis.ticks.isEmpty { lines = ["\(name)tick=\\empty"] }
    if isSlanted { lines.append("xticklabel style={rotate=40,anchor=north east,inner sep=1pt}") }
    if isTight { lines.append("xticklabel style={font=\\fontsize{5.5}{6.5}\\selectfont}") }
    if !axis.title.isEmpty {
      let shape = "align=center,text width=\(number(max(2, length)))cm"
      lines.append("\(name)label={\(latexText(axis.title))}")
      lines.append("\(name)label style={\(shape)}")
    }
    if axis.hasGrid { lines.append("\(name)majorgrids") }
    if !axis.isVisible {
      lines.append("\(name) axis line style={draw=none}")
      lines.append("\(name)tick style={draw=none}")
    }
    return lines
  }

  private var rightTicks: String {
    panel.rightTicks.map { tick in
      "\\node[anchor=west,font=\\fontsize{7}{8}\\selectfont] at (axis cs:\(number(panel.x.upper)),\(number(tick.place))) "
        + "{\(latexText(tick.label))};\n"
    }.joined()
  }
}
