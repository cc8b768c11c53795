public import Figures
public import Foundation
internal import Foundations

/// An analysis as files: the page, tables as CSV, Markdown and LaTeX, figures for print, every number.
public struct AnalysisFolder: Sendable {
  public struct File: Sendable, Equatable {
    /// Relative to the folder.
    public let path: String
    public let data: Data
  }

  private let analysis: Analysis
  private let published: PublishedComparison?
  private let source: String
  private let maker: String

  /// - Parameters:
  ///   - published: the papers' values beside the results.
  ///   - source: what the results were read from.
  ///   - maker: the program and its version, for the page's end.
  public init(_ analysis: Analysis, published: PublishedComparison? = nil, source: String, maker: String) {
    self.analysis = analysis
    self.published = published
    self.source = source
    self.maker = maker
  }

  /// All but the page, which needs plotly.js.
  public func files() throws -> [File] {
    var files = [File(path: "numbers.json", data: try CanonicalJSON.encodePretty(analysis))]
    for table in tables {
      files.append(File("tables/\(table.label).csv", table.csv()))
      files.append(File("tables/\(table.label).md", table.markdown()))
      files.append(File("tables/\(table.label).tex", Self.needs(ReportTable.latexRequirements) + table.latex()))
    }
    if let published { files.append(File(path: "published.json", data: try CanonicalJSON.encodePretty(published))) }
    for figure in analysis.figures + (published?.figures ?? []) {
      files.append(File("figures/\(figure.id).tex", Self.needs(LaTeXFigure.requirements) + figure.pgfplots().source))
    }
    files.append(File("methods.txt", ([analysis.methods] + [published?.methods].compactMap(\.self)).joined(separator: "\n\n") + "\n"))
    return files
  }

  public func page(plotly: PlotlyLibrary) -> File { File("report.html", report.html(plotly: plotly)) }

  /// Writes everything; the page only where there is a plotly.js.
  public func write(to folder: URL, plotly: PlotlyLibrary?) throws {
    for file in try files() + (plotly.map { [page(plotly: $0)] } ?? []) {
      let url = folder.appendingPathComponent(file.path)
      try AtomicFile.makeFolder(url.deletingLastPathComponent())
      try AtomicFile.write(file.data, to: url)
    }
  }

  private var tables: [ReportTable] {
    [analysis.resultsTable.upright(heading: "Task"), analysis.comparisonsTable, analysis.chancesTable] + [analysis.ranksTable].compactMap(\.self)
      + (analysis.marks.map { [$0.table] } ?? [])
      + (published?.tables ?? [])
  }

  var report: HTMLReport {
    var sections: [HTMLReport.Section] = [
      .init(
        "Verdict", [analysis.headline().map { .headline($0) }, .verdict(analysis.verdicts)].compactMap(\.self) + [analysis.unitSentence].compactMap { $0.map { .paragraph($0) } }),
      .init("Results", [.table(analysis.resultsTable.upright(heading: "Task"))]),
      .init("Figures", analysis.figures.map { .figure($0) }),
      .init("Comparisons", [.table(analysis.comparisonsTable), .table(analysis.chancesTable)]),
      .init("Ranks over the tasks", [analysis.ranksTable].compactMap { $0.map { .table($0) } } + analysis.rankingSentences.map { .paragraph($0) }),
    ]
    if !analysis.claimSentences.isEmpty { sections.append(.init("Claims of superiority", analysis.claimSentences.map { .paragraph($0) })) }
    if let marks = analysis.marks {
      sections.append(.init("Published marks", marks.sentences.map { .paragraph($0) } + [.table(marks.table)]))
    }
    if let published { sections.append(published.section) }
    sections.append(
      .init("Methods", analysis.methodsParagraphs.flatMap { [.heading($0.title), .paragraph($0.text)] } + analysis.table.remarks.map { .remark($0) }))
    let counts = "\(analysis.table.initializations.count) initializations, \(analysis.tasks.count) tasks"
    return HTMLReport(
      title: "Which initialization is best", subtitle: "\(source): \(counts)", sections: sections, footer: "\(maker); from \(source)")
  }

  /// What a document that inputs the file must have in its preamble, as a comment.
  private static func needs(_ preamble: String) -> String {
    preamble.split(separator: "\n").map { "% needs \($0)\n" }.joined()
  }
}

extension AnalysisFolder.File {
  fileprivate init(_ path: String, _ text: String) { self.init(path: path, data: Data(text.utf8)) }
}
