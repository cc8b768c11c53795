import ArgumentParser
import Execution
import Foundations
import Studies
import Torch
import Training

extension StudyExecution {
  /// The same in several processes that a launcher started, which make each training together. The first one carries the study out as ever; the
  /// others train with it, and neither write nor print.
  func runDataParallel() throws {
    let launcher = try Launcher.join()
    let spread = Spread(launcher.group, synchronizesStatistics: study.execution.synchronizedBatchNorm)
    guard launcher.group.isFirst else { return try follow(launcher, spread) }
    let first = SpreadStudy(spread)
    do {
      // However this process ends, the others are told.
      try StopRequest.deferring {
        var placed = self
        placed.study = try launcher.placed(study)
        Terminal().note(
          "Each training is made by \(launcher.group.size) processes, each with \(placed.study.execution.threads.map { "\($0) thread\($0 == 1 ? "" : "s")" } ?? "its threads").")
        try placed.run(spread: first)
        first.end(status: 0)
      }
    } catch {
      first.end(status: MedTransfer.status(of: error))
      throw error
    }
  }

  private func follow(_ launcher: Launcher, _ spread: Spread) throws {
    let status: Int32
    do {
      status = try StopRequest.deferring {
        if let status = try SpreadFollower.waitForBeginning(spread) { return status }
        let (study, _) = try PrecisionAdvice.settle(launcher.placed(self.study), tasks: Set(filter.tasks), keeps: true)
        let data = StudyData(study), plan = try data.usablePlan(filter)
        return try SpreadFollower(plan: plan, data: data, spread: spread).serve()
      }
    } catch {
      Terminal().note("medtransfer, process \(spread.group.rank) of \(spread.group.size): \(sentence(for: error))")
      spread.group.endAll(status: ExitStatus.failure)
      throw ArgumentParser.ExitCode(ExitStatus.failure)
    }
    spread.group.leave()
    if status != 0 { throw ArgumentParser.ExitCode(status) }
  }
}
