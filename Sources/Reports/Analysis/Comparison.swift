internal import Foundation
public import Foundations
public import Statistics

/// Two initializations on one task, and what a test says of them.
public struct Comparison: Codable, Hashable, Sendable {
  /// With the best: the best. With a baseline: the other.
  public let first: String
  public let second: String
  /// Not available where the test has nothing to work on.
  public let result: Available<TestResult>
  /// The mean of the first minus that of the second, in the units of the values.
  public let difference: IntervalEstimate
  /// Hedges' g, Cohen's d of the differences, Cliff's delta or the rank-biserial correlation, by the test.
  public let effectSize: IntervalEstimate
  /// Corrected for its family.
  public internal(set) var adjustedP: Statistic
  /// Corrected p below α; nil where there is none.
  public internal(set) var isToldApart: Bool?
  /// Nil where nothing is left to settle.
  public internal(set) var toSettle: Available<RunsNeeded>?

  public var p: Statistic { result.flatMap(\.p) }
}

/// All comparisons of one task with one initialization; their p-values are corrected together.
public struct ComparisonFamily: Codable, Hashable, Sendable {
  public let reference: String
  public let comparisons: [Comparison]
  /// Those that have a p-value: the number that the correction counts.
  public let testedCount: Int

  public func comparison(with initialization: String) -> Comparison? {
    comparisons.first { $0.first == initialization || $0.second == initialization }
  }
}

/// How many runs would show the difference seen, if it is the true one.
public struct RunsNeeded: Codable, Hashable, Sendable {
  public let runsPerGroup: Int
  public let moreOfFirst: Int
  public let moreOfSecond: Int
  /// What is planned for.
  public let difference: Double
  public let power: Double
  public let significance: Double

  /// Why nothing is planned where even the most runs would not do.
  static func beyond(_ limit: Int) -> String { "no number of runs up to \(grouped(limit)) would" }
}

/// Carries out the comparisons of one task.
struct Comparer {
  let settings: AnalysisSettings
  let task: ResultTable.Task

  func family(reference: ResultTable.Cell, isBest: Bool) -> ComparisonFamily {
    let alternative = settings.alternative(higherIsBetter: task.higherIsBetter, againstBest: isBest)
    let others = task.cells.filter { $0.initialization != reference.initialization }
    var comparisons = others.map { other in
      isBest ? compare(reference, other, alternative) : compare(other, reference, alternative)
    }
    let adjusted = AdjustedFamily(comparisons.map(\.p), correction: settings.correction)
    for index in comparisons.indices {
      comparisons[index].adjustedP = adjusted.p[index]
      comparisons[index].isToldApart = adjusted.p[index].known.map { $0 < settings.significance }
      if comparisons[index].isToldApart != true {
        let pair = isBest ? (reference, others[index]) : (others[index], reference)
        comparisons[index].toSettle = runsNeeded(pair.0, pair.1, alternative, familySize: max(1, adjusted.testedCount))
      }
    }
    return ComparisonFamily(reference: reference.initialization, comparisons: comparisons, testedCount: adjusted.testedCount)
  }

  private func compare(_ a: ResultTable.Cell, _ b: ResultTable.Cell, _ alternative: Alternative) -> Comparison {
    let level = settings.level
    let (result, difference, size): (Available<TestResult>, IntervalEstimate?, IntervalEstimate)
    switch settings.test {
    case .student, .welch:
      let test = settings.test == .student ? studentTest : welchTest
      let outcome = test(a.summary, b.summary, alternative, 0, level)
      (result, difference, size) = (named(outcome, a, b), outcome.effect, hedgesG(a.summary, b.summary, level: level))
    case .paired, .wilcoxon:
      let name = settings.test == .paired ? "Cohen's d of the differences" : "rank-biserial correlation"
      switch Pairs.make(a, b) {
      case .notAvailable(let reason):
        (result, difference, size) = (.notAvailable(reason: reason), nil, .missing(name, reason))
      case .value(let pairs):
        let means = pairedTTest(pairs.first, pairs.second, alternative: alternative, level: level)
        let differences = Summary(zip(pairs.first, pairs.second).map { $0 - $1 })
        if settings.test == .paired {
          (result, difference, size) = (.value(means), means.effect, pairedCohensD(ofDifferences: differences, level: level))
        } else {
          let ranks = wilcoxonSignedRankTest(pairs.first, pairs.second, alternative: alternative)
          (result, difference, size) = (.value(ranks), means.effect, ranks.effect)
        }
      }
    case .mannWhitney:
      guard let first = a.runs, let second = b.runs else {
        let reason = Pairs.summaryReason(a, b, "The Mann–Whitney test needs the runs themselves")
        (result, difference, size) = (.notAvailable(reason: reason), nil, .missing("Cliff's delta", reason))
        break
      }
      let outcome = mannWhitneyTest(first.map(\.value), second.map(\.value), alternative: alternative, level: level)
      (result, difference, size) = (
        .value(outcome), welchTest(a.summary, b.summary, alternative: alternative, level: level).effect, outcome.effect
      )
    }
    return Comparison(
      first: a.initialization, second: b.initialization, result: result, difference: meanDifference(a, b, difference),
      effectSize: size, adjustedP: result.flatMap(\.p), isToldApart: nil, toSettle: nil)
  }

  /// The groups of an independent test called by their names, where it says why it cannot be carried out.
  private func named(_ result: TestResult, _ a: ResultTable.Cell, _ b: ResultTable.Cell) -> Available<TestResult> {
    for cell in [a, b] where cell.summary.standardDeviation.known == nil {
      return .notAvailable(reason: "\(cell.initialization): \(cell.summary.standardDeviation.reason ?? "it has no spread")")
    }
    return result.p.reason.map { .notAvailable(reason: $0) } ?? .value(result)
  }

  /// The test's own difference, or that of the means where the spread is too little known for an interval.
  private func meanDifference(_ a: ResultTable.Cell, _ b: ResultTable.Cell, _ own: IntervalEstimate?) -> IntervalEstimate {
    if let own, own.value.known != nil { return own }
    guard let first = a.summary.mean.known, let second = b.summary.mean.known else {
      return .missing("mean difference", "one of them has no mean")
    }
    let reason = own?.interval.reason ?? "the test cannot be carried out"
    return IntervalEstimate(name: "mean difference", value: .value(first - second), interval: .notAvailable(reason: reason))
  }

  /// Said where even runs that all point one way could not give a rank test a corrected p below α.
  private func tooFewForRanks(_ a: ResultTable.Cell, _ b: ResultTable.Cell, _ familySize: Int) -> String? {
    let arrangements: Double
    switch settings.test {
    case .wilcoxon:
      guard let pairs = Pairs.make(a, b).known else { return nil }
      arrangements = pow(2, Double(pairs.first.count))
    case .mannWhitney:
      let (m, n) = (a.summary.count, b.summary.count)
      arrangements = (0..<min(m, n)).reduce(1.0) { $0 * Double(m + n - $1) / Double($1 + 1) }
    case .student, .welch, .paired: return nil
    }
    let least = (settings.sidedness == .twoSided ? 2 : 1) / arrangements
    // Benjamini and Hochberg's correction leaves p-values that are all the least as they are.
    let factor = settings.correction == .holm || settings.correction == .bonferroni ? Double(familySize) : 1
    guard least * factor >= settings.significance else { return nil }
    let corrected = factor > 1 ? ", and \(significant(min(1, least * factor), 2)) is the least after the correction" : ""
    return "the runs are too few for this test: its p-value cannot fall below \(significant(least, 2))\(corrected)"
  }

  /// Planned with the independent t-test at α divided by the size of the family, which the correction asks for at most.
  private func runsNeeded(
    _ a: ResultTable.Cell, _ b: ResultTable.Cell, _ alternative: Alternative, familySize: Int
  ) -> Available<RunsNeeded> {
    guard settings.test == .student || settings.test == .welch else {
      return .notAvailable(
        reason: tooFewForRanks(a, b, familySize) ?? "runs are planned for Student's and Welch's t-test only")
    }
    let level = settings.correction == .none ? settings.significance : settings.significance / Double(familySize)
    return PowerPlan.pooled(a.summary, b.summary, significance: level, alternative: alternative).flatMap { plan in
      guard let first = a.summary.mean.known, let second = b.summary.mean.known, first != second else {
        return .notAvailable(reason: "no number of runs shows a difference of 0")
      }
      let limit = settings.runLimit
      let atLimit = plan.power(difference: first - second, first: limit, second: limit)
      if let reached = atLimit.known, reached < settings.power {
        return .notAvailable(reason: RunsNeeded.beyond(limit))
      }
      return plan.runsPerGroup(difference: first - second, power: settings.power, limit: limit).map { runs in
        RunsNeeded(
          runsPerGroup: runs, moreOfFirst: max(0, runs - a.summary.count), moreOfSecond: max(0, runs - b.summary.count),
          difference: first - second, power: settings.power, significance: level)
      }
    }
  }
}

/// Runs of one name of two initializations, side by side.
private struct Pairs {
  let first: [Double]
  let second: [Double]

  static func make(_ a: ResultTable.Cell, _ b: ResultTable.Cell) -> Available<Pairs> {
    guard let first = a.runs, let second = b.runs else {
      return .notAvailable(reason: summaryReason(a, b, "A paired test needs the runs themselves"))
    }
    let values = Dictionary(second.map { ($0.name, $0.value) }, uniquingKeysWith: { old, _ in old })
    let both = first.compactMap { run in values[run.name].map { (run.value, $0) } }
    guard !both.isEmpty else {
      return .notAvailable(reason: "\(a.initialization) and \(b.initialization) have no run of the same name")
    }
    return .value(Pairs(first: both.map(\.0), second: both.map(\.1)))
  }

  static func summaryReason(_ a: ResultTable.Cell, _ b: ResultTable.Cell, _ need: String) -> String {
    let names = [a, b].filter { $0.runs == nil }.map(\.initialization)
    return "\(need); of \(names.joined(separator: " and ")) only the mean and standard deviation are known"
  }
}

extension IntervalEstimate {
  static func missing(_ name: String, _ reason: String) -> IntervalEstimate {
    IntervalEstimate(name: name, value: .notAvailable(reason: reason), interval: .notAvailable(reason: reason))
  }
}
