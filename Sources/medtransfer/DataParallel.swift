import ArgumentParser
import Execution
import Foundations
import Studies
import Torch
import Training

/// A study in several processes that a launcher started, which make each training together. The first one carries it out as ever; the others train
/// with it, and neither write nor print.
struct DataParallel {
  let study: Study
  let filter: PlanFilter

  /// - Parameter first: what the first process does with the study as it computes it; it says `begin` when the study is planned.
  func run(first: (Study, SpreadStudy) throws -> Void) throws {
    let launcher = try Launcher.join()
    let spread = Spread(launcher.group, synchronizesStatistics: study.execution.synchronizedBatchNorm)
    guard launcher.group.isFirst else { return try follow(launcher, spread) }
    let processes = SpreadStudy(spread)
    do {
      // However this process ends, the others are told.
      try StopRequest.deferring {
        let placed = try launcher.placed(study)
        Terminal().note(
          "Each training is made by \(launcher.group.size) processes, each with \(placed.execution.threads.map { "\($0) thread\($0 == 1 ? "" : "s")" } ?? "its threads").")
        if case .store(let address) = launcher.launch.meeting {
          Terminal().note("They meet at \(address.host):\(address.port), and sums go through the first of them: exact, and slower than by MPI.")
        }
        try first(placed, processes)
        processes.end(status: 0)
      }
    } catch {
      processes.end(status: MedTransfer.status(of: error))
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

extension StudyExecution {
  func runDataParallel() throws {
    try DataParallel(study: study, filter: filter).run { placed, processes in
      var own = self
      own.study = placed
      try own.run(spread: processes)
    }
  }
}
