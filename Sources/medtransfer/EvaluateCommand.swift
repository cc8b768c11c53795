public import ArgumentParser
public import Execution
import Foundation
import Foundations
import Reports
import RunStore
import Studies
import Torch

/// `medtransfer evaluate study.yaml --task A --on B`
struct EvaluateCommand: StoppableCommand {
  static let configuration = CommandConfiguration(
    commandName: "evaluate",
    abstract: "Asks the trained runs of a task about another task's images: external validation.",
    discussion: """
      Classes are matched by name, whatever their case, spaces, hyphens and underscores; others with --map. Every run \
      prepares the images as its own training did. The images are looked at first, as by check. Answers are kept in the run's folder under external/ and \
      are not computed twice.
      """)

  @OptionGroup var options: StudyOptions
  @OptionGroup var filter: FilterOptions
  @Option(help: ArgumentHelp("The task whose images are asked about.", valueName: "task"))
  var on: String
  @Option(
    help: ArgumentHelp("The study file that has that task, which needs no initializations; default: the same.", valueName: "file"),
    completion: .file(extensions: ["yaml", "yml"]))
  var from: String?
  @Option(help: "test, or all of that task's images.")
  var part = ExternalValidation.Part.test
  @Option(help: ArgumentHelp("That task's class, then the run's, such as \"Pleural Effusion=Effusion\". May be given again.", valueName: "theirs=ours"))
  var map: [String] = []
  @Option(help: "refuse, leave-out or keep images that a run was trained or chosen on.")
  var overlap = ExternalValidation.OverlapRule.refuse
  @Flag(help: "Print JSON.")
  var json = false

  func validate() throws {
    if filter.tasks.isEmpty { throw ValidationError("Give --task: the task whose runs are to answer.") }
  }

  func run() throws {
    _ = TorchRuntime.configureAllocator()
    let data = StudyData(try options.read())
    let otherData = try from.map { StudyData(try StudyReading.read(URL(fileURLWithPath: $0), isForData: true)) } ?? data
    let validation = try ExternalValidation(
      data, filter: filter.filter, on: on, of: otherData, part: part, said: map.map(ClassMapping.pair), overlap: overlap)
    let terminal = Terminal()
    defer { terminal.clearLine() }
    let cacheView = CacheProgressView(terminal: terminal)
    let view = CheckProgressView()
    let results = try validation.run(looking: { view.show($0, done: $1, total: $2) }) { show($0, on: terminal, cacheView) }
    terminal.clearLine()
    let report = ExternalReport(
      results.map { ExternalReport.Result(cell: $0.cell, kind: $0.kind, record: $0.record, own: $0.own, other: $0.other) }, onTask: on,
      part: part.rawValue)
    if json {
      Terminal.show(String(decoding: try CanonicalJSON.encodePretty(report), as: UTF8.self), terminator: "")
    } else {
      Terminal.show(report.terminalText, terminator: "")
    }
  }

  private func show(_ event: ExternalValidation.Event, on terminal: Terminal, _ cacheView: CacheProgressView) {
    switch event {
    case .unfinished(let cell, let state):
      terminal.note("left out, since it is \(state.word.rawValue): \(cell)\(state.reason.map { ". \($0)" } ?? "")")
    case .hasNoNetwork(let cell):
      terminal.note("left out, since a head on features keeps no network: \(cell)")
    case .began(let cell, let number, let count):
      if terminal.isInteractive { terminal.replaceLine("[\(number)/\(count)] \(cell)") }
    case .warned(let lines):
      terminal.clearLine()
      terminal.note(String(lines.dropLast()))
    case .caching(let progress): cacheView.show(task: on, progress)
    case .images(let done, let count):
      if terminal.isInteractive { terminal.replaceLine("\(done) of \(count) images") }
    case .finished(let cell, let wasStored):
      terminal.clearLine()
      terminal.note("\(cell): \(wasStored ? "stored before" : "evaluated")")
    }
  }
}

extension ExternalValidation.Part: ExpressibleByArgument {}
extension ExternalValidation.OverlapRule: ExpressibleByArgument {}
