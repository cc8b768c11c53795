import Foundation
import Foundations
import RunStore
import Studies

/// The processes that share a study: gives each its next cell, passes on what they say and what asks them to stop, and starts another where one
/// dies.
final class WorkerCrew {
  /// A process, and what it is at.
  private final class Worker {
    let number: Int
    let process: ChildProcess
    var isReady = false
    var isIdle = false
    /// It was told that there is no more.
    var isDismissed = false
    var cell: Cell?
    var position: CellPosition?
    /// The last of what it said on standard error, as what a process says that ends badly.
    var lastWords: [String] = []

    init(number: Int, process: ChildProcess) { (self.number, self.process) = (number, process) }
  }

  /// How often a cell may end the process that carries it out, before it counts as failed.
  private static let deathsPerCell = 2

  private let runner: StudyRunner
  private let command: SideBySide.Command
  private let watcher: (SideBySideEvent) -> Void
  private let openCount: Int
  private var queue: CellQueue
  private var workers: [Worker] = []
  private var summary = ExecutionSummary()
  private var begun = 0
  private var deaths: [String: Int] = [:]
  /// Processes that ended before they had anything to do, by their last words.
  private var refusals: [String] = []
  private var askedToStop: Int32?

  init(runner: StudyRunner, open: Set<String>, command: SideBySide.Command, watcher: @escaping (SideBySideEvent) -> Void) {
    (self.runner, self.command, self.watcher, openCount) = (runner, command, watcher, open.count)
    let candidates = runner.plan.affected(by: open)
    var features: [String: CellQueue.Features] = [:]
    for cell in candidates where cell.mode.isHeadOnFeatures {
      guard let configuration = runner.plan.configurations[cell.identity], let network = try? FeatureSource(configuration).digest() else { continue }
      features[cell.identity] = .init(network: network, task: cell.task)
    }
    queue = CellQueue(candidates) { [features] in features[$0.identity] }
  }

  /// The identities of the cells that failed, once every process has ended.
  var failed: Set<String> { Set(queue.outcomes.filter { $0.value == .failed }.keys) }

  /// Returns when every process has ended.
  func carryOut() throws -> ExecutionSummary {
    for number in 1...min(runner.plan.study.execution.processCount, openCount) {
      do {
        try start(number)
      } catch {
        // The system gives no more: those that there are do the work.
        if workers.isEmpty { throw error }
        watcher(.line(process: number, position: nil, sentence(for: error)))
        watcher(.left(process: number))
      }
    }
    while !workers.isEmpty {
      passOnRequests()
      if askedToStop == nil { giveOut() }
      ChildProcess.wait(for: workers.map(\.process), milliseconds: 100)
      for worker in workers { look(at: worker) }
    }
    if let signal = askedToStop, !queue.isDone { throw ExecutionError.stoppedSideBySide(signal) }
    if let refusal = refusals.first, begun == 0, !queue.isDone { throw ExecutionError.processesRefused(refusal) }
    count()
    return summary
  }

  private func start(_ number: Int) throws {
    let devices = runner.plan.study.execution.devices
    // The threads follow from the study, as they do here.
    let arguments =
      command.arguments + ["device=\(devices[(number - 1) % devices.count])", "processes=\(runner.plan.study.execution.processCount)", SideBySide.workerOption, String(number)]
    workers.append(Worker(number: number, process: try ChildProcess(command.executable.path, arguments: arguments)))
    workers.sort { $0.number < $1.number }
  }

  private func passOnRequests() {
    guard askedToStop == nil, let signal = StopRequest.current else { return }
    askedToStop = signal
    // As a word and not as a signal: a terminal sends the same signal to all of them, and a second one ends a process at once.
    for worker in workers { worker.process.tell(WorkerOrder.stop(signal: signal).line) }
  }

  private func giveOut() {
    for worker in workers where worker.isReady && worker.cell == nil && !worker.isDismissed {
      let next = queue.next { cell, source in self.runner.watcher(.waits(cell, for: source)) }
      if let next {
        (worker.cell, worker.position, worker.isIdle) = (next, nil, false)
        worker.process.tell(WorkerOrder.cell(identity: next.identity).line)
      } else if queue.isDone {
        worker.isDismissed = true
        worker.process.tell(WorkerOrder.end.line)
      } else if !worker.isIdle {
        worker.isIdle = true
        watcher(.idle(process: worker.number))
      }
    }
  }

  // MARK: - What they say

  private func look(at worker: Worker) {
    // What it wrote last is read after its end is known.
    let end = worker.process.look(), lines = worker.process.newLines()
    for line in lines.output { hear(line, from: worker) }
    for line in lines.errors { note(line, of: worker) }
    if let end { finish(worker, end) }
  }

  private func note(_ line: String, of worker: Worker) {
    if line.isEmpty { return }
    worker.lastWords = (worker.lastWords + [line]).suffix(20)
    // How the command itself ends is said once it has ended, unless it was asked to.
    if !line.contains("medtransfer: ") { watcher(.line(process: worker.number, position: nil, line)) }
  }

  private func hear(_ line: String, from worker: Worker) {
    guard let message = WorkerMessage(line: line) else { return note(line, of: worker) }
    switch message.kind {
    case .ready: worker.isReady = true
    case .line: watcher(.line(process: worker.number, position: position(message, worker), message.text ?? ""))
    case .progress: watcher(.progress(process: worker.number, position: position(message, worker), message.text ?? ""))
    case .done:
      guard let cell = worker.cell else { return }
      worker.cell = nil
      summary.featurePasses += message.featurePasses ?? 0
      summary.featureImages += message.featureImages ?? 0
      queue.note(message.outcome ?? .failed, of: cell)
      watcher(.idle(process: worker.number))
    }
  }

  /// Cells are numbered as they are begun, over all processes.
  private func position(_ message: WorkerMessage, _ worker: Worker) -> CellPosition? {
    guard message.isOfCell == true else { return nil }
    if worker.position == nil {
      begun += 1
      worker.position = CellPosition(number: begun, count: max(openCount, begun))
    }
    return worker.position
  }

  // MARK: - How they end

  private func finish(_ worker: Worker, _ end: ChildProcess.End) {
    workers.removeAll { $0 === worker }
    watcher(.left(process: worker.number))
    if end == .exited(0), worker.cell == nil { return }
    let words = worker.lastWords.last { $0.contains("medtransfer: ") }.map { $0.components(separatedBy: "medtransfer: ").last ?? $0 } ?? worker.lastWords.last
    if end == .exited(StopRequest.exitStatus) {
      if let cell = worker.cell { queue.putBack(cell) }
      if askedToStop == nil {
        say(worker, "This process was asked to stop by itself, and has saved its state. \(workers.isEmpty ? "No other is left." : "The others go on.")")
      }
      return
    }
    let reason =
      switch end {
      case .killed(let signal): "signal \(signal) ended the process\(signal == SIGKILL ? ", as the system does where memory runs out" : "")"
      case .exited(let status): "the process ended with status \(status)\(words.map { ": \($0)" } ?? "")"
      }
    guard let cell = worker.cell else {
      if !worker.isReady { refusals.append(words ?? reason) }
      return say(worker, "It is gone: \(reason).")
    }
    deaths[cell.identity, default: 0] += 1
    if deaths[cell.identity, default: 0] >= Self.deathsPerCell {
      queue.note(.failed, of: cell)
      recordDeath(of: cell, position: worker.position, reason)
    } else {
      queue.putBack(cell)
      say(worker, "\(cell): \(reason). It goes on from what was saved.")
    }
    guard askedToStop == nil, !queue.isDone else { return }
    do { try start(worker.number) } catch { say(worker, sentence(for: error)) }
  }

  private func say(_ worker: Worker, _ text: String) { watcher(.line(process: worker.number, position: worker.position, text)) }

  /// Writes into the run's own folder that it failed, as its process could not.
  private func recordDeath(of cell: Cell, position: CellPosition?, _ reason: String) {
    let error = ExecutionError.processDied(cell, reason: reason, times: Self.deathsPerCell)
    let lease = try? Lease.acquire(in: runner.directory(of: cell).url)
    withExtendedLifetime(lease) {
      runner.record(error, of: cell, position: position ?? CellPosition(number: begun, count: max(openCount, begun)))
    }
  }

  private func count() {
    summary.finishedBefore = runner.plan.cells.count - queue.candidates.count
    for cell in queue.candidates {
      switch queue.outcomes[cell.identity] {
      case .finishedBefore?: summary.finishedBefore += 1
      case .finishedNow?: summary.finishedNow += 1
      case .failed?: summary.failed += 1
      // The other process may have come to its end by now.
      case .elsewhere?, nil: if runner.condition(of: cell).state == .finished { summary.finishedBefore += 1 } else { summary.elsewhere += 1 }
      }
    }
  }
}

extension ExecutionError {
  static func stoppedSideBySide(_ signal: Int32) -> ExecutionError {
    ExecutionError(
      kind: .stopped, problem: "Stopped, as asked (signal \(signal)): every process has ended, and what was at work is saved.",
      remedy: "Run the same command again to go on from there.")
  }

  static func processesRefused(_ reason: String) -> ExecutionError {
    ExecutionError(kind: .processesRefused, problem: "None of the processes could begin. The first said: \(reason)", remedy: "Run it with processes=1 to see all of it.")
  }

  static func processDied(_ cell: Cell, reason: String, times: Int) -> ExecutionError {
    ExecutionError(
      kind: .processDied, problem: "The process that made \(cell) died \(times) times, the last time because \(reason).",
      remedy: "Give it more memory (fewer processes, a smaller recipe.batchSize), or run it alone with --cell to see why; then run the same command again.")
  }
}
