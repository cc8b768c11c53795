import Foundation
import Testing

@testable import Figures

@Suite("Figures and tables as LaTeX")
struct LaTeXTests {
  @Test("Every mark of ASCII is printed, and none is named by its code")
  func ascii() {
    for code in UInt8(0x20)..<0x7F { #expect(!latexText(String(UnicodeScalar(code))).contains("[U+"), "\(UnicodeScalar(code))") }
    #expect(latexText("a[0]*?!@") == "a[0]*?!@")
  }

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
      ("é", "é"), ("a\nb", "a b"),
    ])
  func escaping(text: String, expected: String) {
    #expect(latexText(text) == expected)
  }

  @Test(
    "What Latin fonts have no glyph for is spelled in Latin letters with their marks, as a whole word; what has no spelling is named by its code",
    arguments: [
      ("중앙병원 연구", "jung-angbyeong-won yeongu"), ("心脏扩大 (50 %)", "xīn zàng kuò dà (50 \\%)"), ("Кардиология", "Kardiologiâ"),
      ("Ṣaḥīḥ & co", "\\d{S}a\\d{h}ī\\d{h} \\& co"), ("Việt", "Vi\\^{\\d{e}}t"), ("te\u{301}te", "téte"), ("中_x", "zhōng\\_x"),
      ("37 ℃", "37 \\ensuremath{^\\circ}C"), ("ħ", "h"), ("😀", "[U+1F600]"),
    ])
  func spelled(text: String, expected: String) {
    #expect(latexText(text) == expected)
  }

  @Test("pdflatex sets a table and a figure of names in many scripts and of every letter up to ž", .enabled(if: PDFLaTeX.path != nil, "pdflatex is not installed"))
  func compiles() throws {
    let letters = (UInt32(0xC0)...0x17E).compactMap(Unicode.Scalar.init).map(String.init).joined(separator: " ")
    let names = ["중앙병원", "心脏扩大", "Кардиология", "Ṣaḥīḥ_50% & co", "Việt #1", "قلب", "😀", "ﬁne ½ ℃ ①", "{~^\\}$", letters]
    var table = ReportTable(title: "Names 中", caption: names.joined(separator: ", "), label: "names", columns: [.init("中_x"), .init("é", .right)])
    for name in names { table.append([.init(name), .init("1", note: name)]) }
    var figure = Samples.figure(.bars)
    figure.title = names.joined(separator: " ")
    if case .panels(var panels, let columns) = figure.content {
      panels[0].title = names.dropLast().joined(separator: " ")
      figure.content = .panels(panels, columns: columns)
    }
    let document =
      "\\documentclass{article}\n\(ReportTable.latexRequirements)\(LaTeXFigure.requirements)\\begin{document}\n"
      + table.latex() + figure.pgfplots().source + "\\end{document}\n"
    let log = try PDFLaTeX.errors(of: document)
    #expect(log == [], "\(log)")
    #expect(try PDFLaTeX.errors(of: "\\documentclass{article}\n\\begin{document}中\\undefined\\end{document}\n") != [])
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

/// The program, where this machine has it.
private enum PDFLaTeX {
  static let path = ["/usr/bin/pdflatex", "/usr/local/bin/pdflatex", "/Library/TeX/texbin/pdflatex"].first(where: FileManager.default.isExecutableFile)

  /// The lines with which it says what is wrong with a document.
  static func errors(of document: String) throws -> [String] {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("latex-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try Data(document.utf8).write(to: folder.appendingPathComponent("x.tex"))
    let process = Process()
    process.executableURL = URL(fileURLWithPath: path ?? "")
    process.arguments = ["-interaction=nonstopmode", "-draftmode", "x.tex"]
    process.currentDirectoryURL = folder
    process.standardOutput = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    let log = String(decoding: try Data(contentsOf: folder.appendingPathComponent("x.log")), as: UTF8.self)
    return log.split(separator: "\n").filter { $0.hasPrefix("!") || $0.hasPrefix("Missing character") }.map(String.init)
  }
}
