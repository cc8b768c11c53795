import ArgumentParser
import Dispatch
import Execution
import Foundations
import Loading

/// `medtransfer cache study.yaml`
struct CacheCommand: StoppableCommand {
  static let configuration = CommandConfiguration(
    commandName: "cache", abstract: "Decodes the images of a study once, into the folder of its key `cache`.",
    discussion: """
      `run` does the same before the first run that needs it. The cache changes no number; it may be removed at any time, and \
      several studies may share one folder.
      """)

  @OptionGroup var options: StudyOptions
  @Flag(help: "Only say what is there, what is missing and what it will take.")
  var plan = false
  @Flag(help: "Compare every cached image with its checksum; damaged files are removed and named.")
  var verify = false
  @Flag(help: "Remove the cache.")
  var remove = false

  func validate() throws {
    if [plan, verify, remove].filter({ $0 }).count > 1 { throw ValidationError("Give one of --plan, --verify and --remove.") }
  }

  func run() throws {
    let data = StudyData(try options.read())
    let terminal = Terminal()
    if remove {
      let freed = try data.removeCache()
      return Terminal.show("Removed \(spoken(bytes: freed)).")
    }
    if verify { return try verify(data, terminal) }
    if plan { return try show(CacheOverview(data)) }
    let view = CacheProgressView(terminal: terminal)
    try data.buildCaches { view.show(task: $0, $1) }
    terminal.clearLine()
    try show(CacheOverview(data))
  }

  private func verify(_ data: StudyData, _ terminal: Terminal) throws {
    let damages = try data.verifyCache { done, total in
      if terminal.isInteractive { terminal.replaceLine("checked \(spoken(bytes: done)) of \(spoken(bytes: total))") }
    }
    terminal.clearLine()
    for damage in damages { terminal.note(damage) }
    guard damages.isEmpty else { throw ArgumentParser.ExitCode(ExitStatus.failure) }
    Terminal.show("Every image of the cache fits its checksum.")
  }

  private func show(_ overview: CacheOverview) {
    var table = Table(columns: [
      .init("Task"), .init("Images", .right), .init("Cached", .right), .init("Missing", .right), .init("Takes, about", .right),
      .init("Time, one thread", .right),
    ])
    for line in overview.lines {
      let isOpen = line.plan.missing > 0
      table.append([
        line.task, String(line.plan.samples), String(line.plan.present), String(line.plan.missing),
        isOpen ? spoken(bytes: line.plan.bytes) : "", isOpen ? spoken(seconds: line.plan.seconds) : "",
      ])
    }
    Terminal.show(table.rendered(), terminator: "")
    let free = overview.lines.first.map { "; \(spoken(bytes: $0.plan.freeBytes)) free on its disk" } ?? ""
    Terminal.show("\n\(overview.folder): \(overview.images) images and masks, \(spoken(bytes: overview.bytes))\(free)")
    for damage in overview.damages { Terminal().note(damage) }
  }
}

/// Shows how the building of a cache goes on.
final class CacheProgressView {
  private let terminal: any ProgressLines
  private var start = 0.0
  private var lastShown = 0.0

  init(terminal: any ProgressLines) { self.terminal = terminal }

  func show(task: String, _ progress: CacheProgress) {
    let now = Double(DispatchTime.now().uptimeNanoseconds) / 1e9
    switch progress {
    case .waiting:
      terminal.clearLine()
      terminal.note("\(task): another process is building the cache; waiting for it")
    case .planned(let plan):
      start = now
      terminal.clearLine()
      terminal.note(
        "\(task): caching \(plan.missing) of \(plan.samples) images, about \(spoken(bytes: plan.bytes)) (\(spoken(bytes: plan.freeBytes)) free)")
    case .built(let done, let count):
      guard terminal.isInteractive, now - lastShown > 0.1 || done == count else { return }
      lastShown = now
      let speed = Double(done) / max(now - start, 1e-3)
      let left = done < count ? "  \(spoken(seconds: Double(count - done) / speed)) left" : ""
      terminal.replaceLine("\(task)  caching \(progressBar(Double(done) / Double(max(count, 1)))) \(done)/\(count)  \(Int(speed)) images/s\(left)")
    }
  }
}
