import ArgumentParser
import Datasets
import Execution
import Figures
import Foundation
import Foundations
import Reports
import RunStore
import Studies

/// `medtransfer demo`
struct DemoCommand: StoppableCommand {
  static let configuration = CommandConfiguration(
    commandName: "demo",
    abstract: "Draws its own images and compares random with pre-trained weights on three tasks, in a few minutes.",
    discussion: """
      The images are drawn by this program: little radiographs with labelled findings and fundus photographs with their \
      vessels. A small network is pre-trained on a larger labelled set of them and then fine-tuned, against random weights, \
      where only a few labelled images are there. Whatever comes out is printed.
      """)

  @Option(name: .shortAndLong, help: "The folder for the images, the study file and the runs.")
  var output = "demo"

  @Argument(help: "Changes to the study, such as seeds=5.")
  var overrides: [String] = []

  func run() throws {
    let folder = URL(fileURLWithPath: output)
    let drawn = DrawnStudy.demo(in: folder)
    try drawn.write { Terminal().note($0) }
    let origin = StudyOrigin(file: drawn.file.path, overrides: overrides), study = try origin.read()
    try StudyExecution(study: study, origin: origin, filter: PlanFilter(), isQuiet: true).run()
    let page = try writeReport(of: study)
    Terminal().note(
      """
      The report is \(page.path): open it in a browser.
      The study is \(drawn.file.path): change it, or run it on images of your own.
      Look at the images in \(folder.appendingPathComponent("data").path)
      """)
  }

  /// The report with its standard choices.
  ///
  /// - Returns: the file to open.
  private func writeReport(of study: Study) throws -> URL {
    let report = try StudyFolder(
      StudyData(study).readablePlan(), settings: StudyNumbersOptions.parse([]).settings(), seals: .quick, maker: "medtransfer \(ProgramVersion.number)")
    let target = study.outputDirectory.appendingPathComponent("report", isDirectory: true), plotly = try PlotlyLibrary.installedOrNoted()
    _ = try report.write(to: target, plotly: plotly)
    return target.appendingPathComponent(plotly == nil ? "report.md" : "report.html")
  }
}
