import Execution
import Reports
import Studies

/// The cells that the verdicts of a study need, where its seeds are added round by round: asked again whenever runs have ended.
struct NeededCells {
  private let reader: RoundsReader
  /// Whether a cell that comes later is one of them: a person, or a cluster's task, who names a cell means it.
  private let keepsLater: Bool

  /// - Returns: nil for a study whose cells are all needed.
  init?(_ plan: Plan, _ filter: PlanFilter, data: StudyData) throws {
    guard plan.study.seeding == .sequential else { return nil }
    keepsLater = !filter.cells.isEmpty
    // A part of the initializations or seeds settles nothing; whole tasks do.
    let tasks = Set(plan.cells.map(\.task))
    let isWhole = filter.initializations.isEmpty && filter.seeds.isEmpty && filter.cells.isEmpty
    let whole = try isWhole ? plan : data.plan(PlanFilter(tasks: plan.study.tasks.map(\.name).filter(tasks.contains)))
    reader = RoundsReader(whole)
  }

  var rounds: StudyRounds? { reader.rounds() }

  /// What of a plan is needed now.
  func narrowed(_ plan: Plan) -> Plan { rounds.map { plan.narrowed(by: $0, keepsLater: keepsLater) } ?? plan }
}
