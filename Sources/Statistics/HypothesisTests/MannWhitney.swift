internal import Foundation
internal import Foundations

/// The Mann–Whitney U test of two independent groups (Mann and Whitney 1947), Wilcoxon's rank-sum test.
///
/// U counts the pairs in which the first group's value is the larger, a tie counting one half. Conventions:
/// - Equal values share the mean of their ranks.
/// - Up to 50 values in all p is exact: over all choices of which ranks are the first group's, given the ties. Above,
///   normal with the variance corrected for ties, n₁n₂/12·((N + 1) − Σ(t³ − t)/(N(N − 1))), and a continuity correction of ½.
/// - Two-sided p is twice the smaller tail, at most 1.
///
/// The effect is Cliff's delta, 2U/(n₁n₂) − 1, with its interval (see `cliffsDelta`).
public func mannWhitneyTest(
  _ first: [Double], _ second: [Double], alternative: Alternative = .twoSided, method: RankTestMethod = .automatic,
  level: Double = 0.95
) -> TestResult {
  let plan = TestResult.Plan(
    test: "Mann–Whitney U test", alternative: alternative, statisticName: "U", effectName: "Cliff's delta",
    counts: [first.count, second.count])
  return TestResult(plan) { () throws(Unavailable) in
    try checkGroups(first, second)
    let ranks = DoubledMidranks(first + second)
    let (m, n) = (Double(first.count), Double(second.count))
    let total = m + n
    let doubledSum = ranks.doubled.prefix(first.count).reduce(0, +)
    let u = Double(doubledSum) / 2 - m * (m + 1) / 2
    guard ranks.tieSizes != [first.count + second.count] else { throw Unavailable("all values are equal") }

    var remarks: [String] = []
    let p: Double
    if try decide(method, count: first.count + second.count) {
      let tails = RankSumDistribution(choosing: first.count, of: ranks.doubled).tails(at: doubledSum)
      p = alternative.p(lower: tails.lower, upper: tails.upper)
      remarks.append("exact")
    } else {
      let variance = m * n / 12 * (total + 1 - ranks.tieTerm / (total * (total - 1)))
      p = normalP(statistic: u, mean: m * n / 2, variance: variance, alternative: alternative)
      remarks.append("normal approximation with tie and continuity correction")
    }
    if !ranks.tieSizes.isEmpty { remarks.append("ties share the mean of their ranks") }
    let delta = cliffsDelta(first, second, level: level)
    return TestResult.Outcome(statistic: u, p: p, effect: 2 * u / (m * n) - 1, interval: delta.interval, remarks: remarks)
  }
}

/// Both groups hold values, all of them finite.
func checkGroups(_ first: [Double], _ second: [Double]) throws(Unavailable) {
  for (name, group) in [("first", first), ("second", second)] {
    guard !group.isEmpty else { throw Unavailable("the \(name) group has no value") }
    if let index = group.firstIndex(where: { !$0.isFinite }) {
      throw Unavailable("value \(index + 1) of the \(name) group is \(group[index])")
    }
  }
}
