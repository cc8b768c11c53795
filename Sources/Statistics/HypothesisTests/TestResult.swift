public import Foundations

/// What a test looks for; the difference is the first group minus the second.
public enum Alternative: String, Codable, Hashable, Sendable, CaseIterable {
  case twoSided, less, greater

  /// The p-value of this alternative from the two tails of a continuous null distribution.
  func p(lower: Double, upper: Double) -> Double {
    switch self {
    case .twoSided: return min(1, 2 * min(lower, upper))
    case .less: return lower
    case .greater: return upper
    }
  }
}

/// The outcome of one test, complete enough to be printed with nothing else known.
///
/// A test that cannot be carried out is a result too: its statistic, p-value and effect are not available, each with the
/// reason, and it still says which test was meant and how many values there were.
public struct TestResult: Codable, Hashable, Sendable {
  /// Such as “Welch's t-test”.
  public let test: String
  public let alternative: Alternative
  /// Such as “t”, “W”, “U”, “z”, “χ²”, “F”.
  public let statisticName: String
  public let statistic: Statistic
  /// One for t and χ², numerator and denominator for F, none for exact and normal tests.
  public let degreesOfFreedom: [Double]
  /// Never 0: a tail below the least normal float64, 2.2e-308, is given as that, and is then an upper bound.
  public let p: Statistic
  /// The effect that the test is about, with its two-sided interval, whichever alternative is tested.
  public let effect: IntervalEstimate
  /// The values in each group; for paired tests, the number of pairs.
  public let counts: [Int]
  /// What a reader must know beyond the name: exact or approximate, ties, values left out.
  public let remarks: [String]

  /// Whether p is only known to be at most the value given.
  public var isBound: Bool { p.known == Self.leastP }

  static let leastP = Double.leastNormalMagnitude

  /// Significant at a level; nil when there is no p-value.
  public func isSignificant(at level: Double = 0.05) -> Bool? { p.known.map { $0 < level } }
}

extension TestResult {
  /// The part of a result that is known before anything is computed.
  struct Plan {
    var test: String
    var alternative: Alternative = .twoSided
    var statisticName: String
    var effectName: String
    var counts: [Int]
  }

  /// The part that the computation gives.
  struct Outcome {
    var statistic: Double
    var degreesOfFreedom: [Double] = []
    var p: Double
    var effect: Double
    var interval: Available<Interval>
    var remarks: [String] = []
  }

  init(_ plan: Plan, _ work: () throws(Unavailable) -> Outcome) {
    test = plan.test
    alternative = plan.alternative
    statisticName = plan.statisticName
    counts = plan.counts
    do throws(Unavailable) {
      let outcome = try work()
      guard outcome.p.isFinite, outcome.statistic.isFinite else {
        throw Unavailable("the numbers are too large or too small for float64")
      }
      statistic = .value(outcome.statistic)
      degreesOfFreedom = outcome.degreesOfFreedom
      p = .value(min(1, max(outcome.p, Self.leastP)))
      effect = IntervalEstimate(name: plan.effectName, value: .value(outcome.effect), interval: outcome.interval)
      remarks = outcome.remarks
    } catch {
      statistic = .notAvailable(reason: error.reason)
      degreesOfFreedom = []
      p = .notAvailable(reason: error.reason)
      effect = .notAvailable(plan.effectName, error.reason)
      remarks = []
    }
  }
}
