internal import Foundation
public import Foundations

/// The studentized range: of (max − min)/s for k independent normal values and an independent estimate s of their standard
/// deviation with ν degrees of freedom. It is behind Nemenyi's and Tukey's tests; ν may be infinite (σ known).
///
/// The upper tail is integrated itself. With a(z) = Φ(z) and b(z) = Φ(z) − Φ(z − w), the range W of k normals has
///
///     P(W > w) = k ∫ φ(z) [a^(k−1) − b^(k−1)] dz
///
/// whose bracket is Φ(z − w)·Σ aⁱ b^(k−2−i), a sum of positive terms: nothing cancels, so far tails keep their digits. Over s,
/// with s = eᵘ,
///
///     P(Q > q) = ∫ P(W > q eᵘ) · C eᵘᵛ exp(−ν e²ᵘ/2) du
///
/// Both integrands are analytic and die out on both sides, where the trapezoidal rule converges geometrically (Trefethen and
/// Weideman 2014, SIAM Review 56); the steps below put its error under 1e-13. The lower tail is 1 minus the upper where that
/// loses nothing, and integrated likewise where it would.
public struct StudentizedRange: TailDistribution, Hashable {
  public let groups: Int
  public let degreesOfFreedom: Double

  /// - Parameter degreesOfFreedom: of the estimate of the standard deviation; `.infinity` where it is known.
  public init(groups: Int, degreesOfFreedom: Double = .infinity) {
    self.groups = groups
    self.degreesOfFreedom = degreesOfFreedom
  }

  public func lowerTail(_ x: Double) -> Statistic {
    if let problem { return .notAvailable(reason: problem) }
    guard x > 0 else { return .value(0) }
    let upper = tail(x, upper: true)
    return checked(upper < 0.9 ? 1 - upper : tail(x, upper: false), "the studentized range")
  }

  public func upperTail(_ x: Double) -> Statistic {
    if let problem { return .notAvailable(reason: problem) }
    return x > 0 ? checked(tail(x, upper: true), "the studentized range") : .value(1)
  }

  /// The root of the tail, to the digits that the tail itself has.
  public func upperQuantile(_ p: Double) -> Statistic {
    if let problem { return .notAvailable(reason: problem) }
    guard p > 0 && p < 1 else { return .notAvailable(reason: "the tail \(p) is not between 0 and 1") }
    var low = 1e-6, high = 1.0
    while tail(high, upper: true) > p {
      low = high
      high *= 2
      guard high < 1e12 else { return .notAvailable(reason: "the quantile of the studentized range is beyond 1e12") }
    }
    // The logarithm of the tail is close to straight.
    return Available { () throws(Unavailable) in try root(of: { log(p) - log(tail($0, upper: true)) }, in: low...high) }
  }

  private var problem: String? {
    if groups < 2 { return "a range needs two groups or more, not \(groups)" }
    if !(degreesOfFreedom >= 1) { return "the studentized range needs at least one degree of freedom" }
    return nil
  }

  // MARK: - The two integrals

  private func tail(_ q: Double, upper: Bool) -> Double {
    let ν = degreesOfFreedom
    // Above this the density of s is narrower than float64 can resolve against 1e-9.
    guard ν < 1e10 else { return rangeTail(q, upper: upper) }
    // The density of u = ln s, relative to its greatest value at u = 0.
    func density(_ u: Double) -> Double { exp(ν * (u - expm1(2 * u) / 2)) }
    // The nearest obstacle in the complex plane is at a distance of π/4; a narrow density asks for its own step.
    let step = min(0.11, Double.pi / (40 * (ν + Double(groups))).squareRoot())
    var sum = density(0) * rangeTail(q, upper: upper), mass = density(0)
    for direction in [-step, step] {
      var index = 1.0, previous = 0.0
      while true {
        let u = direction * index
        let weight = density(u)
        let term = weight == 0 ? 0 : weight * rangeTail(q * exp(u), upper: upper)
        sum += term
        mass += weight
        // The integrand has one hump; past it, terms that no longer count end the walk. So does the end of float64.
        let pastHump = term <= previous
        if weight < 1e-300 || (pastHump && sum > 0 && term <= 1e-18 * sum && weight <= 1e-18 * mass) { break }
        previous = term
        index += 1
      }
    }
    return sum / mass
  }

  /// P(W > w) or P(W ≤ w) of k standard normals.
  private func rangeTail(_ w: Double, upper: Bool) -> Double {
    let powers = groups - 1
    let step = min(0.2, Double.pi * (2 / (40 * Double(groups))).squareRoot())
    // φ(z) is below 1e-320 beyond 38.
    var sum = 0.0
    var z = -9.5
    let end = min(38, 9.5 + w)
    while z <= end {
      let a = Normal.upper(-z)
      let missing = Normal.upper(w - z)
      // Φ(z) − Φ(z − w) from the side where both are small.
      let b = z > w / 2 ? Normal.upper(z - w) - Normal.upper(z) : a - missing
      if upper {
        // a^(k−1) − b^(k−1) = (a − b)·Σ aⁱ b^(k−2−i)
        var terms = 1.0, power = b
        for _ in stride(from: 1, to: powers, by: 1) {
          terms = terms * a + power
          power *= b
        }
        sum += Normal.density(z) * missing * terms
      } else {
        sum += Normal.density(z) * pow(b, Double(powers))
      }
      z += step
    }
    return min(1, sum * step * Double(groups))
  }
}
