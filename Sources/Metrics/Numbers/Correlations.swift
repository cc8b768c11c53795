import Foundation

/// R² = 1 − Σ(ŷ − y)² / Σ(y − ȳ)²: 0 for the answer that is always the mean of these truths, and below 0 for a worse one.
enum CoefficientOfDetermination: NumberMetric {
  static let name = "coefficientOfDetermination", title = "R²"
  static let unit = MetricName.Unit.number
  static let direction = MetricName.Direction.higher
  static let range = -Double.infinity...1.0
  static func value(of pairs: [NumberPair]) -> MetricValue {
    guard !pairs.isEmpty else { return none }
    let mean = pairs.reduce(0) { $0 + $1.truth } / Double(pairs.count)
    let whole = pairs.reduce(0) { $0 + ($1.truth - mean) * ($1.truth - mean) }
    guard whole > 0 else { return .undefined(reason: "all true numbers are the same") }
    return .value(1 - pairs.reduce(0) { $0 + $1.difference * $1.difference } / whole)
  }
}

/// Pearson's correlation of truth and answer.
enum PearsonCorrelation: NumberMetric {
  static let name = "pearsonCorrelation", title = "Pearson correlation"
  static let unit = MetricName.Unit.number
  static let direction = MetricName.Direction.higher
  static let range = -1.0...1.0
  static func value(of pairs: [NumberPair]) -> MetricValue { correlation(pairs.map(\.truth), pairs.map(\.value)) }
}

/// Spearman's correlation: Pearson's of the ranks, equal numbers sharing their mean rank.
enum SpearmanCorrelation: NumberMetric {
  static let name = "spearmanCorrelation", title = "Spearman correlation"
  static let unit = MetricName.Unit.number
  static let direction = MetricName.Direction.higher
  static let range = -1.0...1.0
  static func value(of pairs: [NumberPair]) -> MetricValue { correlation(ranks(pairs.map(\.truth)), ranks(pairs.map(\.value))) }

  private static func ranks(_ values: [Double]) -> [Double] {
    let order = values.indices.sorted { values[$0] < values[$1] }
    var ranks = [Double](repeating: 0, count: values.count), start = 0
    while start < order.count {
      var end = start + 1
      while end < order.count, values[order[end]] == values[order[start]] { end += 1 }
      for place in start..<end { ranks[order[place]] = Double(start + end + 1) / 2 }
      start = end
    }
    return ranks
  }
}

private func correlation(_ first: [Double], _ second: [Double]) -> MetricValue {
  guard first.count > 1 else { return .undefined(reason: "fewer than two images have a known number") }
  let count = Double(first.count), means = (first.reduce(0, +) / count, second.reduce(0, +) / count)
  var (both, ofFirst, ofSecond) = (0.0, 0.0, 0.0)
  for (x, y) in zip(first, second) {
    let (dx, dy) = (x - means.0, y - means.1)
    both += dx * dy
    ofFirst += dx * dx
    ofSecond += dy * dy
  }
  guard ofFirst > 0 else { return .undefined(reason: "all true numbers are the same") }
  guard ofSecond > 0 else { return .undefined(reason: "all predicted numbers are the same") }
  return .value(min(max(both / (ofFirst.squareRoot() * ofSecond.squareRoot()), -1), 1))
}

extension MetricName {
  public static let coefficientOfDetermination = MetricName(CoefficientOfDetermination.self)
  public static let pearsonCorrelation = MetricName(PearsonCorrelation.self)
  public static let spearmanCorrelation = MetricName(SpearmanCorrelation.self)
}
