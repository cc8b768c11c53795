internal import Foundation
public import Foundations

/// What a column of results over seeds comes down to: how many, their mean, and their spread.
///
/// Every test and interval that needs no more than these three takes a `Summary`, so that published results without their
/// runs can be tested too.
public struct Summary: Codable, Hashable, Sendable {
  public let count: Int
  /// The arithmetic mean; not available for no value.
  public let mean: Statistic
  /// The sample standard deviation √(Σ(xᵢ − x̄)² / (n − 1)), the unbiased-variance form (ddof = 1) that papers report
  /// over seeds; not available for fewer than two values.
  public let standardDeviation: Statistic

  /// Two passes in float64: first the mean, then the squares of the distances from it, so that a small spread around a
  /// large mean is not lost. Equal values have a spread of exactly 0. A value that is not finite makes both statistics not
  /// available.
  public init(_ values: [Double]) {
    count = values.count
    if let index = values.firstIndex(where: { !$0.isFinite }) {
      let reason = "value \(index + 1) of \(values.count) is \(values[index])"
      mean = .notAvailable(reason: reason)
      standardDeviation = .notAvailable(reason: reason)
      return
    }
    guard let first = values.first else {
      mean = .notAvailable(reason: "there is no value")
      standardDeviation = .notAvailable(reason: "there is no value")
      return
    }
    // Without this the rounded mean of 0.1, 0.1, 0.1 leaves a spread of 1e-17, and a test finds it significant.
    let allEqual = values.allSatisfy { $0 == first }
    let center = allEqual ? first : values.reduce(0, +) / Double(values.count)
    mean = .finite(center, else: "the sum of the values is too large for float64")
    guard values.count > 1 else {
      standardDeviation = .notAvailable(reason: "one value has no spread")
      return
    }
    let squares = allEqual ? 0 : values.reduce(0) { $0 + ($1 - center) * ($1 - center) }
    standardDeviation = .finite(
      (squares / Double(values.count - 1)).squareRoot(), else: "the spread of the values is too large for float64")
  }

  /// A summary as published: the runs behind it are not known.
  ///
  /// - Parameter standardDeviation: with ddof = 1. One that was made with ddof = 0 (numpy's default) is to be multiplied by
  ///   √(n / (n − 1)) first.
  public init(count: Int, mean: Double, standardDeviation: Double?) {
    self.count = max(0, count)
    self.mean =
      count < 1
      ? .notAvailable(reason: "there is no value") : .finite(mean, else: "the mean is \(mean)")
    switch standardDeviation {
    case _ where count < 1: self.standardDeviation = .notAvailable(reason: "there is no value")
    case _ where count == 1: self.standardDeviation = .notAvailable(reason: "one value has no spread")
    case let deviation? where deviation.isFinite && deviation >= 0: self.standardDeviation = .value(deviation)
    case let deviation?: self.standardDeviation = .notAvailable(reason: "the standard deviation is \(deviation)")
    case nil: self.standardDeviation = .notAvailable(reason: "no standard deviation is given")
    }
  }

  /// The t confidence interval of the mean, x̄ ± t(1 − α/2; n − 1)·s/√n (Student 1908).
  ///
  /// - Returns: not available for fewer than two values. No spread at all gives an interval of length 0.
  public func meanInterval(level: Double = 0.95) -> Available<Interval> {
    Available { () throws(Unavailable) in
      let moments = try self.moments()
      let half = try StudentT.halfWidth(level: level, degreesOfFreedom: moments.n - 1) * (moments.variance / moments.n).squareRoot()
      return Interval(center: moments.mean, half: half, level: level, method: "t interval of the mean")
    }
  }

  /// What a test of means needs of a group.
  struct Moments {
    let n: Double
    let mean: Double
    let variance: Double
    /// s²/n, the variance of the mean.
    var ofMean: Double { variance / n }
  }

  func moments(called name: String = "the group") throws(Unavailable) -> Moments {
    guard count > 1 else { throw Unavailable("\(name) has \(count == 1 ? "one value" : "no value"); a spread needs two") }
    guard let mean = mean.known else { throw Unavailable("\(name): \(mean.reason ?? "")") }
    guard let deviation = standardDeviation.known else { throw Unavailable("\(name): \(standardDeviation.reason ?? "")") }
    return Moments(n: Double(count), mean: mean, variance: deviation * deviation)
  }
}
