public import Foundation

/// A figure as LaTeX source for print.
public struct LaTeXFigure: Sendable, Equatable {
  /// What stands in a `figure` environment; needs `requirements` in the preamble.
  public let source: String
  /// A document of its own, as large as the figure.
  public let standalone: String
  /// The images that it includes, by the names they must have beside it.
  public let files: [File]

  public struct File: Sendable, Equatable {
    public let name: String
    public let bytes: Data
  }

  /// The lines that a document's preamble needs for every figure.
  public static let requirements = """
    \\usepackage[T1]{fontenc}
    \\usepackage{pgfplots}
    \\pgfplotsset{compat=1.16}
    \\usetikzlibrary{patterns}
    \\usepackage{textcomp}
    \\usepackage{graphicx}

    """
}

extension Figure {
  /// The figure as pgfplots source, at most `width` centimeters wide.
  public func pgfplots(width: Double = 16.4) -> LaTeXFigure {
    let body: String
    var files = [LaTeXFigure.File]()
    switch content {
    case .panels(let panels, let columns):
      body = PGFPanels(panels: panels, columns: columns, width: width).source
    case .images(let grid):
      body = PGFImages(grid: grid, id: id, width: width).source
      files = grid.files(for: id).map { LaTeXFigure.File(name: $0.name, bytes: $0.bytes) }
    }
    let comment = [title, caption].filter { !$0.isEmpty }.map {
      "% " + $0.split(whereSeparator: \.isNewline).joined(separator: " ") + "\n"
    }
    let drawing =
      "{\\fontsize{8}{9.6}\\selectfont\\begin{tabular}{@{}c@{}}\n" + body + PGFLegend(entries: legend, width: width).source
      + "\\end{tabular}}%\n"
    // Only a figure that is wider than the text is made smaller.
    let source = comment.joined() + Self.colors + "\\resizebox{\\ifdim\\width>\\linewidth\\linewidth\\else\\width\\fi}{!}{%\n" + drawing + "}%\n"
    return LaTeXFigure(
      source: source,
      standalone: """
        \\documentclass[border=4pt]{standalone}
        \\IfFileExists{lmodern.sty}{\\usepackage{lmodern}}{}
        \(LaTeXFigure.requirements)\\begin{document}
        \(comment.joined())\(Self.colors)\(drawing)\\end{document}

        """, files: files)
  }

  // The comment signs keep line ends from becoming blanks where the source stands within a paragraph.
  private static let colors = Color.allCases.map { color in
    "\\definecolor{mt\(color.rawValue)}{HTML}{\(Palette.light.code(color).dropFirst().uppercased())}%\n"
  }.joined()
}

/// Panels in rows. Each is a picture of its own, so that none can reach into another.
struct PGFPanels {
  let panels: [Panel]
  let columns: Int
  let width: Double

  /// In centimeters: of a page's text with room for legend and caption, of an axis, and of title and labels around one.
  private static let pageHeight = 18.5, leastHeight = 2.2, around = 1.7

  var source: String {
    var columns = max(1, min(columns, panels.count))
    // A figure that is higher than a page cannot be placed: first a third panel goes beside, then all become lower.
    func rowCount() -> Double { Double((panels.count + columns - 1) / columns) }
    if columns == 2, rowCount() * (Self.leastHeight + Self.around) > Self.pageHeight { columns = 3 }
    // Axes side by side are equally high.
    let wanted = Double(panels.map(\.height).max() ?? 280) / 62 * (columns > 2 ? 0.75 : 1)
    let tallest = min(wanted, max(Self.leastHeight, Self.pageHeight / rowCount() - Self.around))
    let rows = stride(from: 0, to: panels.count, by: columns).map { Array(panels[$0..<min($0 + columns, panels.count)]) }
    return "\\begin{tabular}{@{}" + String(repeating: "c", count: columns) + "@{}}\n"
      + rows.map { row in
        row.map { PGFPanel(panel: $0, width: width / Double(columns) - 0.4, height: max(Self.leastHeight, tallest)).source }.joined(
          separator: "&\n")
      }
      .joined(separator: "\\\\\\noalign{\\vskip 2ex}\n") + "\\end{tabular}\\\\\n"
  }
}

/// Images in a table, each as wide as there is room, and no higher than lets all rows stand on a page.
struct PGFImages {
  let grid: ImageGrid
  let id: String
  let width: Double

  var source: String {
    // In centimeters; a row has words of about 0.9 beside its image, and the page a heading and a caption.
    let share = (width - 2) / Double(max(1, grid.columns.count)) - 0.3
    let each = number(min(share, max(1.2, 20 / Double(max(1, grid.rows.count)) - 0.9)))
    var text = "\\begin{tabular}{@{}l" + String(repeating: "c", count: grid.columns.count) + "@{}}\n"
    text +=
      "&" + grid.columns.map { "\\parbox[b]{\(each)cm}{\\centering \(latexText($0))}" }.joined(separator: "&") + "\\\\[1ex]\n"
    for (index, row) in grid.rows.enumerated() {
      let images = row.images.enumerated().map { column, image in
        guard let image else { return "--" }
        let label = image.label.isEmpty ? "" : "\\\\{}\(latexText(image.label))"
        let file = ImageGrid.fileName(id, index, column)
        return "\\parbox[c]{\(each)cm}{\\centering\\includegraphics[width=\(each)cm]{\(file)}\(label)}"
      }
      text +=
        "\\parbox[c]{1.8cm}{\\raggedright \(latexText(row.name))}&" + images.joined(separator: "&\n")
        + "\\\\\\noalign{\\vskip 2ex}\n"
    }
    return text + "\\end{tabular}\\\\\n"
  }
}

/// The legend under the panels, its entries broken between as words are.
struct PGFLegend {
  let entries: [LegendEntry]
  let width: Double

  var source: String {
    guard !entries.isEmpty else { return "" }
    let items = entries.map { entry in
      let label = latexText(entry.label)
      let item = "\(symbol(entry))~\(label)"
      // A short entry stays whole; a long one may break.
      return entry.label.count < 60 ? "\\mbox{\(item)}" : item
    }
    return "\\parbox{\(number(width))cm}{\\vspace{1.5ex}\\centering " + items.joined(separator: "\\quad\n") + "}\\\\\n"
  }

  private func symbol(_ entry: LegendEntry) -> String {
    let style = entry.style
    let color = "mt\(style.color.rawValue)"
    let line = "\\draw[\(color),line width=1pt,\(style.dash.tikz)] (0,.6ex) -- (3.2ex,.6ex);"
    let marker =
      "\\draw plot[only marks,mark=\(style.marker.pgf),mark size=2pt,mark options={\(style.markOptions)}] coordinates {(1.6ex,.6ex)};"
    switch entry.symbol {
    case .bar:
      let pattern = style.pattern.pgf.map { ",postaction={pattern=\($0),pattern color=mtink!75}" } ?? ""
      return "\\tikz{\\path[draw=mtink,fill=\(color)\(pattern)] (0,0) rectangle (3.2ex,1.4ex);}"
    case .line: return "\\tikz{\(line)\\path (0,0) (0,1.2ex);}"
    case .marker: return "\\tikz{\(marker)\\path (0,0) (0,1.2ex);}"
    case .lineAndMarker: return "\\tikz{\(line)\(marker)\\path (0,0) (0,1.2ex);}"
    case .band: return "\\tikz{\\fill[\(color),opacity=.25] (0,0) rectangle (3.2ex,1.2ex);\(line)}"
    case .key(let key): return "\\textbf{\(latexText(key))}"
    }
  }
}

/// A number for TeX: no exponent, no trailing zeros, six digits after the point.
func number(_ value: Double) -> String {
  guard value.isFinite else { return "nan" }
  if value == value.rounded(), abs(value) < 1e9 { return String(Int(value)) }
  guard abs(value) < 1e9 else { return fixed(value, 0) }
  // Coordinates are many, and the sixth digit of one is seen by nobody, so this need not round as printf does.
  let millionths = Int((abs(value) * 1e6).rounded())
  var digits = String(millionths % 1_000_000)
  digits = String(repeating: "0", count: 6 - digits.count) + digits
  while digits.hasSuffix("0") { digits.removeLast() }
  let text = String(millionths / 1_000_000) + (digits.isEmpty ? "" : "." + digits)
  return value < 0 && millionths > 0 ? "-" + text : text
}
