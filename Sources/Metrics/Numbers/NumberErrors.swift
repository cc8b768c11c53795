import Foundation

/// The mean of |ŷ − y|.
enum MeanAbsoluteError: NumberMetric {
  static let name = "meanAbsoluteError", title = "Mean absolute error"
  static let interval = MetricName.IntervalMethod.mean
  static func part(of pair: NumberPair) -> Double? { abs(pair.difference) }
  static func value(of pairs: [NumberPair]) -> MetricValue { mean(pairs) { abs($0.difference) } }
}

/// √ of the mean of (ŷ − y)².
enum RootMeanSquaredError: NumberMetric {
  static let name = "rootMeanSquaredError", title = "Root mean squared error"
  static func value(of pairs: [NumberPair]) -> MetricValue {
    mean(pairs) { $0.difference * $0.difference }.number.map { .value($0.squareRoot()) } ?? none
  }
}

extension MetricName {
  public static let meanAbsoluteError = MetricName(MeanAbsoluteError.self)
  public static let rootMeanSquaredError = MetricName(RootMeanSquaredError.self)
}
