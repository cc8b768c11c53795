import Foundation

/// Bland and Altman's agreement of a network with the truth (Bland and Altman 1986, Lancet 327): the mean difference ŷ − y, and the two
/// limits between which 95 % of differences lie if they are normal, mean ± 1.96 standard deviations (n − 1 in the denominator).
public struct Agreement: Hashable, Sendable {
  public let bias: Double
  public let standardDeviation: Double
  public var lowerLimit: Double { bias - 1.96 * standardDeviation }
  public var upperLimit: Double { bias + 1.96 * standardDeviation }

  /// Nil for fewer than two differences, which have no spread.
  public init?(_ pairs: [NumberPair]) {
    guard pairs.count > 1 else { return nil }
    let mean = pairs.reduce(0) { $0 + $1.difference } / Double(pairs.count)
    let squares = pairs.reduce(0) { $0 + ($1.difference - mean) * ($1.difference - mean) }
    (bias, standardDeviation) = (mean, (squares / Double(pairs.count - 1)).squareRoot())
  }
}

/// The mean of ŷ − y.
enum MeanDifference: NumberMetric {
  static let name = "meanDifference", title = "Bias (predicted − true)"
  static let direction = MetricName.Direction.toward(0)
  static let range = -Double.infinity...Double.infinity
  static let interval = MetricName.IntervalMethod.mean
  static func part(of pair: NumberPair) -> Double? { pair.difference }
  static func value(of pairs: [NumberPair]) -> MetricValue { mean(pairs, \.difference) }
}

enum LowerLimitOfAgreement: NumberMetric {
  static let name = "lowerLimitOfAgreement", title = "Lower limit of agreement"
  static let direction = MetricName.Direction.toward(0)
  static let range = -Double.infinity...Double.infinity
  static func value(of pairs: [NumberPair]) -> MetricValue { Agreement(pairs).map { .value($0.lowerLimit) } ?? few }
}

enum UpperLimitOfAgreement: NumberMetric {
  static let name = "upperLimitOfAgreement", title = "Upper limit of agreement"
  static let direction = MetricName.Direction.toward(0)
  static let range = -Double.infinity...Double.infinity
  static func value(of pairs: [NumberPair]) -> MetricValue { Agreement(pairs).map { .value($0.upperLimit) } ?? few }
}

private let few = MetricValue.undefined(reason: "fewer than two images have a known number")

extension MetricName {
  public static let meanDifference = MetricName(MeanDifference.self)
  public static let lowerLimitOfAgreement = MetricName(LowerLimitOfAgreement.self)
  public static let upperLimitOfAgreement = MetricName(UpperLimitOfAgreement.self)
}
