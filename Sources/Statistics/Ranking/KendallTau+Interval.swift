public import Foundations

extension KendallTau {
  /// What τ of the true means can be, given draws of them from their joint posterior, as of seeds and patients: between the values that it has
  /// when every pair of candidates whose order is not shown on both sets is ordered against the others, or with them,
  ///
  ///     (C − D − U)/n₀ … (C − D + U)/n₀,  n₀ = n(n − 1)/2
  ///
  /// with the C pairs that are shown to be ordered alike, the D that are shown to be ordered otherwise, and the U others. An order is shown
  /// where the two means are further apart than their simultaneous bounds: all pairs on both sets together, so that with the probability of
  /// the level no order is shown wrongly and τ lies between the ends (Scheffé's way; Mogstad, Romano, Shaikh and Wilhelm 2024, Review of
  /// Economic Studies 91, for ranks). It is wide where little is shown, and that is what is known.
  ///
  /// Percentiles of the draws' τ are no interval: draws of candidates that cannot be told apart are in any order, so they gather around 0
  /// and away from a τ of 1, which they held in none of 100 studies of ten near ones (Documentation/statistics.md).
  ///
  /// - Parameters:
  ///   - first: the means of the candidates on one set; `second` on the other.
  ///   - draws: of both.
  public static func interval(
    _ first: [Double], _ second: [Double], draws: [(first: [Double], second: [Double])], level: Double = 0.95
  ) -> Available<Interval> {
    Available { () throws(Unavailable) in
      try Normal.checkLevel(level)
      guard first.count == second.count, draws.allSatisfy({ $0.first.count == first.count && $0.second.count == second.count }) else {
        throw Unavailable("the rankings and their draws do not have the same candidates")
      }
      guard first.count > 1 else { throw Unavailable("one candidate has no order") }
      guard draws.count > 1 else { throw Unavailable("an interval needs two draws") }
      let orders = shownOrders(differences(first, second), draws.map { differences($0.first, $0.second) }, level: level)
      let count = orders.count / 2
      let alike = (0..<count).map { orders[$0] * orders[count + $0] }, unknown = alike.count { $0 == 0 }, sum = alike.reduce(0, +)
      return Interval(
        lower: Double(sum - unknown) / Double(count), upper: Double(sum + unknown) / Double(count), level: level,
        method: "orders that simultaneous bounds of all pairs allow")
    }
  }

  /// Of every pair of candidates, on the first set and then on the second.
  private static func differences(_ first: [Double], _ second: [Double]) -> [Double] {
    [first, second].flatMap { values in values.indices.flatMap { a in (0..<a).map { values[a] - values[$0] } } }
  }

  /// 1 or −1 where a difference is shown to be above or below 0, else 0.
  private static func shownOrders(_ found: [Double], _ draws: [[Double]], level: Double) -> [Int] {
    // By how far a difference is off in two draws of three: unlike the standard deviation it is there for t of one degree of freedom.
    let scales = found.indices.map { pair in Bootstrap.quantile(draws.map { abs($0[pair] - found[pair]) }.sorted(), 0.6827) }
    let farthest = draws.map { draw in
      found.indices.reduce(0.0) { scales[$1] > 0 ? max($0, abs(draw[$1] - found[$1]) / scales[$1]) : $0 }
    }.sorted()
    let reach = Bootstrap.quantile(farthest, level)
    return found.indices.map { abs(found[$0]) > reach * scales[$0] ? (found[$0] > 0 ? 1 : -1) : 0 }
  }
}
