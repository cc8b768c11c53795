import Dispatch
import Foundation
import Foundations
import RunStore
public import Studies
import Torch
import Training

/// Carries out a plan: each cell that is not finished, one after another, in order.
///
/// A cell that another process is at is left to it; a cell that fails is recorded with its error and the others go on.
public struct StudyRunner {
  let plan: Plan
  let data: StudyData
  let watcher: (ExecutionEvent) -> Void

  public init(plan: Plan, data: StudyData, watcher: @escaping (ExecutionEvent) -> Void) {
    self.plan = plan
    self.data = data
    self.watcher = watcher
  }

  /// Cells that failed before are run again.
  ///
  /// - Throws: `TrainingError` of kind `interrupted` when the process was asked to stop; its state is saved.
  public func run() throws -> ExecutionSummary {
    let execution = plan.study.execution
    if let threads = execution.threads { try TorchRuntime.setThreadCount(threads) }
    let device = try NumericSetting.device(named: execution.device)
    try AtomicFile.makeFolder(plan.study.outputDirectory)
    try KeptPlan.keep(plan)
    let open = plan.cells.filter { state(of: $0) != .finished }
    let openIdentities = Set(open.map(\.identity))
    _ = try WeightsCheck(plan, data: data, wanted: { openIdentities.contains($0.identity) })
    try data.checkBatches(of: plan) { openIdentities.contains($0.identity) }
    try writeSplits()
    try writeObservers()
    for record in try TrainingListCheck(plan.study, data: data, comparesBytes: true).keep(Set(plan.cells.map(\.task))) {
      for sentence in record.sentences { watcher(.onTrainingList(sentence)) }
    }
    for groups in try data.groups(of: plan) { try groups.write(to: plan.study.outputDirectory) }
    var summary = ExecutionSummary()
    summary.finishedBefore = plan.cells.count - open.count
    for (index, cell) in open.enumerated() {
      let position = CellPosition(number: index + 1, count: open.count)
      if let signal = StopRequest.current { throw ExecutionError.stopped(signal) }
      if let source = cell.source.flatMap(plan.cell(identity:)), state(of: source) != .finished {
        // A source in work elsewhere will come; one that failed here will not come by waiting.
        if state(of: source) == .inWork { summary.elsewhere += 1 } else { summary.failed += 1 }
        watcher(.waits(cell, for: source))
        continue
      }
      try carryOut(cell, position: position, device: device, summary: &summary)
    }
    drawPictures(device: device)
    return summary
  }

  private func state(of cell: Cell) -> CellState { RunDirectory(of: cell, in: plan.study.outputDirectory).state(of: cell) }

  private func carryOut(
    _ cell: Cell, position: CellPosition, device: Device, summary: inout ExecutionSummary
  ) throws {
    let directory = RunDirectory(of: cell, in: plan.study.outputDirectory)
    try directory.make()
    guard let lease = try Lease.acquire(in: directory.url) else {
      watcher(.standsBack(cell))
      summary.elsewhere += 1
      return
    }
    // Another process may have finished the cell between the look and the lease.
    if directory.isFinished(cell) {
      summary.finishedBefore += 1
      return
    }
    try withExtendedLifetime(lease) {
      let start = DispatchTime.now().uptimeNanoseconds
      do {
        let precision = plan.study.task(named: cell.task)?.recipe.precision ?? .float32
        let run = CellRun(
          cell: cell, plan: plan, data: data, directory: directory,
          numerics: NumericSetting(device: device, precision: precision),
          started: { watcher(.started(cell, position: position, resumedAfterStep: $0)) },
          watcher: { watcher(.news(cell, $0)) }, cacheWatcher: { watcher(.caching(task: cell.task, $0)) })
        let outcome = try run.run()
        for remark in outcome.remarks { watcher(.remark(cell, remark)) }
        summary.finishedNow += 1
        watcher(
          .finished(
            cell, headline: outcome.headline, seconds: Double(DispatchTime.now().uptimeNanoseconds - start) / 1e9,
            brokenFiles: outcome.brokenFiles))
      } catch let error as TrainingError where error.kind == .interrupted {
        throw error
      } catch let error as ExecutionError where error.kind == .stopped {
        throw error
      } catch {
        summary.failed += 1
        try record(error, of: cell, in: directory, position: position)
      }
    }
  }

  /// Records a failure in the run's own folder where that is possible; on a full disk it is only said.
  private func record(_ error: any Error, of cell: Cell, in directory: RunDirectory, position: CellPosition) throws {
    let sentence = sentence(for: error)
    let code = (error as? any RemediedError)?.code ?? "unknown"
    watcher(.failed(cell, position: position, problem: sentence))
    do {
      try directory.write(RunStatus.failed(code: code, message: sentence))
    } catch let second {
      watcher(.remark(cell, "The failure could not be written to the run's folder: \(Foundations.sentence(for: second))"))
    }
  }
}
