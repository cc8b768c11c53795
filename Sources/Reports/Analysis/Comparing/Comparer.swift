internal import Foundation
internal import Foundations
internal import Statistics

/// Carries out the comparisons of one task.
struct Comparer {
  let settings: AnalysisSettings
  let task: ResultTable.Task
  /// Nil where the comparisons are of seeds on these very test images.
  let evidence: TaskEvidence?
  let nothingLearned: [String: NothingLearned]
  /// Nil for a fixed number of seeds.
  let rounds: SeedRounds?

  func family(reference: ResultTable.Cell, isBest: Bool) -> ComparisonFamily {
    if let rounds, isBest { return family(reference, rounds) }
    let alternative = settings.alternative(higherIsBetter: task.higherIsBetter, againstBest: isBest)
    let others = task.compared.filter { $0.initialization != reference.initialization }
    var comparisons = others.map { other in
      isBest ? compare(reference, other, alternative) : compare(other, reference, alternative)
    }
    let adjusted = AdjustedFamily(comparisons.map(\.p), correction: settings.correction)
    for index in comparisons.indices {
      comparisons[index].adjustedP = adjusted.p[index]
      comparisons[index].isToldApart = adjusted.p[index].known.map { $0 < settings.significance }
      if isBest { comparisons[index].falseClaim = task.falseClaim(best: reference, other: others[index]) }
      if comparisons[index].isToldApart != true {
        let pair = isBest ? (reference, others[index]) : (others[index], reference)
        comparisons[index].toSettle = remedy(
          comparisons[index], pair.0, pair.1, alternative, familySize: max(1, adjusted.testedCount))
      }
    }
    return ComparisonFamily(reference: reference.initialization, comparisons: comparisons, testedCount: adjusted.testedCount)
  }

  /// The comparisons with the best where seeds were added round by round: what the looks came to, by levels instead of corrected p-values.
  private func family(_ best: ResultTable.Cell, _ rounds: SeedRounds) -> ComparisonFamily {
    let alternative = settings.alternative(higherIsBetter: task.higherIsBetter, againstBest: true)
    let comparisons = task.compared.filter { $0.initialization != best.initialization }.map { other in
      var comparison = compare(best, other, alternative)
      let arm = rounds.arm(other.initialization)
      comparison.look = arm?.look
      comparison.isToldApart = arm.flatMap { $0.standing == .undefined || $0.look == nil ? nil : $0.standing == .worse }
      comparison.adjustedP = comparison.p.flatMap { _ in .notAvailable(reason: arm?.reason ?? "the looks have levels of their own, by which p is judged as it is") }
      if comparison.isToldApart == false, let look = arm?.look, let parts = comparison.parts {
        comparison.toSettle = remedy(best, other, alternative, parts: parts, level: look.levelOfAllLooks)
      }
      return comparison
    }
    return ComparisonFamily(reference: best.initialization, comparisons: comparisons, testedCount: comparisons.count { $0.p.known != nil })
  }

  private func compare(_ a: ResultTable.Cell, _ b: ResultTable.Cell, _ alternative: Alternative) -> Comparison {
    if let evidence { return compare(a, b, alternative, evidence) }
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
      effectSize: size, adjustedP: result.flatMap(\.p), isToldApart: nil, toSettle: nil, parts: nil, falseClaim: nil, look: nil)
  }

  /// For other seeds and other patients.
  private func compare(_ a: ResultTable.Cell, _ b: ResultTable.Cell, _ alternative: Alternative, _ evidence: TaskEvidence) -> Comparison {
    let parts = evidence.difference(a.initialization, b.initialization)
    let outcome = parts.map { $0.test(alternative: alternative, level: settings.level) }
    let result: Available<TestResult> = outcome.flatMap { one in one.p.map { _ in one } }
    return Comparison(
      first: a.initialization, second: b.initialization, result: result, difference: meanDifference(a, b, result.known?.effect),
      effectSize: .missing("effect size", "seeds and patients have no one standard deviation to divide the difference by"),
      adjustedP: result.flatMap(\.p), isToldApart: nil, toSettle: nil, parts: parts.known, falseClaim: nil, look: nil)
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
    if let own, own.value.known != nil {
      guard let range = task.range else { return own }
      // Two values of a metric are no further apart than its range is long.
      let length = range.upperBound - range.lowerBound
      return IntervalEstimate(name: own.name, value: own.value, interval: own.interval.map { $0.cut(to: -length...length) })
    }
    guard let first = a.summary.mean.known, let second = b.summary.mean.known else {
      return .missing("mean difference", "one of them has no mean")
    }
    let reason = own?.interval.reason ?? "the test cannot be carried out"
    return IntervalEstimate(name: "mean difference", value: .value(first - second), interval: .notAvailable(reason: reason))
  }

  /// Said where even runs that all point one way could not give a rank test a corrected p below α.
  func tooFewForRanks(_ a: ResultTable.Cell, _ b: ResultTable.Cell, _ familySize: Int) -> String? {
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
