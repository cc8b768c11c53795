internal import Foundation
public import Foundations

/// Planning from a comparison over seeds and patients: what more seeds and what more test patients would find.
///
/// Of the variance of the difference the seeds' parts shrink with the number of seeds, the patients' part with that of patients, and what
/// is between both with both. With r′ seeds each and m′ patients t is noncentral with δ = d/√var(r′, m′) and Satterthwaite's degrees of
/// freedom at these numbers, and its denominator moves with its numerator where patients are skewed (`powerOfT(dependence:)`). The variances
/// are those of the pilot, at the means that it has: an AUROC varies less near 1, so a plan for another difference than the pilot's is rougher,
/// and from few seeds or patients every plan is a rough one.
public struct TwoLevelPlan: Hashable, Sendable {
  public let pilot: TwoLevelDifference
  /// Of the pilot's test set.
  public let patientCount: Int
  public let significance: Double
  public let alternative: Alternative

  public init(
    _ pilot: TwoLevelDifference, patientCount: Int, significance: Double = 0.05, alternative: Alternative = .twoSided
  ) {
    (self.pilot, self.patientCount, self.significance, self.alternative) = (pilot, patientCount, significance, alternative)
  }

  /// The chance that the test finds a true difference of this size.
  ///
  /// - Parameter seedCounts: of each; nil as in the pilot.
  public func power(difference: Double, seedCounts: [Int]? = nil, patients: Int? = nil) -> Statistic {
    Statistic { () throws(Unavailable) in try powerOf(difference, seedCounts ?? pilot.seedCounts, patients ?? patientCount) }
  }

  /// The least number of seeds each that finds the difference on a test set of the same size.
  public func seedsPerGroup(difference: Double, power wanted: Double = 0.8, limit: Int) -> Available<Int> {
    Available { () throws(Unavailable) in
      try check(difference, wanted)
      let found = try leastCount(from: 2, limit: limit) { (count) throws(Unavailable) in
        try powerOf(difference, pilot.seedCounts.map { _ in count }, patientCount) >= wanted
      }
      guard let found else { throw Unavailable("no number of seeds up to \(limit) would") }
      return found
    }
  }

  /// The least number of test patients that finds the difference with the same seeds.
  public func patients(difference: Double, power wanted: Double = 0.8, limit: Int) -> Available<Int> {
    Available { () throws(Unavailable) in
      try check(difference, wanted)
      let found = try leastCount(from: patientCount, limit: limit) { (count) throws(Unavailable) in
        try powerOf(difference, pilot.seedCounts, count) >= wanted
      }
      guard let found else { throw Unavailable("no number of test patients up to \(limit) would") }
      return found
    }
  }

  private func check(_ difference: Double, _ wanted: Double) throws(Unavailable) {
    guard wanted > 0 && wanted < 1 else { throw Unavailable("the power \(wanted) is not between 0 and 1") }
    guard difference != 0 else { throw Unavailable("a difference of 0 is shown by no number of seeds and patients") }
    guard alternative != .greater || difference > 0, alternative != .less || difference < 0 else {
      throw Unavailable("the difference \(difference) is not on the side that is tested")
    }
  }

  private func powerOf(_ difference: Double, _ seedCounts: [Int], _ patients: Int) throws(Unavailable) -> Double {
    guard patientCount > 1, patients > 1 else { throw Unavailable("one patient says nothing about other patients") }
    let planned = pilot.planned(seedCounts: seedCounts, patientFactor: Double(patients) / Double(patientCount))
    try planned.checkSpread()
    return try powerOfT(
      noncentrality: difference / planned.standardError, degreesOfFreedom: planned.degreesOfFreedom, dependence: planned.dependence,
      significance: significance, alternative)
  }
}

extension TwoLevelDifference {
  /// The least number of test patients with which the interval reaches no further than `halfWidth` to each side, with the same seeds.
  ///
  /// - Parameter patientCount: of the test set that this was measured on.
  public func patients(
    halfWidth: Double, patientCount: Int, level: Double = 0.95, limit: Int = 1_000_000
  ) -> Available<Int> {
    Available { () throws(Unavailable) in
      guard halfWidth > 0 else { throw Unavailable("a half-width of \(halfWidth) is none") }
      guard patientCount > 1 else { throw Unavailable("one patient says nothing about other patients") }
      try checkSpread()
      func isEnough(_ count: Int) throws(Unavailable) -> Bool {
        let planned = planned(seedCounts: seedCounts, patientFactor: Double(count) / Double(patientCount))
        return try StudentT.halfWidth(level: level, degreesOfFreedom: planned.degreesOfFreedom) * planned.standardError <= halfWidth
      }
      guard let found = try leastCount(from: 2, limit: limit, isEnough) else {
        throw Unavailable("no number of test patients up to \(limit) would: with these seeds the seeds alone move it further")
      }
      return found
    }
  }
}
