internal import Foundation
public import Foundations

/// How much of a two-sided level may be spent by the time that a share of the information is there (Lan and DeMets 1983, Biometrika 70), of
/// O'Brien and Fleming's kind: hardly anything while little is known.
///
///     α*(t) = 4·(1 − Φ(z(1 − α/4)/√t)),  α*(1) = α
///
/// Each side has its own function of α/2, as in the published tables: five equal steps at α = 0.05 have the boundaries 4.8769, 3.3569, 2.6803,
/// 2.2898 and 2.0310. How many looks there are, and when, need not be known beforehand.
public struct AlphaSpending: Hashable, Sendable {
  public let level: Double

  public init(level: Double) { self.level = level }

  /// - Parameter fraction: of the information, above 0; 1 and more spend everything.
  public func spent(at fraction: Double) -> Statistic {
    Statistic { () throws(Unavailable) in try spentBy(fraction) }
  }

  func spentBy(_ fraction: Double) throws(Unavailable) -> Double {
    try Normal.checkLevel(level)
    guard fraction > 0 else { throw Unavailable("a share \(fraction) of the information is none") }
    if fraction >= 1 { return level }
    return min(level, 4 * Normal.upper(try Normal().upperQuantile(level / 4).get() / fraction.squareRoot()))
  }
}

/// Looks at a difference while its information grows: z-values Z₁, Z₂, … with the correlations √(tᵢ/tⱼ), each compared with a boundary, the
/// first that is reached ends it. Also where part of the variance is common to all looks, as that of the patients is, since the covariance of
/// an early and a late estimate is the variance of the late one.
///
/// Probabilities are those without a difference, by the recursion of Armitage, McPherson and Rowe (1969, JRSS A 132), with Simpson's rule on
/// half the line: the boundaries are symmetric, and so are the densities.
struct SequentialLooks {
  /// Of the information, rising.
  private(set) var fractions: [Double] = []
  /// That a boundary is reached at one of the looks so far.
  private(set) var crossing = 0.0
  /// The density of the last Z where no boundary was reached, at `places` from 0 to the boundary; empty before the first look.
  private var places: [Double] = []
  /// Densities by Simpson's weights.
  private var masses: [Double] = []

  /// Beyond this nothing is left in float64 that counts.
  static let farthest = 8.5
  /// A look that brings a smaller share of new information is none.
  static let leastGain = 1e-3

  /// The chance that |Z| of a look at `fraction` reaches `boundary`, and that none before did.
  func crossing(_ boundary: Double, at fraction: Double) -> Double {
    guard let last = fractions.last else { return 2 * Normal.upper(boundary) }
    let (now, before, scale) = (fraction.squareRoot(), last.squareRoot(), (fraction - last).squareRoot())
    return places.indices.reduce(0) { sum, place in
      sum + 2 * masses[place]
        * (Normal.upper((boundary * now - places[place] * before) / scale) + Normal.upper((boundary * now + places[place] * before) / scale))
    }
  }

  /// The boundary with which the looks so far and this one spend no more than `total`; infinite where all of it is spent.
  func boundary(at fraction: Double, spending total: Double) throws(Unavailable) -> Double {
    let rest = total - crossing
    guard rest > 1e-15, rest > 1e-9 * total else { return .infinity }
    if crossing(0, at: fraction) <= rest { return 0 }
    guard crossing(Self.farthest, at: fraction) < rest else { return .infinity }
    // The logarithm is nearly a parabola, which the root is soon found of.
    return try root(of: { log(rest) - log(max(crossing($0, at: fraction), .leastNormalMagnitude)) }, in: 0...Self.farthest)
  }

  /// Takes a look with its boundary.
  ///
  /// - Parameter next: the share of the information of the look behind it, nil for the last one: the nearer, the finer the density is known.
  mutating func add(_ boundary: Double, at fraction: Double, next: Double?) {
    let end = min(boundary, Self.farthest)
    // With such steps the boundaries are exact to six digits.
    let spread = next.map { (($0 - fraction) / $0).squareRoot() } ?? 1
    let intervals = max(32, 2 * Int((end / min(0.05, 0.15 * spread) / 2).rounded(.up)))
    let step = end / Double(intervals)
    let nodes = (0...intervals).map { step * Double($0) }
    let weights = nodes.indices.map { $0 == 0 || $0 == intervals ? step / 3 : $0.isMultiple(of: 2) ? 2 * step / 3 : 4 * step / 3 }
    let densities = nodes.map { density($0, at: fraction) }
    if boundary.isFinite { crossing += crossing(boundary, at: fraction) }
    (places, masses) = (nodes, zip(weights, densities).map { $0 * $1 })
    fractions.append(fraction)
  }

  private func density(_ z: Double, at fraction: Double) -> Double {
    guard let last = fractions.last else { return Normal.density(z) }
    let (now, before, scale) = (fraction.squareRoot(), last.squareRoot(), (fraction - last).squareRoot())
    return places.indices.reduce(0) { sum, place in
      sum + masses[place]
        * (Normal.density((z * now - places[place] * before) / scale) + Normal.density((z * now + places[place] * before) / scale)) * now / scale
    }
  }
}

/// The two-sided boundaries of looks at known shares of the information.
///
/// - Parameter fractions: rising, each by a thousandth of itself or more; a last one of 1 spends the whole level.
/// - Returns: for |Z|, one a look; infinite where nothing may be spent yet.
public func sequentialBoundaries(fractions: [Double], level: Double) -> Available<[Double]> {
  Available { () throws(Unavailable) in
    let spending = AlphaSpending(level: level)
    var looks = SequentialLooks(), found: [Double] = []
    for place in fractions.indices.dropFirst() where fractions[place] * (1 - SequentialLooks.leastGain) < fractions[place - 1] {
      throw Unavailable("the information does not rise from look \(place) to look \(place + 1)")
    }
    for (place, fraction) in fractions.enumerated() {
      let boundary = try looks.boundary(at: fraction, spending: try spending.spentBy(fraction))
      found.append(boundary)
      looks.add(boundary, at: fraction, next: place + 1 < fractions.count ? fractions[place + 1] : nil)
    }
    return found
  }
}
