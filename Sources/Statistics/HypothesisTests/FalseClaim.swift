public import Foundations

/// The probability that a claim of superiority is false: that A, which did better than B on a test set, does no better on all images of
/// the kind (Christodoulou et al. 2025, “False promises in medical imaging AI?”, arXiv 2505.04720).
///
/// It is that of the posterior with a flat prior, so no test at a level; above 0.05 the paper calls the risk high. It is about other images
/// of the same kind, with these very networks.
public enum FalseClaim {
  /// Above this the paper calls the probability of a false claim high.
  public static let limit = 0.05

  /// Of two accuracies on the same n images: P(p_A ≤ p_B) where the shares of images that A alone, B alone and both or none get right
  /// have the posterior Dirichlet(x₁ + 1, x₂ + 1, n − x₁ − x₂ + 2), x₁ = n(p̂_A − p̂₁₁), x₂ = n(p̂_B − p̂₁₁). Of the first two shares
  /// only their ratio matters, which is beta-distributed, so that
  ///
  ///     P(p_A ≤ p_B) = I_{1/2}(x₁ + 1, x₂ + 1)
  ///
  /// with the regularized incomplete beta function.
  ///
  /// - Parameters:
  ///   - imageCount: n, any number above 0; of images that come in groups, how many independent ones they are worth.
  ///   - first: p̂_A, in 0...1.
  ///   - congruence: p̂₁₁, the share of images that both get right.
  public static func ofAccuracies(imageCount: Double, first: Double, second: Double, congruence: Double) -> Statistic {
    Statistic { () throws(Unavailable) in
      guard imageCount > 0, imageCount.isFinite else { throw Unavailable("\(imageCount) images show nothing") }
      for accuracy in [first, second] where !(0...1).contains(accuracy) {
        throw Unavailable("the accuracy \(accuracy) is not between 0 and 1")
      }
      // What is a rounding away from the bounds is at them.
      let (least, most) = congruences(first, second), slack = 1e-9
      guard congruence >= least - slack, congruence <= most + slack else {
        throw Unavailable("accuracies of \(first) and \(second) cannot both be right on a share of \(congruence): it lies between \(least) and \(most)")
      }
      let bounded = min(max(congruence, least), most)
      return try Beta(imageCount * (first - bounded) + 1, imageCount * (second - bounded) + 1).lowerTail(0.5).get()
    }
  }

  /// The same where it is not known how often both are right: the least and the greatest probability over all that is possible, from the
  /// fewest images on which the two differ to the most.
  public static func ofAccuracies(imageCount: Double, first: Double, second: Double) -> Available<ClosedRange<Double>> {
    let (least, most) = congruences(first, second)
    return ofAccuracies(imageCount: imageCount, first: first, second: second, congruence: least).flatMap { one in
      ofAccuracies(imageCount: imageCount, first: first, second: second, congruence: most).map { min(one, $0)...max(one, $0) }
    }
  }

  /// The least and the greatest share of images that two of some accuracies can both get right.
  static func congruences(_ first: Double, _ second: Double) -> (least: Double, most: Double) {
    (max(0, first + second - 1), min(first, second))
  }

  /// Of two means over the same n images, such as the images' Dice:
  ///
  ///     P(μ_A ≤ μ_B) = t_{n−1}( √n(μ̂_B − μ̂_A) / √(s_A² + s_B² − 2 s_A s_B r_AB) )
  ///
  /// with the distribution function of Student's t. Not available where the images' differences have no spread.
  ///
  /// - Parameters:
  ///   - first: over the images, n − 1 in the denominator of its spread.
  ///   - correlation: r_AB, of the two over the images.
  public static func ofMeans(_ first: Summary, _ second: Summary, correlation: Double) -> Statistic {
    Statistic { () throws(Unavailable) in
      let (a, b) = (try first.moments(called: "the first"), try second.moments(called: "the second"))
      guard a.n == b.n else { throw Unavailable("one mean is of \(first.count) images and the other of \(second.count)") }
      guard (-1...1).contains(correlation) else { throw Unavailable("the correlation \(correlation) is not between −1 and 1") }
      let variance = a.variance + b.variance - 2 * (a.variance * b.variance).squareRoot() * correlation
      return try ofDifference(
        a.mean - b.mean, standardError: (max(0, variance) / a.n).squareRoot(), degreesOfFreedom: a.n - 1,
        magnitude: max(abs(a.mean), abs(b.mean)))
    }
  }

  /// The same where the correlation is not known: the least and the greatest probability for r_AB from 0 to 1, since two networks that
  /// were made for one task find the same images hard.
  public static func ofMeans(_ first: Summary, _ second: Summary) -> Available<ClosedRange<Double>> {
    Available { () throws(Unavailable) in
      let one = try ofMeans(first, second, correlation: 0).get()
      // Equal spreads and a perfect correlation leave no doubt at all, which the t form cannot say.
      let difference = try first.mean.get() - second.mean.get()
      let other = ofMeans(first, second, correlation: 1).known ?? (difference > 0 ? 0 : difference < 0 ? 1 : one)
      return min(one, other)...max(one, other)
    }
  }

  /// Of a difference over patients that has its standard error already: images of one patient are not independent.
  public static func ofDifference(_ value: Double, over patients: PatientDeviations) -> Statistic {
    Statistic { () throws(Unavailable) in
      try ofDifference(
        value, standardError: patients.variance.squareRoot(), degreesOfFreedom: patients.degreesOfFreedom, magnitude: abs(value))
    }
  }

  private static func ofDifference(
    _ value: Double, standardError: Double, degreesOfFreedom: Double, magnitude: Double
  ) throws(Unavailable) -> Double {
    try checkSpread(standardError, magnitude: magnitude, "all images differ alike")
    return try StudentT(degreesOfFreedom: degreesOfFreedom).lowerTail(-value / standardError).get()
  }
}
