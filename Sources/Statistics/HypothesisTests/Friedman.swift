internal import Foundation
public import Foundations

/// The ranks of several candidates over many tasks: what Friedman's test and a critical-difference diagram start from.
public struct RankTable: Codable, Hashable, Sendable {
  public let taskCount: Int
  public let candidateCount: Int
  /// `[task][candidate]`, 1 for the best; equal values share the mean of their ranks.
  public let ranks: [[Double]]
  /// Per candidate, the mean of its ranks over the tasks.
  public let averageRanks: [Double]
  /// Σ over the tasks of Σ(t³ − t) over their ties.
  let tieTerm: Double

  /// - Parameter values: `[task][candidate]`, complete: a task that a candidate lacks must be left out before.
  /// - Returns: not available unless every task has the same number of finite values.
  public static func make(_ values: [[Double]], higherIsBetter: Bool = true) -> Available<RankTable> {
    Available { () throws(Unavailable) in
      guard let candidateCount = values.first?.count, candidateCount > 0 else { throw Unavailable("there is no value to rank") }
      for (index, row) in values.enumerated() {
        guard row.count == candidateCount else {
          throw Unavailable("task \(index + 1) has \(row.count) values, not \(candidateCount) like the first")
        }
        guard row.allSatisfy(\.isFinite) else { throw Unavailable("task \(index + 1) has a value that is not finite") }
      }
      let tasks = values.map { row in DoubledMidranks(higherIsBetter ? row.map { -$0 } : row) }
      // Whole numbers until the last step, so that the order of the tasks cannot change an average.
      let sums = (0..<candidateCount).map { candidate in tasks.reduce(0) { $0 + $1.doubled[candidate] } }
      return RankTable(
        taskCount: tasks.count, candidateCount: candidateCount, ranks: tasks.map { $0.doubled.map { Double($0) / 2 } },
        averageRanks: sums.map { Double($0) / Double(2 * tasks.count) }, tieTerm: tasks.reduce(0) { $0 + $1.tieTerm })
    }
  }

  /// Friedman's χ² with the correction for ties (Friedman 1937; Conover 1999, section 5.8):
  ///
  ///     χ²_F = [12/(N k(k + 1))·ΣRⱼ² − 3N(k + 1)] / [1 − Σ(t³ − t)/(N k(k² − 1))],  ν = k − 1
  ///
  /// with the rank sums Rⱼ of k candidates over N tasks. The effect is Kendall's W = χ²_F/(N(k − 1)), in 0...1.
  public var friedman: TestResult {
    TestResult(plan("Friedman test", "χ²")) { () throws(Unavailable) in
      let χ = try chiSquared()
      let ν = Double(candidateCount - 1)
      return TestResult.Outcome(
        statistic: χ, degreesOfFreedom: [ν], p: try ChiSquared(degreesOfFreedom: ν).upperTail(χ).get(),
        effect: χ / (Double(taskCount) * ν), interval: noInterval, remarks: tieRemarks)
    }
  }

  /// Iman and Davenport's F of Friedman's χ², less conservative for few tasks (Iman and Davenport 1980; Demšar 2006):
  ///
  ///     F = (N − 1)χ²_F / (N(k − 1) − χ²_F),  ν = k − 1 and (k − 1)(N − 1)
  ///
  /// Not available when every task ranks the candidates alike, where F has no upper bound.
  public var imanDavenport: TestResult {
    TestResult(plan("Iman–Davenport test", "F")) { () throws(Unavailable) in
      let χ = try chiSquared()
      let (k, n) = (Double(candidateCount), Double(taskCount))
      let rest = n * (k - 1) - χ
      guard rest > 1e-12 * n * (k - 1) else { throw Unavailable("every task ranks the candidates alike, so F is infinite") }
      let f = (n - 1) * χ / rest
      let p = try FisherF(numerator: k - 1, denominator: (k - 1) * (n - 1)).upperTail(f).get()
      return TestResult.Outcome(
        statistic: f, degreesOfFreedom: [k - 1, (k - 1) * (n - 1)], p: p, effect: χ / (n * (k - 1)), interval: noInterval,
        remarks: tieRemarks)
    }
  }

  /// Nemenyi's critical difference of average ranks, q(α; k, ∞)/√2 · √(k(k + 1)/(6N)) (Nemenyi 1963; Demšar 2006, JMLR 7).
  public func criticalDifference(significance: Double = 0.05) -> Statistic {
    guard candidateCount > 1 else { return .notAvailable(reason: "one candidate has nothing to differ from") }
    return StudentizedRange(groups: candidateCount).upperQuantile(significance).map { $0 / 2.0.squareRoot() * rankError }
  }

  /// Nemenyi's p-value of two candidates: the tail of the studentized range at √2·|R̄ᵢ − R̄ⱼ| / √(k(k + 1)/(6N)).
  /// - Parameter criticalDifference: at 5 %, where many pairs share it; else it is computed here.
  public func nemenyi(_ first: Int, _ second: Int, criticalDifference known: Statistic? = nil) -> TestResult {
    let plan = TestResult.Plan(
      test: "Nemenyi test", statisticName: "q", effectName: "difference of average ranks", counts: [taskCount])
    return TestResult(plan) { () throws(Unavailable) in
      try check()
      guard averageRanks.indices.contains(first), averageRanks.indices.contains(second) else {
        throw Unavailable("there are \(candidateCount) candidates, no number \(max(first, second))")
      }
      let difference = averageRanks[first] - averageRanks[second]
      let q = 2.0.squareRoot() * abs(difference) / rankError
      let half = try (known ?? criticalDifference()).get()
      return TestResult.Outcome(
        statistic: q, p: try StudentizedRange(groups: candidateCount).upperTail(q).get(), effect: difference,
        interval: .value(Interval(center: difference, half: half, level: 0.95, method: "Nemenyi's simultaneous interval")))
    }
  }

  private var rankError: Double {
    (Double(candidateCount) * Double(candidateCount + 1) / (6 * Double(taskCount))).squareRoot()
  }

  private var tieRemarks: [String] { tieTerm > 0 ? ["corrected for ties"] : [] }

  private var noInterval: Available<Interval> { .notAvailable(reason: "no interval is computed for Kendall's W") }

  private func plan(_ test: String, _ statisticName: String) -> TestResult.Plan {
    TestResult.Plan(test: test, statisticName: statisticName, effectName: "Kendall's W", counts: [taskCount])
  }

  private func check() throws(Unavailable) {
    guard candidateCount > 1 else { throw Unavailable("one candidate has nothing to differ from") }
    guard taskCount > 1 else { throw Unavailable("one task has no ranks to compare with another's") }
  }

  private func chiSquared() throws(Unavailable) -> Double {
    try check()
    guard candidateCount > 2 else { throw Unavailable("two candidates are compared by the Wilcoxon test; Friedman's needs three") }
    let (k, n) = (Double(candidateCount), Double(taskCount))
    let ties = 1 - tieTerm / (n * k * (k * k - 1))
    guard ties > 0 else { throw Unavailable("every task gives all candidates the same value") }
    let spread = averageRanks.reduce(0) { $0 + ($1 - (k + 1) / 2) * ($1 - (k + 1) / 2) }
    return 12 * n / (k * (k + 1)) * spread / ties
  }
}
