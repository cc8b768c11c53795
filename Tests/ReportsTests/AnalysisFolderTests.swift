import Figures
import Foundation
import Foundations
import Testing

@testable import Reports

@Suite("An analysis as a folder")
struct AnalysisFolderTests {
  private func folder() throws -> AnalysisFolder {
    let analysis = try Analysis(ResultTable.read(PublishedMarksTests.file))
    return AnalysisFolder(analysis, source: "published.csv", maker: "medtransfer")
  }

  @Test("Tables, figures, methods and numbers are all there, each table in three formats")
  func files() throws {
    let files = try folder().files()
    let tables = ["results", "comparisons", "probability-of-best", "ranks", "published-marks"].flatMap { name in ["csv", "md", "tex"].map { "tables/\(name).\($0)" } }
    #expect(files.map(\.path) == ["numbers.json"] + tables + ["figures/means.tex", "methods.txt"])
    let numbers = try #require(files.first { $0.path == "numbers.json" })
    #expect(try JSONDecoder().decode(Analysis.self, from: numbers.data).tasks.count == 5)
    let latex = String(decoding: try #require(files.first { $0.path == "tables/results.tex" }).data, as: UTF8.self)
    #expect(latex.contains("\\textbf{98.47") && latex.contains("\\cellcolor{mtshade}69.36") && latex.contains("\\toprule"))
    #expect(latex.contains("two-sided Student") && latex.contains("Holm"))
    let csv = String(decoding: try #require(files.first { $0.path == "tables/results.csv" }).data, as: UTF8.self)
    #expect(csv.hasPrefix("Initialization,DXC14,DXC5,TXC,PXS,LXS\nScratch,80.31 ± 0.10,"))
  }

  @Test("The page has the verdict on top, and every text of a file in it is escaped")
  func page() throws {
    let text = "task,initialization,mean,std,n\nt,<b>a</b>,1,0.1,5\nt,b,2,0.1,5\n"
    let report = AnalysisFolder(try Analysis(ResultTable(csv: text, source: "x")), source: "<x>.csv", maker: "m").report
    #expect(report.sections.first?.title == "Verdict" && report.sections.last?.title == "Methods")
    let stub = FileManager.default.temporaryDirectory.appendingPathComponent("plotly-\(UUID().uuidString).js")
    defer { try? FileManager.default.removeItem(at: stub) }
    try Data("/* plotly.js v0 */\nwindow.Plotly = {};".utf8).write(to: stub)
    let html = report.html(plotly: try PlotlyLibrary(file: stub))
    #expect(html.contains("differs from the other") && !html.contains("<b>a</b>") && html.contains("&lt;b&gt;a&lt;/b&gt;"))
  }
}
