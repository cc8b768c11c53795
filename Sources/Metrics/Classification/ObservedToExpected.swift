internal import Foundations

/// O:E = Σy / Σp, how many times as often it is so as was predicted: above 1 probabilities are too low on the whole, below 1 too high.
enum ObservedToExpected: ClassMetric {
  static let name = "observedToExpected", title = "Observed to expected"
  static let unit = MetricName.Unit.number
  static let direction = MetricName.Direction.toward(1)
  static let range = 0...Double.infinity
  static let interval = MetricName.IntervalMethod.ratio
  static func value(of sample: ClassSample) -> MetricValue {
    MetricValue(
      sample.labeled.flatMap { rows in
        let observed = rows.reduce(0) { $0 + ($1.isPositive ? $1.weight : 0) }
        let expected = rows.reduce(0.0) { $0 + Double($1.weight) * $1.probability }
        return expected > 0 ? .value(Double(observed) / expected) : .notAvailable(reason: "every predicted probability is 0")
      })
  }
  static func parts(of scores: ClassScores) -> MetricParts? {
    .ratios([zip(scores.probabilities, scores.targets).map { $1.isNaN ? nil : MetricParts.Ratio(above: Double($1), below: $0) }])
  }
}

extension MetricName {
  public static let observedToExpected = MetricName(ObservedToExpected.self)
}
