/// A metric of numbers: of each column over its rows with a known truth, and its plain mean over the columns, which share one unit.
protocol NumberMetric: Metric {
  /// - Parameter pairs: a row that was drawn three times stands here three times.
  static func value(of pairs: [NumberPair]) -> MetricValue
  /// What a row adds, where the metric is a plain mean of such numbers; nil for all else.
  static func part(of pair: NumberPair) -> Double?
}

extension NumberMetric {
  static var kind: MetricName.Kind { .numbers }
  static var unit: MetricName.Unit { .ofTruth }
  static var direction: MetricName.Direction { .lower }
  static var range: ClosedRange<Double> { 0...Double.infinity }
  static func part(of pair: NumberPair) -> Double? { nil }

  static func parts(of column: [NumberPair?]) -> MetricParts? {
    let parts = column.map { $0.flatMap(part) }
    return parts.contains { $0 != nil } ? .means([parts]) : nil
  }

  static var none: MetricValue { .undefined(reason: "no image has a known number") }

  /// Of what is a number for every row.
  static func mean(_ pairs: [NumberPair], _ value: (NumberPair) -> Double) -> MetricValue {
    pairs.isEmpty ? none : .value(pairs.reduce(0) { $0 + value($1) } / Double(pairs.count))
  }
}

extension PredictionMeasures {
  /// The mean over the columns first, then each column, metric by metric.
  init(numbers all: NumberPredictions, wanted: Set<MetricName>?) {
    let metrics = MetricName.ofNumbers.filter { wanted?.contains($0) ?? true }.compactMap { $0.metric as? any NumberMetric.Type }
    let columns: [[NumberPair?]] = all.names.indices.map { column in
      all.rows.map { $0.truths[column].isNaN ? nil : NumberPair(truth: $0.truths[column], value: $0.values[column]) }
    }
    let places = Dictionary(zip(all.names, columns.indices), uniquingKeysWith: { first, _ in first })
    self.init(
      keys: metrics.flatMap { metric in
        [Key(metric: MetricName(metric))] + all.names.map { Key(metric: MetricName(metric), className: $0) }
      },
      orderedScores: [],
      compute: { weights in
        let drawn = columns.map { column in
          guard let weights else { return column.compactMap(\.self) }
          return zip(column, weights).flatMap { pair, weight in pair.map { [NumberPair](repeating: $0, count: weight) } ?? [] }
        }
        return metrics.flatMap { metric in
          let values = drawn.map { metric.value(of: $0) }
          return [Self.mean(values)] + values
        }
      },
      makeParts: { key in
        guard let metric = key.metric.metric as? any NumberMetric.Type else { return nil }
        let ofKey = key.className.map { name in places[name].map { [columns[$0]] } ?? [] } ?? columns
        return MetricParts.mean(of: ofKey.map { metric.parts(of: $0) })
      })
  }
}
