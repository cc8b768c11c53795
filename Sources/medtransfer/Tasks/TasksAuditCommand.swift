import ArgumentParser
import Datasets
import Execution
import Foundation
import Foundations
import Studies
import Synchronization

/// `medtransfer tasks audit STUDY` and `medtransfer tasks audit TASK --root DIR`
struct TasksAuditCommand: StoppableCommand {
  static let configuration = CommandConfiguration(
    commandName: "audit",
    abstract: "Looks for test images that are known from training: shared patients, identical and nearly identical images.",
    discussion: """
      Opens every image once. Tells patients in two parts, images that are equal in every pixel or nearly so (compressed anew, resized, \
      brighter, mirrored, inverted), labels that contradict each other, and test images that an initialization was trained on, in the study \
      or by the list of training images that it names. What it finds of a study is kept in its output for the report. Exit code: 0 when no test image is known from training or validation, 1 otherwise.
      """)

  @OptionGroup var source: TaskSourceOptions
  @Option(name: .customLong("limit"), help: "The most findings to list of each task.")
  var limit = 10
  @Flag(help: "Print JSON, with every finding.")
  var json = false

  func validate() throws {
    guard limit >= 0 else { throw ValidationError("--limit is \(limit). Give 0 or more.") }
  }

  func run() throws {
    let view = AuditProgressView()
    let study = try source.read(), data = StudyData(study)
    let audit = try StudyAudit(study, data: data, tasks: source.tasks) { view.show($0, $1, done: $2, count: $3) }
    Terminal().clearLine()
    if json {
      Terminal.show(String(decoding: try CanonicalJSON.encodePretty(audit), as: UTF8.self), terminator: "")
    } else {
      Terminal.show(audit.terminalText(limit: limit), terminator: "")
    }
    // A built-in task has no output.
    if source.root == nil {
      let kept = try audit.keep(study, data: data)
      if !kept.isEmpty { Terminal().note("Kept for reports: \(study.outputDirectory.path)/audits/\(kept.count == 1 ? kept[0] : "*").json") }
    }
    if audit.hasLeakage { throw ArgumentParser.ExitCode(ExitStatus.failure) }
  }
}

/// The tasks of a study, or a built-in task with the folder of its copy.
struct TaskSourceOptions: ParsableArguments {
  @Argument(help: "A study file (YAML), or the name of a built-in task with --root.")
  var study: String
  @Argument(help: "Changes to the study file, such as tasks.chest.data.manifest.rows=present.")
  var overrides: [String] = []
  @Option(help: ArgumentHelp("The folder of a built-in task's files.", valueName: "folder"))
  var root: String?
  @Option(name: .customLong("task"), help: "Only this task of the study; may be given several times.")
  var tasks: [String] = []

  func read() throws -> Study {
    guard let root else { return try StudyReading.read(URL(fileURLWithPath: study), overrides: overrides) }
    return try Study.ofBuiltIn(study, root: URL(fileURLWithPath: root).standardizedFileURL.path)
  }
}

/// A line on a terminal that says how far an audit is; a line a stage where there is no terminal.
final class AuditProgressView: Sendable {
  private let last = Mutex<(key: String, shown: UInt64, start: UInt64)>(("", 0, 0))
  private let terminal = Terminal()

  func show(_ task: String, _ stage: ImageInventory.Stage, done: Int, count: Int) {
    let now = DispatchTime.now().uptimeNanoseconds, key = "\(task) \(stage)"
    last.withLock { last in
      if last.key != key { last = (key, 0, now) }
      guard terminal.isInteractive, now - last.shown > 100_000_000 || done == count else { return }
      last.shown = now
      let seconds = Double(now - last.start) / 1e9
      let left = done > 0 && seconds > 1 ? ", \(spoken(seconds: seconds * Double(count - done) / Double(done))) left" : ""
      terminal.replaceLine("\(task): \(stage == .reading ? "reading" : "comparing") \(done) of \(count) images\(left)")
    }
  }
}
