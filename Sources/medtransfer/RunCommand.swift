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

  @Option(help: "Make so many runs at the same time, each in a process of its own with its share of the threads; default: the study’s processes, else one a device.")
  var processes: Int?
  @Flag(name: .customLong("data-parallel"), help: "Make each training with all processes that mpirun, srun or torchrun started, each computing its part of every batch.")
  var dataParallel = false
  @Option(name: .customLong(String(SideBySide.workerOption.dropFirst(2))), help: .hidden)
  var worker: Int?
  @Flag(help: .hidden)
  var progress = false

  func validate() throws {
    if let processes, !(1...1024).contains(processes) { throw ValidationError("Give --processes a number from 1 to 1024.") }
  }

  func run() throws {
    let origin = StudyOrigin(file: options.study, overrides: options.overrides + (processes.map { ["processes=\($0)"] } ?? []))
    let execution = try StudyExecution(study: origin.read(), origin: origin, filter: filter.filter, isQuiet: quiet, verifies: verify)
    if dataParallel { return try execution.runDataParallel() }
    if worker == nil { try execution.run() } else { try execution.work(showsProgress: progress) }
  }
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
  var study: Study
  let origin: StudyOrigin
  let filter: PlanFilter
  let isQuiet: Bool
  var verifies = false

  /// - Parameter spread: the other processes that make each training with this one.
  func run(spread: SpreadStudy? = nil) throws {
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
    try spread?.begin()
    let summary = try origin.carryOut(
      plan, data, filter: filter, view, isQuiet: isQuiet, verifies: verifies, spread: spread, asNeeded: needed.map { needed in { needed.narrowed($0) } })
    terminal.clearLine()
    let report = try StudyReport(needed?.narrowed(plan) ?? plan)
    Terminal.show(report.terminalText, terminator: "")
    for sentence in needed?.rounds?.sentences ?? [] { terminal.note(sentence) }
    terminal.note(words(summary))
    if summary.failed > 0 { throw ArgumentParser.ExitCode(ExitStatus.failure) }
    if summary.elsewhere > 0 { throw ArgumentParser.ExitCode(ExitStatus.runAgain) }
  }

  /// The same as one of several processes: carries out what the one that started it says.
  func work(showsProgress: Bool) throws {
    _ = TorchRuntime.configureAllocator()
    // That process has said whatever there is to say of the study.
    let (study, _) = try PrecisionAdvice.settle(self.study, tasks: Set(filter.tasks), keeps: true)
    let data = StudyData(study), plan = try data.usablePlan(filter)
    try data.check(Set(plan.cells.map(\.task)), opensPictures: true, caching: nil) { _, _, _ in }.requireUsable()
    let view = ProgressView(isQuiet: isQuiet, on: WorkerLines(isInteractive: showsProgress))
    try SideBySideWorker(plan: plan, data: data, verifies: verifies) { view.show($0) }.serve()
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
    let features =
      summary.featurePasses == 0
      ? "" : " Features: \(summary.featurePasses) pass\(summary.featurePasses == 1 ? "" : "es") over \(summary.featureImages) image\(summary.featureImages == 1 ? "" : "s")."
    return "Cells: \(parts.joined(separator: ", ")).\(features) Runs are in \(study.outputDirectory.path)"
  }
}
