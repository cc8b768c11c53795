public import Foundation
import Foundations
import RunStore
public import Studies
import Torch
import Training

/// Carries out a plan in several processes of this machine at once, each with a device or its share of the threads.
///
/// The processes are this very command, told which cell to carry out next; each takes the cell's lease as ever, so processes elsewhere may
/// share the study too. Which process made a run is no part of anything: with as many threads it is the same bytes.
public struct SideBySide {
  /// The command that a process of its own is started with.
  public struct Command: Sendable {
    public let executable: URL
    /// `run`, the study, and what was said beside; the number of the process and its device are added.
    public let arguments: [String]

    public init(executable: URL, arguments: [String]) { (self.executable, self.arguments) = (executable, arguments) }
  }

  /// The option that makes a process one of several, with its number behind it.
  public static let workerOption = "--worker"

  private let runner: StudyRunner
  private let command: Command
  private let watcher: (SideBySideEvent) -> Void

  public init(
    plan: Plan, data: StudyData, verifies: Bool, command: Command, asNeeded: ((Plan) throws -> Plan)? = nil, studyWatcher: @escaping (ExecutionEvent) -> Void,
    watcher: @escaping (SideBySideEvent) -> Void
  ) {
    runner = StudyRunner(plan: plan, data: data, verifies: verifies, asNeeded: asNeeded, watcher: studyWatcher)
    (self.command, self.watcher) = (command, watcher)
  }

  /// Cells that failed before are run again.
  ///
  /// - Throws: `ExecutionError` of kind `stopped` when the process was asked to stop: every other one has saved its state then.
  public func run() throws -> ExecutionSummary {
    let execution = runner.plan.study.execution, device = try ComputeSetting.apply(execution)
    for name in execution.devices { _ = try NumericSetting.device(named: name) }
    let (summary, last) = try runner.prepare().carryOut { round, open in
      // A single cell needs no other process; its threads are as many as they would be there.
      if open.count <= 1 {
        var pass = StudyPass(runner: round, device: device, open: open)
        return Rounds.Pass(summary: try pass.carryOut(), failed: pass.failed)
      }
      watcher(.began(processes: min(execution.processCount, open.count), threads: TorchRuntime.threadCount, devices: execution.devices))
      let crew = WorkerCrew(runner: round, open: open, command: command, watcher: watcher)
      let summary = try StopRequest.deferring { try crew.carryOut() }
      watcher(.ended)
      return Rounds.Pass(summary: summary, failed: crew.failed)
    }
    last.drawPictures(device: device)
    return summary
  }
}

/// What happens among processes that share a study, for whoever watches.
public enum SideBySideEvent: Sendable {
  case began(processes: Int, threads: Int, devices: [String])
  /// A line to keep; `position` is of the cell that it is about, where it is about one.
  case line(process: Int, position: CellPosition?, String)
  /// A line that takes the place of the process's last one.
  case progress(process: Int, position: CellPosition?, String)
  /// It waits for what others are at.
  case idle(process: Int)
  /// It has ended, or there is nothing more for it.
  case left(process: Int)
  case ended
}
