/// Cohen's kappa of classes that are grades, a disagreement weighing by how many grades it is apart (Cohen 1968, Psychological Bulletin 70).
/// It means something only where the classes are given in their order.
enum LinearKappa: ExclusiveClassMetric {
  static let name = "cohenKappaLinear", title = "Weighted kappa (linear)"
  static let unit = MetricName.Unit.number
  static let range = -1.0...1.0
  static func value(of counts: MulticlassConfusion) -> MetricValue { counts.kappa(weights: .linear) }
}

/// The same by the square of the distance, as graders of diabetic retinopathy are compared.
enum QuadraticKappa: ExclusiveClassMetric {
  static let name = "cohenKappaQuadratic", title = "Weighted kappa (quadratic)"
  static let unit = MetricName.Unit.number
  static let range = -1.0...1.0
  static func value(of counts: MulticlassConfusion) -> MetricValue { counts.kappa(weights: .quadratic) }
}

extension MetricName {
  public static let cohenKappaLinear = MetricName(LinearKappa.self)
  public static let cohenKappaQuadratic = MetricName(QuadraticKappa.self)
}
