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
  /// Hedges' g, Cohen's d of the differences, Cliff's delta or the rank-biserial correlation, by the test. Not available over seeds and
  /// patients, where there is no one standard deviation to divide by.
  public let effectSize: IntervalEstimate
  /// Corrected for its family.
  public internal(set) var adjustedP: Statistic
  /// Corrected p below α; nil where there is none.
  public internal(set) var isToldApart: Bool?
  /// Nil where nothing is left to settle.
  public internal(set) var toSettle: Available<Remedy>?
  /// The parts of the difference's variance; nil where patients are not in it.
  public let parts: TwoLevelDifference?
  /// The probability that the first, which is the best, is in truth no better on other images, as far as a table of means says what that
  /// rests on; nil where it does not.
  public internal(set) var falseClaim: Available<ResultTable.ClaimBounds>?

  /// By which look it was or was not told apart, where seeds were added round by round; nil for a fixed number of seeds.
  public internal(set) var look: SeedRounds.Look?

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
