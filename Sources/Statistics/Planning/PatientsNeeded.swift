internal import Foundation
public import Foundations

/// How many patients a test set needs for an interval of a wanted half-width δ, from what a pilot shows.
///
/// z is the normal quantile of the level. A pilot's own spread is uncertain: a plan from a few dozen patients is a rough one.
public enum PatientsNeeded {
  /// More patients than this are no plan.
  static let most = 100_000_000.0

  /// For a mean over patients, such as that of the images' Dice: n = (z·s/δ)².
  ///
  /// - Parameter standardDeviation: over patients.
  public static func forMean(standardDeviation: Double, halfWidth: Double, level: Double = 0.95) -> Available<Int> {
    scaled(standardError: standardDeviation, patients: 1, halfWidth: halfWidth, level: level)
  }

  /// For any value whose variance falls as 1/n, from its standard error on a pilot's patients, such as DeLong's for an AUROC:
  /// n = n₀·(z·se₀/δ)².
  public static func scaled(standardError: Double, patients: Int, halfWidth: Double, level: Double = 0.95) -> Available<Int> {
    Available<Int> { () throws(Unavailable) in
      try check(halfWidth)
      guard standardError > 0, standardError.isFinite, patients > 0 else { throw Unavailable("the pilot shows no spread") }
      let share = try Normal.halfWidth(level: level) * standardError / halfWidth
      return try whole(Double(patients) * share * share)
    }
  }

  /// Which variance an AUROC is planned with, where there is no pilot.
  public enum AreaVariance: String, Codable, Hashable, Sendable {
    /// [A(1 − A) + (m − 1)(Q₁ − A²) + (n − 1)(Q₂ − A²)]/(mn), Q₁ = A/(2 − A), Q₂ = 2A²/(1 + A), for m patients with and n without the
    /// finding (Hanley and McNeil 1982, Radiology 143).
    case hanleyMcNeil
    /// A(1 − A)[1 + (N/2 − 1)(1 − A)/(2 − A) + (N/2 − 1)A/(1 + A)]/(N²φ(1 − φ)) for N patients, a share φ of them with the finding
    /// (Newcombe 2006, Statistics in Medicine 25, method 4), which Riley et al. 2021 plan with.
    case newcombe

    func value(_ a: Double, prevalence φ: Double, patients n: Double) -> Double {
      switch self {
      case .hanleyMcNeil:
        let (m, rest) = (φ * n, (1 - φ) * n), q1 = a / (2 - a), q2 = 2 * a * a / (1 + a)
        return (a * (1 - a) + (m - 1) * (q1 - a * a) + (rest - 1) * (q2 - a * a)) / (m * rest)
      case .newcombe:
        return a * (1 - a) * (1 + (n / 2 - 1) * (1 - a) / (2 - a) + (n / 2 - 1) * a / (1 + a)) / (n * n * φ * (1 - φ))
      }
    }
  }

  /// For an AUROC that is expected to be A where a share φ of the patients has the finding.
  ///
  /// - Returns: the least number with z·√variance ≤ δ and at least one patient of each kind.
  public static func forAUROC(
    _ auroc: Double, prevalence: Double, halfWidth: Double, level: Double = 0.95, variance: AreaVariance = .hanleyMcNeil
  ) -> Available<Int> {
    Available<Int> { () throws(Unavailable) in
      try check(halfWidth)
      guard auroc > 0, auroc < 1 else { throw Unavailable("an AUROC of \(auroc) has a variance of 0") }
      try check(prevalence: prevalence)
      let z = try Normal.halfWidth(level: level), least = 1 / min(prevalence, 1 - prevalence)
      func isEnough(_ n: Double) -> Bool { n >= least && z * z * variance.value(auroc, prevalence: prevalence, patients: n) <= halfWidth * halfWidth }
      var high = 2.0
      while !isEnough(high) {
        high *= 2
        guard high <= most else { throw Unavailable(beyond) }
      }
      var low = high / 2
      while high - low > 1 {
        let middle = ((low + high) / 2).rounded(.down)
        if isEnough(middle) { high = middle } else { low = middle }
      }
      return Int(high)
    }
  }

  /// For the ratio of observed to expected findings: N = (1 − φ)/(φ·SE²), with the SE of ln(O:E) for which the interval of O:E is as wide
  /// as wanted (Riley et al. 2021, Statistics in Medicine 40, section 3.1). The SE is the least multiple of 0.0001 that is wide enough, as
  /// their program pmvalsampsize takes it.
  ///
  /// - Parameter width: of the interval, upper minus lower bound.
  public static func forObservedToExpected(
    prevalence: Double, width: Double, ratio: Double = 1, level: Double = 0.95
  ) -> Available<Int> {
    Available<Int> { () throws(Unavailable) in
      try check(width)
      try check(prevalence: prevalence)
      guard ratio > 0, ratio.isFinite else { throw Unavailable("a ratio of \(ratio) is none") }
      let step = 1e-4, error = asinh(width / (2 * ratio)) / (try Normal.halfWidth(level: level))
      let taken = (error / step).rounded(.up) * step
      return try whole((1 - prevalence) / (prevalence * taken * taken))
    }
  }

  /// For the calibration slope (Riley et al. 2021, section 3.2): N = I_α/(SE²(I_α I_β − I_αβ²)), SE = δ/z, with the mean information of one
  /// patient on the intercept and the slope, I_α = E[w], I_αβ = E[w·LP], I_β = E[w·LP²], w = p(1 − p) at p = σ(α + ζ·LP).
  ///
  /// - Parameters:
  ///   - logits: the LP of a pilot's patients.
  ///   - slope: ζ that is expected.
  public static func forCalibrationSlope(
    logits: [Double], halfWidth: Double, slope: Double = 1, intercept: Double = 0, level: Double = 0.95
  ) -> Available<Int> {
    calibrationSlope(logits.map { ($0, 1 / Double(logits.count)) }, halfWidth, slope, intercept, level)
  }

  /// The same where logits are expected to be normal: the means over the distribution by the trapezoidal rule from −10 to 10 standard
  /// deviations, which is exact to float64 for so smooth a function.
  public static func forCalibrationSlope(
    normalMean: Double, standardDeviation: Double, halfWidth: Double, slope: Double = 1, intercept: Double = 0, level: Double = 0.95
  ) -> Available<Int> {
    let step = 0.02
    let points = (-500...500).map { place in
      let z = Double(place) * step
      return (normalMean + standardDeviation * z, Normal.density(z) * step)
    }
    return calibrationSlope(points, halfWidth, slope, intercept, level)
  }

  private static func calibrationSlope(
    _ points: [(logit: Double, share: Double)], _ halfWidth: Double, _ slope: Double, _ intercept: Double, _ level: Double
  ) -> Available<Int> {
    Available<Int> { () throws(Unavailable) in
      try check(halfWidth)
      guard points.allSatisfy({ $0.logit.isFinite }) else { throw Unavailable("a logit is not finite") }
      var (ofIntercept, both, ofSlope) = (0.0, 0.0, 0.0)
      for (x, share) in points {
        let p = sigmoid(intercept + slope * x), weight = share * p * (1 - p)
        ofIntercept += weight
        both += weight * x
        ofSlope += weight * x * x
      }
      let determinant = ofIntercept * ofSlope - both * both, error = halfWidth / (try Normal.halfWidth(level: level))
      guard determinant > 1e-12 * ofIntercept * ofSlope else { throw Unavailable("the probabilities are all alike") }
      return try whole(ofIntercept / (error * error * determinant))
    }
  }

  private static let beyond = "more than 100,000,000 patients are needed"

  private static func whole(_ count: Double) throws(Unavailable) -> Int {
    guard count <= most else { throw Unavailable(beyond) }
    // A whole number that rounding has lifted by its last digit is that number.
    return max(2, Int((count * (1 - 1e-13)).rounded(.up)))
  }

  private static func check(_ width: Double) throws(Unavailable) {
    guard width > 0, width.isFinite else { throw Unavailable("an interval of width \(width) is none") }
  }

  private static func check(prevalence: Double) throws(Unavailable) {
    guard prevalence > 0, prevalence < 1 else { throw Unavailable("the share \(prevalence) of patients with the finding is not between 0 and 1") }
  }
}
