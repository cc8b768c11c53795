public import Foundations

/// One initialization on one test set: the values of its r seeds, and how patients move them. What the comparison with another
/// initialization for other seeds and other patients is made of, by the multi-reader multi-case analysis of Obuchowski and Rockette
/// (1995) with seeds for readers.
///
/// Two of them need no matrix of all pairs of runs: with ā the mean of the seeds' deviations, the mean covariance of a seed of one and
/// a seed of the other is ā₁·ā₂, and that of two seeds of one follows from |ā|² and the mean of |a|².
public struct SeedsAndPatients: Hashable, Sendable {
  public let seedCount: Int
  public let mean: Double
  /// Of the values over seeds, n − 1 in the denominator: MS.
  public let meanSquare: Double
  /// The mean variance over patients of one seed's value: Var.
  public let variance: Double
  /// The mean covariance over patients of two seeds' values: Cov.
  public let covariance: Double
  /// ā, of the mean over the seeds.
  public let deviations: PatientDeviations

  /// What other patients would change for each seed in its own way: Var − Cov, at least 0.
  var interaction: Double { max(0, variance - covariance) }

  /// - Parameters:
  ///   - values: one a seed.
  ///   - deviations: of each value, of the same patients made in the same way.
  /// - Returns: not available for fewer than two seeds.
  public static func make(values: [Double], deviations: [PatientDeviations]) -> Available<SeedsAndPatients> {
    Available { () throws(Unavailable) in
      guard values.count == deviations.count else {
        throw Unavailable("there are \(values.count) values and deviations of \(deviations.count)")
      }
      guard values.count > 1 else { throw Unavailable("one seed says nothing about other seeds") }
      guard deviations.allSatisfy({ $0.values.allSatisfy(\.isFinite) }) else {
        throw Unavailable("a patient moves a value by what is not finite")
      }
      let moments = try Summary(values).moments(), r = moments.n
      let mean = try PatientDeviations.mean(of: deviations).get()
      let variance = deviations.reduce(0) { $0 + $1.variance } / r
      return SeedsAndPatients(
        seedCount: values.count, mean: moments.mean, meanSquare: moments.variance, variance: variance,
        covariance: (r * mean.variance - variance) / (r - 1), deviations: mean)
    }
  }
}

/// How far two initializations are apart, and the two sources of what that is uncertain by: seeds are nested in the initialization,
/// patients are shared,
///
///     var(θ̄₁ − θ̄₂) = MS₁/r₁ + MS₂/r₂ + max(0, Cov₁ + Cov₂ − 2Cov₁₂)
///
/// (the reader-nested design of Hillis 2014, Statistics in Medicine 33, with a variance for each group). The degrees of freedom are
/// Satterthwaite's of the three terms, with r₁ − 1, r₂ − 1 and those of the patients: a test set of twenty patients does not know its
/// own variance either.
public struct TwoLevelDifference: Codable, Hashable, Sendable {
  /// θ̄₁ − θ̄₂.
  public let value: Double
  /// MS/r of each.
  public let seedParts: [Double]
  /// How much of each is seeds' own way with each patient, which more patients make less: the smaller of MS and Var − Cov, by r.
  public let interactionParts: [Double]
  public let seedCounts: [Int]
  /// What other patients of the same number would change.
  public let patientPart: Double
  /// Of the patients' part; divided by the patients' number it shrinks as they grow.
  public let patientDegreesOfFreedom: Double
  /// How the difference and its patients' part move together over patients (`PatientDeviations.covarianceWithVariance`), which changes how
  /// often a test finds it; nil where it is not known.
  public let patientSkew: Double?
  /// The larger of the two means in size, beside which a spread is none.
  private let magnitude: Double

  /// - Returns: not available where the two are not of the same patients.
  public static func make(_ first: SeedsAndPatients, _ second: SeedsAndPatients) -> Available<TwoLevelDifference> {
    first.deviations.subtracting(second.deviations).map { deviations in
      let between = first.deviations.covariance(with: second.deviations)
      return TwoLevelDifference(
        value: first.mean - second.mean,
        seedParts: [first, second].map { $0.meanSquare / Double($0.seedCount) },
        interactionParts: [first, second].map { min($0.meanSquare, $0.interaction) / Double($0.seedCount) },
        seedCounts: [first.seedCount, second.seedCount],
        patientPart: max(0, first.covariance + second.covariance - 2 * between),
        patientDegreesOfFreedom: deviations.degreesOfFreedom,
        patientSkew: deviations.covarianceWithVariance, magnitude: max(abs(first.mean), abs(second.mean)))
    }
  }

  /// One value over seeds and patients, such as a contrast that each seed has for itself, as a difference from 0.
  public init(_ only: SeedsAndPatients) {
    value = only.mean
    seedParts = [only.meanSquare / Double(only.seedCount)]
    interactionParts = [min(only.meanSquare, only.interaction) / Double(only.seedCount)]
    seedCounts = [only.seedCount]
    patientPart = max(0, only.covariance)
    patientDegreesOfFreedom = only.deviations.degreesOfFreedom
    patientSkew = only.deviations.covarianceWithVariance
    magnitude = abs(only.mean)
  }

  init(
    value: Double, seedParts: [Double], interactionParts: [Double], seedCounts: [Int], patientPart: Double,
    patientDegreesOfFreedom: Double, patientSkew: Double? = nil, magnitude: Double
  ) {
    (self.value, self.seedParts, self.interactionParts, self.seedCounts) = (value, seedParts, interactionParts, seedCounts)
    (self.patientPart, self.patientDegreesOfFreedom, self.patientSkew) = (patientPart, patientDegreesOfFreedom, patientSkew)
    self.magnitude = magnitude
  }

  /// The mean of the same difference in several pilots with as many seeds and patients, whose parts are better known together than in any
  /// of them; nil for none, or for pilots of other numbers.
  public static func pooled(_ pilots: [Self]) -> Self? {
    guard let first = pilots.first, pilots.allSatisfy({ $0.seedCounts == first.seedCounts }) else { return nil }
    func mean(_ value: (Self) -> Double) -> Double { pilots.reduce(0) { $0 + value($1) } / Double(pilots.count) }
    let places = first.seedCounts.indices, skews = pilots.compactMap(\.patientSkew)
    return TwoLevelDifference(
      value: mean(\.value), seedParts: places.map { place in mean { $0.seedParts[place] } },
      interactionParts: places.map { place in mean { $0.interactionParts[place] } }, seedCounts: first.seedCounts,
      patientPart: mean(\.patientPart), patientDegreesOfFreedom: mean(\.patientDegreesOfFreedom),
      patientSkew: skews.count == pilots.count ? skews.reduce(0, +) / Double(skews.count) : nil, magnitude: mean(\.magnitude))
  }

  public var seedPart: Double { seedParts.reduce(0, +) }
  public var variance: Double { seedPart + patientPart }
  public var standardError: Double { variance.squareRoot() }

  /// Satterthwaite's; infinite where there is no variance.
  public var degreesOfFreedom: Double {
    let terms = zip(seedParts, seedCounts.map { Double($0 - 1) }) + [(patientPart, patientDegreesOfFreedom)]
    let uncertain = terms.reduce(0) { $0 + ($1.0 > 0 ? $1.0 * $1.0 / max(1, $1.1) : 0) }
    return uncertain > 0 ? variance * variance / uncertain : .infinity
  }

  public static let testName = "t-test over seeds and patients"
  static let method = "seeds × patients (Obuchowski–Rockette–Hillis)"

  /// The same difference had there been other numbers of seeds and patients: the seeds' parts shrink with their numbers, the
  /// patients' and what is between both with the patients'.
  ///
  /// - Parameter patientFactor: the wanted number of patients by the number there is.
  func planned(seedCounts wanted: [Int], patientFactor: Double) -> TwoLevelDifference {
    let places = seedCounts.indices
    let seeds = places.map { Double(seedCounts[$0]) / Double(wanted[$0]) }
    return TwoLevelDifference(
      value: value,
      seedParts: places.map { (seedParts[$0] - interactionParts[$0] + interactionParts[$0] / patientFactor) * seeds[$0] },
      interactionParts: places.map { interactionParts[$0] / patientFactor * seeds[$0] }, seedCounts: wanted,
      patientPart: patientPart / patientFactor, patientDegreesOfFreedom: (patientDegreesOfFreedom + 1) * patientFactor - 1,
      patientSkew: patientSkew.map { $0 / (patientFactor * patientFactor) }, magnitude: magnitude)
  }

  /// cov(Z, V̂/V) of the standardized difference Z and the variance that the test divides by.
  var dependence: Double {
    guard let patientSkew, patientPart > 0 else { return 0 }
    return patientSkew / (variance * standardError)
  }

  func checkSpread() throws(Unavailable) {
    try Statistics.checkSpread(standardError, magnitude: magnitude, "neither seeds nor patients make any difference")
  }

  /// The t-test of whether the difference is another than `null`, with the interval of the difference.
  public func test(null: Double = 0, alternative: Alternative = .twoSided, level: Double = 0.95) -> TestResult {
    let plan = TestResult.Plan(
      test: Self.testName, alternative: alternative, statisticName: "t",
      effectName: "mean difference", counts: seedCounts)
    return TestResult(plan) { () throws(Unavailable) in
      try checkSpread()
      let t = (value - null) / standardError, distribution = StudentT(degreesOfFreedom: degreesOfFreedom)
      let half = try StudentT.halfWidth(level: level, degreesOfFreedom: degreesOfFreedom) * standardError
      return TestResult.Outcome(
        statistic: t, degreesOfFreedom: [degreesOfFreedom],
        p: alternative.p(lower: try distribution.lowerTail(t).get(), upper: try distribution.upperTail(t).get()), effect: value,
        interval: .value(Interval(center: value, half: half, level: level, method: Self.method)))
    }
  }

  /// Two one-sided tests that the difference lies inside ±margin.
  public func equivalence(margin: Double, significance: Double = 0.05) -> Equivalence {
    Equivalence(margin, significance) { test(null: $1, alternative: $0, level: 1 - 2 * significance) }
  }
}
