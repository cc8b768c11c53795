internal import Foundation

/// Matthews' correlation of decision and truth (Matthews 1975, BBA 405): 1 is perfect, 0 what guessing gets.
enum MatthewsCorrelation: DecisionMetric {
  static let name = "matthewsCorrelation", title = "Matthews correlation"
  static let unit = MetricName.Unit.number
  static let range = -1.0...1.0
  static func value(of counts: BinaryConfusion) -> MetricValue { counts.matthewsCorrelation }
}

/// The same of K classes that exclude each other.
enum MulticlassMatthewsCorrelation: ExclusiveClassMetric {
  static let name = "multiclassMatthewsCorrelation", title = "Matthews correlation (all classes)"
  static let unit = MetricName.Unit.number
  static let range = -1.0...1.0
  static func value(of counts: MulticlassConfusion) -> MetricValue { counts.matthewsCorrelation }
}

extension MetricName {
  public static let matthewsCorrelation = MetricName(MatthewsCorrelation.self)
  public static let multiclassMatthewsCorrelation = MetricName(MulticlassMatthewsCorrelation.self)
}

extension MulticlassConfusion {
  /// Gorodkin's R_K (Gorodkin 2004, Computational Biology and Chemistry 28), which for two classes is Matthews' correlation: with tₖ
  /// samples of class k, pₖ taken for it, c of s right,
  ///
  ///     (c·s − Σ pₖtₖ) / √( (s² − Σ pₖ²)·(s² − Σ tₖ²) )
  ///
  /// Undefined where truth or decisions are all one class.
  public var matthewsCorrelation: MetricValue {
    let truths = rowSums.map(Double.init), decisions = columnSums.map(Double.init), all = Double(total)
    let right = Double(counts.indices.reduce(0) { $0 + counts[$1][$1] })
    func sum(_ first: [Double], _ second: [Double]) -> Double { zip(first, second).reduce(0) { $0 + $1.0 * $1.1 } }
    let spread = (all * all - sum(decisions, decisions)) * (all * all - sum(truths, truths))
    guard spread > 0 else { return .undefined(reason: "the labels or the decisions are all alike") }
    return .value((right * all - sum(decisions, truths)) / spread.squareRoot())
  }
}
