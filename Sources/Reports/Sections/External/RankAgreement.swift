internal import Foundations
internal import Statistics

/// Whether initializations stand in the same order on two test sets.
struct RankAgreement: Codable, Hashable, Sendable {
  let initializations: [String]
  /// The means over seeds on each set.
  let own: [Double]
  let other: [Double]
  /// Kendall's τ-b of the two orders.
  let tau: Statistic
  /// For other seeds and other patients: percentiles of τ-b over draws of all true means from their joint posterior.
  let interval: Available<Interval>
  /// The share of the draws in which the same initialization is best on both sets.
  let sameBest: Statistic

  static let drawCount = 4000

  var bestOnOwn: [String] { best(own) }
  var bestOnOther: [String] { best(other) }

  private func best(_ values: [Double]) -> [String] {
    let most = values.max()
    return zip(initializations, values).filter { $0.1 == most }.map(\.0)
  }

  static func make(_ pairs: [(name: String, values: ExternalPairs)]) -> Available<RankAgreement> {
    let known = pairs.compactMap { pair -> (name: String, own: Double, other: Double)? in
      guard let own = Summary(pair.values.own).mean.known, let other = Summary(pair.values.other).mean.known else { return nil }
      return (pair.name, own, other)
    }
    guard known.count > 1 else { return .notAvailable(reason: "an order needs two initializations that answered about the same images") }
    return .value(
      RankAgreement(
        initializations: known.map(\.name), own: known.map(\.own), other: known.map(\.other),
        tau: .notAvailable(reason: "to come"), interval: .notAvailable(reason: "to come"), sameBest: .notAvailable(reason: "to come")))
  }
}
