import ArgumentParser
import Execution
import Foundation
import Foundations
import Studies

/// `medtransfer paper`
struct PaperCommand: StoppableCommand {
  static let configuration = CommandConfiguration(
    commandName: "paper",
    abstract: "Does the 2021 benchmark in miniature, on images of its own: 21 starts on seven tasks, beside the published values. Takes a night.",
    discussion: """
      Photographs of made-up things stand for natural images: random values, supervised and fine-grained trainings and fourteen self-supervised methods \
      start from them; radiographs and photographs of the retina are the tasks. The report has the paper's numbers beside these. Whatever comes out is \
      printed. A run that was stopped goes on where it was.
      """)

  @Option(name: .shortAndLong, help: ArgumentHelp("The folder for the images, the study file and the runs; default: paper, or paper-quick.", valueName: "folder"))
  var output: String?

  @Flag(help: "A smaller one: too little for findings, enough to see how it goes.")
  var quick = false

  @Argument(help: "Changes to the study, such as seeds=5.")
  var overrides: [String] = []

  func run() throws {
    let drawn = DrawnStudy.paper(in: URL(fileURLWithPath: output ?? (quick ? "paper-quick" : "paper")), isQuick: quick)
    try drawn.write { Terminal().note($0) }
    let origin = StudyOrigin(file: drawn.file.path, overrides: overrides)
    try StudyExecution(study: origin.read(), origin: origin, filter: PlanFilter(), isQuiet: true).run()
    // "ImageNet" is what the paper holds the other starts to.
    try ReportCommand.parse([drawn.file.path] + overrides + ["--baseline", "ImageNet", "--against", "published-2021"]).run()
  }
}
