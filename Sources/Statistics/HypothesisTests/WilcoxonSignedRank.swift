internal import Foundation
internal import Foundations

/// Wilcoxon's signed-rank test of paired values (Wilcoxon 1945, Biometrics Bulletin 1).
///
/// The statistic W is the sum of the ranks of the positive differences. Conventions:
/// - Pairs without a difference are left out first (Wilcoxon's own rule), and counted in the remarks.
/// - Equal absolute differences share the mean of their ranks. Differences are compared as float64 has them: values given
///   with two decimals should be subtracted as whole hundredths if their ties matter.
/// - Up to 50 differences p is exact, over all 2ⁿ ways to give the ranks signs, ties included. Above, normal with the
///   variance corrected for ties, (n(n + 1)(2n + 1) − Σ(t³ − t)/2)/24, and a continuity correction of ½ towards the mean.
/// - Two-sided p is twice the smaller tail, at most 1.
///
/// The effect is the matched-pairs rank-biserial correlation (W₊ − W₋)/(W₊ + W₋) (Kerby 2014), in −1...1.
public func wilcoxonSignedRankTest(
  _ first: [Double], _ second: [Double], alternative: Alternative = .twoSided, method: RankTestMethod = .automatic
) -> TestResult {
  let plan = TestResult.Plan(
    test: "Wilcoxon signed-rank test", alternative: alternative, statisticName: "W",
    effectName: "matched-pairs rank-biserial correlation", counts: [min(first.count, second.count)])
  return TestResult(plan) { () throws(Unavailable) in
    let all = try pairDifferences(first, second)
    guard !all.isEmpty else { throw Unavailable("there is no pair") }
    let differences = all.filter { $0 != 0 }
    guard !differences.isEmpty else { throw Unavailable("no pair differs") }
    let ranks = DoubledMidranks(differences.map(abs))
    let doubledSum = zip(differences, ranks.doubled).reduce(0) { $1.0 > 0 ? $0 + $1.1 : $0 }
    let n = Double(differences.count)
    let w = Double(doubledSum) / 2
    let most = n * (n + 1) / 2

    var remarks: [String] = []
    let isExact = try decide(method, count: differences.count)
    let p: Double
    if isExact {
      let tails = RankSumDistribution(signed: ranks.doubled).tails(at: doubledSum)
      p = alternative.p(lower: tails.lower, upper: tails.upper)
      remarks.append("exact")
    } else {
      let variance = (n * (n + 1) * (2 * n + 1) - ranks.tieTerm / 2) / 24
      p = normalP(statistic: w, mean: most / 2, variance: variance, alternative: alternative)
      remarks.append("normal approximation with tie and continuity correction")
    }
    if all.count > differences.count { remarks.append(leftOut(all.count - differences.count)) }
    if !ranks.tieSizes.isEmpty { remarks.append("ties share the mean of their ranks") }
    let interval = Available<Interval>.notAvailable(reason: "no interval is computed for the rank-biserial correlation")
    return TestResult.Outcome(statistic: w, p: p, effect: 2 * w / most - 1, interval: interval, remarks: remarks)
  }
}

private func leftOut(_ count: Int) -> String {
  count == 1 ? "1 pair without a difference is left out" : "\(count) pairs without a difference are left out"
}

/// Whether the exact distribution is taken; asking for it beyond its limit is refused.
func decide(_ method: RankTestMethod, count: Int) throws(Unavailable) -> Bool {
  switch method {
  case .automatic: return count <= exactRankLimit
  case .normalApproximation: return false
  case .exact:
    guard count <= exactRankLimit else { throw Unavailable("the exact test goes up to \(exactRankLimit) values, not \(count)") }
    return true
  }
}

/// p of a rank statistic by the normal approximation, moved by ½ towards the mean.
func normalP(statistic: Double, mean: Double, variance: Double, alternative: Alternative) -> Double {
  let deviation = variance.squareRoot()
  // Each tail holds the observed value itself, so each is moved its own way.
  let lower = Normal.upper(-(statistic - mean + 0.5) / deviation)
  let upper = Normal.upper((statistic - mean - 0.5) / deviation)
  return alternative.p(lower: lower, upper: upper)
}
