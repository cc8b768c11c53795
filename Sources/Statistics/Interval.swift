public import Foundations

/// A two-sided interval with its level and how it was made.
public struct Interval: Codable, Hashable, Sendable {
  public let lower: Double
  public let upper: Double
  /// The share of repetitions that would cover the truth, such as 0.95.
  public let level: Double
  /// Such as “t interval of the mean” or “BCa bootstrap”.
  public let method: String

  public init(lower: Double, upper: Double, level: Double, method: String) {
    self.lower = lower
    self.upper = upper
    self.level = level
    self.method = method
  }

  init(center: Double, half: Double, level: Double, method: String) {
    self.init(lower: center - half, upper: center + half, level: level, method: method)
  }

  public func contains(_ value: Double) -> Bool { lower <= value && value <= upper }
  public var width: Double { upper - lower }
}

/// A number with its interval.
public struct IntervalEstimate: Codable, Hashable, Sendable {
  /// What is estimated, such as “mean difference” or “Hedges' g”.
  public let name: String
  public let value: Statistic
  public let interval: Available<Interval>

  public init(name: String, value: Statistic, interval: Available<Interval>) {
    self.name = name
    self.value = value
    self.interval = interval
  }

  static func notAvailable(_ name: String, _ reason: String) -> IntervalEstimate {
    IntervalEstimate(name: name, value: .notAvailable(reason: reason), interval: .notAvailable(reason: reason))
  }
}
