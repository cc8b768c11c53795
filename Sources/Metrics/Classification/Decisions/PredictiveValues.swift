/// TP/(TP + FP), the share of what is called positive that is so. It depends on how rare the finding is in the set.
enum PositivePredictiveValue: ShareMetric {
  static let name = "positivePredictiveValue", title = "Positive predictive value"
  static func isRight(isCalled: Bool, isPositive: Bool) -> Bool? { isCalled ? isPositive : nil }
  static func value(of counts: BinaryConfusion) -> MetricValue { counts.precision }
}

/// TN/(TN + FN), the share of what is called negative that is so. It depends on how rare the finding is in the set.
enum NegativePredictiveValue: ShareMetric {
  static let name = "negativePredictiveValue", title = "Negative predictive value"
  static func isRight(isCalled: Bool, isPositive: Bool) -> Bool? { isCalled ? nil : !isPositive }
  static func value(of counts: BinaryConfusion) -> MetricValue { counts.negativePredictiveValue }
}

extension MetricName {
  public static let positivePredictiveValue = MetricName(PositivePredictiveValue.self)
  public static let negativePredictiveValue = MetricName(NegativePredictiveValue.self)
}
