public import Foundations

/// What is drawn with replacement: whole patients (clusters of rows), inside strata.
///
/// The patient is the unit of uncertainty in medical data: rows of one patient stay together. Strata keep the numbers of, say,
/// patients with and without a finding as they are.
public struct ResamplingUnits: Hashable, Sendable {
  public let rowCount: Int
  /// The rows of each cluster.
  let rows: [[Int]]
  /// The clusters of each stratum.
  let strata: [[Int]]

  public var clusterCount: Int { rows.count }
  public var stratumCount: Int { strata.count }

  /// - Parameters:
  ///   - clusters: one name per row, such as its patient; nil where each row is its own.
  ///   - strata: one per row; nil where there is one stratum. Rows of one cluster must lie in one stratum.
  public static func make(rowCount: Int, clusters: [String]? = nil, strata: [Int]? = nil) -> Available<ResamplingUnits> {
    Available { () throws(Unavailable) in
      guard rowCount > 0 else { throw Unavailable("there is nothing to resample") }
      guard clusters == nil || clusters?.count == rowCount, strata == nil || strata?.count == rowCount else {
        throw Unavailable(
          "\(rowCount) rows, \(clusters?.count ?? rowCount) patients and \(strata?.count ?? rowCount) strata do not fit")
      }
      let clustering = clusters.map { Clustering($0) }
      var rows = [[Int]](repeating: [], count: clustering?.count ?? rowCount)
      for row in 0..<rowCount { rows[clustering?.ofRow[row] ?? row].append(row) }
      guard rows.count > 1 else { throw Unavailable("one patient cannot be resampled") }
      var byStratum: [Int: [Int]] = [:]
      for (cluster, members) in rows.enumerated() {
        let stratum = strata?[members[0]] ?? 0
        if let strata, let other = members.first(where: { strata[$0] != stratum }) {
          throw Unavailable("the patient of row \(other) lies in two strata")
        }
        byStratum[stratum, default: []].append(cluster)
      }
      return ResamplingUnits(rowCount: rowCount, rows: rows, strata: byStratum.keys.sorted().map { byStratum[$0] ?? [] })
    }
  }

  /// Patients whose rows are all there.
  var all: Resample { Resample(weights: [Int](repeating: 1, count: rowCount)) }

  /// As many clusters of each stratum as it has, with replacement.
  func draw(_ generator: inout SeededGenerator) -> Resample {
    var weights = [Int](repeating: 0, count: rowCount)
    for stratum in strata {
      for _ in stratum.indices {
        for row in rows[stratum[generator.integer(below: stratum.count)]] { weights[row] += 1 }
      }
    }
    return Resample(weights: weights)
  }

  /// All rows but those of some clusters.
  func leaving(out clusters: some Sequence<Int>) -> Resample {
    var weights = [Int](repeating: 1, count: rowCount)
    for cluster in clusters { for row in rows[cluster] { weights[row] = 0 } }
    return Resample(weights: weights)
  }

  /// The clusters of each stratum in groups for a jackknife, at most `limit` groups in all: single clusters while they fit,
  /// else clusters dealt at random into equal groups.
  func jackknifeGroups(limit: Int, seed: UInt64) -> [[[Int]]] {
    var generator = SeededGenerator(seed: seed)
    return strata.map { stratum in
      guard clusterCount > limit else { return stratum.map { [$0] } }
      let count = max(2, limit * stratum.count / clusterCount)
      guard count < stratum.count else { return stratum.map { [$0] } }
      let order = generator.permutation(of: stratum.count)
      return (0..<count).map { group in
        stride(from: group, to: stratum.count, by: count).map { stratum[order[$0]] }
      }
    }
  }
}

/// The rows of one resample.
public struct Resample: Hashable, Sendable {
  /// How often each row was drawn, 0 included. A statistic that takes weights is faster than one that takes rows.
  public let weights: [Int]

  /// The rows that were drawn, in order, each as often as it was drawn.
  public var rows: [Int] {
    var rows: [Int] = []
    rows.reserveCapacity(weights.count)
    for (row, weight) in weights.enumerated() { for _ in 0..<weight { rows.append(row) } }
    return rows
  }
}
