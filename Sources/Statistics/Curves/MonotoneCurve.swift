internal import Foundation
public import Foundations

/// What a result rises to with the share of the training images, as the nearest curve that never falls: isotonic regression of the values
/// by pooling adjacent violators (Ayer et al. 1955, Annals of Mathematical Statistics 26), with straight lines in the logarithm of the
/// fraction between them.
///
/// It is read both ways: what a fraction reaches, and which fraction reaches a value. Nothing is said beyond the fractions that were
/// measured.
public struct MonotoneCurve: Codable, Hashable, Sendable {
  /// Rising.
  public let fractions: [Double]
  /// One a fraction, never falling (never rising where lower is better).
  public let fitted: [Double]
  public let isHigherBetter: Bool

  /// Which fraction reaches a value.
  public enum Reach: Codable, Hashable, Sendable {
    /// The least fraction at which the curve is there.
    case at(Double)
    /// The smallest fraction that was measured does better already.
    case below(Double)
    /// The largest fraction that was measured does not.
    case notReached
  }

  /// - Parameters:
  ///   - fractions: above 0, each once, in any order.
  ///   - values: one a fraction.
  ///   - weights: how much each value counts, above 0; nil for alike.
  public static func make(
    fractions: [Double], values: [Double], weights: [Double]? = nil, isHigherBetter: Bool = true
  ) -> Available<MonotoneCurve> {
    Available { () throws(Unavailable) in
      guard !fractions.isEmpty else { throw Unavailable("there is no fraction") }
      guard fractions.count == values.count, weights == nil || weights?.count == values.count else {
        throw Unavailable("the fractions and their values do not fit")
      }
      guard fractions.allSatisfy({ $0 > 0 && $0.isFinite }), Set(fractions).count == fractions.count else {
        throw Unavailable("a fraction is not above 0, or is there twice")
      }
      guard values.allSatisfy(\.isFinite), weights?.allSatisfy({ $0 > 0 && $0.isFinite }) ?? true else {
        throw Unavailable("a value or a weight is not a number that counts")
      }
      let order = fractions.indices.sorted { fractions[$0] < fractions[$1] }, sign = isHigherBetter ? 1.0 : -1
      let fitted = isotonic(order.map { sign * values[$0] }, weights: order.map { weights?[$0] ?? 1 })
      return MonotoneCurve(
        fractions: order.map { fractions[$0] }, fitted: fitted.map { sign * $0 }, isHigherBetter: isHigherBetter)
    }
  }

  /// What a fraction reaches; not available outside those that were measured.
  public func value(at fraction: Double) -> Statistic {
    guard let first = fractions.first, let last = fractions.last, (first...last).contains(fraction) else {
      return .notAvailable(reason: "the fraction \(fraction) is not between those that were measured")
    }
    let place = fractions.partitionIndex { $0 >= fraction }
    guard fractions[place] > fraction else { return .value(fitted[place]) }
    let share = (log(fraction) - log(fractions[place - 1])) / (log(fractions[place]) - log(fractions[place - 1]))
    return .value(fitted[place - 1] + share * (fitted[place] - fitted[place - 1]))
  }

  /// The least fraction that does as well as a value.
  public func fraction(reaching value: Double) -> Reach {
    let sign = isHigherBetter ? 1.0 : -1, wanted = sign * value, heights = fitted.map { sign * $0 }
    let place = heights.partitionIndex { $0 >= wanted }
    guard place < heights.count else { return .notReached }
    guard place > 0 else { return heights[0] > wanted ? .below(fractions[0]) : .at(fractions[0]) }
    let share = (wanted - heights[place - 1]) / (heights[place] - heights[place - 1])
    if share >= 1 { return .at(fractions[place]) }
    return .at(exp(log(fractions[place - 1]) + share * (log(fractions[place]) - log(fractions[place - 1]))))
  }
}

/// The never-falling numbers nearest to some values: Σ wᵢ(xᵢ − yᵢ)² least.
func isotonic(_ values: [Double], weights: [Double]) -> [Double] {
  var pools: [(mean: Double, weight: Double, count: Int)] = []
  for (value, weight) in zip(values, weights) {
    pools.append((value, weight, 1))
    while pools.count > 1, pools[pools.count - 2].mean >= pools[pools.count - 1].mean {
      let last = pools.removeLast(), before = pools.removeLast(), weight = before.weight + last.weight
      pools.append(((before.mean * before.weight + last.mean * last.weight) / weight, weight, before.count + last.count))
    }
  }
  return pools.flatMap { [Double](repeating: $0.mean, count: $0.count) }
}
