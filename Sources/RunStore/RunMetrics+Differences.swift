public import Metrics

extension RunMetrics {
  /// A value that `metrics.json` states and the predictions do not give.
  public struct Difference: Hashable, Sendable {
    public let metric: MetricName
    public let className: String?
    public let stated: MetricValue
    /// Nil where the predictions give none.
    public let own: MetricValue?

    /// `AUROC of Effusion is 0.7, and the predictions give 0.72`
    public var words: String {
      "\(metric.title)\(className.map { " of \($0)" } ?? "") is \(Self.text(stated)), and the predictions give \(own.map(Self.text) ?? "none")"
    }

    private static func text(_ value: MetricValue) -> String { value.number.map { "\($0)" } ?? "undefined (\(value.reason ?? ""))" }
  }

  /// A difference below this share is what another processor's mathematical functions may give.
  public static let rounding = 1e-12

  /// What these metrics, as a run's `metrics.json` states them, have other than those that were computed from its predictions.
  ///
  /// - Parameter isPartial: whether the others are not all that can be computed; what they lack is no difference then.
  public func differences(from own: RunMetrics, isPartial: Bool = false) -> [Difference] {
    let values = Dictionary(own.entries.map { (Key($0), $0.value) }, uniquingKeysWith: { first, _ in first })
    return entries.compactMap { entry in
      let value = values[Key(entry)]
      if value == nil, isPartial { return nil }
      if let value, Self.areEqual(value, entry.value) { return nil }
      return Difference(metric: entry.metric, className: entry.className, stated: entry.value, own: value)
    }
  }

  private struct Key: Hashable {
    let metric: MetricName
    let className: String?

    init(_ entry: Entry) { (metric, className) = (entry.metric, entry.className) }
  }

  private static func areEqual(_ left: MetricValue, _ right: MetricValue) -> Bool {
    // Why there is none is said in other words by other versions.
    guard let first = left.number, let second = right.number else { return left.number == nil && right.number == nil }
    return abs(first - second) <= rounding * max(abs(first), abs(second))
  }
}
