internal import Foundation
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
  public func differences(from own: RunMetrics) -> [Difference] {
    let values = Dictionary(own.entries.map { (Key($0), $0.value) }, uniquingKeysWith: { first, _ in first })
    return entries.compactMap { entry in
      let value = values[Key(entry)]
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

  /// Whether the values of a `metrics.json`, in their order, are these: a tenth of the time that decoding it takes, for a report that asks
  /// it of thousands of runs. False where it cannot be told so.
  func areStated(in file: Data) -> Bool {
    let mark = Array("\"value\" : ".utf8)
    return file.withUnsafeBytes { (bytes: UnsafeRawBufferPointer) in
      var place = 0, index = 0
      while place + mark.count < bytes.count {
        // Both quotes are looked at first, since almost no place has them.
        guard bytes[place] == mark[0], bytes[place + 6] == mark[0], bytes[place..<place + mark.count].elementsEqual(mark) else {
          place += 1
          continue
        }
        guard index < entries.count else { return false }
        place += mark.count
        let end = bytes[place...].firstIndex { $0 == 0x0A || $0 == 0x2C || $0 == 0x7D } ?? bytes.count
        let number = Double(String(decoding: bytes[place..<end], as: UTF8.self))
        guard let value = number.map(MetricValue.value) ?? (bytes[place] == 0x7B ? .undefined(reason: "") : nil),
          Self.areEqual(value, entries[index].value)
        else { return false }
        (place, index) = (end, index + 1)
      }
      return index == entries.count
    }
  }
}

extension RunReader {
  /// What the run's `metrics.json` states other than the metrics that were computed from its predictions.
  ///
  /// - Parameter condition: of the run, which has read the file already.
  public func metricDifferences(from own: RunMetrics, in condition: RunCondition? = nil) throws -> [RunMetrics.Difference] {
    guard let data = try condition?.metrics ?? bytes(RunDirectory.metricsFileName) else { throw RunStoreError.missingFile(url(RunDirectory.metricsFileName)) }
    return own.areStated(in: data) ? [] : try read(RunMetrics.self, from: RunDirectory.metricsFileName).differences(from: own)
  }
}
