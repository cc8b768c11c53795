public import Foundations

/// Two one-sided tests of equivalence (Schuirmann 1987, Journal of Pharmacokinetics and Biopharmaceutics 15): two means are called
/// equivalent when their difference is shown to lie inside ±margin.
///
/// “Not significantly different” is no evidence of equality; this is. The margin must be chosen before the results are seen.
public struct Equivalence: Codable, Hashable, Sendable {
  /// The largest difference that does not matter, in the units of the values.
  public let margin: Double
  public let significance: Double
  /// That the difference is above −margin.
  public let aboveLower: TestResult
  /// That the difference is below +margin.
  public let belowUpper: TestResult
  /// The larger of the two one-sided p-values.
  public let p: Statistic
  /// The difference with its interval at level 1 − 2α: equivalence at α means that this interval lies inside ±margin.
  public let difference: IntervalEstimate

  /// Nil when there is no p-value.
  public var isEquivalent: Bool? { p.known.map { $0 < significance } }

  /// Of two independent groups, by Welch's t-test, or by Student's where a common variance is assumed.
  public static func welch(_ first: Summary, _ second: Summary, margin: Double, significance: Double = 0.05) -> Equivalence {
    Equivalence(margin, significance) { welchTest(first, second, alternative: $0, null: $1, level: 1 - 2 * significance) }
  }

  public static func student(_ first: Summary, _ second: Summary, margin: Double, significance: Double = 0.05) -> Equivalence {
    Equivalence(margin, significance) { studentTest(first, second, alternative: $0, null: $1, level: 1 - 2 * significance) }
  }

  /// Of paired values, by the paired t-test.
  public static func paired(_ first: [Double], _ second: [Double], margin: Double, significance: Double = 0.05) -> Equivalence {
    Equivalence(margin, significance) { pairedTTest(first, second, alternative: $0, null: $1, level: 1 - 2 * significance) }
  }

  init(_ margin: Double, _ significance: Double, test: (Alternative, Double) -> TestResult) {
    self.margin = margin
    self.significance = significance
    aboveLower = test(.greater, -margin)
    belowUpper = test(.less, margin)
    difference = aboveLower.effect
    guard margin > 0, margin.isFinite else {
      p = .notAvailable(reason: "the margin \(margin) is not above 0")
      return
    }
    let upper = belowUpper.p
    p = aboveLower.p.flatMap { first in upper.map { max(first, $0) } }
  }
}
