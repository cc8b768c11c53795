internal import Foundations
internal import Metrics
internal import Statistics

/// Whether initializations stand in the same order twice: on two test sets, or on one by two modes.
struct RankAgreement: Codable, Hashable, Sendable {
  let initializations: [String]
  /// The means over seeds, each time.
  let own: [Double]
  let other: [Double]
  /// Kendall's τ-b of the two orders.
  let tau: Statistic
  /// For other seeds and other patients: what τ of the true means can be, by simultaneous bounds of all pairs from their joint posterior.
  let interval: Available<Interval>
  /// The share of the draws in which the same initialization is best on both sets.
  let sameBest: Statistic
  /// Whether the lowest is the best, as of errors; nil where the highest is.
  let isLowestBest: Bool?

  static let drawCount = 4000

  var bestOnOwn: [String] { best(own) }
  var bestOnOther: [String] { best(other) }

  private func best(_ values: [Double]) -> [String] {
    let most = isLowestBest == true ? values.min() : values.max()
    return zip(initializations, values).filter { $0.1 == most }.map(\.0)
  }

  /// One initialization in both orders.
  struct Candidate {
    let name: String
    /// Of each seed.
    let own: [Double]
    let other: [Double]
    let ownGroup: Available<SeedsAndPatients>
    let otherGroup: Available<SeedsAndPatients>
  }

  static func make(_ pairs: [(name: String, values: ExternalPairs)], direction: MetricName.Direction) -> Available<RankAgreement> {
    make(
      pairs.map {
        Candidate(name: $0.name, own: $0.values.own, other: $0.values.other, ownGroup: $0.values.ownGroup, otherGroup: $0.values.otherGroup)
      }, direction: direction, need: "that answered about the same images")
  }

  /// - Parameter need: which initializations have a place in both orders, for the reason why there is none.
  static func make(_ candidates: [Candidate], direction: MetricName.Direction, need: String) -> Available<RankAgreement> {
    let known = candidates.compactMap { candidate -> (name: String, values: Candidate, own: Double, other: Double)? in
      guard let own = Summary(candidate.own).mean.known, let other = Summary(candidate.other).mean.known else { return nil }
      return (candidate.name, candidate, own, other)
    }
    guard known.count > 1 else { return .notAvailable(reason: "an order needs two initializations \(need)") }
    let draws = posterior(known.map(\.values)).map { $0.draws(drawCount) }
    let (own, other) = (known.map(\.own), known.map(\.other))
    return .value(
      RankAgreement(
        initializations: known.map(\.name), own: own, other: other, tau: KendallTau.value(own, other),
        interval: draws.flatMap { KendallTau.interval(own, other, draws: $0) },
        sameBest: draws.map { draws in Double(draws.count { place($0.first, direction) == place($0.second, direction) }) / Double(drawCount) },
        isLowestBest: direction == .lower ? true : nil))
  }

  private static func place(_ values: [Double], _ direction: MetricName.Direction) -> Int? {
    values.indices.max { direction.merit(values[$0]) < direction.merit(values[$1]) }
  }

  private static func posterior(_ all: [Candidate]) -> Available<TwoSetPosterior> {
    var candidates: [TwoSetPosterior.Candidate] = []
    for values in all {
      switch (values.ownGroup, values.otherGroup) {
      case (.value(let own), .value(let other)):
        candidates.append(.init(own, other, values: zip(values.own, values.other).map { ($0, $1) }))
      case (.notAvailable(let reason), _), (_, .notAvailable(let reason)): return .notAvailable(reason: "\(values.name): \(reason)")
      }
    }
    return TwoSetPosterior.make(candidates)
  }
}
