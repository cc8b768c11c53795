public import Foundations

/// Uncertainty on two levels: one initialization, trained with r seeds, each evaluated on the same patients.
///
/// The standard deviation over seeds says nothing about other patients; a bootstrap of patients says nothing about other
/// seeds. This takes both, by the multi-reader multi-case analysis of Obuchowski and Rockette (1995) with seeds for readers,
/// for one modality:
///
///     var(θ̄) = MS_seed/r + max(0, Cov)
///
/// where MS_seed is the variance of the r values over seeds (ddof 1) and Cov the mean covariance, over patients, of two seeds'
/// values, with Satterthwaite's degrees of freedom of the two terms (`TwoLevelDifference`). For a metric that is a mean over patients
/// this is the crossed random-effects analysis of variance.
public struct TwoLevel: Codable, Hashable, Sendable {
  /// The mean over seeds, with an interval that speaks of new seeds and new patients.
  public let estimate: IntervalEstimate
  public let standardError: Statistic
  public let degreesOfFreedom: Statistic
  /// What another seed would change: MS_seed − Var + Cov, at least 0, with the mean variance Var over patients.
  public let seedVariance: Statistic
  /// What other patients of the same number would change for all seeds alike: Cov, at least 0.
  public let patientVariance: Statistic
  /// What other patients would change for each seed in its own way: Var − Cov, at least 0.
  public let interactionVariance: Statistic
  public let seedCount: Int

  /// - Parameters:
  ///   - seeds: not available where the values cannot be taken together, and then nothing here is, with the same reason.
  ///   - range: of the metric. The interval of a fraction is made on the logit scale.
  /// - Returns: not available where neither level has any variance.
  public init(
    _ name: String, _ seeds: Available<SeedsAndPatients>, range: ClosedRange<Double> = -.infinity ... .infinity,
    level: Double = 0.95
  ) {
    seedCount = seeds.known?.seedCount ?? 0
    let difference = seeds.flatMap { seeds in
      Available { () throws(Unavailable) in
        let whole = TwoLevelDifference(seeds)
        try whole.checkSpread()
        return whole
      }
    }
    standardError = difference.map(\.standardError)
    degreesOfFreedom = difference.map(\.degreesOfFreedom)
    func component(_ value: (SeedsAndPatients) -> Double) -> Statistic { difference.flatMap { _ in seeds.map { max(0, value($0)) } } }
    seedVariance = component { $0.meanSquare - $0.variance + $0.covariance }
    patientVariance = component(\.covariance)
    interactionVariance = component(\.interaction)
    estimate = IntervalEstimate(
      name: name, value: difference.map(\.value),
      interval: difference.flatMap { whole in
        Available { () throws(Unavailable) in
          let half = try StudentT.halfWidth(level: level, degreesOfFreedom: whole.degreesOfFreedom) * whole.standardError
          return .inside(range, center: whole.value, half: half, level: level, method: TwoLevelDifference.method)
        }
      })
  }
}
