import ArgumentParser
import Execution
import Foundation
import Foundations
import Reports
import RunStore
import Studies
import Torch

/// `medtransfer run study.yaml`
struct RunCommand: StoppableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run",
    abstract: "Runs every cell of a study that is not finished.",
    discussion: """
      Finished cells are never run again, so the same command goes on where it was stopped; a finished run whose files are not those \
      that were sealed is made anew. Exit code: 0 when all is \
      finished, 1 when a cell failed, 75 when it was stopped with its state saved or cells are in work elsewhere.
      """)

  @OptionGroup var options: StudyOptions
  @OptionGroup var filter: FilterOptions
  @Flag(name: .shortAndLong, help: "Leave out the line of every epoch where there is no terminal.")
  var quiet = false
  @Flag(help: "Read every file of finished runs, and make anew those that are not what they were or have lost their weights.")
  var verify = false

  func run() throws { try StudyExecution(study: options.read(), filter: filter.filter, isQuiet: quiet, verifies: verify).run() }
}

/// Which part of a study is meant.
struct FilterOptions: ParsableArguments {
  @Option(name: .customLong("task"), help: "Only this task; may be given several times.")
  var tasks: [String] = []

  @Option(name: .customLong("initialization"), help: "Only this initialization; may be given several times.")
  var initializations: [String] = []

  @Option(name: .customLong("seed"), help: "Only this seed; may be given several times.")
  var seeds: [Int] = []

  @Option(
    name: .customLong("fraction"), help: "Only runs with this fraction of the training images, such as 0.1; may be given several times.",
    transform: fraction)
  var fractions: [TrainingFraction] = []

  @Option(
    name: .customLong("mode"), help: "Only runs in this mode, such as linearProbe; may be given several times.", transform: mode)
  var modes: [FineTuningMode] = []

  @Option(
    name: .customLong("cell"),
    help: ArgumentHelp("Only this run, by its folder below the output, such as TXC/ImageNet/seed1-0123456789ab; may be given several times.", valueName: "place"))
  var cells: [String] = []

  var filter: PlanFilter { PlanFilter(tasks: tasks, initializations: initializations, seeds: seeds, fractions: fractions, modes: modes, cells: cells) }

  @Sendable private static func mode(_ text: String) throws -> FineTuningMode {
    guard let mode = FineTuningMode(rawValue: text) else {
      throw ValidationError("“\(text)” is no mode. \(suggestion(for: text, in: FineTuningMode.allCases.map(\.rawValue)))")
    }
    return mode
  }

  @Sendable private static func fraction(_ text: String) throws -> TrainingFraction {
    guard let fraction = Double(text).flatMap(TrainingFraction.init) else {
      throw ValidationError("“\(text)” is no fraction. Write 10 % of the training images as 0.1.")
    }
    return fraction
  }
}

/// Runs a study in front of a person and shows its table.
struct StudyExecution {
  let study: Study
  let filter: PlanFilter
  let isQuiet: Bool
  var verifies = false

  func run() throws {
    let terminal = Terminal()
    _ = TorchRuntime.configureAllocator()
    let (study, settled) = try PrecisionAdvice.settle(self.study, tasks: Set(filter.tasks), keeps: true)
    for sentence in settled { terminal.note(sentence) }
    let data = StudyData(study)
    let plan = try data.usablePlan(filter)
    try noteChanges(in: plan)
    let view = ProgressView(isQuiet: isQuiet)
    if let remark = try PrecisionAdvice.remark(on: study) { terminal.note(remark) }
    try look(at: data, plan, view)
    let needed = try NeededCells(plan, filter, data: data)
    let summary = try StudyRunner(plan: plan, data: data, verifies: verifies, asNeeded: needed.map { needed in { needed.narrowed($0) } }) { view.show($0) }.run()
    terminal.clearLine()
    let report = try StudyReport(needed?.narrowed(plan) ?? plan)
    Terminal.show(report.terminalText, terminator: "")
    for sentence in needed?.rounds?.sentences ?? [] { terminal.note(sentence) }
    terminal.note(words(summary))
    if summary.failed > 0 { throw ArgumentParser.ExitCode(ExitStatus.failure) }
    if summary.elsewhere > 0 { throw ArgumentParser.ExitCode(ExitStatus.runAgain) }
  }

  /// Nothing is trained on data that were not looked at.
  private func look(at data: StudyData, _ plan: Plan, _ view: ProgressView) throws {
    let terminal = Terminal()
    // What is found is kept there, so that a second start costs nothing.
    try AtomicFile.makeFolder(study.outputDirectory)
    if let remark = FileSystemKind.of(study.outputDirectory)?.remark(on: study.outputDirectory) { terminal.note(remark) }
    let checked = try CheckView.check(data, tasks: Set(plan.cells.map(\.task))) { view.show(.caching(task: $0, $1)) }
    try checked.requireUsable()
    if checked.findings.contains(where: { $0.severity == .warned || $0.isAccepted }) {
      terminal.note(checked.shortText.trimmingCharacters(in: .newlines))
    }
    for sentence in DataChanges(plan, check: checked).sentences { terminal.note(sentence) }
  }

  private func words(_ summary: ExecutionSummary) -> String {
    var parts = ["\(summary.finishedNow) run now"]
    if summary.finishedBefore > 0 { parts.append("\(summary.finishedBefore) finished before") }
    if summary.failed > 0 { parts.append("\(summary.failed) failed (run the same command to try again)") }
    if summary.elsewhere > 0 { parts.append("\(summary.elsewhere) in work elsewhere or waiting for such a run") }
    let features = summary.featurePasses == 0
      ? "" : " Features: \(summary.featurePasses) pass\(summary.featurePasses == 1 ? "" : "es") over \(summary.featureImages) image\(summary.featureImages == 1 ? "" : "s")."
    return "Cells: \(parts.joined(separator: ", ")).\(features) Runs are in \(study.outputDirectory.path)"
  }
}
