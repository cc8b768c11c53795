/// Ranks from 1, ties sharing the mean of their ranks; twice the rank, so that it is a whole number.
struct DoubledMidranks {
  /// One per value, in the values' order.
  let doubled: [Int]
  /// The sizes of the runs of equal values that have more than one member.
  let tieSizes: [Int]

  init(_ values: [Double]) {
    let order = values.indices.sorted { values[$0] < values[$1] }
    var doubled = [Int](repeating: 0, count: values.count)
    var ties: [Int] = []
    var start = 0
    while start < order.count {
      var end = start + 1
      while end < order.count, values[order[end]] == values[order[start]] { end += 1 }
      for position in start..<end { doubled[order[position]] = start + 1 + end }
      if end - start > 1 { ties.append(end - start) }
      start = end
    }
    self.doubled = doubled
    tieSizes = ties
  }

  /// Σ(t³ − t) over the ties, the term by which they shrink a rank statistic's variance.
  var tieTerm: Double { tieSizes.reduce(0) { $0 + (Double($1) * Double($1) - 1) * Double($1) } }
}

/// The null distribution of a sum of ranks, as the number of ways to reach each sum: exact in float64 up to 2⁵³ ways.
struct RankSumDistribution {
  /// `ways[s]` for the doubled sum s.
  private let ways: [Double]
  private let total: Double

  /// Each rank is in the sum or not, with equal chance: the signed-rank statistic.
  init(signed ranks: [Int]) {
    var ways = [Double](repeating: 0, count: ranks.reduce(0, +) + 1)
    ways[0] = 1
    var top = 0
    for rank in ranks {
      top += rank
      for sum in stride(from: top, through: rank, by: -1) { ways[sum] += ways[sum - rank] }
    }
    self.ways = ways
    total = ways.reduce(0, +)
  }

  /// Each choice of `count` of the ranks is equally likely: the rank-sum statistic.
  init(choosing count: Int, of ranks: [Int]) {
    let width = ranks.sorted(by: >).prefix(count).reduce(0, +) + 1
    // Row c holds the ways to choose c ranks.
    var table = [Double](repeating: 0, count: (count + 1) * width)
    table[0] = 1
    for (index, rank) in ranks.enumerated() {
      for chosen in stride(from: min(count, index + 1), through: 1, by: -1) {
        let (row, above) = (chosen * width, (chosen - 1) * width)
        for sum in stride(from: rank, to: width, by: 1) { table[row + sum] += table[above + sum - rank] }
      }
    }
    ways = Array(table.suffix(width))
    total = ways.reduce(0, +)
  }

  /// P(S ≤ s) and P(S ≥ s); both hold the probability of s itself.
  func tails(at sum: Int) -> (lower: Double, upper: Double) {
    (ways[...sum].reduce(0, +) / total, ways[sum...].reduce(0, +) / total)
  }
}

/// Which null distribution a rank test takes.
public enum RankTestMethod: String, Codable, Hashable, Sendable {
  /// Exact up to 50 values, the normal approximation above.
  case automatic
  case exact
  case normalApproximation
}

/// Up to here every count of ways is below 2⁵³ and so a whole number in float64.
let exactRankLimit = 50
