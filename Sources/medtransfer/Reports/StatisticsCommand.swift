import ArgumentParser
import Execution
import Figures
import Foundation
import Foundations
import Reports

/// `medtransfer statistics FILE.csv`
struct StatisticsCommand: StoppableCommand {
  static let configuration = CommandConfiguration(
    commandName: "statistics",
    abstract: "Says which initialization is best on each task, and how sure that is, from results in a CSV file.",
    discussion: """
      The file has the columns task, initialization, run, value (one row a run) or task, initialization, mean, std, n; each may \
      have a column metric. A published table may have a column mark (best, equivalent or empty), which is then checked, and the \
      columns images, accuracy and congruence, or images, imageStd and correlation, from which follows how probable it is that a \
      claim of superiority is false. Its standard deviations are taken as made with n − 1 in the denominator, or as \
      --printed-deviations says.

      Instead of a file: published-2021 or published-2025, the numbers of the papers (medtransfer published lists them).
      """)

  @Argument(help: ArgumentHelp("The results, or a set of published numbers.", valueName: "FILE.csv"))
  var file: String
  @Option(help: ArgumentHelp("Compare every initialization with this one too.", valueName: "name"))
  var baseline: String?
  @OptionGroup var comparing: AnalysisOptions
  @Option(help: ArgumentHelp("Take every mean as of so many runs, whatever the file says.", valueName: "n"))
  var asN: Int?
  @Option(help: ArgumentHelp("A task or metric of which lower is better, or “all”. May be given again.", valueName: "name"))
  var lowerIsBetter: [String] = []
  @Flag(help: "The values are fractions: write them in percent.")
  var percent = false
  @OptionGroup var published: PublishedOptions
  @Option(help: ArgumentHelp("With --against: the difference in percentage points that does not matter.", valueName: "points"))
  var margin = 1.0
  @Flag(help: "Print JSON, every number of the analysis.")
  var json = false
  @Option(name: .shortAndLong, help: ArgumentHelp("Write report.html, tables, figures and numbers.json here.", valueName: "folder"))
  var output: String?

  func run() throws {
    let settings = try comparing.settings(baseline: baseline)
    var reading = ResultTable.Reading()
    reading.isPercent = percent
    reading.lowerIsBetter = lowerIsBetter
    reading.runs = asN
    reading.printedDeviations = try published.deviations()
    let url = URL(fileURLWithPath: file)
    let isPublished = PublishedSet.isName(file) && !FileManager.default.fileExists(atPath: url.path)
    let table = isPublished ? try ResultTable(PublishedSet.named(file), runs: asN, deviations: published.deviations()) : try ResultTable.read(url, reading)
    let analysis = try Analysis(table, settings)
    let comparison = try published.comparison(of: table, margin: margin, significance: comparing.alpha)
    if json {
      let text = try comparison.map { try CanonicalJSON.encodePretty(Listing(analysis: analysis, published: $0)) } ?? CanonicalJSON.encodePretty(analysis)
      Terminal.show(String(decoding: text, as: UTF8.self), terminator: "")
    } else {
      Terminal.show(analysis.terminalText(width: Terminal.outputWidth), terminator: "")
      if let comparison { Terminal.show("\n" + comparison.terminalText(width: Terminal.outputWidth), terminator: "") }
    }
    if let output { try write(analysis, comparison, to: URL(fileURLWithPath: output), source: url.lastPathComponent) }
  }

  private struct Listing: Encodable {
    let analysis: Analysis
    let published: PublishedComparison
  }

  private func write(_ analysis: Analysis, _ comparison: PublishedComparison?, to folder: URL, source: String) throws {
    let plotly = try PlotlyLibrary.installedOrNoted()
    let maker = "medtransfer \(ProgramVersion.number)"
    try AnalysisFolder(analysis, published: comparison, source: source, maker: maker).write(to: folder, plotly: plotly)
    let page = plotly == nil ? "numbers.json" : "report.html"
    Terminal().note("Written: \(folder.appendingPathComponent(page).path), with tables and figures beside it")
  }
}
