import Foundation
import Testing

@testable import Figures

@Suite("Figures and tables as LaTeX")
struct LaTeXTests {
  @Test("Braces and environments are balanced in every kind", arguments: FigureKind.allCases)
  func balanced(kind: FigureKind) {
    let text = Samples.figure(kind).pgfplots().standalone
    var depth = 0
    var isEscaped = false
    for character in text {
      if !isEscaped, character == "{" { depth += 1 }
      if !isEscaped, character == "}" { depth -= 1 }
      #expect(depth >= 0)
      isEscaped = character == "\\" && !isEscaped
    }
    #expect(depth == 0)
    for environment in ["document", "tabular", "tikzpicture", "axis"] {
      #expect(
        text.components(separatedBy: "\\begin{\(environment)}").count
          == text.components(separatedBy: "\\end{\(environment)}").count)
    }
    #expect(text.components(separatedBy: "\\begin{axis}").count - 1 == Samples.figure(kind).panels.count)
  }

  @Test("The numbers of the plot are in the source, error bars on both their sides")
  func numbers() {
    let bars = Samples.figure(.bars).pgfplots().source
    #expect(bars.contains("(0,80.31) +- (0,0.11)") && bars.contains("(2,83.57) +- (0,0.23)"))
    #expect(bars.contains("(2,68.43) += (0,0.77) -= (0,0.33)"))
    #expect(bars.contains("{p = 0.019}") && bars.contains("{N/A}"))
    let lying = Samples.figure(.horizontalBars).pgfplots().source
    #expect(lying.contains("xbar") && lying.contains("(90.03,1) +- (0.4,0)") && lying.contains("x dir=both"))
    #expect(Samples.figure(.learningCurves).pgfplots().source.contains("coordinates {(1,70) (2,75) (3,77)}"))
  }

  @Test("A series looks the same in legend and plot, apart from others in pattern too")
  func patterns() {
    let source = Samples.figure(.bars).pgfplots().source
    // B is not drawn in the first panel; it is in the second and in the legend.
    #expect(source.components(separatedBy: "pattern=north east lines").count - 1 == 2)
    #expect(source.contains("fill=mtneutral") && source.contains("fill=mtorange"))
  }

  @Test(
    "Every character that TeX would take for its own is escaped",
    arguments: [
      ("a_b", "a\\_b"), ("50 %", "50 \\%"), ("R&D", "R\\&D"), ("#1", "\\#1"), ("$x$", "\\$x\\$"), ("~", "\\textasciitilde{}"),
      ("^", "\\textasciicircum{}"), ("\\end{document}", "\\textbackslash{}end\\{document\\}"),
      ("a→b ± 1", "a\\ensuremath{\\rightarrow}b \\ensuremath{\\pm} 1"),
      ("é", "é"), ("中", "[U+4E2D]"), ("a\nb", "a b"),
    ])
  func escaping(text: String, expected: String) {
    #expect(latexText(text) == expected)
  }

  @Test("Titles with line breaks cannot leave the comment they stand in")
  func comments() {
    var figure = Samples.figure(.bars)
    figure.title = "One\n\\input{/etc/passwd}\r\nTwo"
    let lines = figure.pgfplots().source.split(whereSeparator: \.isNewline)
    #expect(lines.contains { $0.hasPrefix("% One \\input") })
    #expect(!lines.contains { $0.hasPrefix("\\input") })
  }

  @Test("Numbers are plain: no exponent, no trailing zeros")
  func plainNumbers() {
    #expect(
      [0.1, -2.5, 1e-9, 3, 81.7, 0.123_456_789, 1e12, -0.0].map(number) == [
        "0.1", "-2.5", "0", "3", "81.7", "0.123457", "1000000000000", "0",
      ])
  }

  @Test("In a document a figure that is wider than the text is made smaller, and none is cut; alone it has its own size", arguments: FigureKind.allCases)
  func width(kind: FigureKind) {
    let figure = Samples.figure(kind).pgfplots()
    #expect(figure.source.contains("\\resizebox{\\ifdim\\width>\\linewidth\\linewidth\\else\\width\\fi}{!}"))
    #expect(!figure.standalone.contains("\\ifdim"))
  }

  @Test("Images of many rows are as small as a page needs")
  func manyRows() throws {
    func widths(_ rows: Int) -> [Substring] {
      let image = ImageGrid.Image(png: Data([1]), altText: "x")
      let grid = ImageGrid(labels: .init(id: "x", title: "x"), columns: ["a", "b"], rows: (0..<rows).map { .init("row \($0)", images: [image, image]) })
      return grid.figure().pgfplots().source.components(separatedBy: "\\includegraphics[width=").dropFirst().map { $0.prefix { $0 != "c" } }
    }
    #expect(widths(1) == ["6.9", "6.9"])
    let nine = widths(9)
    #expect(nine.count == 18 && nine.allSatisfy { (Double($0) ?? 99) * 9 <= 20 })
  }

  @Test("Images come with the files that the source includes")
  func images() {
    let figure = Samples.figure(.images).pgfplots()
    #expect(figure.files.map(\.name) == ["images-1-1.png"])
    #expect(figure.files.allSatisfy { figure.source.contains("{\($0.name)}") })
    #expect(figure.files[0].bytes == Data([1, 2, 3]))
  }
}
