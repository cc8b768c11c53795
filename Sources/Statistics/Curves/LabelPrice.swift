internal import Foundation
public import Foundations

/// How many labels a reference needs to do what another does with a given number: the least fraction p of the training images at which
/// the reference's curve c, the nearest that never falls (`MonotoneCurve`), is at the other's mean θ̄,
///
///     c(p) = θ̄,  c(p) = Σⱼ wⱼ(p)·θ̄ⱼ
///
/// with the reference's means θ̄ⱼ at its own fractions and the weights wⱼ(p) of pooling and of the straight line between two fractions
/// on the logarithmic scale.
///
/// **The interval** holds every p at which the other's mean and the reference's cannot be told apart for other seeds and other patients:
/// those where the t-test of θ̄ − Σ wⱼ(p)·θ̄ⱼ (`GroupContrasts`, the patients being the same for all) has p ≥ 1 − level, from the first to
/// the last (Fieller 1954, Journal of the Royal Statistical Society B 16). It ends open where the smallest or the largest fraction that was
/// measured is among them. Nothing is extrapolated.
///
/// Seeds are not resampled: three seeds drawn with replacement covered 87.5 % where 95 % is meant in a simulation of 600 patients, since
/// they have two thirds of their variance and its estimate is taken as known (Documentation/statistics.md).
public struct LabelPrice: Codable, Hashable, Sendable {
  public struct Bounds: Codable, Hashable, Sendable {
    public let lower: MonotoneCurve.Reach
    public let upper: MonotoneCurve.Reach
    public let level: Double
    public let method: String
  }

  /// One amount of training images.
  public struct Point: Sendable {
    public let fraction: Double
    public let mean: Double
    /// Not available for one seed and where patients are not known.
    public let seeds: Available<SeedsAndPatients>

    public init(fraction: Double, mean: Double, seeds: Available<SeedsAndPatients>) {
      (self.fraction, self.mean, self.seeds) = (fraction, mean, seeds)
    }
  }

  public let price: MonotoneCurve.Reach
  public let interval: Available<Bounds>
  /// How probable it is that the reference does not do as well with the most that was measured: the lower tail of the t-test of
  /// θ̄ − c(largest).
  public let notReached: Statistic

  /// - Parameters:
  ///   - other: with its own fraction, which plays no part.
  ///   - reference: two or more fractions, each once, in any order.
  /// - Returns: not available where there is no curve.
  public static func make(
    of other: Point, on reference: [Point], isHigherBetter: Bool = true, level: Double = 0.95
  ) -> Available<LabelPrice> {
    guard reference.count > 1 else { return .notAvailable(reason: "a curve needs two fractions of the reference") }
    let points = reference.sorted { $0.fraction < $1.fraction }
    return MonotoneCurve.make(
      fractions: points.map(\.fraction), values: points.map(\.mean), isHigherBetter: isHigherBetter
    ).map { curve in
      let price = curve.fraction(reaching: other.mean)
      let search = PriceSearch.make(of: other, on: points, curve)
      return LabelPrice(
        price: price, interval: search.flatMap { $0.bounds(around: price, level: level) },
        notReached: search.flatMap(\.notReached))
    }
  }
}

/// The tests at the fractions of the reference.
private struct PriceSearch {
  let curve: MonotoneCurve
  /// The reference's groups in the order of their fractions, then the other.
  let contrasts: GroupContrasts

  /// Tests from one fraction to the next, before the ends are searched for.
  private static let stepCount = 16

  static func make(of other: LabelPrice.Point, on points: [LabelPrice.Point], _ curve: MonotoneCurve) -> Available<PriceSearch> {
    let all = points + [other]
    if let reason = all.compactMap(\.seeds.reason).first { return .notAvailable(reason: reason) }
    return GroupContrasts.make(all.compactMap(\.seeds.known)).map { PriceSearch(curve: curve, contrasts: $0) }
  }

  private var knots: [Double] { curve.fractions.map { log($0) } }
  private var sign: Double { curve.isHigherBetter ? 1 : -1 }

  /// The other minus the curve at a logarithm of a fraction, better being positive.
  private func difference(at place: Double) -> TwoLevelDifference {
    let knots = knots
    var weights = [Double](repeating: 0, count: knots.count)
    let above = knots.partitionIndex { $0 >= place }
    if above == 0 || above == knots.count {
      add(1, at: min(above, knots.count - 1), to: &weights)
    } else {
      let share = (place - knots[above - 1]) / (knots[above] - knots[above - 1])
      add(1 - share, at: above - 1, to: &weights)
      add(share, at: above, to: &weights)
    }
    return contrasts.difference(weights.map { -sign * $0 } + [sign])
  }

  /// Fitted values that are equal are the mean of their pool.
  private func add(_ share: Double, at place: Int, to weights: inout [Double]) {
    let pool = curve.fitted.indices.filter { curve.fitted[$0] == curve.fitted[place] }
    for member in pool { weights[member] += share / Double(pool.count) }
  }

  var notReached: Statistic { difference(at: knots[knots.count - 1]).test(alternative: .less).p }

  func bounds(around price: MonotoneCurve.Reach, level: Double) -> Available<LabelPrice.Bounds> {
    let knots = knots
    var places = [knots[0]]
    for (from, to) in zip(knots, knots.dropFirst()) {
      places += (1...Self.stepCount).map { from + (to - from) * Double($0) / Double(Self.stepCount) }
    }
    if case .at(let fraction) = price { places.append(log(fraction)) }
    places.sort()
    var isHeld: [Bool] = []
    for place in places {
      switch holds(place, level) {
      case .value(let holds): isHeld.append(holds)
      case .notAvailable(let reason): return .notAvailable(reason: reason)
      }
    }
    let lower: MonotoneCurve.Reach, upper: MonotoneCurve.Reach
    let least = MonotoneCurve.Reach.below(curve.fractions[0])
    if let first = isHeld.firstIndex(of: true), let last = isHeld.lastIndex(of: true) {
      lower = first == 0 ? least : .at(exp(edge(places[first - 1], places[first], level)))
      upper = last == places.count - 1 ? .notReached : .at(exp(edge(places[last + 1], places[last], level)))
    } else {
      // Better than the reference ever is, or worse than it is with the least; between both, a price would hold.
      lower = difference(at: knots[0]).value > 0 ? .notReached : least
      upper = lower
    }
    return .value(LabelPrice.Bounds(lower: lower, upper: upper, level: level, method: "fractions that the two-level t-test does not tell apart"))
  }

  private func holds(_ place: Double, _ level: Double) -> Available<Bool> {
    let difference = difference(at: place)
    return difference.test(level: level).p.map { $0 >= 1 - level }
  }

  /// Where the test begins to hold, between a place where it does not and one where it does.
  private func edge(_ outside: Double, _ inside: Double, _ level: Double) -> Double {
    var (outside, inside) = (outside, inside)
    for _ in 0..<30 {
      let middle = (outside + inside) / 2
      if holds(middle, level).known == true { inside = middle } else { outside = middle }
    }
    return inside
  }
}
