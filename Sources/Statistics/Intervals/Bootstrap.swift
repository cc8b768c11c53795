internal import Foundation
public import Foundations

/// A bootstrap of any statistic over patients (Efron and Tibshirani 1993): seeded, so that the same call gives the same interval.
///
/// Not for medians and other quantiles of few values, whose bootstrap intervals can fail badly.
public struct Bootstrap: Codable, Hashable, Sendable {
  public enum Method: String, Codable, Hashable, Sendable {
    /// The (1 ± level)/2 quantiles of the resampled statistics, interpolated linearly.
    case percentile
    /// Bias-corrected and accelerated: the same quantiles, moved by the bias z₀ (the normal quantile of the share of
    /// resamples below the estimate, ties half) and the acceleration a (from the jackknife over patients) (Efron 1987, JASA 82).
    case bca
  }

  public var method: Method
  public var resampleCount: Int
  public var level: Double
  public var seed: UInt64

  public init(method: Method = .bca, resampleCount: Int = 2000, level: Double = 0.95, seed: UInt64) {
    self.method = method
    self.resampleCount = resampleCount
    self.level = level
    self.seed = seed
  }

  /// More patients than this are left out in groups by the jackknife of BCa.
  public static let jackknifeLimit = 1000
  /// A statistic that is undefined in a larger share of resamples has no interval.
  static let undefinedLimit = 0.05

  /// - Parameter statistic: of the drawn rows; nil where it is undefined, as an AUROC is without positives. Such resamples are
  ///   left out and counted, and the interval is not available when they are more than one in twenty: stratify then.
  public func estimate(
    _ name: String, over units: ResamplingUnits, _ statistic: (Resample) -> Double?
  ) -> BootstrapEstimate {
    estimates([name], over: units) { [statistic($0)] }[0]
  }

  /// Several statistics on the same resamples: each estimate is the one that `estimate` would give, but rows are drawn once.
  ///
  /// - Parameter statistics: of the drawn rows, one a name; nil where it is undefined.
  public func estimates(
    _ names: [String], over units: ResamplingUnits, _ statistics: (Resample) -> [Double?]
  ) -> [BootstrapEstimate] {
    let centers = statistics(units.all)
    guard centers.count == names.count else {
      return names.map { estimate($0, center: nil, resampled: [], jackknife: [], over: units) }
    }
    let isWorthwhile = resampleCount > 1 && level > 0 && level < 1 && centers.contains { $0?.isFinite ?? false }
    var generator = SeededGenerator(seed: seed)
    var columns = [[Double?]](repeating: [], count: names.count)
    for _ in 0..<(isWorthwhile ? resampleCount : 0) {
      for (column, value) in statistics(units.draw(&generator)).enumerated() { columns[column].append(value) }
    }
    let groups = isWorthwhile && method == .bca ? units.jackknifeGroups(limit: Self.jackknifeLimit, seed: seed) : []
    let jackknife = groups.map { stratum in stratum.map { statistics(units.leaving(out: $0)) } }
    return names.indices.map { column in
      estimate(
        names[column], center: centers[column], resampled: columns[column],
        jackknife: jackknife.map { stratum in stratum.map { $0[column] } }, over: units)
    }
  }

  private func estimate(
    _ name: String, center: Double?, resampled: [Double?], jackknife: [[Double?]], over units: ResamplingUnits
  ) -> BootstrapEstimate {
    var error = Statistic.notAvailable(reason: "there is no estimate")
    guard let center, center.isFinite else {
      return BootstrapEstimate(
        estimate: .notAvailable(name, "\(name) is undefined for all rows"), standardError: error, resampleCount: 0,
        undefinedCount: 0, clusterCount: units.clusterCount, stratumCount: units.stratumCount, seed: seed)
    }
    let replicates = resampled.compactMap { $0 }.filter(\.isFinite)
    let undefined = resampled.count - replicates.count
    let interval = Available<Interval> { () throws(Unavailable) in
      guard resampleCount > 1 else { throw Unavailable("a bootstrap needs two resamples, not \(resampleCount)") }
      try Normal.checkLevel(level)
      guard Double(undefined) <= Self.undefinedLimit * Double(resampleCount) else {
        throw Unavailable("\(name) is undefined in \(undefined) of \(resampleCount) resamples")
      }
      error = Summary(replicates).standardDeviation
      let acceleration = method == .bca ? try Self.acceleration(jackknife) : 0
      return try self.interval(of: replicates, estimate: center, acceleration: acceleration)
    }
    return BootstrapEstimate(
      estimate: IntervalEstimate(name: name, value: .value(center), interval: interval), standardError: error,
      resampleCount: resampleCount, undefinedCount: undefined, clusterCount: units.clusterCount,
      stratumCount: units.stratumCount, seed: seed)
  }

  /// a = Σ U³ / (6 (Σ U²)^(3/2)) with the jackknife's influence values U, those of a stratum of n divided by n.
  static func acceleration(_ jackknife: [[Double?]]) throws(Unavailable) -> Double {
    var squares = 0.0, cubes = 0.0
    for stratum in jackknife where stratum.count > 1 {
      let values = stratum.compactMap { $0 }
      guard values.count == stratum.count, values.allSatisfy(\.isFinite) else {
        throw Unavailable("the statistic is undefined without one of the patients, so BCa has no acceleration")
      }
      let n = Double(values.count)
      let mean = values.reduce(0, +) / n
      for value in values {
        let influence = (n - 1) * (mean - value) / n
        squares += influence * influence
        cubes += influence * influence * influence
      }
    }
    guard squares > 0 else { throw Unavailable("the statistic is the same whichever patient is left out") }
    return cubes / (6 * pow(squares, 1.5))
  }

  /// The interval from the resampled statistics.
  func interval(of replicates: [Double], estimate: Double, acceleration: Double) throws(Unavailable) -> Interval {
    let sorted = replicates.sorted()
    guard let first = sorted.first, let last = sorted.last, first < last else {
      throw Unavailable("the statistic is the same in every resample")
    }
    var tails = ((1 - level) / 2, (1 + level) / 2)
    if method == .bca {
      let below = sorted.partitionIndex { $0 >= estimate }
      let notAbove = sorted.partitionIndex { $0 > estimate }
      let share = Double(below + notAbove) / Double(2 * sorted.count)
      guard share > 0 && share < 1 else { throw Unavailable("every resample lies on one side of the estimate, so BCa has no bias") }
      let bias = -(try Normal().upperQuantile(share).get())
      let z = try Normal.halfWidth(level: level)
      func moved(_ z: Double) -> Double { Normal.upper(-(bias + (bias + z) / (1 - acceleration * (bias + z)))) }
      tails = (moved(-z), moved(z))
    }
    return Interval(
      lower: Self.quantile(sorted, tails.0), upper: Self.quantile(sorted, tails.1), level: level,
      method: method == .bca ? "BCa bootstrap" : "percentile bootstrap")
  }

  /// Linear between the order statistics (numpy's default).
  static func quantile(_ sorted: [Double], _ share: Double) -> Double {
    let place = share * Double(sorted.count - 1)
    let below = min(max(0, Int(place)), sorted.count - 1)
    let above = min(below + 1, sorted.count - 1)
    return sorted[below] + (sorted[above] - sorted[below]) * (place - Double(below))
  }
}

/// What a bootstrap found, with all that is needed to repeat it.
public struct BootstrapEstimate: Codable, Hashable, Sendable {
  public let estimate: IntervalEstimate
  /// The standard deviation of the resampled statistics.
  public let standardError: Statistic
  public let resampleCount: Int
  /// Resamples in which the statistic was undefined.
  public let undefinedCount: Int
  public let clusterCount: Int
  public let stratumCount: Int
  public let seed: UInt64
}
