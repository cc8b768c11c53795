internal import Foundation
public import Foundations

/// Uncertainty on two levels: one initialization, trained with r seeds, each evaluated on the same patients.
///
/// The standard deviation over seeds says nothing about other patients; a bootstrap of patients says nothing about other
/// seeds. This takes both, by the multi-reader multi-case analysis of Obuchowski and Rockette (1995) with seeds for readers,
/// for one modality, with the degrees of freedom of Hillis (2007, Statistics in Medicine 26):
///
///     var(θ̄) = MS_seed/r + max(0, Cov),  ν = (MS_seed + max(0, r·Cov))² / (MS_seed²/(r − 1))
///
/// where MS_seed is the variance of the r values over seeds (ddof 1) and Cov the mean covariance, over patients, of two seeds'
/// values. For a metric that is a mean over patients this is the crossed random-effects analysis of variance.
public struct TwoLevel: Codable, Hashable, Sendable {
  /// The mean over seeds, with an interval that speaks of new seeds and new patients.
  public let estimate: IntervalEstimate
  public let standardError: Statistic
  public let degreesOfFreedom: Statistic
  /// What another seed would change: MS_seed − Var + Cov, at least 0, with the mean variance Var over patients.
  public let seedVariance: Statistic
  /// What other patients of the same number would change for all seeds alike: Cov, at least 0.
  public let patientVariance: Statistic
  /// What other patients would change for each seed in its own way: Var − Cov, at least 0.
  public let interactionVariance: Statistic
  public let seedCount: Int

  private static let method = "seeds × patients (Obuchowski–Rockette–Hillis)"
  private static let noDifference = "neither seeds nor patients make any difference"

  /// - Parameters:
  ///   - values: the metric of each seed.
  ///   - caseCovariance: `[seed][seed]`, of the values over patients: `DeLong.covariance`, or `CaseCovariance`.
  /// - Returns: not available for fewer than two seeds, or where neither level has any variance.
  public init(_ name: String, values: [Double], caseCovariance: [[Double]], level: Double = 0.95) {
    seedCount = values.count
    do throws(Unavailable) {
      let group = try SeedGroup(values, caseCovariance, Array(values.indices))
      let r = Double(values.count)
      let shared = max(0, group.covariance)
      let variance = group.meanSquare / r + shared
      try checkSpread(variance.squareRoot(), magnitude: abs(group.mean), Self.noDifference)
      // Without any spread over seeds, only patients count, and their covariance is taken as known.
      let ν = group.meanSquare == 0 ? Double.infinity : (r - 1) * pow(1 + r * shared / group.meanSquare, 2)
      let half = try quantile(level: level, degreesOfFreedom: ν) * variance.squareRoot()
      estimate = IntervalEstimate(
        name: name, value: .value(group.mean),
        interval: .value(Interval(center: group.mean, half: half, level: level, method: Self.method)))
      standardError = .value(variance.squareRoot())
      degreesOfFreedom = ν.isFinite ? .value(ν) : .notAvailable(reason: "the seeds have no spread, so the interval is a normal one")
      seedVariance = .value(max(0, group.meanSquare - group.variance + group.covariance))
      patientVariance = .value(shared)
      interactionVariance = .value(max(0, group.variance - group.covariance))
    } catch {
      let reason = error.reason
      estimate = .notAvailable(name, reason)
      standardError = .notAvailable(reason: reason)
      degreesOfFreedom = .notAvailable(reason: reason)
      seedVariance = .notAvailable(reason: reason)
      patientVariance = .notAvailable(reason: reason)
      interactionVariance = .notAvailable(reason: reason)
    }
  }

  /// Where the values or their covariance cannot be computed, with the reason.
  public init(_ name: String, notAvailable reason: String) {
    seedCount = 0
    estimate = .notAvailable(name, reason)
    standardError = .notAvailable(reason: reason)
    degreesOfFreedom = .notAvailable(reason: reason)
    seedVariance = .notAvailable(reason: reason)
    patientVariance = .notAvailable(reason: reason)
    interactionVariance = .notAvailable(reason: reason)
  }

  /// Whether two initializations differ, for new seeds and new patients: seeds are nested in the initialization, patients are
  /// shared (after the reader-nested design of Hillis 2014, Statistics in Medicine 33, with a variance for each group):
  ///
  ///     var(θ̄₁ − θ̄₂) = MS₁/r₁ + MS₂/r₂ + max(0, Cov₁ + Cov₂ − 2Cov₁₂)
  ///
  /// with degrees of freedom by Satterthwaite, the patients' part taken as known.
  ///
  /// - Parameter caseCovariance: of all values, the first group's seeds before the second's.
  public static func compare(
    _ first: [Double], _ second: [Double], caseCovariance: [[Double]], alternative: Alternative = .twoSided, level: Double = 0.95
  ) -> TestResult {
    let plan = TestResult.Plan(
      test: "t-test over seeds and patients (Obuchowski–Rockette–Hillis)", alternative: alternative, statisticName: "t",
      effectName: "mean difference", counts: [first.count, second.count])
    return TestResult(plan) { () throws(Unavailable) in
      let values = first + second
      let a = try SeedGroup(values, caseCovariance, Array(first.indices))
      let b = try SeedGroup(values, caseCovariance, Array(first.count..<values.count))
      var between = 0.0
      for one in first.indices { for other in first.count..<values.count { between += caseCovariance[one][other] } }
      between /= Double(first.count * second.count)
      let ofSeeds = (a.meanSquare / Double(first.count), b.meanSquare / Double(second.count))
      let ofPatients = max(0, a.covariance + b.covariance - 2 * between)
      let variance = ofSeeds.0 + ofSeeds.1 + ofPatients
      try checkSpread(variance.squareRoot(), magnitude: max(abs(a.mean), abs(b.mean)), noDifference)
      let uncertain =
        pow(ofSeeds.0 / variance, 2) / Double(first.count - 1) + pow(ofSeeds.1 / variance, 2) / Double(second.count - 1)
      let ν = uncertain > 0 ? 1 / uncertain : Double.infinity
      let difference = a.mean - b.mean
      let t = difference / variance.squareRoot()
      let tails: (Double, Double) =
        ν < 1e12
        ? (try StudentT(degreesOfFreedom: ν).lowerTail(t).get(), try StudentT(degreesOfFreedom: ν).upperTail(t).get())
        : (Normal.upper(-t), Normal.upper(t))
      let half = try quantile(level: level, degreesOfFreedom: ν) * variance.squareRoot()
      return TestResult.Outcome(
        statistic: t, degreesOfFreedom: ν < 1e12 ? [ν] : [], p: alternative.p(lower: tails.0, upper: tails.1), effect: difference,
        interval: .value(Interval(center: difference, half: half, level: level, method: method)))
    }
  }
}

private func quantile(level: Double, degreesOfFreedom: Double) throws(Unavailable) -> Double {
  degreesOfFreedom < 1e12
    ? try StudentT.halfWidth(level: level, degreesOfFreedom: degreesOfFreedom) : try Normal.halfWidth(level: level)
}

/// The mean squares and mean covariances of one initialization's seeds.
private struct SeedGroup {
  let mean: Double
  /// Of the values over seeds, ddof 1.
  let meanSquare: Double
  /// The mean variance over patients of one seed's value.
  let variance: Double
  /// The mean covariance over patients of two seeds' values.
  let covariance: Double

  init(_ values: [Double], _ matrix: [[Double]], _ members: [Int]) throws(Unavailable) {
    guard matrix.count == values.count, matrix.allSatisfy({ $0.count == values.count }) else {
      throw Unavailable("the covariance over patients does not fit \(values.count) values")
    }
    guard members.count > 1 else { throw Unavailable("one seed says nothing about other seeds") }
    guard matrix.allSatisfy({ $0.allSatisfy(\.isFinite) }) else { throw Unavailable("a covariance over patients is not finite") }
    let moments = try Summary(members.map { values[$0] }).moments()
    mean = moments.mean
    meanSquare = moments.variance
    let r = Double(members.count)
    variance = members.reduce(0) { $0 + matrix[$1][$1] } / r
    let all = members.reduce(0) { sum, row in sum + members.reduce(0) { $0 + matrix[row][$1] } }
    covariance = (all - r * variance) / (r * (r - 1))
  }
}

/// How the values of several seeds, or of several metrics, vary together over patients.
public enum CaseCovariance {
  /// Of means over rows: the covariance of the rows' values divided by their number. With clusters, the deviations are summed
  /// per patient first, and m patients give a factor m/(m − 1).
  ///
  /// - Parameter values: `[seed][row]`, such as each image's Dice.
  public static func ofMeans(_ values: [[Double]], clusters: [String]? = nil) -> Available<[[Double]]> {
    Available<[[Double]]> { () throws(Unavailable) in
      guard let rowCount = values.first?.count, rowCount > 0 else { throw Unavailable("there is no value") }
      guard values.allSatisfy({ $0.count == rowCount }), clusters == nil || clusters?.count == rowCount else {
        throw Unavailable("the seeds do not have the same rows")
      }
      guard values.allSatisfy({ $0.allSatisfy(\.isFinite) }) else { throw Unavailable("a row has a value that is not finite") }
      let clustering = clusters.map { Clustering($0) }
      let count = clustering?.count ?? rowCount
      guard count > 1 else { throw Unavailable("one patient says nothing about other patients") }
      let deviations = values.map { column in
        let mean = column.reduce(0, +) / Double(rowCount)
        var sums = [Double](repeating: 0, count: count)
        for (row, value) in column.enumerated() { sums[clustering?.ofRow[row] ?? row] += value - mean }
        return sums
      }
      let scale = Double(count) / Double(count - 1) / (Double(rowCount) * Double(rowCount))
      return deviations.map { a in deviations.map { b in scale * dot(a, b) } }
    }
  }

  /// Of any metrics, by the jackknife over patients: (m − 1)/m·Σ(θ₍ᵢ₎ − θ̄)(θ₍ᵢ₎ − θ̄)ᵀ inside each stratum (Efron and Tibshirani
  /// 1993, chapter 11). Above 1000 patients they are left out in groups.
  ///
  /// - Parameter metrics: of the kept rows, one per seed; nil where one is undefined.
  public static func jackknife(
    over units: ResamplingUnits, seed: UInt64, _ metrics: (Resample) -> [Double]?
  ) -> Available<[[Double]]> {
    Available<[[Double]]> { () throws(Unavailable) in
      var sum: [[Double]]?
      for stratum in units.jackknifeGroups(limit: Bootstrap.jackknifeLimit, seed: seed) where stratum.count > 1 {
        let kept = stratum.compactMap { metrics(units.leaving(out: $0)) }
        guard kept.count == stratum.count, let width = kept.first?.count,
          kept.allSatisfy({ $0.count == width && $0.allSatisfy(\.isFinite) })
        else { throw Unavailable("a metric is undefined without one of the patients") }
        let m = Double(kept.count)
        let deviations = (0..<width).map { column in
          let mean = kept.reduce(0) { $0 + $1[column] } / m
          return kept.map { $0[column] - mean }
        }
        let part = deviations.map { a in deviations.map { b in (m - 1) / m * dot(a, b) } }
        sum = sum.map { zip($0, part).map { zip($0, $1).map { $0 + $1 } } } ?? part
      }
      guard let sum else { throw Unavailable("one patient says nothing about other patients") }
      return sum
    }
  }
}
