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
  /// For other seeds and other patients: what τ of the true means can be, by simultaneous bounds of all pairs from their joint posterior.
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
    let known = pairs.compactMap { pair -> (name: String, values: ExternalPairs, own: Double, other: Double)? in
      guard let own = Summary(pair.values.own).mean.known, let other = Summary(pair.values.other).mean.known else { return nil }
      return (pair.name, pair.values, own, other)
    }
    guard known.count > 1 else { return .notAvailable(reason: "an order needs two initializations that answered about the same images") }
    let draws = posterior(known.map { ($0.name, $0.values) }).map { $0.draws(drawCount) }
    let (own, other) = (known.map(\.own), known.map(\.other))
    return .value(
      RankAgreement(
        initializations: known.map(\.name), own: own, other: other, tau: KendallTau.value(own, other),
        interval: draws.flatMap { KendallTau.interval(own, other, draws: $0) },
        sameBest: draws.map { draws in Double(draws.count { place($0.first) == place($0.second) }) / Double(drawCount) }))
  }

  private static func place(_ values: [Double]) -> Int? { values.indices.max { values[$0] < values[$1] } }

  private static func posterior(_ pairs: [(name: String, values: ExternalPairs)]) -> Available<TwoSetPosterior> {
    var candidates: [TwoSetPosterior.Candidate] = []
    for (name, values) in pairs {
      switch (values.ownGroup, values.otherGroup) {
      case (.value(let own), .value(let other)):
        candidates.append(.init(own, other, values: zip(values.own, values.other).map { ($0, $1) }))
      case (.notAvailable(let reason), _), (_, .notAvailable(let reason)): return .notAvailable(reason: "\(name): \(reason)")
      }
    }
    return TwoSetPosterior.make(candidates)
  }
}
