internal import Foundation

/// The chance that a t-test finds what makes its t noncentral by δ, where the numerator and the squared denominator move together:
///
///     t = (δ + Z)/√Y,  Y = χ²_ν/ν,  cov(Z, Y) = c
///
/// For normal values c is 0 and t the noncentral t. For a mean of skewed values c is its skewness, since cov(x̄, s²) = κ₃/n (Kendall and
/// Stuart 1977, The Advanced Theory of Statistics, volume 1, section 12.16); a metric that is nearer to its end with every image found is
/// so, and the power for an AUROC of few positives is far from the noncentral t's. Z is taken as normal around its line on Y,
///
///     Z | Y ~ N(ρ·√(ν/2)·(Y − 1), 1 − ρ²),  ρ = c·√(ν/2)
///
/// and the mean over Y is by the trapezoidal rule in ln Y, which for so smooth a function is exact to rounding. |ρ| is at most 0.99, as a
/// pilot's third moment may promise more than there can be.
func powerOfT(
  noncentrality δ: Double, degreesOfFreedom ν: Double, dependence c: Double, significance: Double, _ alternative: Alternative
) throws(Unavailable) -> Double {
  guard c != 0, c.isFinite, ν.isFinite else {
    return try powerOfT(noncentrality: δ, degreesOfFreedom: ν, significance: significance, alternative)
  }
  try Normal.checkLevel(significance)
  let critical = try StudentT(degreesOfFreedom: ν).upperQuantile(alternative == .twoSided ? significance / 2 : significance).get()
  let ρ = max(-0.99, min(0.99, c * (ν / 2).squareRoot())), slope = ρ * (ν / 2).squareRoot(), rest = (1 - ρ * ρ).squareRoot()
  // e^u at both ends has no weight left that float64 knows of.
  let spread = (2 / ν).squareRoot(), low = -9 * spread - 74 / ν, high = log1p(9 * spread + 148 / ν)
  let count = 400, step = (high - low) / Double(count)
  var sum = 0.0, whole = 0.0
  for place in 0...count {
    let u = low + Double(place) * step, y = exp(u), weight = exp(ν / 2 * (u - expm1(u)))
    let center = δ + slope * expm1(u), reach = critical * y.squareRoot()
    whole += weight
    if alternative != .less { sum += weight * Normal.upper((reach - center) / rest) }
    if alternative != .greater { sum += weight * Normal.upper((reach + center) / rest) }
  }
  return sum / whole
}
