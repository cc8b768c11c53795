enum MulticlassAccuracy: ExclusiveRowMetric {
  static let name = "multiclassAccuracy", title = "Accuracy (all classes)"
  static let interval = MetricName.IntervalMethod.share
  static func value(truth: Int, decision: Int) -> Double? { truth == decision ? 1 : 0 }
  static func value(of counts: MulticlassConfusion) -> MetricValue { counts.accuracy }
}

/// The mean sensitivity over the classes that have images.
enum BalancedAccuracy: ExclusiveClassMetric {
  static let name = "balancedAccuracy", title = "Balanced accuracy (all classes)"
  static let interval = MetricName.IntervalMethod.share
  static func value(of counts: MulticlassConfusion) -> MetricValue { counts.balancedAccuracy }
  static func parts(of decisions: ClassDecisions) -> MetricParts? {
    MetricParts.mean(
      of: (0..<decisions.classCount).map { index in
        .means([zip(decisions.truths, decisions.decisions).map { truth, decision in truth != index ? nil : decision == index ? 1 : 0 }])
      })
  }
}

enum CohenKappa: ExclusiveClassMetric {
  static let name = "cohenKappa", title = "Cohen's kappa"
  static let unit = MetricName.Unit.number
  static let range = -1.0...1.0
  static func value(of counts: MulticlassConfusion) -> MetricValue { counts.kappa() }
}

extension MetricName {
  public static let multiclassAccuracy = MetricName(MulticlassAccuracy.self)
  public static let balancedAccuracy = MetricName(BalancedAccuracy.self)
  public static let cohenKappa = MetricName(CohenKappa.self)
}
