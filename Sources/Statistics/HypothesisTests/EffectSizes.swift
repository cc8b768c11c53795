internal import CDistributions
internal import Foundation
internal import Foundations

/// Cohen's d of two independent groups, (x̄₁ − x̄₂)/s_p with the pooled standard deviation (Cohen 1988).
///
/// Its interval is exact for normal values with a common variance: the noncentralities δ for which the observed t is at
/// the (1 ± level)/2 quantiles of the noncentral t distribution, divided by √(n₁n₂/(n₁ + n₂)) (Steiger and Fouladi 1997).
public func cohensD(_ first: Summary, _ second: Summary, level: Double = 0.95) -> IntervalEstimate {
  standardized("Cohen's d", first, second, level: level) { _ in 1 }
}

/// Hedges' g: Cohen's d times J(ν) = Γ(ν/2) / (√(ν/2)·Γ((ν − 1)/2)) with ν = n₁ + n₂ − 2, which makes it unbiased
/// (Hedges 1981, Journal of Educational Statistics 6); the exact factor, not its approximation 1 − 3/(4ν − 1).
///
/// Its interval is that of d times the same factor. Not available for ν = 1, where J is 0.
public func hedgesG(_ first: Summary, _ second: Summary, level: Double = 0.95) -> IntervalEstimate {
  standardized("Hedges' g", first, second, level: level, factor: hedgesCorrection)
}

/// Cohen's d of paired values, d_z = d̄/s_d, with its exact noncentral t interval.
public func pairedCohensD(ofDifferences differences: Summary, level: Double = 0.95) -> IntervalEstimate {
  IntervalEstimate("Cohen's d of the differences") { () throws(Unavailable) in
    let d = try differences.moments(called: "the set of differences")
    try checkSpread(d.ofMean.squareRoot(), magnitude: abs(d.mean), "all differences are equal")
    let effect = d.mean / d.variance.squareRoot()
    let interval = noncentralInterval(
      effect: effect, scale: d.n.squareRoot(), degreesOfFreedom: d.n - 1, factor: 1, level: level)
    return (effect, interval)
  }
}

/// J(ν), through the ratio of gamma functions itself, which does not overflow.
func hedgesCorrection(_ degreesOfFreedom: Double) -> Double {
  let half = degreesOfFreedom / 2
  return 1 / (cd_gamma_delta_ratio(half - 0.5, 0.5) * half.squareRoot())
}

/// Cliff's delta, P(X > Y) − P(X < Y) over all pairs of the two groups (Cliff 1993, Psychological Bulletin 114).
///
/// The interval is Cliff's with the consistent variance and the asymmetric bounds that stay in −1...1 (Cliff 1993; Feng and
/// Cliff 2004, Journal of Modern Applied Statistical Methods 3):
///
///     (d − d³ ± z s √((1 − d²)² + z²s²)) / (1 − d² + z²s²)
///
/// It needs two values in each group, and is not available when the groups do not overlap (d = ±1, no variance).
/// In O(n log n).
public func cliffsDelta(_ first: [Double], _ second: [Double], level: Double = 0.95) -> IntervalEstimate {
  IntervalEstimate("Cliff's delta") { () throws(Unavailable) in
    try checkGroups(first, second)
    // For each value of one group: how many of the other are below it minus how many are above, and how many are equal.
    func dominance(_ values: [Double], over others: [Double]) -> (rows: [Double], ties: Double) {
      let sorted = others.sorted()
      var ties = 0.0
      let rows = values.map { value in
        let below = sorted.partitionIndex { $0 >= value }
        let notAbove = sorted.partitionIndex { $0 > value }
        ties += Double(notAbove - below)
        return Double(below) - Double(sorted.count - notAbove)
      }
      return (rows, ties)
    }
    let (m, n) = (Double(first.count), Double(second.count))
    let (rows, ties) = dominance(first, over: second)
    let delta = rows.reduce(0, +) / (m * n)
    let interval = Available<Interval> { () throws(Unavailable) in
      guard m > 1 && n > 1 else { throw Unavailable("an interval of Cliff's delta needs two values in each group") }
      guard abs(delta) < 1 else { throw Unavailable("the groups do not overlap, so Cliff's delta has no variance") }
      let columns = dominance(second, over: first).rows.map { -$0 }
      let ofRows = rows.reduce(0) { $0 + ($1 / n - delta) * ($1 / n - delta) }
      let ofColumns = columns.reduce(0) { $0 + ($1 / m - delta) * ($1 / m - delta) }
      let ofPairs = m * n - ties - m * n * delta * delta
      let unbiased = (n * n * ofRows + m * m * ofColumns - ofPairs) / (m * n * (m - 1) * (n - 1))
      let variance = max(unbiased, (1 - delta * delta) / (m * n - 1))
      let z = try Normal.halfWidth(level: level)
      let rest = 1 - delta * delta
      let root = z * (variance * (rest * rest + z * z * variance)).squareRoot()
      let center = delta * rest
      let scale = rest + z * z * variance
      return Interval(
        lower: max(-1, (center - root) / scale), upper: min(1, (center + root) / scale), level: level,
        method: "Cliff's asymmetric interval")
    }
    return (delta, interval)
  }
}

// MARK: - Shared

extension IntervalEstimate {
  init(_ name: String, _ work: () throws(Unavailable) -> (Double, Available<Interval>)) {
    do throws(Unavailable) {
      let (value, interval) = try work()
      self.init(name: name, value: .finite(value, else: "\(name) is not finite"), interval: interval)
    } catch {
      self = .notAvailable(name, error.reason)
    }
  }
}

private func standardized(
  _ name: String, _ first: Summary, _ second: Summary, level: Double, factor: (Double) -> Double
) -> IntervalEstimate {
  IntervalEstimate(name) { () throws(Unavailable) in
    let (a, b) = (try first.moments(called: "the first group"), try second.moments(called: "the second group"))
    let ν = a.n + b.n - 2
    let correction = factor(ν)
    let pooled = (((a.n - 1) * a.variance + (b.n - 1) * b.variance) / ν).squareRoot()
    try checkSpread(pooled, magnitude: max(abs(a.mean), abs(b.mean)), "neither group has any spread")
    let d = (a.mean - b.mean) / pooled
    let interval = noncentralInterval(
      effect: d, scale: (a.n * b.n / (a.n + b.n)).squareRoot(), degreesOfFreedom: ν, factor: correction, level: level)
    return (correction * d, interval)
  }
}

/// The effects whose noncentral t distributions have the observed t = effect·scale at their outer quantiles.
private func noncentralInterval(
  effect: Double, scale: Double, degreesOfFreedom: Double, factor: Double, level: Double
) -> Available<Interval> {
  Available { () throws(Unavailable) in
    try Normal.checkLevel(level)
    let t = effect * scale
    let tail = (1 - level) / 2
    // P(T > t) grows with the noncentrality: the lower bound has `tail` above t, the upper bound has `tail` below.
    let lower = try bisectedNoncentrality(around: t) { cd_noncentral_t_upper(t, degreesOfFreedom, $0) - tail }
    let upper = try bisectedNoncentrality(around: t) { tail - cd_noncentral_t_lower(t, degreesOfFreedom, $0) }
    return Interval(
      lower: factor * lower / scale, upper: factor * upper / scale, level: level, method: "noncentral t interval")
  }
}

/// The root of a growing function of the noncentrality.
private func bisectedNoncentrality(around t: Double, _ excess: (Double) -> Double) throws(Unavailable) -> Double {
  var reach = 2.0
  var low = t - reach, high = t + reach
  while excess(low) > 0 || excess(high) < 0 {
    reach *= 2
    (low, high) = (t - reach, t + reach)
    guard reach < 1e6 else { throw Unavailable("the noncentral t distribution has no bound within reach of t = \(t)") }
  }
  return try root(of: excess, in: low...high)
}
