internal import Foundation
public import Foundations

/// A critical-difference diagram as a plain value (Demšar 2006, Journal of Machine Learning Research 7): the candidates on a line
/// by their average rank over many tasks, and bars over those that cannot be told apart.
public struct CriticalDifferenceDiagram: Codable, Hashable, Sendable {
  /// How pairs of candidates are compared.
  public enum Method: String, Codable, Hashable, Sendable {
    /// Average ranks against Nemenyi's critical difference. Depends on which other candidates are in the table.
    case nemenyi
    /// Wilcoxon signed-rank tests over the tasks, Holm over all pairs (Benavoli, Corani and Mangili 2016, JMLR 17).
    case wilcoxonHolm
  }

  public struct Comparison: Codable, Hashable, Sendable {
    /// Positions in `names`, the first before the second.
    public let first: Int
    public let second: Int
    public let result: TestResult
    /// The p-value that decides: Nemenyi's is simultaneous already, Wilcoxon's is adjusted by Holm.
    public let adjustedP: Statistic
  }

  public let names: [String]
  public let method: Method
  public let significance: Double
  public let taskCount: Int
  /// In the order of `names`; 1 is best.
  public let averageRanks: [Double]
  /// Positions in `names` from the best average rank to the worst; equal ranks in the order of the names.
  public let order: [Int]
  public let friedman: TestResult
  public let imanDavenport: TestResult
  /// Of average ranks; not available for Wilcoxon–Holm, which has none.
  public let criticalDifference: Statistic
  public let comparisons: [Comparison]
  /// The bars: each a largest set of two or more candidates of which no pair is told apart, best first, by the best of each.
  ///
  /// With Nemenyi a bar is a stretch of the line. With Wilcoxon–Holm it need not be: a candidate between two others may differ
  /// from both while they do not differ from each other, and then it is not in their set. A pair that could not be tested is
  /// not told apart.
  public let groups: [[Int]]

  /// - Parameter values: `[task][candidate]`, complete.
  public static func make(
    names: [String], values: [[Double]], method: Method, higherIsBetter: Bool = true, significance: Double = 0.05
  ) -> Available<CriticalDifferenceDiagram> {
    Available { () throws(Unavailable) in
      let table = try RankTable.make(values, higherIsBetter: higherIsBetter).get()
      guard table.candidateCount == names.count else {
        throw Unavailable("there are \(names.count) names for \(table.candidateCount) candidates")
      }
      guard names.count > 1 else { throw Unavailable("one candidate has nothing to differ from") }
      guard table.taskCount > 1 else { throw Unavailable("one task has no ranks to compare with another's") }
      guard significance > 0 && significance < 1 else { throw Unavailable("the level \(significance) is not between 0 and 1") }
      return CriticalDifferenceDiagram(names, values, table, method, significance)
    }
  }

  private init(_ names: [String], _ values: [[Double]], _ table: RankTable, _ method: Method, _ significance: Double) {
    self.names = names
    self.method = method
    self.significance = significance
    taskCount = table.taskCount
    averageRanks = table.averageRanks
    let order = names.indices.sorted { (table.averageRanks[$0], $0) < (table.averageRanks[$1], $1) }
    self.order = order
    friedman = table.friedman
    imanDavenport = table.imanDavenport
    criticalDifference =
      method == .nemenyi
      ? table.criticalDifference(significance: significance)
      : .notAvailable(reason: "Wilcoxon–Holm compares pairs by their values, not by a difference of ranks")

    let pairs = names.indices.flatMap { first in (first + 1..<max(first + 1, names.count)).map { (first, $0) } }
    let atFivePercent = method == .nemenyi ? table.criticalDifference() : nil
    let results = pairs.map { first, second in
      method == .nemenyi
        ? table.nemenyi(first, second, criticalDifference: atFivePercent)
        : wilcoxonSignedRankTest(values.map { $0[first] }, values.map { $0[second] })
    }
    let adjusted = AdjustedFamily(results, correction: method == .nemenyi ? .none : .holm).p
    comparisons = pairs.indices.map { index in
      Comparison(first: pairs[index].0, second: pairs[index].1, result: results[index], adjustedP: adjusted[index])
    }
    var alike = names.indices.map { _ in Set<Int>() }
    for comparison in comparisons where (comparison.adjustedP.known ?? 1) >= significance {
      alike[comparison.first].insert(comparison.second)
      alike[comparison.second].insert(comparison.first)
    }
    var place = names.indices.map { $0 }
    for (position, candidate) in order.enumerated() { place[candidate] = position }
    groups = largestCliques(alike).map { $0.map { place[$0] }.sorted() }.sorted { $0.lexicographicallyPrecedes($1) }
      .map { $0.map { order[$0] } }
  }
}

/// Every largest set of two or more nodes that are all neighbors of each other (Bron and Kerbosch 1973, with a pivot).
func largestCliques(_ neighbors: [Set<Int>]) -> [Set<Int>] {
  var cliques: [Set<Int>] = []
  func extend(_ clique: Set<Int>, _ candidates: Set<Int>, _ done: Set<Int>) {
    if candidates.isEmpty && done.isEmpty {
      if clique.count > 1 { cliques.append(clique) }
      return
    }
    var (candidates, done) = (candidates, done)
    let pivot = candidates.union(done).max { (neighbors[$0].count, $0) < (neighbors[$1].count, $1) }
    for node in candidates.subtracting(pivot.map { neighbors[$0] } ?? []).sorted() {
      extend(clique.union([node]), candidates.intersection(neighbors[node]), done.intersection(neighbors[node]))
      candidates.remove(node)
      done.insert(node)
    }
  }
  extend([], Set(neighbors.indices), [])
  return cliques
}
