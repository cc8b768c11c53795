enum F1: DecisionMetric {
  static let name = "f1", title = "F1"
  static func value(of counts: BinaryConfusion) -> MetricValue { counts.f1 }
}

enum Sensitivity: ShareMetric {
  static let name = "sensitivity", title = "Sensitivity"
  static func isRight(isCalled: Bool, isPositive: Bool) -> Bool? { isPositive ? isCalled : nil }
  static func value(of counts: BinaryConfusion) -> MetricValue { counts.sensitivity }
}

enum Specificity: ShareMetric {
  static let name = "specificity", title = "Specificity"
  static func isRight(isCalled: Bool, isPositive: Bool) -> Bool? { isPositive ? nil : !isCalled }
  static func value(of counts: BinaryConfusion) -> MetricValue { counts.specificity }
}

enum Accuracy: ShareMetric {
  static let name = "accuracy", title = "Accuracy"
  static func isRight(isCalled: Bool, isPositive: Bool) -> Bool? { isCalled == isPositive }
  static func value(of counts: BinaryConfusion) -> MetricValue { counts.accuracy }
}

/// The mean of sensitivity and specificity.
enum BinaryBalancedAccuracy: DecisionMetric {
  static let name = "binaryBalancedAccuracy", title = "Balanced accuracy"
  static let interval = MetricName.IntervalMethod.share
  static func value(of counts: BinaryConfusion) -> MetricValue { counts.balancedAccuracy }
  static func parts(of scores: ClassScores) -> MetricParts? {
    scores.rows(of: Sensitivity.self).flatMap { found in scores.rows(of: Specificity.self).map { .means([found, $0]) } }
  }
}

extension MetricName {
  public static let f1 = MetricName(F1.self)
  public static let sensitivity = MetricName(Sensitivity.self)
  public static let specificity = MetricName(Specificity.self)
  public static let accuracy = MetricName(Accuracy.self)
  public static let binaryBalancedAccuracy = MetricName(BinaryBalancedAccuracy.self)
}
