import ArgumentParser
import Execution
import Figures
import Foundation
import Foundations
import Reports
import Studies

/// `medtransfer report study.yaml`
struct ReportCommand: StoppableCommand {
  static let configuration = CommandConfiguration(
    commandName: "report",
    abstract: "Says which initialization is best on each task of a study, and how sure that is; writes tables and figures.",
    discussion: "Every number is computed from the predictions in the runs' folders: no image is read, and no network is needed.")

  @OptionGroup var options: StudyOptions
  @OptionGroup var planning: PlanReadingOptions
  @Option(
    name: [.customLong("to"), .customShort("o"), .customLong("output")], help: ArgumentHelp("The folder to write; default: report in the study's output.", valueName: "folder"))
  var folder: String?
  @OptionGroup var computing: StudyNumbersOptions
  @OptionGroup var published: PublishedOptions
  @OptionGroup var seals: SealOptions
  @Flag(help: "Print what the runs answered on other test sets, whole; nothing was asked without medtransfer evaluate.")
  var external = false
  @Option(
    name: .customLong("checklist"),
    help: ArgumentHelp("Fill a checklist of reporting from the report: claim-2024, tripod-ai or stard-ai; may be given several times.", valueName: "name"))
  var checklists: [String] = []
  @Flag(help: "Print JSON.")
  var json = false

  private struct Listing: Encodable {
    let report: StudyReport
    let published: PublishedComparison?
    let external: ExternalMatrix?
  }

  func run() throws {
    let study = try options.read()
    let settings = try computing.settings(), wanted = try checklists.map(ChecklistCatalog.named)
    let plan = try planning.plan(study)
    var report = try StudyFolder(plan, settings: settings, seals: seals.check, maker: "medtransfer \(ProgramVersion.number)")
    report.published = try published.comparison(
      of: report.numbers.analysis.table, margin: computing.margin, significance: computing.comparing.alpha, names: PublishedNames(plan.study))
    // Asked for and not there is an error before anything is written.
    let elsewhere = external ? try report.external() : nil
    if json {
      let text =
        report.published == nil && elsewhere == nil
        ? try CanonicalJSON.encodePretty(report.report)
        : try CanonicalJSON.encodePretty(Listing(report: report.report, published: report.published, external: elsewhere))
      Terminal.show(String(decoding: text, as: UTF8.self), terminator: "")
    } else {
      Terminal.show(report.terminalText(width: Terminal.outputWidth), terminator: "")
      if let elsewhere { Terminal.show("\n" + elsewhere.terminalText(width: Terminal.outputWidth), terminator: "") }
    }
    report.checklists = wanted
    let plotly = try PlotlyLibrary.installedOrNoted()
    let target = folder.map { URL(fileURLWithPath: $0, isDirectory: true) } ?? study.outputDirectory.appendingPathComponent("report", isDirectory: true)
    let filled = try report.write(to: target, plotly: plotly), page = plotly == nil ? "report.md" : "report.html"
    for list in filled { Terminal().note("\(list.summary) \(target.appendingPathComponent("checklist-\(list.id).html").path), .md and .csv") }
    Terminal().note("Written: \(target.appendingPathComponent(page).path), with tables, figures and numbers.json beside it")
  }
}
