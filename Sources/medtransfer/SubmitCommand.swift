import ArgumentParser
import Execution
import Foundation
import Foundations
import Reports
import Studies
import Torch

/// `medtransfer submit study.yaml`
struct SubmitCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "submit",
    abstract: "Submits the open cells of a study to a Slurm cluster, as job arrays.",
    discussion: """
      Cells that others start from come first, small ones share a task, and a task that reaches its time limit saves its state and goes \
      back into the queue. Given again, it submits what is neither finished nor in the queue. With seeds: auto it submits the next round \
      of seeds, and with --wait one round after another. Exit code of --wait: 0 when all is finished, \
      1 when a cell failed, 75 when cells are open.
      """)

  @OptionGroup var options: StudyOptions
  @OptionGroup var filter: FilterOptions
  @Flag(name: .customLong("print"), help: "Print the script, and on standard error what would be done; write and submit nothing.")
  var isPrinted = false
  @Option(help: "The most tasks at work at a time; default: as the cluster likes.")
  var maxParallel: Int?
  @Option(help: "Put small cells together until a task lasts so many minutes, by the runs that are finished or an estimate; 0: one cell a task.")
  var minutesPerTask = 15.0
  @Option(help: "The most times that a task goes back into the queue.")
  var requeues = 100
  @Flag(help: "Wait until nothing of it is in the queue any more, and say how many cells are finished, failed and open.")
  var wait = false
  @Option(
    help: ArgumentHelp("A file with the site’s cluster keys; default: MEDTRANSFER_CLUSTER, else ~/.config/medtransfer/cluster.yaml if it is there.", valueName: "file"),
    completion: .file(extensions: ["yaml", "yml"]))
  var site: String?

  func validate() throws {
    if let maxParallel, maxParallel < 1 { throw ValidationError("Give --max-parallel a number of at least 1.") }
    if !(minutesPerTask >= 0 && minutesPerTask <= 10_000) { throw ValidationError("Give --minutes-per-task a number from 0 to 10000.") }
    if requeues < 0 { throw ValidationError("Give --requeues a number from 0.") }
  }

  func run() throws {
    let terminal = Terminal()
    _ = TorchRuntime.configureAllocator()
    // The tasks of one submission run on many nodes, and their cells are those of one precision.
    let (study, settled) = try PrecisionAdvice.settle(options.read(), tasks: Set(filter.tasks), keeps: !isPrinted)
    for sentence in settled { terminal.note(sentence) }
    let data = StudyData(study), plan = try data.usablePlan(filter.filter), needed = try NeededCells(plan, filter.filter, data: data)
    var wave: Plan? = needed?.narrowed(plan) ?? plan
    while let now = wave {
      for sentence in needed?.rounds?.sentences ?? [] { terminal.note(sentence) }
      guard let (submission, record) = try submit(now, data, terminal), wait else { return }
      try wait(submission, record, terminal)
      // Seeds that are added round by round: what ended says whether there is a next wave, and of what.
      wave = needed?.narrowed(plan)
      if wave == now { return }
    }
  }

  /// - Returns: nil where all that is asked for is to be printed.
  private func submit(_ plan: Plan, _ data: StudyData, _ terminal: Terminal) throws -> (Submission, SubmissionRecord)? {
    let submission = Submission(
      plan, overrides: options.overrides, site: try siteOptions(), executable: try ownExecutable(),
      settings: .init(maxParallel: maxParallel, minutesPerTask: minutesPerTask, requeues: requeues))
    let planned = try submission.planned(queue: try queue(plan.study), largest: try largestArray()) { cells in
      try Submission.seconds(of: cells, in: plan, data: data)
    }
    terminal.note(words(planned, plan.study))
    if isPrinted {
      if planned.cells.isEmpty { return nil }
      for line in submission.lines(planned) { terminal.note("  \(line)") }
      Terminal.show(submission.script(planned), terminator: "")
      return nil
    }
    var record = SubmissionRecord(jobs: [])
    if !planned.cells.isEmpty {
      try AtomicFile.makeFolder(plan.study.outputDirectory)
      record = try submission.submit(planned)
      terminal.note("Submitted as job\(record.jobs.count == 1 ? "" : "s") \(record.jobs.map { String($0.number) }.joined(separator: ", ")), written in \(planned.folder.path)")
    }
    return (submission, record)
  }

  private func wait(_ submission: Submission, _ record: SubmissionRecord, _ terminal: Terminal) throws {
    try submission.wait(for: record, every: 5) { terminal.note("\($0) task\($0 == 1 ? "" : "s") in the queue or at work") }
    let standing = submission.standing()
    terminal.note("Cells: \(standing.finished) finished, \(standing.failed) failed, \(standing.open) open.")
    if standing.failed > 0 { throw ArgumentParser.ExitCode(ExitStatus.failure) }
    if standing.open > 0 { throw ArgumentParser.ExitCode(ExitStatus.runAgain) }
  }

  private func words(_ planned: Submission.Plan, _ study: Study) -> String {
    let cells = planned.cells.count, tasks = planned.tasks.count, arrays = planned.arrays.arrays.count
    var text = "\(study.name): \(cells) cell\(cells == 1 ? "" : "s") to submit"
    if cells > 0 { text += " in \(tasks) task\(tasks == 1 ? "" : "s") of \(arrays) job array\(arrays == 1 ? "" : "s")" }
    if planned.finished > 0 { text += ", \(planned.finished) finished" }
    let queued = Set(planned.queued.map(\.cell)).count
    if queued > 0 { text += ", \(queued) in the queue or at work already" }
    return text + "."
  }

  private func siteOptions() throws -> ClusterOptions {
    let environment = ProcessInfo.processInfo.environment
    if let named = site ?? environment["MEDTRANSFER_CLUSTER"] { return try ClusterOptions.read(site: URL(fileURLWithPath: named)) }
    let usual = FileManager.default.homeDirectoryForCurrentUser.appendingPathComponent(".config/medtransfer/cluster.yaml")
    return FileManager.default.fileExists(atPath: usual.path) ? try ClusterOptions.read(site: usual) : ClusterOptions()
  }

  /// What is printed can be printed where there is no Slurm.
  private func queue(_ study: Study) throws -> ClusterQueue? {
    isPrinted ? ClusterQueue.ifThere(of: study.outputDirectory) : try ClusterQueue(of: study.outputDirectory)
  }

  private func largestArray() throws -> Int {
    do { return try Submission.largestArray() } catch { if isPrinted { return 1000 } else { throw error } }
  }
}
