internal import Foundation
public import Foundations

/// The areas under the ROC curves of several scores of the same samples, with their covariance over samples (DeLong, DeLong and
/// Clarke-Pearson 1988, Biometrics 44), from midranks in O(n log n) (Sun and Xu 2014, IEEE Signal Processing Letters 21).
///
/// With the placements V₁₀ of the m positives (the share of negatives below each, ties one half) and V₀₁ of the n negatives
/// (the share of positives above each), θ̂ = mean V₁₀ = mean V₀₁ and
///
///     cov(θ̂ₐ, θ̂_b) = S₁₀/m + S₀₁/n,  S₁₀ = Σ(V₁₀ᵃ − θ̂ₐ)(V₁₀ᵇ − θ̂_b)/(m − 1),  S₀₁ likewise
///
/// Samples of one patient are not independent: with `clusters` the placements are summed per patient first, and the term of
/// patients with both kinds of samples is added (Obuchowski 1997, Biometrics 53). Without shared clusters both agree.
public struct DeLong: Codable, Hashable, Sendable {
  /// One per score.
  public let aurocs: [Double]
  /// `[score][score]`.
  public let covariance: [[Double]]
  public let positiveCount: Int
  public let negativeCount: Int
  /// The patients, or the samples when no clusters are given.
  public let clusterCount: Int
  public let isClustered: Bool

  /// - Parameters:
  ///   - scores: `[score][sample]`, any monotonic scale; higher means more likely positive.
  ///   - clusters: one per sample, equal for the samples of one patient.
  /// - Returns: not available without two positives and two negatives (with clusters: two patients with each).
  public static func make(scores: [[Double]], isPositive: [Bool], clusters: [Int]? = nil) -> Available<DeLong> {
    Available { () throws(Unavailable) in
      guard !scores.isEmpty else { throw Unavailable("there is no score") }
      for column in scores {
        guard column.count == isPositive.count else {
          throw Unavailable("there are \(column.count) scores but \(isPositive.count) labels")
        }
        if let index = column.firstIndex(where: \.isNaN) { throw Unavailable("the score of sample \(index) is not a number") }
      }
      if let clusters, clusters.count != isPositive.count {
        throw Unavailable("there are \(clusters.count) patients but \(isPositive.count) labels")
      }
      let positives = isPositive.count { $0 }
      let negatives = isPositive.count - positives
      guard positives > 0 else { throw Unavailable("no positive sample") }
      guard negatives > 0 else { throw Unavailable("no negative sample") }
      guard positives > 1 && negatives > 1 else {
        throw Unavailable("the variance of an AUROC needs two positive and two negative samples")
      }
      let placements = scores.map { Placements($0, isPositive: isPositive, positives: positives, negatives: negatives) }
      let aurocs = placements.map(\.auroc)
      let clustering = clusters.map { Clustering($0) }
      let deviations = placements.map { $0.deviations(isPositive: isPositive, clustering: clustering) }
      let covariance = try Deviations.covariance(
        deviations, isPositive: isPositive, clustering: clustering, positives: positives, negatives: negatives)
      return DeLong(
        aurocs: aurocs, covariance: covariance, positiveCount: positives, negativeCount: negatives,
        clusterCount: clustering?.count ?? isPositive.count, isClustered: clusters != nil)
    }
  }

  /// On which scale the interval is symmetric.
  public enum Scale: String, Codable, Hashable, Sendable {
    /// θ̂ ± z·se, cut to 0...1.
    case linear
    /// logit θ̂ ± z·se/(θ̂(1 − θ̂)), mapped back: stays in 0...1 and covers better near 1.
    case logit
  }

  /// One AUROC with its interval; the interval is not available where the variance is 0, as for a perfect separation.
  public func estimate(_ index: Int = 0, level: Double = 0.95, scale: Scale = .linear) -> IntervalEstimate {
    guard aurocs.indices.contains(index) else {
      return .notAvailable("AUROC", "there are \(aurocs.count) scores, no number \(index)")
    }
    let auroc = aurocs[index]
    let interval = Available<Interval> { () throws(Unavailable) in
      let error = max(0, covariance[index][index]).squareRoot()
      guard error > 0 && auroc > 0 && auroc < 1 else { throw Unavailable("the AUROC of \(auroc) has a variance of 0") }
      let half = try Normal.halfWidth(level: level) * error
      let method = isClustered ? "DeLong, clustered by patient" : "DeLong"
      switch scale {
      case .linear:
        return Interval(lower: max(0, auroc - half), upper: min(1, auroc + half), level: level, method: method)
      case .logit:
        return .onLogitScale(auroc, half: half, level: level, method: method)
      }
    }
    return IntervalEstimate(name: "AUROC", value: .value(auroc), interval: interval)
  }

  /// DeLong's test of two AUROCs of the same samples, z = (θ̂ₐ − θ̂_b)/√(var θ̂ₐ + var θ̂_b − 2 cov).
  ///
  /// The effect is their difference with its interval. Not available where the difference has no variance, as for two scores
  /// that order the samples alike.
  public func compare(
    _ first: Int = 0, _ second: Int = 1, alternative: Alternative = .twoSided, level: Double = 0.95
  ) -> TestResult {
    let plan = TestResult.Plan(
      test: isClustered ? "DeLong's paired test, clustered by patient" : "DeLong's paired test", alternative: alternative,
      statisticName: "z", effectName: "difference of AUROCs", counts: [positiveCount, negativeCount])
    return TestResult(plan) { () throws(Unavailable) in
      guard aurocs.indices.contains(first), aurocs.indices.contains(second) else {
        throw Unavailable("there are \(aurocs.count) scores, no number \(max(first, second))")
      }
      let parts = (covariance[first][first], covariance[second][second], covariance[first][second])
      let variance = parts.0 + parts.1 - 2 * parts.2
      guard variance > 1e-12 * (parts.0 + parts.1) else { throw Unavailable("the difference of the AUROCs has a variance of 0") }
      let difference = aurocs[first] - aurocs[second]
      let error = variance.squareRoot()
      let z = difference / error
      let half = try Normal.halfWidth(level: level) * error
      return TestResult.Outcome(
        statistic: z, p: alternative.p(lower: Normal.upper(-z), upper: Normal.upper(z)), effect: difference,
        interval: .value(Interval(center: difference, half: half, level: level, method: "DeLong interval of the difference")))
    }
  }
}

extension Interval {
  /// logit θ̂ ± half/(θ̂(1 − θ̂)), mapped back: inside 0...1 for an estimate between them.
  static func onLogitScale(_ estimate: Double, half: Double, level: Double, method: String) -> Interval {
    let center = log(estimate / (1 - estimate)), reach = half / (estimate * (1 - estimate))
    return Interval(
      lower: 1 / (1 + exp(reach - center)), upper: 1 / (1 + exp(-reach - center)), level: level, method: method + ", logit scale")
  }
}

/// Cluster numbers 0..<count, one per sample.
struct Clustering {
  let ofRow: [Int]
  let count: Int

  init(ofRow: [Int], count: Int) { (self.ofRow, self.count) = (ofRow, count) }

  init<Name: Hashable>(_ names: [Name]) {
    var numbers: [Name: Int] = [:]
    ofRow = names.map { name in
      if let known = numbers[name] { return known }
      numbers[name] = numbers.count
      return numbers.count - 1
    }
    count = numbers.count
  }
}

/// V₁₀ at the positive samples, V₀₁ at the negative.
struct Placements {
  let values: [Double]
  let auroc: Double

  init(_ scores: [Double], isPositive: [Bool], positives: Int, negatives: Int) {
    let order = risingOrder(of: scores)
    var values = [Double](repeating: 0, count: scores.count)
    // Twice the pairs in the right order, a whole number: the AUROC is rounded once.
    var twiceWins = 0, positivesBelow = 0, negativesBelow = 0, start = 0
    while start < order.count {
      var end = start, positivesHere = 0
      while end < order.count, scores[Int(order[end])] == scores[Int(order[start])] {
        if isPositive[Int(order[end])] { positivesHere += 1 }
        end += 1
      }
      let negativesHere = end - start - positivesHere
      let ofPositive = 2 * negativesBelow + negativesHere
      let ofNegative = 2 * (positives - positivesBelow) - positivesHere
      let placements = (Double(ofPositive) / Double(2 * negatives), Double(ofNegative) / Double(2 * positives))
      for position in start..<end {
        let index = Int(order[position])
        values[index] = isPositive[index] ? placements.0 : placements.1
      }
      twiceWins += positivesHere * ofPositive
      positivesBelow += positivesHere
      negativesBelow += negativesHere
      start = end
    }
    self.values = values
    auroc = Double(twiceWins) / (2 * Double(positives) * Double(negatives))
  }

  /// What each sample, or each cluster, adds to the deviations from θ̂.
  fileprivate func deviations(isPositive: [Bool], clustering: Clustering?) -> Deviations {
    guard let clustering else { return Deviations(ofPositives: values.map { $0 - auroc }, ofNegatives: []) }
    var deviations = Deviations(
      ofPositives: [Double](repeating: 0, count: clustering.count), ofNegatives: [Double](repeating: 0, count: clustering.count))
    for (row, cluster) in clustering.ofRow.enumerated() {
      if isPositive[row] { deviations.ofPositives[cluster] += values[row] - auroc } else { deviations.ofNegatives[cluster] += values[row] - auroc }
    }
    return deviations
  }
}

private struct Deviations {
  /// Per cluster; without clusters per sample, positives and negatives alike, and `ofNegatives` is empty.
  var ofPositives: [Double]
  var ofNegatives: [Double]

  static func covariance(
    _ all: [Deviations], isPositive: [Bool], clustering: Clustering?, positives: Int, negatives: Int
  ) throws(Unavailable) -> [[Double]] {
    let (m, n) = (Double(positives), Double(negatives))
    var matrix = all.map { _ in [Double](repeating: 0, count: all.count) }
    let entry: (Deviations, Deviations) -> Double
    if let clustering {
      let none = [Bool](repeating: false, count: clustering.count)
      var holds = (positive: none, negative: none)
      for (row, cluster) in clustering.ofRow.enumerated() {
        if isPositive[row] { holds.positive[cluster] = true } else { holds.negative[cluster] = true }
      }
      let with = (positive: Double(holds.positive.count { $0 }), negative: Double(holds.negative.count { $0 }))
      guard with.positive > 1 && with.negative > 1 else {
        throw Unavailable("the variance of an AUROC needs two patients with positive and two with negative samples")
      }
      let count = Double(clustering.count)
      entry = { a, b in
        let ofPositives = dot(a.ofPositives, b.ofPositives) * with.positive / (with.positive - 1) / (m * m)
        let ofNegatives = dot(a.ofNegatives, b.ofNegatives) * with.negative / (with.negative - 1) / (n * n)
        let mixed = dot(a.ofPositives, b.ofNegatives) + dot(b.ofPositives, a.ofNegatives)
        return ofPositives + ofNegatives + mixed * count / (count - 1) / (m * n)
      }
    } else {
      entry = { a, b in
        var ofPositives = 0.0, ofNegatives = 0.0
        for index in isPositive.indices {
          let product = a.ofPositives[index] * b.ofPositives[index]
          if isPositive[index] { ofPositives += product } else { ofNegatives += product }
        }
        return ofPositives / ((m - 1) * m) + ofNegatives / ((n - 1) * n)
      }
    }
    for row in all.indices {
      for column in row..<all.count {
        matrix[row][column] = entry(all[row], all[column])
        matrix[column][row] = matrix[row][column]
      }
    }
    return matrix
  }
}

func dot(_ first: [Double], _ second: [Double]) -> Double { zip(first, second).reduce(0) { $0 + $1.0 * $1.1 } }
