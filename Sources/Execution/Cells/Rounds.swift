import Studies
import Torch

/// The passes over a plan: one over all of its cells, or one after another over those that the verdicts ask for, as long as a pass finishes
/// runs from which a next one could follow.
struct Rounds {
  let runner: StudyRunner
  /// The cells of the first pass.
  let first: StudyRunner

  init(_ runner: StudyRunner) throws {
    self.runner = runner
    first = try Self.round(of: runner)
  }

  private static func round(of runner: StudyRunner) throws -> StudyRunner {
    try runner.asNeeded.map { runner.with(try $0(runner.plan)) } ?? runner
  }

  /// - Returns: what came of all passes together, and the cells of the last one.
  func carryOut(device: Device) throws -> (ExecutionSummary, StudyRunner) {
    var round = first, whole = ExecutionSummary(), failed = Set<String>()
    while true {
      // One that failed here is tried again by the next command, not by the next round.
      var pass = StudyPass(runner: round, device: device, open: round.openCells().subtracting(failed))
      let came = try pass.carryOut()
      // What an earlier pass finished or failed here was not there before.
      whole.finishedBefore = max(0, came.finishedBefore - whole.finishedNow - failed.count)
      whole.finishedNow += came.finishedNow
      whole.elsewhere = came.elsewhere
      whole.featurePasses += came.featurePasses
      whole.featureImages += came.featureImages
      failed.formUnion(pass.failed)
      whole.failed = failed.count
      let next = try Self.round(of: runner)
      guard runner.asNeeded != nil, came.finishedNow > 0, next.plan != round.plan else { return (whole, next) }
      round = next
    }
  }
}
