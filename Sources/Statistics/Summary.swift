internal import Foundation

/// A statistic: a number, or the reason why it is not available.
///
/// As JSON it is a bare number, or `{"notAvailable": "<reason>"}`.
public enum Statistic: Codable, Hashable, Sendable {
  case value(Double)
  case notAvailable(reason: String)

  /// The number, or nil when it is not available.
  public var number: Double? {
    if case .value(let number) = self { return number }
    return nil
  }

  /// Why it is not available, or nil when it is.
  public var reason: String? {
    if case .notAvailable(let reason) = self { return reason }
    return nil
  }

  private enum Key: String, CodingKey { case notAvailable }

  public init(from decoder: any Decoder) throws {
    if let number = try? decoder.singleValueContainer().decode(Double.self) {
      self = .value(number)
    } else {
      let reason = try decoder.container(keyedBy: Key.self).decode(String.self, forKey: .notAvailable)
      self = .notAvailable(reason: reason)
    }
  }

  public func encode(to encoder: any Encoder) throws {
    switch self {
    case .value(let number):
      var container = encoder.singleValueContainer()
      try container.encode(number)
    case .notAvailable(let reason):
      var container = encoder.container(keyedBy: Key.self)
      try container.encode(reason, forKey: .notAvailable)
    }
  }
}

/// What a column of results over seeds comes down to: how many, their mean, and their spread.
public struct Summary: Codable, Hashable, Sendable {
  public let count: Int
  /// The arithmetic mean; not available for no value.
  public let mean: Statistic
  /// The sample standard deviation √(Σ(xᵢ − x̄)² / (n − 1)), the unbiased-variance form (ddof = 1) that papers report
  /// over seeds; not available for fewer than two values.
  public let standardDeviation: Statistic

  /// Two passes in float64: first the mean, then the squares of the distances from it, so that a small spread around a
  /// large mean is not lost. A value that is not finite makes both statistics not available.
  public init(_ values: [Double]) {
    count = values.count
    if let index = values.firstIndex(where: { !$0.isFinite }) {
      let reason = "value \(index + 1) of \(values.count) is \(values[index])"
      mean = .notAvailable(reason: reason)
      standardDeviation = .notAvailable(reason: reason)
      return
    }
    guard !values.isEmpty else {
      mean = .notAvailable(reason: "there is no value")
      standardDeviation = .notAvailable(reason: "there is no value")
      return
    }
    let center = values.reduce(0, +) / Double(values.count)
    mean = .value(center)
    guard values.count > 1 else {
      standardDeviation = .notAvailable(reason: "one value has no spread")
      return
    }
    let squares = values.reduce(0) { $0 + ($1 - center) * ($1 - center) }
    standardDeviation = .value((squares / Double(values.count - 1)).squareRoot())
  }
}
