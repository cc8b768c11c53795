internal import Foundation
internal import Foundations

/// Student's t-test of two independent groups with a common variance (Student 1908):
///
///     t = (x̄₁ − x̄₂) / (s_p √(1/n₁ + 1/n₂)),  s_p² = ((n₁ − 1)s₁² + (n₂ − 1)s₂²) / (n₁ + n₂ − 2),  ν = n₁ + n₂ − 2
///
/// The effect is the mean difference with its t interval. Not available when a group has fewer than two values, or when the
/// two groups have no spread (or none beyond the rounding of float64).
///
/// - Parameters:
///   - null: the difference under the null hypothesis. With `.greater` and a negative margin this is a non-inferiority test.
///   - level: of the interval, which is two-sided whatever the alternative.
public func studentTest(
  _ first: Summary, _ second: Summary, alternative: Alternative = .twoSided, null: Double = 0, level: Double = 0.95
) -> TestResult {
  TestResult(independentPlan("Student's t-test", first, second, alternative)) { () throws(Unavailable) in
    let (a, b) = (try first.moments(called: "the first group"), try second.moments(called: "the second group"))
    let ν = a.n + b.n - 2
    let pooled = ((a.n - 1) * a.variance + (b.n - 1) * b.variance) / ν
    return try tOutcome(
      difference: a.mean - b.mean, error: (pooled * (1 / a.n + 1 / b.n)).squareRoot(), degreesOfFreedom: ν,
      magnitude: max(abs(a.mean), abs(b.mean)), noSpread: "neither group has any spread", alternative: alternative,
      null: null, level: level)
  }
}

/// Welch's t-test of two independent groups, each with its own variance (Welch 1947, Biometrika 34):
///
///     t = (x̄₁ − x̄₂) / √(s₁²/n₁ + s₂²/n₂),  ν = (s₁²/n₁ + s₂²/n₂)² / (s₁⁴/(n₁²(n₁ − 1)) + s₂⁴/(n₂²(n₂ − 1)))
///
/// The effect is the mean difference with its t interval. A group without spread is allowed when the other has some.
public func welchTest(
  _ first: Summary, _ second: Summary, alternative: Alternative = .twoSided, null: Double = 0, level: Double = 0.95
) -> TestResult {
  TestResult(independentPlan("Welch's t-test", first, second, alternative)) { () throws(Unavailable) in
    let (a, b) = (try first.moments(called: "the first group"), try second.moments(called: "the second group"))
    let error = a.ofMean + b.ofMean
    return try tOutcome(
      difference: a.mean - b.mean, error: error.squareRoot(), degreesOfFreedom: welchDegrees(a, b),
      magnitude: max(abs(a.mean), abs(b.mean)), noSpread: "neither group has any spread", alternative: alternative,
      null: null, level: level)
  }
}

/// The paired t-test: whether the mean of the differences is 0; t = d̄ / (s_d/√n), ν = n − 1.
///
/// - Parameters: the values of both groups, the same run, patient or task at the same place.
public func pairedTTest(
  _ first: [Double], _ second: [Double], alternative: Alternative = .twoSided, null: Double = 0, level: Double = 0.95
) -> TestResult {
  let plan = TestResult.Plan(
    test: "paired t-test", alternative: alternative, statisticName: "t", effectName: "mean difference",
    counts: [min(first.count, second.count)])
  return TestResult(plan) { () throws(Unavailable) in
    let differences = try pairDifferences(first, second)
    let d = try Summary(differences).moments(called: "the set of differences")
    let magnitude = zip(first, second).reduce(0) { max($0, abs($1.0), abs($1.1)) }
    return try tOutcome(
      difference: d.mean, error: d.ofMean.squareRoot(), degreesOfFreedom: d.n - 1, magnitude: magnitude,
      noSpread: "all differences are equal", alternative: alternative, null: null, level: level)
  }
}

/// The paired t-test from the published summary of the differences.
public func pairedTTest(
  ofDifferences differences: Summary, alternative: Alternative = .twoSided, null: Double = 0, level: Double = 0.95
) -> TestResult {
  let plan = TestResult.Plan(
    test: "paired t-test", alternative: alternative, statisticName: "t", effectName: "mean difference", counts: [differences.count])
  return TestResult(plan) { () throws(Unavailable) in
    let d = try differences.moments(called: "the set of differences")
    return try tOutcome(
      difference: d.mean, error: d.ofMean.squareRoot(), degreesOfFreedom: d.n - 1, magnitude: abs(d.mean),
      noSpread: "all differences are equal", alternative: alternative, null: null, level: level)
  }
}

// MARK: - Shared

private func independentPlan(_ name: String, _ first: Summary, _ second: Summary, _ alternative: Alternative) -> TestResult.Plan {
  TestResult.Plan(
    test: name, alternative: alternative, statisticName: "t", effectName: "mean difference", counts: [first.count, second.count])
}

/// The Welch–Satterthwaite degrees of freedom, from variances relative to their sum, so that tiny ones do not underflow.
func welchDegrees(_ a: Summary.Moments, _ b: Summary.Moments) -> Double {
  let total = a.ofMean + b.ofMean
  let (shareOfA, shareOfB) = (a.ofMean / total, b.ofMean / total)
  return 1 / (shareOfA * shareOfA / (a.n - 1) + shareOfB * shareOfB / (b.n - 1))
}

/// first − second, pair by pair; both must be as long as each other and finite.
func pairDifferences(_ first: [Double], _ second: [Double]) throws(Unavailable) -> [Double] {
  guard first.count == second.count else {
    throw Unavailable("the groups have \(first.count) and \(second.count) values, so they are not pairs")
  }
  let differences = zip(first, second).map { $0 - $1 }
  if let index = differences.firstIndex(where: { !$0.isFinite }) {
    throw Unavailable("pair \(index + 1) of \(differences.count) is \(first[index]) and \(second[index])")
  }
  return differences
}

/// A spread below this share of the values themselves is what rounding leaves of equal numbers.
func checkSpread(_ error: Double, magnitude: Double, _ reason: String) throws(Unavailable) {
  guard error > 4 * Double.ulpOfOne * magnitude else { throw Unavailable(error == 0 ? reason : "\(reason) beyond rounding") }
}

private func tOutcome(
  difference: Double, error: Double, degreesOfFreedom: Double, magnitude: Double, noSpread: String, alternative: Alternative,
  null: Double, level: Double
) throws(Unavailable) -> TestResult.Outcome {
  try checkSpread(error, magnitude: magnitude, noSpread)
  let t = (difference - null) / error
  let distribution = StudentT(degreesOfFreedom: degreesOfFreedom)
  let p = alternative.p(lower: try distribution.lowerTail(t).get(), upper: try distribution.upperTail(t).get())
  let half = try StudentT.halfWidth(level: level, degreesOfFreedom: degreesOfFreedom) * error
  let interval = Interval(center: difference, half: half, level: level, method: "t interval of the mean difference")
  return TestResult.Outcome(
    statistic: t, degreesOfFreedom: [degreesOfFreedom], p: p, effect: difference, interval: .value(interval))
}
