import Foundation
import Testing

@testable import Figures

@Suite("A report as one page")
struct HTMLReportTests {
  private static let hostile = "</script><script>alert(1)</script> & \"x\" 'y' <img src=x onerror=alert(2)>"

  private func page(_ sections: [HTMLReport.Section], title: String = "Report") -> String {
    HTMLReport(title: title, sections: sections).html(plotlyScript: "window.Plotly = {};")
  }

  @Test("No text of any block reaches the page as markup")
  func escaping() throws {
    let text = Self.hostile
    var table = ReportTable(title: text, caption: text, label: text, columns: [.init(text)], notes: [text])
    table.append([.init(text, isBold: true, isShaded: true, note: text)])
    let figure = Bars(
      labels: .init(id: text, title: text, caption: text, notes: [text]),
      series: [.init(text, .bar(0)), .init(text + "2", .bar(1))],
      tasks: ["1", "2"].map { number in
        .init(
          title: text + number, axisTitle: text, groups: [.init(text, [Estimate(1), Estimate(2)])],
          brackets: [.init(from: .init(series: 0), to: .init(series: 1), label: text)])
      }
    ).figure()
    let images = ImageGrid(
      labels: .init(id: text, title: text), columns: [text],
      rows: [.init(text, images: [.init(png: Data([1]), altText: text, label: text)])]
    ).figure()
    let report = HTMLReport(
      title: text, subtitle: text,
      sections: [
        .init(
          text,
          [
            .verdict([.init(task: text, standing: .open, statement: text, details: [text])]), .paragraph(text), .heading(text),
            .list([text]),
            .remark(text), .table(table), .figure(figure), .figure(images), .source(title: text, text: text),
          ]),
        .init(text, []),
      ], footer: text)
    let html = report.html(plotlyScript: "")
    // The only scripts are the page's own: palettes, plotly, the figure's data and the code.
    #expect(html.components(separatedBy: "<script").count - 1 == 4)
    #expect(html.components(separatedBy: "</script").count - 1 == 4)
    #expect(!html.contains("<img src=x") && !html.contains("alert(1)</script>"))
    // Nowhere does a quote end an attribute early: the text in attributes has its quotes escaped.
    #expect(!html.contains("\"\(text.prefix(4))") && html.contains("aria-label=\"Bars with error bars. &lt;/script&gt;"))
  }

  @Test("A page asks for nothing outside itself, and says so to the browser")
  func isAlone() {
    let html = page([.init("Figures", FigureKind.allCases.map { .figure(Samples.figure($0)) })])
    #expect(html.contains("default-src 'none'; img-src data: blob:; style-src 'unsafe-inline'; script-src 'unsafe-inline'"))
    for attribute in ["src=\"http", "href=\"http", "url(", "@import", "src=\"/", "<link"] {
      #expect(!html.contains(attribute), "\(attribute)")
    }
  }

  @Test("plotly is in the page once, and not at all where there is no figure")
  func plotlyOnce() {
    let with = page([.init("A", [.figure(Samples.figure(.bars)), .figure(Samples.figure(.boxPlot))])])
    #expect(with.components(separatedBy: "window.Plotly = {};").count - 1 == 1)
    #expect(!page([.init("A", [.paragraph("x")])]).contains("window.Plotly"))
  }

  @Test("Behind every figure are words, numbers and LaTeX", arguments: FigureKind.allCases)
  func figureParts(kind: FigureKind) {
    let figure = Samples.figure(kind)
    let html = page([.init("A", [.figure(figure)])])
    #expect(html.contains("<figcaption><p>\(htmlText(figure.caption))</p>"))
    #expect(html.contains("<summary>Numbers of this figure</summary>") && html.contains(figure.data.html()))
    #expect(html.contains(htmlText(figure.pgfplots().standalone)))
    if kind == .images {
      #expect(html.contains("alt=\"A disc\" src=\"data:image/png;base64,AQID\""))
    } else {
      #expect(html.contains("role=\"img\" aria-label=\"\(htmlText(figure.altText))\""))
      #expect(html.components(separatedBy: "class=\"plot\"").count - 1 == figure.panels.count)
    }
  }

  @Test("Identifiers are unique and point at something, also where titles and figures are alike")
  func identifiers() throws {
    let html = page([.init("Same", [.figure(Samples.figure(.bars)), .figure(Samples.figure(.bars))]), .init("Same", [])])
    let ids = html.matches(of: /\sid="([^"]+)"/).map { String($0.output.1) }
    #expect(ids.count == Set(ids).count && ids.count >= 8)
    for match in html.matches(of: /(?:href="#|aria-labelledby=")([^"]+)"/) { #expect(ids.contains(String(match.output.1))) }
  }

  @Test("Series are switched by buttons that say their state; what only explains is no button")
  func legend() {
    let html = page([.init("A", [.figure(Samples.figure(.numberedBars))])])
    #expect(html.contains("<button type=\"button\" aria-pressed=\"true\" data-series=\"Supervised\">"))
    #expect(html.contains("<li><b class=\"key\">2</b><span>M2</span></li>"))
  }

  @Test("The same report is the same bytes")
  func deterministic() {
    let sections = [HTMLReport.Section("A", FigureKind.allCases.map { .figure(Samples.figure($0)) })]
    #expect(page(sections) == page(sections))
  }

  @Test("Two hundred figures take well under a second in a release build, and a few in this one")
  func speed() {
    let figures = (0..<200).map { Samples.figure(FigureKind.allCases[$0 % FigureKind.allCases.count]) }
    let report = HTMLReport(title: "Many", sections: [.init("A", figures.map { .figure($0) })])
    let clock = ContinuousClock()
    let elapsed = clock.measure { #expect(report.html(plotlyScript: "").utf8.count > 1_000_000) }
    #if DEBUG
      #expect(elapsed < .seconds(5))
    #else
      #expect(elapsed < .seconds(1))
    #endif
  }
}

@Suite("Finding plotly.js")
struct PlotlyLibraryTests {
  private func folder() throws -> URL {
    let url = FileManager.default.temporaryDirectory.appendingPathComponent("plotly-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    return url
  }

  @Test("The environment's file or folder comes first; then beside the program; then .deps of a folder above it, through links")
  func places() throws {
    let root = try folder()
    defer { try? FileManager.default.removeItem(at: root) }
    let program = root.appendingPathComponent(".build/release/medtransfer")
    let deps = root.appendingPathComponent(".deps/plotly")
    for folder in [program.deletingLastPathComponent(), deps, root.appendingPathComponent("bin")] {
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }
    try Data().write(to: program)
    let link = root.appendingPathComponent("bin/medtransfer")
    try FileManager.default.createSymbolicLink(at: link, withDestinationURL: program)
    let script = "/**\n* plotly.js v9.9.9\n* Licensed under the MIT license\n*/\nvar a = '</script>';"
    try Data(script.utf8).write(to: deps.appendingPathComponent("plotly.min.js"))

    let found = try PlotlyLibrary.installed(environment: [:], executable: link)
    #expect(found.banner == "plotly.js v9.9.9 · Licensed under the MIT license")
    #expect(found.script.hasSuffix("var a = '<\\/script>';"))
    try Data("/* plotly.js other */".utf8).write(to: program.deletingLastPathComponent().appendingPathComponent("plotly.min.js"))
    #expect(try PlotlyLibrary.installed(environment: [:], executable: link).banner == "plotly.js other")
    for named in [deps.path, deps.appendingPathComponent("plotly.min.js").path] {
      #expect(try PlotlyLibrary.installed(environment: ["MEDTRANSFER_PLOTLY": named], executable: link).banner.contains("v9.9.9"))
    }
  }

  @Test("Where it is missing or something else, one sentence says what to do")
  func missing() throws {
    let root = try folder()
    defer { try? FileManager.default.removeItem(at: root) }
    let error = try #require(throws: FiguresError.self) {
      try PlotlyLibrary.installed(environment: ["MEDTRANSFER_PLOTLY": root.path], executable: nil)
    }
    #expect(error.kind == .plotlyMissing && error.problem.contains(root.path) && error.remedy.contains("Scripts/setup"))
    let other = root.appendingPathComponent("other.js")
    try Data("alert(1)".utf8).write(to: other)
    let wrong = try #require(throws: FiguresError.self) { try PlotlyLibrary(file: other) }
    #expect(wrong.kind == .plotlyUnreadable && wrong.problem.contains(other.path))
  }
}
