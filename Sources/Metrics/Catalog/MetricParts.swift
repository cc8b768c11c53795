/// What the rows add to a metric that is a plain mean of means over rows, or of ratios of sums over rows: what the intervals of formulas are
/// made of. One of each for most; several for a mean over classes and for a balanced accuracy.
public enum MetricParts: Sendable {
  /// What a row adds above and below the line.
  public struct Ratio: Hashable, Sendable {
    public let above: Double
    public let below: Double

    public init(above: Double, below: Double) { (self.above, self.below) = (above, below) }
  }

  /// `[mean][row]`; nil where a row is no part of a mean.
  case means([[Double?]])
  /// `[ratio][row]`; nil where a row is no part of a ratio.
  case ratios([[Ratio?]])

  /// Whether each has a value: a mean has a row, and a ratio something below the line.
  var isDefined: Bool {
    switch self {
    case .means(let columns): columns.allSatisfy { $0.contains { $0 != nil } }
    case .ratios(let columns): columns.allSatisfy { $0.contains { ($0?.below ?? 0) != 0 } }
    }
  }

  /// Of the plain mean of metrics that are made of as many parts each. Those without a value are no part of it.
  static func mean(of all: [MetricParts?]) -> MetricParts? {
    let known = all.compactMap(\.self).filter(\.isDefined)
    var means: [[Double?]] = [], ratios: [[Ratio?]] = []
    for one in known {
      switch one {
      case .means(let columns): means += columns
      case .ratios(let columns): ratios += columns
      }
    }
    return known.isEmpty ? nil : ratios.isEmpty ? .means(means) : .ratios(ratios)
  }
}
