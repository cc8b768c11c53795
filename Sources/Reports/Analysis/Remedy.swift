public import Foundations
internal import Statistics

/// What would show the difference seen, if it is the true one: more seeds, or more test patients.
public struct Remedy: Codable, Hashable, Sendable {
  /// The larger part of the variance says which helps; the other where that one alone would not do.
  public enum Advice: String, Codable, Hashable, Sendable {
    case seeds, patients
  }

  /// How many runs each would do.
  public struct Seeds: Codable, Hashable, Sendable {
    public let runsPerGroup: Int
    public let moreOfFirst: Int
    public let moreOfSecond: Int
  }

  public let seeds: Available<Seeds>
  /// How many more test patients would do; nil where patients are not in the comparison.
  public let morePatients: Available<Int>?
  public let advice: Advice
  /// What is planned for.
  public let difference: Double
  public let power: Double
  public let significance: Double

  /// Why nothing is planned where even the most would not do.
  static func beyond(_ limit: Int) -> String { "no number of runs up to \(grouped(limit)) would" }
  static func beyond(_ limit: Int, patients: Int) -> String {
    "no number of seeds up to \(grouped(limit)) and no number of test patients up to \(grouped(patients)) would, one without the other"
  }
}

extension Comparer {
  /// Planned at α divided by the size of the family, which the correction asks for at most.
  func remedy(
    _ comparison: Comparison, _ a: ResultTable.Cell, _ b: ResultTable.Cell, _ alternative: Alternative, familySize: Int
  ) -> Available<Remedy> {
    if let obstacle = obstacle(a, b) { return .notAvailable(reason: obstacle) }
    let level = settings.correction == .none ? settings.significance : settings.significance / Double(familySize)
    if let parts = comparison.parts { return remedy(parts, a, b, level, alternative) }
    guard evidence == nil else { return .notAvailable(reason: comparison.p.reason ?? "it could not be tested") }
    guard settings.test == .student || settings.test == .welch else {
      return .notAvailable(
        reason: tooFewForRanks(a, b, familySize) ?? "runs are planned for Student's and Welch's t-test only")
    }
    return PowerPlan.pooled(a.summary, b.summary, significance: level, alternative: alternative).flatMap { plan in
      guard let first = a.summary.mean.known, let second = b.summary.mean.known, first != second else {
        return .notAvailable(reason: "no number of runs shows a difference of 0")
      }
      let limit = settings.runLimit
      let atLimit = plan.power(difference: first - second, first: limit, second: limit)
      if let reached = atLimit.known, reached < settings.power {
        return .notAvailable(reason: Remedy.beyond(limit))
      }
      return plan.runsPerGroup(difference: first - second, power: settings.power, limit: limit).map { runs in
        Remedy(
          seeds: .value(seeds(runs, a, b)), morePatients: nil, advice: .seeds, difference: first - second, power: settings.power,
          significance: level)
      }
    }
  }

  /// Of two at chance neither is to be chosen, and what did not train is to be trained otherwise.
  private func obstacle(_ a: ResultTable.Cell, _ b: ResultTable.Cell) -> String? {
    if let best = nothingLearned[a.initialization] { return "\(a.initialization) \(best.predicate)" }
    if let other = nothingLearned[b.initialization], other.kind == .didNotTrain { return "\(b.initialization) \(other.predicate)" }
    return nil
  }

  /// The same at a level of its own, for a fixed number of seeds.
  func remedy(
    _ a: ResultTable.Cell, _ b: ResultTable.Cell, _ alternative: Alternative, parts: TwoLevelDifference, level: Double
  ) -> Available<Remedy> {
    obstacle(a, b).map { .notAvailable(reason: $0) } ?? remedy(parts, a, b, level, alternative)
  }

  private func remedy(
    _ parts: TwoLevelDifference, _ a: ResultTable.Cell, _ b: ResultTable.Cell, _ level: Double, _ alternative: Alternative
  ) -> Available<Remedy> {
    let patientCount = evidence?.patientCount(of: a.initialization) ?? 0
    let plan = TwoLevelPlan(parts, patientCount: patientCount, significance: level, alternative: alternative)
    let runs = plan.seedsPerGroup(difference: parts.value, power: settings.power, limit: settings.runLimit)
    let patients = plan.patients(difference: parts.value, power: settings.power, limit: settings.patientLimit)
    guard runs.known != nil || patients.known != nil else {
      let reason =
        parts.value == 0
        ? runs.reason ?? "" : Remedy.beyond(settings.runLimit, patients: settings.patientLimit)
      return .notAvailable(reason: reason)
    }
    let isSeeds = runs.known != nil && (patients.known == nil || parts.seedPart > parts.patientPart)
    return .value(
      Remedy(
        seeds: runs.map { seeds($0, a, b) }, morePatients: patients.map { $0 - patientCount }, advice: isSeeds ? .seeds : .patients,
        difference: parts.value, power: settings.power, significance: level))
  }

  private func seeds(_ runs: Int, _ a: ResultTable.Cell, _ b: ResultTable.Cell) -> Remedy.Seeds {
    Remedy.Seeds(runsPerGroup: runs, moreOfFirst: max(0, runs - a.summary.count), moreOfSecond: max(0, runs - b.summary.count))
  }
}
