import ArgumentParser
import Execution
import Foundation
import Foundations
import Inspection
import Loading
import Studies
import Synchronization

/// `medtransfer check study.yaml`
struct CheckCommand: StoppableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract: "Looks at all data of a study before any training: files, labels, patients, masks, geometry, copies, images that cannot be read.",
    discussion: """
      The same look as `plan` and `run` take. What it finds by opening images is kept in the study's output, so that it is looked for \
      once; where the study has a cache, it is built on the way, so that no image is decoded twice. A finding that was read is taken with data: {accept: [code]} under its task. Exit code: 0 when the data can be used, 2 when \
      something is refused.
      """)

  @Argument(help: "The study file (YAML).", completion: .file(extensions: ["yaml", "yml"]))
  var study: String?
  @Argument(help: "Changes to the file, such as recipe.brokenFileLimit=0.1.")
  var overrides: [String] = []
  @Option(name: .customLong("task"), help: "Only this task; may be given several times.")
  var tasks: [String] = []
  @Flag(help: "Do not open images: look at names, tables and headers alone.")
  var listing = false
  @Flag(help: "List the codes of all findings, and what each means.")
  var codes = false
  @Flag(help: "Print JSON.")
  var json = false

  func run() throws {
    if codes { return try showCodes() }
    guard let file = self.study else { throw ValidationError("Name a study file, or give --codes.") }
    let study = try StudyReading.read(URL(fileURLWithPath: file), overrides: overrides, isForData: true)
    for name in tasks where study.task(named: name) == nil {
      throw ValidationError("The study has no task “\(name)”. \(suggestion(for: name, in: study.tasks.map(\.name)))")
    }
    let view = CheckProgressView()
    let checked = try CheckView.check(StudyData(study), tasks: tasks.isEmpty ? nil : Set(tasks), opensPictures: !listing, caching: { view.show($0, $1) })
    if json { try Terminal.showJSON(checked) } else { Terminal.show(checked.terminalText, terminator: "") }
    if !checked.refusals.isEmpty { throw ArgumentParser.ExitCode(ExitStatus.refused) }
  }

  private func showCodes() throws {
    if json { return try Terminal.showJSON(DataLooks.codes) }
    var table = Table(columns: [.init("Finding"), .init("At most"), .init("Meaning")])
    for code in DataLooks.codes { table.append([code.code, code.severity.rawValue, code.meaning]) }
    Terminal.show(table.rendered(), terminator: "")
  }
}

/// The look at the data in front of a person.
enum CheckView {
  static func check(_ data: StudyData, tasks: Set<String>?, opensPictures: Bool = true, caching: ((String, CacheProgress) -> Void)? = nil) throws -> StudyCheck {
    let view = CheckProgressView()
    defer { Terminal().clearLine() }
    return try data.check(tasks, opensPictures: opensPictures, caching: caching) { view.show($0, done: $1, total: $2) }
  }
}

/// A line on a terminal that says how far the look is; nothing where there is no terminal.
final class CheckProgressView: Sendable {
  private let last = Mutex<UInt64>(0)
  private let terminal = Terminal()

  func show(_ task: String, _ progress: CacheProgress) {
    if case .built(let done, let total) = progress { show(task, done: done, total: total) }
  }

  func show(_ task: String, done: Int, total: Int) {
    guard terminal.isInteractive, total >= 100 else { return }
    let now = DispatchTime.now().uptimeNanoseconds
    let isDue = last.withLock { last in
      guard now - last > 100_000_000 || done == total else { return false }
      last = now
      return true
    }
    if isDue { terminal.replaceLine("\(task): looking at image \(done) of \(total)") }
  }
}
