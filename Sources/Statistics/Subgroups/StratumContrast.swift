public import Foundations

/// A value of one run in some rows of the test set, with how each patient moves it; patients without such a row move it by 0.
public struct StratumValue: Hashable, Sendable {
  public let value: Double
  public let deviations: PatientDeviations

  public init(value: Double, deviations: PatientDeviations) {
    (self.value, self.deviations) = (value, deviations)
  }
}

extension SeedsAndPatients {
  /// A value in one stratum over seeds and patients.
  ///
  /// - Parameter seeds: the value of each seed.
  public static func of(_ seeds: [StratumValue]) -> Available<SeedsAndPatients> {
    make(values: seeds.map(\.value), deviations: seeds.map(\.deviations))
  }

  /// The contrast of two strata that each seed has for itself, θ|g₁ − θ|g₂, over seeds and patients.
  ///
  /// The interaction of initialization and stratum, (θ̄_A − θ̄_B)|g₁ − (θ̄_A − θ̄_B)|g₂, is the difference of the contrasts of A and
  /// of B: `TwoLevelDifference.make`. So what a stratum has of its own (its prevalence, how hard its images are) is in both and
  /// falls out, and so does what a patient does to A and B alike.
  ///
  /// - Parameters:
  ///   - first: θ|g₁ of each seed.
  ///   - second: θ|g₂ of the same seeds.
  public static func contrast(_ first: [StratumValue], _ second: [StratumValue]) -> Available<SeedsAndPatients> {
    Available { () throws(Unavailable) in
      guard first.count == second.count else { throw Unavailable("the strata do not have the same seeds") }
      var deviations: [PatientDeviations] = []
      for (one, other) in zip(first, second) { deviations.append(try one.deviations.subtracting(other.deviations).get()) }
      return try make(values: zip(first, second).map { $0.value - $1.value }, deviations: deviations).get()
    }
  }

  /// The mean over seeds of a fraction with its interval for other seeds and other patients, on the logit scale, which stays in 0…1.
  public func fractionInterval(level: Double = 0.95) -> Available<Interval> {
    let spread = TwoLevelDifference(self)
    return mean.fractionInterval(
      standardError: spread.standardError, degreesOfFreedom: spread.degreesOfFreedom, level: level,
      method: "seeds × patients (Obuchowski–Rockette–Hillis)")
  }
}

extension StratumValue {
  /// The interval of a fraction for other patients and this very run.
  public func fractionInterval(level: Double = 0.95) -> Available<Interval> {
    value.fractionInterval(
      standardError: deviations.variance.squareRoot(), degreesOfFreedom: deviations.degreesOfFreedom, level: level, method: "patients of one run")
  }
}

extension Double {
  /// logit θ̂ ± t·se/(θ̂(1 − θ̂)), mapped back.
  fileprivate func fractionInterval(
    standardError: Double, degreesOfFreedom: Double, level: Double, method: String
  ) -> Available<Interval> {
    Available<Interval> { () throws(Unavailable) in
      guard self > 0, self < 1 else { throw Unavailable("the value is at the end of its range") }
      try checkSpread(standardError, magnitude: self, "neither seeds nor patients make any difference")
      let half = try StudentT.halfWidth(level: level, degreesOfFreedom: degreesOfFreedom) * standardError
      return .onLogitScale(self, half: half, level: level, method: method)
    }
  }
}
