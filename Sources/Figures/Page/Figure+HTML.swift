internal import Foundation

extension Figure {
  /// A `figure` element: the plots (drawn by the page's script from the JSON within it), legend, caption, the numbers as a table,
  /// and the LaTeX source.
  func html(id: String, includesLaTeX: Bool) -> String {
    var text = "<figure id=\"\(id)\" data-name=\"\(self.id)\" aria-labelledby=\"\(id)-title\">\n"
    text += "<div class=\"bar\"><h3 id=\"\(id)-title\">\(htmlText(title))</h3>"
    switch content {
    case .panels(let panels, let columns):
      text +=
        "<span class=\"exports\"><button type=\"button\" data-export=\"svg\" aria-label=\"Save this figure as SVG\">SVG</button>"
        + "<button type=\"button\" data-export=\"png\" aria-label=\"Save this figure as PNG\">PNG</button></span></div>\n"
      let height = panels.map(\.pageHeight).max() ?? 280
      let least = panels.map(\.leastWidth).max() ?? 300
      // No more columns than wanted: a column is at least its share of the width.
      text +=
        "<div class=\"panels\" role=\"img\" aria-label=\"\(htmlText(altText))\" "
        + "style=\"--least:\(least)px;--columns:\(max(1, min(columns, panels.count)))\">"
      // Below its least width a plot is scrolled, not squeezed until its words collide.
      text +=
        panels.map { panel in
          let widest = panel.maximumWidth.map { ";max-width:\(max($0, panel.leastWidth))px" } ?? ""
          let style = "height:\(height)px;min-width:\(panel.leastWidth)px\(widest)"
          return "<div class=\"cell\"><div class=\"plot\" style=\"\(style)\"></div></div>"
        }.joined() + "</div>\n"
      text += legendHTML
      text += "<script type=\"application/json\" class=\"data\">" + plotlyJSON(.named) + "</script>\n"
    case .images(let grid): text += "</div>\n" + imagesHTML(grid)
    }
    let words = [caption] + notes
    text += "<figcaption>" + words.filter { !$0.isEmpty }.map { "<p>\(htmlText($0))</p>" }.joined() + "</figcaption>\n"
    if !data.rows.isEmpty { text += "<details><summary>Numbers of this figure</summary>\n\(data.html())</details>\n" }
    if includesLaTeX {
      text += "<details><summary>LaTeX source</summary><pre>\(htmlText(pgfplots().standalone))</pre></details>\n"
    }
    return text + "</figure>\n"
  }

  private var legendHTML: String {
    guard !legend.isEmpty else { return "" }
    return "<ul class=\"legend\">"
      + legend.map { entry in
        let words = "\(LegendSymbol.html(entry))<span>\(htmlText(entry.label))</span>"
        // What switches a series is a button; what only explains is not.
        guard let series = entry.series else { return "<li>\(words)</li>" }
        return "<li><button type=\"button\" aria-pressed=\"true\" data-series=\"\(htmlText(series))\">\(words)</button></li>"
      }.joined() + "</ul>\n"
  }

  private func imagesHTML(_ grid: ImageGrid) -> String {
    var text = "<div class=\"table images\"><table><thead><tr><td></td>"
    text += grid.columns.map { "<th scope=\"col\">\(htmlText($0))</th>" }.joined() + "</tr></thead>\n<tbody>\n"
    for row in grid.rows {
      text += "<tr><th scope=\"row\">\(htmlText(row.name))</th>"
      for image in row.images {
        guard let image else {
          text += "<td>\(ReportTable.notApplicable)</td>"
          continue
        }
        text += "<td><img alt=\"\(htmlText(image.altText))\" src=\"data:image/png;base64,\(image.png.base64EncodedString())\">"
        text += (image.label.isEmpty ? "" : "<div>\(htmlText(image.label))</div>") + "</td>"
      }
      text += "</tr>\n"
    }
    return text + "</tbody></table></div>\n"
  }
}
