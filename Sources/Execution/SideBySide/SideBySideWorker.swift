import Dispatch
import Foundation
import Foundations
public import Studies
import Synchronization

/// A process that shares a study with others: it carries out the cells that the process which started it names, until that has no more or is gone.
public struct SideBySideWorker {
  private let runner: StudyRunner

  public init(plan: Plan, data: StudyData, verifies: Bool, watcher: @escaping (ExecutionEvent) -> Void) {
    runner = StudyRunner(plan: plan, data: data, verifies: verifies, watcher: watcher)
  }

  /// Says a line to the process that started this one.
  ///
  /// - Parameters:
  ///   - isOfCell: whether the number of the cell that is carried out is to stand before it.
  ///   - isProgress: whether it takes the place of the last such line.
  public static func say(_ text: String, isOfCell: Bool, isProgress: Bool) {
    WorkerMessage(isProgress ? .progress : .line, text: text, isOfCell: isOfCell).send()
  }

  /// - Throws: as `StudyRunner.run` where the process is asked to stop.
  public func serve() throws {
    let device = try ComputeSetting.apply(runner.plan.study.execution), orders = try OrderInbox()
    var pass = StudyPass(runner: runner, device: device, open: []), before = pass.summary
    WorkerMessage(.ready).send()
    while let identity = orders.next() {
      // The data changed between two looks: the plans are not the same.
      guard let cell = runner.plan.cell(identity: identity) else { throw ExecutionError.planChanged() }
      let outcome = try pass.carryOutNoted(cell), after = pass.summary
      WorkerMessage(
        .done, outcome: outcome, featurePasses: after.featurePasses - before.featurePasses, featureImages: after.featureImages - before.featureImages
      ).send()
      before = after
    }
  }
}

/// What comes on standard input, read by a thread of its own: a request to stop is for a process at work.
private final class OrderInbox: Sendable {
  private struct State {
    var cells: [String] = []
    var isOver = false
  }

  private final class Shared: Sendable {
    let state = Mutex(State())
    /// One for each cell, and one for the end.
    let arrivals = DispatchSemaphore(value: 0)
  }

  private let shared = Shared()
  private let threads: WorkerThreads

  init() throws {
    let shared = shared
    threads = try WorkerThreads("orders", count: 1, cancel: {}) {
      var lines = StandardInputLines()
      while let line = lines.next() {
        switch WorkerOrder(line: line) {
        case .cell(let identity)?:
          shared.state.withLock { $0.cells.append(identity) }
          shared.arrivals.signal()
        case .stop(let signal)?: StopRequest.ask(signal)
        case .end?:
          shared.state.withLock { $0.isOver = true }
          shared.arrivals.signal()
          return
        case nil: continue
        }
      }
      // Whoever started this process is gone. What is at work is saved, for whoever goes on.
      StopRequest.ask(SIGTERM)
    }
  }

  /// The next cell, waiting for it; nil where there is no more.
  func next() -> String? {
    shared.arrivals.wait()
    return shared.state.withLock { $0.cells.isEmpty ? nil : $0.cells.removeFirst() }
  }
}

/// The lines of standard input, read from its descriptor: the C library's own stream would stay locked while the thread waits, and a process that
/// ends wants to flush all streams.
private struct StandardInputLines {
  private var rest: [UInt8] = []

  /// The next one; nil where there is no more.
  mutating func next() -> String? {
    while true {
      if let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
        defer { rest.removeSubrange(...end) }
        return String(decoding: rest[..<end], as: UTF8.self)
      }
      var piece = [UInt8](repeating: 0, count: 4096)
      let count = read(STDIN_FILENO, &piece, piece.count)
      if count > 0 { rest += piece[..<count] } else if count == 0 || errno != EINTR { return nil }
    }
  }
}

extension ExecutionError {
  static func planChanged() -> ExecutionError {
    ExecutionError(
      kind: .planChanged, problem: "Data or weights changed while the processes of the study were started: they do not plan the same runs.",
      remedy: "Run the same command again.")
  }
}
