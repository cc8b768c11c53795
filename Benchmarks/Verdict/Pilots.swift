import Foundations
import Statistics

/// What the planner knows of: the parts of the variance, from pilot studies of 200 test images and 20 seeds, so many that they know them
/// well together. Each has the difference that is planned for, as a pilot has the difference that it is to settle: an AUROC near 1 varies
/// less than one of 0.75, and with its neighbor's in another way.
struct Pilots {
  private let pilot: MadeUpStudy
  /// Of those that the difference is looked for with, and of those that foretell.
  private static let fewer = 40, count = 150

  init(_ kind: MadeUpStudy.Kind) throws { pilot = try MadeUpStudy(kind, images: 200, seeds: 20) }

  private func plan(at shift: Double, _ count: Int) throws -> TwoLevelPlan {
    let parts = try concurrentMap(count) { study in Result { try pilot.parts(study: -1 - study, shift: shift) } }.compactMap { try $0.get() }
    guard let pooled = TwoLevelDifference.pooled(parts) else { throw Missing() }
    return TwoLevelPlan(pooled, patientCount: pilot.images)
  }

  struct Missing: Error {}

  /// The difference that the planner says is found with a power, nearly, and the power that it foretells of this very difference.
  ///
  /// - Returns: the shift that makes it in studies of the size of `study`.
  func plan(for study: MadeUpStudy, power wanted: Double) throws -> (shift: Double, foretold: Double) {
    func foretold(_ plan: TwoLevelPlan, _ shift: Double) -> Double {
      plan.power(difference: study.trueDifference(shift: shift), seedCounts: [study.seeds, study.seeds], patients: study.images).known ?? .nan
    }
    // Each time with the parts at the difference that was found the time before.
    var shift = 0.5, plan = try plan(at: shift, Self.fewer)
    for count in [Self.fewer, Self.count] {
      var (low, high) = (0.0, 3.0)
      for _ in 0..<40 { if foretold(plan, (low + high) / 2) < wanted { low = (low + high) / 2 } else { high = (low + high) / 2 } }
      shift = high
      plan = try self.plan(at: shift, count)
    }
    return (shift, foretold(plan, shift))
  }
}
