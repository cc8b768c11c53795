internal import CDistributions
internal import Foundation
public import Foundations

/// Planning a comparison of two independent groups of runs by Student's t-test: with normal values of a common standard
/// deviation σ, t is noncentral with δ = (μ₁ − μ₂)/σ·√(n₁n₂/(n₁ + n₂)) and ν = n₁ + n₂ − 2 (Cohen 1988; exact, no normal
/// approximation).
///
/// A standard deviation that is itself estimated from few runs is uncertain: a plan from two or three runs is a rough one.
public struct PowerPlan: Codable, Hashable, Sendable {
  public var standardDeviation: Double
  public var significance: Double
  /// `.greater` looks for a positive difference.
  public var alternative: Alternative

  public init(standardDeviation: Double, significance: Double = 0.05, alternative: Alternative = .twoSided) {
    self.standardDeviation = standardDeviation
    self.significance = significance
    self.alternative = alternative
  }

  /// With the pooled standard deviation of two groups of pilot runs.
  public static func pooled(
    _ first: Summary, _ second: Summary, significance: Double = 0.05, alternative: Alternative = .twoSided
  ) -> Available<PowerPlan> {
    Available { () throws(Unavailable) in
      let (a, b) = (try first.moments(called: "the first group"), try second.moments(called: "the second group"))
      let pooled = (((a.n - 1) * a.variance + (b.n - 1) * b.variance) / (a.n + b.n - 2)).squareRoot()
      try checkSpread(pooled, magnitude: max(abs(a.mean), abs(b.mean)), "neither group has any spread")
      return PowerPlan(standardDeviation: pooled, significance: significance, alternative: alternative)
    }
  }

  /// The chance that the test finds a true difference of this size.
  public func power(difference: Double, first: Int, second: Int) -> Statistic {
    Statistic { () throws(Unavailable) in try powerOf(difference, first, second) }
  }

  /// The least number of runs in each group that finds a true difference of this size with the wanted power.
  ///
  /// - Returns: not available for no difference, for one on the side that the alternative does not look at, or where more than
  ///   `limit` runs are needed.
  public func runsPerGroup(difference: Double, power wanted: Double = 0.8, limit: Int = 100_000) -> Available<Int> {
    Available<Int> { () throws(Unavailable) in
      guard wanted > 0 && wanted < 1 else { throw Unavailable("the power \(wanted) is not between 0 and 1") }
      guard difference != 0 else { throw Unavailable("no number of runs shows a difference of 0") }
      guard alternative != .greater || difference > 0, alternative != .less || difference < 0 else {
        throw Unavailable("the difference \(difference) is not on the side that is tested")
      }
      guard let runs = try leastCount(from: 2, limit: limit, { (n) throws(Unavailable) in try powerOf(difference, n, n) >= wanted }) else {
        throw Unavailable("more than \(limit) runs in each group are needed")
      }
      return runs
    }
  }

  /// The smallest true difference that so many runs in each group find with the wanted power; positive.
  public func detectableDifference(runsPerGroup: Int, power wanted: Double = 0.8) -> Statistic {
    Statistic { () throws(Unavailable) in
      guard wanted > significance && wanted < 1 else {
        throw Unavailable("the power \(wanted) is not between the significance level \(significance) and 1")
      }
      let sign = alternative == .less ? -1.0 : 1.0
      var reach = standardDeviation
      _ = try powerOf(reach, runsPerGroup, runsPerGroup)
      func excess(_ difference: Double) -> Double {
        (try? powerOf(sign * difference, runsPerGroup, runsPerGroup)).map { $0 - wanted } ?? .nan
      }
      while excess(reach) < 0 { reach *= 2 }
      return try root(of: excess, in: 0...reach)
    }
  }

  private func powerOf(_ difference: Double, _ first: Int, _ second: Int) throws(Unavailable) -> Double {
    guard first > 0 && second > 0 && first + second > 2 else {
      throw Unavailable("a t-test needs two groups and three values; there are \(first) and \(second)")
    }
    guard standardDeviation > 0, standardDeviation.isFinite, difference.isFinite else {
      throw Unavailable("a standard deviation of \(standardDeviation) and a difference of \(difference) plan nothing")
    }
    let (m, n) = (Double(first), Double(second))
    return try powerOfT(
      noncentrality: difference / standardDeviation * (m * n / (m + n)).squareRoot(), degreesOfFreedom: m + n - 2,
      significance: significance, alternative)
  }
}

/// The chance that a t-test finds what makes its t noncentral by δ.
func powerOfT(
  noncentrality δ: Double, degreesOfFreedom ν: Double, significance: Double, _ alternative: Alternative
) throws(Unavailable) -> Double {
  try Normal.checkLevel(significance)
  let tail = alternative == .twoSided ? significance / 2 : significance
  let critical = try StudentT(degreesOfFreedom: ν).upperQuantile(tail).get()
  let distribution = NoncentralT(degreesOfFreedom: ν, noncentrality: δ)
  switch alternative {
  case .greater: return try distribution.upperTail(critical).get()
  case .less: return try distribution.lowerTail(-critical).get()
  case .twoSided: return try distribution.upperTail(critical).get() + distribution.lowerTail(-critical).get()
  }
}

/// The least count from `start` to `limit` that is enough, where every larger one is too; nil where none is.
func leastCount(
  from start: Int, limit: Int, _ isEnough: (Int) throws(Unavailable) -> Bool
) throws(Unavailable) -> Int? {
  guard start <= limit else { return nil }
  var low = start - 1, high = start
  while !(try isEnough(high)) {
    guard high < limit else { return nil }
    low = high
    high = min(limit, 2 * high)
  }
  while high - low > 1 {
    let middle = low + (high - low) / 2
    if try isEnough(middle) { high = middle } else { low = middle }
  }
  return high
}
