import Studies

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

  /// What came of one pass, with the identities of the cells that failed.
  struct Pass {
    let summary: ExecutionSummary
    let failed: Set<String>
  }

  /// - Parameter pass: carries out the cells that are to be run of a part of the plan.
  /// - Returns: what came of all passes together, and the cells of the last one.
  func carryOut(_ pass: (_ round: StudyRunner, _ open: Set<String>) throws -> Pass) throws -> (ExecutionSummary, StudyRunner) {
    var round = first, whole = ExecutionSummary(), failed = Set<String>()
    while true {
      // One that failed here is tried again by the next command, not by the next round.
      let made = try pass(round, round.openCells().subtracting(failed)), came = made.summary
      // What an earlier pass finished or failed here was not there before.
      whole.finishedBefore = max(0, came.finishedBefore - whole.finishedNow - failed.count)
      whole.finishedNow += came.finishedNow
      whole.elsewhere = came.elsewhere
      whole.featurePasses += came.featurePasses
      whole.featureImages += came.featureImages
      failed.formUnion(made.failed)
      whole.failed = failed.count
      let next = try Self.round(of: runner)
      guard runner.asNeeded != nil, came.finishedNow > 0, next.plan != round.plan else { return (whole, next) }
      round = next
    }
  }
}
