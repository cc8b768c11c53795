import ArgumentParser
import Execution
import Foundation
import Foundations
import Inspection
import Reports
import Studies

/// `medtransfer tasks …`
struct TasksCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "tasks",
    abstract: "Built-in tasks: which there are, what each needs on disk, whether a copy is whole; audits and split files of a study's tasks.",
    subcommands: [TasksListCommand.self, TasksShowCommand.self, TasksCheckCommand.self, TasksAuditCommand.self, TasksSplitCommand.self],
    defaultSubcommand: TasksListCommand.self)
}

/// `medtransfer tasks list`
struct TasksListCommand: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "list", abstract: "Lists the built-in tasks.")

  @Flag(help: "Print JSON.")
  var json = false

  func run() throws {
    let list = TaskList()
    if json { return try Terminal.showJSON(list.rows) }
    Terminal.show(list.terminalText(width: Terminal.outputWidth), terminator: "")
  }
}

/// `medtransfer tasks show DXC14`
struct TasksShowCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show", abstract: "Shows everything on one task: files, split, classes, recipe, paper, where to get it, and its line in a study.")

  @Argument(help: "The task, such as DXC14.")
  var task: String
  @Flag(help: "Print JSON.")
  var json = false

  func run() throws {
    let page = try TaskPage(BuiltInTaskCatalog.named(task))
    if json { return try Terminal.showJSON(page) }
    Terminal.show(page.terminalText, terminator: "")
  }
}

/// `medtransfer tasks check DXC14 --root DIR`
struct TasksCheckCommand: StoppableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract: "Checks a copy of a task's data: files, counts, columns, split, patients, images.",
    discussion: "Exit code: 0 when the task can be run on the copy, 1 when something must be corrected first.")

  @Argument(help: "The task, such as DXC14.")
  var task: String
  @Option(help: ArgumentHelp("The folder of the copy.", valueName: "folder"))
  var root: String
  @Flag(help: "Decode every image and mask instead of looking at its first and last bytes.")
  var decode = false
  @Flag(help: "Print JSON.")
  var json = false

  /// The findings on the copy, with the look that studies take beside them.
  private struct Listing: Encodable {
    let copy: TaskCheck
    let check: StudyCheck

    func encode(to encoder: any Encoder) throws {
      try copy.encode(to: encoder)
      var container = encoder.container(keyedBy: Key.self)
      try container.encode(check, forKey: .check)
    }

    private enum Key: String, CodingKey { case check }
  }

  func run() throws {
    let progress = CountProgress(verb: decode ? "Decoding images" : "Looking at images")
    let check = try TaskCheck(
      try BuiltInTaskCatalog.named(task), root: URL(fileURLWithPath: root), isDecoding: decode, progress: progress.show)
    progress.end()
    // The same look as a study's own, so that a copy which is called whole is one that a study takes.
    let study = try Study.ofBuiltIn(task, root: URL(fileURLWithPath: root).standardizedFileURL.path)
    let looked = try StudyData(study).check(opensPictures: decode)
    if json {
      try Terminal.showJSON(Listing(copy: check, check: looked))
    } else {
      Terminal.show(check.terminalText, terminator: "")
      if check.isUsable, !looked.findings.isEmpty { Terminal.show("\n" + looked.shortText, terminator: "") }
    }
    if !check.isUsable || !looked.refusals.isEmpty { throw ArgumentParser.ExitCode(ExitStatus.failure) }
  }
}

/// A line on a terminal that says how many of many are done; nothing where there is no terminal.
final class CountProgress: Sendable {
  private let verb: String
  private let terminal = Terminal()

  init(verb: String) { self.verb = verb }

  /// Called by one thread at a time.
  func show(_ done: Int, of total: Int) {
    guard terminal.isInteractive, total >= 500, done % 50 == 0 || done == total else { return }
    terminal.replaceLine("\(verb): \(done) of \(total) (\(100 * done / total) %)")
  }

  func end() { terminal.clearLine() }
}
