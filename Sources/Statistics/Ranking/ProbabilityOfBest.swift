internal import Foundation
public import Foundations

/// How probable it is that each candidate has the best true mean, and what choosing it costs in expectation.
///
/// The model: runs of candidate i are normal with its own mean μᵢ and variance, independent, with the reference prior
/// p(μ, σ) ∝ 1/σ. Then the posterior of μᵢ is mᵢ + sᵢ/√nᵢ·T with T Student's t of nᵢ − 1 degrees of freedom (Gelman et al. 2013,
/// section 3.2), and with its density f, distribution function F:
///
///     P(i is best) = ∫ fᵢ(x) Π_{j≠i} Fⱼ(x) dx
///     regretᵢ = E[max μ] − E[μᵢ] = ∫ Fᵢ(x) (1 − Π_{j≠i} Fⱼ(x)) dx
///
/// Both by Gauss–Legendre quadrature between knots that follow every candidate's scale; the probabilities must add up to 1
/// within 1e-6, or nothing is given out.
///
/// Over seeds and patients the means are not independent, since the patients are the same: then both are shares and means of draws from
/// the joint posterior (`JointPosterior`).
public struct ProbabilityOfBest: Codable, Hashable, Sendable {
  public struct Candidate: Codable, Hashable, Sendable {
    public let name: String
    /// Not available for a candidate with fewer than two runs or no spread, which is left out of the comparison.
    public let probability: Statistic
    /// In the units of the values, 0 or more. Not available when a candidate in the comparison has only two runs: its
    /// posterior has no mean.
    public let expectedRegret: Statistic
  }

  /// In the order given.
  public let candidates: [Candidate]
  /// How many of them are in the comparison.
  public let comparedCount: Int
  public let higherIsBetter: Bool
  /// Quadrature: how far the probabilities are from adding up to 1, before they are scaled to. Draws: the greatest standard error of a
  /// probability.
  public let numericalError: Statistic
  /// Nil for quadrature.
  public let drawCount: Int?

  /// Enough for a standard error of at most 0.0036.
  public static let standardDrawCount = 20_000

  /// For other seeds and other patients, by draws from the joint posterior; the same draws every time.
  ///
  /// - Parameter groups: not available for a candidate that is left out of the comparison, with the reason.
  public init(
    _ groups: [(name: String, seeds: Available<SeedsAndPatients>)], higherIsBetter: Bool = true, drawCount: Int = standardDrawCount
  ) {
    self.higherIsBetter = higherIsBetter
    let compared = groups.compactMap(\.seeds.known)
    comparedCount = compared.count
    self.drawCount = drawCount
    let outcome = Available<DrawnOutcome> { () throws(Unavailable) in
      guard compared.count > 1 else { throw Unavailable("fewer than two candidates have seeds and patients to be compared by") }
      return DrawnOutcome(try JointPosterior.make(compared).get(), sign: higherIsBetter ? 1 : -1, drawCount: drawCount)
    }
    numericalError = outcome.map { found in
      (found.probabilities.map { $0 * (1 - $0) }.max() ?? 0).squareRoot() / Double(drawCount).squareRoot()
    }
    var place = 0
    candidates = groups.map { group in
      guard group.seeds.known != nil else {
        let reason = group.seeds.reason ?? ""
        return Candidate(name: group.name, probability: .notAvailable(reason: reason), expectedRegret: .notAvailable(reason: reason))
      }
      defer { place += 1 }
      let here = place
      return Candidate(
        name: group.name, probability: outcome.map { $0.probabilities[here] }, expectedRegret: outcome.flatMap { $0.regrets[here] })
    }
  }

  public init(_ groups: [(name: String, summary: Summary)], higherIsBetter: Bool = true) {
    self.higherIsBetter = higherIsBetter
    let posteriors = groups.map { Posterior.make($0.summary, sign: higherIsBetter ? 1 : -1) }
    let compared = posteriors.indices.filter { posteriors[$0].known != nil }
    comparedCount = compared.count
    let outcome = Available<Outcome> { () throws(Unavailable) in
      guard compared.count > 1 else { throw Unavailable("fewer than two candidates have runs to be compared by") }
      return try Outcome(compared.compactMap { posteriors[$0].known })
    }
    numericalError = outcome.map(\.error)
    drawCount = nil
    var place = 0
    candidates = groups.indices.map { index in
      if let reason = posteriors[index].reason {
        return Candidate(
          name: groups[index].name, probability: .notAvailable(reason: reason), expectedRegret: .notAvailable(reason: reason))
      }
      defer { place += 1 }
      let here = place
      return Candidate(
        name: groups[index].name, probability: outcome.map { $0.probabilities[here] },
        expectedRegret: outcome.flatMap { $0.regrets[here] })
    }
  }
}

/// The posterior of one candidate's mean: a t distribution moved and scaled.
private struct Posterior {
  let center: Double
  let scale: Double
  let t: StudentT
  let peak: Double

  static func make(_ summary: Summary, sign: Double) -> Available<Posterior> {
    Available<Posterior> { () throws(Unavailable) in
      let moments = try summary.moments(called: "the candidate")
      try checkSpread(moments.ofMean.squareRoot(), magnitude: abs(moments.mean), "the candidate's runs have no spread")
      let t = StudentT(degreesOfFreedom: moments.n - 1)
      return Posterior(center: sign * moments.mean, scale: moments.ofMean.squareRoot(), t: t, peak: t.density(0))
    }
  }

  func density(_ x: Double) -> Double {
    let z = (x - center) / scale
    let ν = t.degreesOfFreedom
    return peak / scale * exp(-(ν + 1) / 2 * log1p(z * z / ν))
  }

  /// ln F(x), with all digits on both sides.
  func logarithm(_ x: Double) -> Double {
    let z = (x - center) / scale
    let tail = t.upper(abs(z))
    return z < 0 ? log(tail) : log1p(-tail)
  }
}

/// Shares of draws in which each is best, and what the others are better by in the mean.
private struct DrawnOutcome {
  let probabilities: [Double]
  let regrets: [Statistic]

  init(_ posterior: JointPosterior, sign: Double, drawCount: Int) {
    var generator = SeededGenerator(seed: 0), posterior = posterior
    var wins = [Double](repeating: 0, count: posterior.means.count), sums = wins, values = wins
    for _ in 0..<drawCount {
      posterior.draw(&generator, into: &values)
      var highest = -Double.infinity
      for value in values { highest = max(highest, sign * value) }
      // Candidates that are equal in everything share their draws up to rounding.
      let tie = highest - 1e-12 * max(1, abs(highest))
      var bestCount = 0.0
      for value in values where sign * value >= tie { bestCount += 1 }
      for index in values.indices {
        if sign * values[index] >= tie { wins[index] += 1 / bestCount }
        sums[index] += highest - sign * values[index]
      }
    }
    probabilities = wins.map { $0 / Double(drawCount) }
    let isHeavy = posterior.isWithoutMean
    regrets = sums.map {
      isHeavy
        ? .notAvailable(reason: "a candidate has only two seeds, or there are only two patients, and the posterior has no mean")
        : .value(max(0, $0 / Double(drawCount)))
    }
  }
}

private struct Outcome {
  let probabilities: [Double]
  let regrets: [Statistic]
  let error: Double

  init(_ posteriors: [Posterior]) throws(Unavailable) {
    let count = posteriors.count
    var probabilities = [Double](repeating: 0, count: count)
    var regrets = probabilities
    var logarithms = probabilities
    // ln Π of the candidates before, and after.
    var before = [Double](repeating: 0, count: count + 1), after = before
    let knots = Self.knots(posteriors)
    for (left, right) in zip(knots, knots.dropFirst()) {
      for (node, weight) in GaussLegendre.rule {
        let half = (right - left) / 2
        let x = left + half * (1 + node)
        for index in 0..<count { logarithms[index] = posteriors[index].logarithm(x) }
        for index in 0..<count { before[index + 1] = before[index] + logarithms[index] }
        for index in stride(from: count - 1, through: 0, by: -1) { after[index] = after[index + 1] + logarithms[index] }
        for index in 0..<count {
          let others = before[index] + after[index + 1]
          probabilities[index] += half * weight * posteriors[index].density(x) * exp(others)
          regrets[index] -= half * weight * exp(logarithms[index]) * expm1(others)
        }
      }
    }
    let sum = probabilities.reduce(0, +)
    guard abs(sum - 1) < 1e-6 else { throw Unavailable("the quadrature of the posteriors did not converge: their sum is \(sum)") }
    error = abs(sum - 1)
    self.probabilities = probabilities.map { $0 / sum }
    let heavy = posteriors.contains { $0.t.degreesOfFreedom <= 1 }
    self.regrets = regrets.map {
      heavy ? .notAvailable(reason: "a candidate has only two runs, and its posterior has no mean") : .value(max(0, $0))
    }
  }

  /// Ladders that double away from each candidate's center until they pass all others, then one ladder to where no tail counts.
  private static func knots(_ posteriors: [Posterior]) -> [Double] {
    let widest = posteriors.map(\.scale).max() ?? 1
    let low = (posteriors.map(\.center).min() ?? 0) - 32 * widest, high = (posteriors.map(\.center).max() ?? 0) + 32 * widest
    var knots: [(x: Double, scale: Double)] = []
    for posterior in posteriors {
      knots.append((posterior.center, posterior.scale / 4))
      for direction in [-1.0, 1] {
        var reach = posterior.scale / 4
        while case let x = posterior.center + direction * reach, x > low, x < high {
          knots.append((x, reach))
          reach *= reach < posterior.scale ? 2 : 1.5
        }
      }
    }
    knots.sort { $0.x < $1.x }
    // Ladders of candidates side by side need not both be climbed.
    var kept = [low]
    for knot in knots where knot.x - kept[kept.count - 1] > 0.25 * knot.scale { kept.append(knot.x) }
    if high - kept[kept.count - 1] > 0 { kept.append(high) }
    let middle = (low + high) / 2
    var reach = high - middle
    for _ in 0..<60 {
      reach *= 2
      kept.append(middle + reach)
      kept.insert(middle - reach, at: 0)
    }
    return kept
  }
}

/// Gauss–Legendre quadrature on −1...1 with 16 nodes.
enum GaussLegendre {
  static let rule: [(node: Double, weight: Double)] = (0..<16).map { index in
    // Newton's method on the Legendre polynomial, from the usual cosine guess.
    var x = cos(Double.pi * (Double(index) + 0.75) / 16.5)
    var derivative = 1.0
    for _ in 0..<100 {
      var (previous, current) = (1.0, x)
      for degree in 2...16 {
        (previous, current) = (current, (Double(2 * degree - 1) * x * current - Double(degree - 1) * previous) / Double(degree))
      }
      derivative = 16 * (x * current - previous) / (x * x - 1)
      let step = current / derivative
      x -= step
      if abs(step) < 1e-16 { break }
    }
    return (x, 2 / ((1 - x * x) * derivative * derivative))
  }
}
