internal import Foundation
public import Foundations

/// A share of rows that are right, with its interval over other rows or, where a patient has several, over other patients.
public enum Proportion {
  /// Wilson's score interval (Wilson 1927, JASA 22): it holds every π that a score test of p̂ would not refuse,
  ///
  ///     ( p̂ + z²/2n ± z√(p̂(1 − p̂)/n + z²/4n²) ) / (1 + z²/n)
  ///
  /// It stays in 0...1 and has a width at p̂ = 0 and 1 too.
  ///
  /// - Parameter n: any number above 0; of rows that come in groups, how many independent ones they are worth.
  public static func wilson(_ share: Double, of n: Double, level: Double = 0.95) -> Available<Interval> {
    Available { () throws(Unavailable) in
      guard n > 0, n.isFinite else { throw Unavailable("there is no row") }
      guard (0...1).contains(share) else { throw Unavailable("the share \(share) is not between 0 and 1") }
      let z = try Normal.halfWidth(level: level), scale = 1 + z * z / n
      let center = (share + z * z / (2 * n)) / scale
      let half = z / scale * (share * (1 - share) / n + z * z / (4 * n * n)).squareRoot()
      return Interval(
        lower: share == 0 ? 0 : max(0, center - half), upper: share == 1 ? 1 : min(1, center + half), level: level, method: "Wilson")
    }
  }

  /// The share of the rows that are right, with Wilson's interval for as many rows as the patients' rows are worth.
  ///
  /// - Parameters:
  ///   - isRight: one a row.
  ///   - patients: one a row.
  public static func interval(_ isRight: [Bool], patients: [some Hashable], level: Double = 0.95) -> Available<Interval> {
    guard patients.count == isRight.count else { return .notAvailable(reason: "the rows and their patients do not fit") }
    return interval(isRight, clustering: Clustering(patients), level: level)
  }

  /// The same of some of the rows whose patients are looked up already.
  ///
  /// - Parameters:
  ///   - isRight: one for each of the rows that count.
  ///   - rows: the rows that count.
  public static func interval(_ isRight: [Bool], rows: [Int], among patients: PatientPlaces, level: Double = 0.95) -> Available<Interval> {
    interval(isRight, clustering: patients.clustering(of: rows), level: level)
  }

  private static func interval(_ isRight: [Bool], clustering: Clustering, level: Double) -> Available<Interval> {
    let values = isRight.map { $0 ? 1.0 : 0 }
    return EffectiveCount.ofMean(values, clustering).flatMap { count in
      wilson(values.reduce(0, +) / Double(values.count), of: count, level: level).map { interval in
        clustering.count == values.count
          ? interval : Interval(lower: interval.lower, upper: interval.upper, level: level, method: "Wilson, clustered by patient")
      }
    }
  }

  /// The plain mean of several shares, such as a balanced accuracy or a sensitivity over classes, with the interval that Wilson's of each make
  /// together (MOVER: Zou and Donner 2008, Statistics in Medicine 27; of several that are correlated Zou 2007, Psychological Methods 12),
  ///
  ///     p̄ − √( Σⱼₖ ρⱼₖ(p̂ⱼ − lⱼ)(p̂ₖ − lₖ) )/K   to   p̄ + √( Σⱼₖ ρⱼₖ(uⱼ − p̂ⱼ)(uₖ − p̂ₖ) )/K
  ///
  /// with the correlation ρ of how much patients move two shares. It has a width where a share is 0 or 1, as of the few positives of a rare
  /// finding; a bootstrap of the mean then takes that share for known, and as few as 67 of 100 hold the truth (10 positives of 100 images).
  ///
  /// MOVER keeps how far each of Wilson's intervals lies to the side of ½, while the mean of many shares is hardly skewed: of 14 shares of 0.95
  /// of 60 rows each 9 of 100 intervals miss the truth, nearly all on one side. So from three shares on
  ///
  ///     p̄ + V/H²·Σⱼ hⱼ²cⱼ/K ± √V/K,  V = Σⱼₖ ρⱼₖhⱼhₖ,  H = Σⱼ hⱼ²
  ///
  /// with half the length hⱼ of Wilson's interval and how far its middle is from p̂ⱼ, cⱼ: of independent shares that are alike the middle moves
  /// by c/K, as the skewness of a mean does, and of the same share K times by c (Benchmarks/IntervalCoverage has how often it holds).
  ///
  /// - Parameters:
  ///   - shares: `[share][row]`; nil where a row is no part of a share. Each needs a row.
  ///   - patients: one a row.
  public static func interval(ofMean shares: [[Bool?]], patients: [String], level: Double = 0.95) -> Available<Interval> {
    interval(ofMean: shares, among: PatientPlaces(patients), level: level)
  }

  /// The same of rows whose patients are looked up already.
  public static func interval(ofMean shares: [[Bool?]], among patients: PatientPlaces, level: Double = 0.95) -> Available<Interval> {
    Available { () throws(Unavailable) in
      guard !shares.isEmpty else { throw Unavailable("there is no share") }
      guard shares.allSatisfy({ $0.count == patients.ofRow.count }) else { throw Unavailable("the rows and their patients do not fit") }
      var values: [Double] = [], below: [Double] = [], above: [Double] = [], deviations: [PatientDeviations?] = []
      for share in shares {
        let rows = share.indices.filter { share[$0] != nil }
        let own = try interval(rows.map { share[$0] ?? false }, rows: rows, among: patients, level: level).get()
        let value = Double(rows.count { share[$0] == true }) / Double(rows.count)
        values.append(value)
        below.append(value - own.lower)
        above.append(own.upper - value)
        deviations.append(PatientDeviations.ofMean(share.map { $0 == true ? 1 : 0 }, among: patients, rows: rows).known)
      }
      let correlations = deviations.map { first in deviations.map { correlation(first, $0) } }
      func together(_ distances: [Double]) -> Double {
        var sum = 0.0
        for j in distances.indices { for k in distances.indices { sum += (j == k ? 1 : correlations[j][k]) * distances[j] * distances[k] } }
        return max(0, sum)
      }
      let count = Double(values.count), mean = values.reduce(0, +) / count, isClustered = patients.count < patients.ofRow.count
      let words = isClustered ? ", clustered by patient" : ""
      guard values.count > 2 else {
        return Interval(
          lower: max(0, mean - together(below).squareRoot() / count), upper: min(1, mean + together(above).squareRoot() / count), level: level,
          method: "MOVER of Wilson\(words)")
      }
      let halves = zip(below, above).map { ($0 + $1) / 2 }, middles = zip(below, above).map { ($1 - $0) / 2 }
      let variance = together(halves), squares = halves.reduce(0) { $0 + $1 * $1 }
      let middle = mean + variance / (squares * squares) * zip(halves, middles).reduce(0) { $0 + $1.0 * $1.0 * $1.1 } / count
      let reach = variance.squareRoot() / count
      return Interval(lower: max(0, middle - reach), upper: min(1, middle + reach), level: level, method: "Wilson's of the shares together\(words)")
    }
  }

  /// Of how much patients move two values; 0 where one of them moves by none.
  private static func correlation(_ first: PatientDeviations?, _ second: PatientDeviations?) -> Double {
    guard let first, let second, first.variance > 0, second.variance > 0 else { return 0 }
    return first.covariance(with: second) / (first.variance * second.variance).squareRoot()
  }
}

/// How many independent rows the rows of some patients are worth for a mean: n divided by the design effect, which is the variance with
/// patients taken together over the variance of as many independent rows (Kish 1965; for Wilson's interval Saha, Miller and Wang 2016,
/// International Journal of Biostatistics 12).
public enum EffectiveCount {
  /// - Parameter patients: one a row.
  /// - Returns: at most the number of rows. Where all values are alike nothing shows how alike the rows of a patient are, and the patients
  ///   are counted.
  public static func ofMean(_ values: [Double], patients: [some Hashable]) -> Available<Double> {
    guard patients.count == values.count else { return .notAvailable(reason: "the rows and their patients do not fit") }
    return ofMean(values, Clustering(patients))
  }

  /// - Parameter clustering: of the same rows.
  static func ofMean(_ values: [Double], _ clustering: Clustering) -> Available<Double> {
    Available { () throws(Unavailable) in
      guard !values.isEmpty else { throw Unavailable("there is no row") }
      let n = Double(values.count)
      if clustering.count == values.count { return n }
      let mean = values.reduce(0, +) / n
      var sums = [Double](repeating: 0, count: clustering.count), squares = 0.0
      for (row, value) in values.enumerated() {
        sums[clustering.ofRow[row]] += value - mean
        squares += (value - mean) * (value - mean)
      }
      guard squares > 0, clustering.count > 1 else { return Double(clustering.count) }
      let m = Double(clustering.count)
      let together = m / (m - 1) * dot(sums, sums), apart = n / (n - 1) * squares
      return together > apart ? n * apart / together : n
    }
  }
}
