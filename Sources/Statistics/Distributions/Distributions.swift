internal import CDistributions
internal import Foundation
public import Foundations

/// A distribution on the real line, by its two tails.
///
/// Both tails are computed as such, never as one minus the other, so a tail of 1e-200 has as many digits as one of 0.2.
public protocol TailDistribution: Sendable {
  /// P(X ≤ x).
  func lowerTail(_ x: Double) -> Statistic
  /// P(X > x).
  func upperTail(_ x: Double) -> Statistic
  /// The x with P(X > x) = p.
  func upperQuantile(_ p: Double) -> Statistic
}

func checked(_ number: Double, _ name: String) -> Statistic {
  .finite(number, else: "\(name) has no value in float64 there")
}

/// The standard normal distribution.
public struct Normal: TailDistribution, Hashable {
  public init() {}

  public func lowerTail(_ x: Double) -> Statistic { upperTail(-x) }
  public func upperTail(_ x: Double) -> Statistic { checked(Self.upper(x), "the normal distribution") }
  public func upperQuantile(_ p: Double) -> Statistic {
    checked(cd_normal_upper_quantile(p), "the normal distribution's quantile")
  }

  static func upper(_ x: Double) -> Double { 0.5 * erfc(x / 2.0.squareRoot()) }
  static func density(_ x: Double) -> Double { exp(-x * x / 2) / (2 * Double.pi).squareRoot() }

  /// z(1 − α/2) for a two-sided level of 1 − α.
  static func halfWidth(level: Double) throws(Unavailable) -> Double {
    try checkLevel(level)
    return try Normal().upperQuantile((1 - level) / 2).get()
  }

  static func checkLevel(_ level: Double) throws(Unavailable) {
    guard level > 0 && level < 1 else { throw Unavailable("the level \(level) is not between 0 and 1") }
  }
}

/// Student's t distribution (Student 1908, Biometrika 6).
public struct StudentT: TailDistribution, Hashable {
  public let degreesOfFreedom: Double

  public init(degreesOfFreedom: Double) { self.degreesOfFreedom = degreesOfFreedom }

  public func lowerTail(_ x: Double) -> Statistic { upperTail(-x) }
  public func upperTail(_ x: Double) -> Statistic { checked(upper(x), "Student's t distribution") }
  public func upperQuantile(_ p: Double) -> Statistic {
    checked(cd_student_t_upper_quantile(p, degreesOfFreedom), "the quantile of Student's t")
  }

  func upper(_ x: Double) -> Double { cd_student_t_upper(x, degreesOfFreedom) }
  func density(_ x: Double) -> Double { cd_student_t_density(x, degreesOfFreedom) }

  /// t(1 − α/2; ν) for a two-sided level of 1 − α.
  static func halfWidth(level: Double, degreesOfFreedom: Double) throws(Unavailable) -> Double {
    try Normal.checkLevel(level)
    return try StudentT(degreesOfFreedom: degreesOfFreedom).upperQuantile((1 - level) / 2).get()
  }
}

/// Fisher's F distribution.
public struct FisherF: TailDistribution, Hashable {
  public let numerator: Double
  public let denominator: Double

  public init(numerator: Double, denominator: Double) {
    self.numerator = numerator
    self.denominator = denominator
  }

  /// 1/F has the degrees of freedom exchanged.
  public func lowerTail(_ x: Double) -> Statistic {
    x <= 0 ? .value(0) : checked(cd_f_upper(1 / x, denominator, numerator), "the F distribution")
  }
  public func upperTail(_ x: Double) -> Statistic {
    x <= 0 ? .value(1) : checked(cd_f_upper(x, numerator, denominator), "the F distribution")
  }
  public func upperQuantile(_ p: Double) -> Statistic {
    checked(cd_f_upper_quantile(p, numerator, denominator), "the quantile of the F distribution")
  }
}

/// The χ² distribution.
public struct ChiSquared: TailDistribution, Hashable {
  public let degreesOfFreedom: Double

  public init(degreesOfFreedom: Double) { self.degreesOfFreedom = degreesOfFreedom }

  public func lowerTail(_ x: Double) -> Statistic {
    x <= 0 ? .value(0) : checked(cd_chi_squared_lower(x, degreesOfFreedom), "the χ² distribution")
  }
  public func upperTail(_ x: Double) -> Statistic {
    x <= 0 ? .value(1) : checked(cd_chi_squared_upper(x, degreesOfFreedom), "the χ² distribution")
  }
  public func upperQuantile(_ p: Double) -> Statistic {
    checked(cd_chi_squared_upper_quantile(p, degreesOfFreedom), "the quantile of the χ² distribution")
  }
}

/// The beta distribution, whose lower tail is the regularized incomplete beta function I_x(a, b).
public struct Beta: TailDistribution, Hashable {
  public let a: Double
  public let b: Double

  public init(_ a: Double, _ b: Double) { (self.a, self.b) = (a, b) }

  public func lowerTail(_ x: Double) -> Statistic {
    x <= 0 ? .value(0) : x >= 1 ? .value(1) : checked(cd_beta_lower(x, a, b), "the beta distribution")
  }
  public func upperTail(_ x: Double) -> Statistic {
    x <= 0 ? .value(1) : x >= 1 ? .value(0) : checked(cd_beta_upper(x, a, b), "the beta distribution")
  }
  public func upperQuantile(_ p: Double) -> Statistic {
    checked(cd_beta_upper_quantile(p, a, b), "the quantile of the beta distribution")
  }
}

/// The noncentral t distribution: of (Z + δ)/√(χ²_ν/ν). It is behind the power of t-tests and the intervals of Cohen's d.
public struct NoncentralT: Hashable, Sendable {
  public let degreesOfFreedom: Double
  public let noncentrality: Double

  public init(degreesOfFreedom: Double, noncentrality: Double) {
    self.degreesOfFreedom = degreesOfFreedom
    self.noncentrality = noncentrality
  }

  public func lowerTail(_ x: Double) -> Statistic {
    checked(cd_noncentral_t_lower(x, degreesOfFreedom, noncentrality), "the noncentral t distribution")
  }
  public func upperTail(_ x: Double) -> Statistic {
    checked(cd_noncentral_t_upper(x, degreesOfFreedom, noncentrality), "the noncentral t distribution")
  }
}
