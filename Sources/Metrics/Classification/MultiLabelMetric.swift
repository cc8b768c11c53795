internal import Foundations

/// Any metric of each class of a multi-label task, and its mean over the classes that have it (macro average).
public struct MultiLabelMetric: Codable, Hashable, Sendable {
  public struct Class: Codable, Hashable, Sendable {
    public let name: String
    public let value: MetricValue
  }

  public let classes: [Class]
  /// The mean over the classes whose value is defined; undefined when there is none.
  public let macro: MetricValue

  public var definedCount: Int { classes.count { $0.value.number != nil } }

  /// - Parameters:
  ///   - scores: `[samples × classes]`, row-major.
  ///   - targets: the same layout; 1 positive, 0 negative, NaN not known.
  ///   - metric: of one class's scores and targets, such as `averagePrecision`.
  public init(scores: [Double], targets: [Float], classNames: [String], metric: ([Double], [Float]) -> MetricValue) {
    let width = classNames.count
    let fits = scores.count == targets.count && width > 0 && scores.count % width == 0
    classes = classNames.enumerated().map { column, name in
      guard fits else {
        let reason = "\(scores.count) scores and \(targets.count) labels do not fit \(width) classes"
        return Class(name: name, value: .undefined(reason: reason))
      }
      let rows = stride(from: column, to: scores.count, by: width)
      return Class(name: name, value: metric(rows.map { scores[$0] }, rows.map { targets[$0] }))
    }
    let defined = classes.compactMap(\.value.number)
    macro =
      defined.isEmpty
      ? .undefined(reason: "the metric is undefined for every class") : .value(defined.reduce(0, +) / Double(defined.count))
  }
}

/// How often each class was taken for each: for tasks with exactly one class per sample.
public struct MulticlassConfusion: Codable, Hashable, Sendable {
  /// `[truth][decision]`.
  public let counts: [[Int]]

  /// - Parameter weights: how often each sample counts; nil for once.
  /// - Returns: nil when a class number is not below `classCount`, or the counts do not fit.
  public init?(truths: [Int], decisions: [Int], classCount: Int, weights: [Int]? = nil) {
    guard truths.count == decisions.count, weights.map({ $0.count == truths.count }) ?? true, (truths + decisions).allSatisfy({ (0..<classCount).contains($0) }) else { return nil }
    var counts = [[Int]](repeating: [Int](repeating: 0, count: classCount), count: classCount)
    for index in truths.indices { counts[truths[index]][decisions[index]] += weights?[index] ?? 1 }
    self.counts = counts
  }

  var rowSums: [Int] { counts.map { $0.reduce(0, +) } }
  var columnSums: [Int] { counts.indices.map { column in counts.reduce(0) { $0 + $1[column] } } }
  var total: Int { rowSums.reduce(0, +) }

  /// One class against the rest.
  public func against(rest index: Int) -> BinaryConfusion {
    let hits = counts[index][index]
    let (row, column) = (rowSums[index], columnSums[index])
    return BinaryConfusion(
      truePositives: hits, falsePositives: column - hits, falseNegatives: row - hits, trueNegatives: total - row - column + hits)
  }

  /// The share of right decisions.
  public var accuracy: MetricValue {
    let right = counts.indices.reduce(0) { $0 + counts[$1][$1] }
    return total == 0 ? .undefined(reason: "there is no sample") : .value(Double(right) / Double(total))
  }

  /// The mean sensitivity over the classes that have samples.
  public var balancedAccuracy: MetricValue { macro { $0.sensitivity } }

  /// The mean F1 over the classes that occur as truth or decision.
  public var macroF1: MetricValue { macro { $0.f1 } }

  /// How the disagreement of two ordered classes i and j weighs.
  public enum KappaWeights: String, Codable, Hashable, Sendable {
    /// 1 for any disagreement.
    case none
    /// |i − j|.
    case linear
    /// (i − j)².
    case quadratic
  }

  /// Cohen's κ = 1 − Σ wᵢⱼ·nᵢⱼ / Σ wᵢⱼ·nᵢ.n.ⱼ/n, the agreement beyond chance (Cohen 1960; weighted: Cohen 1968).
  ///
  /// Undefined where truth and decisions are all one class, so that chance agrees wholly.
  public func kappa(weights: KappaWeights = .none) -> MetricValue {
    func weight(_ i: Int, _ j: Int) -> Double {
      switch weights {
      case .none: i == j ? 0 : 1
      case .linear: Double(abs(i - j))
      case .quadratic: Double((i - j) * (i - j))
      }
    }
    let (rows, columns, n) = (rowSums, columnSums, Double(total))
    guard n > 0 else { return .undefined(reason: "there is no sample") }
    var observed = 0.0, expected = 0.0
    for i in counts.indices {
      for j in counts.indices {
        observed += weight(i, j) * Double(counts[i][j])
        expected += weight(i, j) * Double(rows[i]) * Double(columns[j]) / n
      }
    }
    return expected == 0 ? .undefined(reason: "truth and decisions are all of one class") : .value(1 - observed / expected)
  }

  private func macro(_ metric: (BinaryConfusion) -> MetricValue) -> MetricValue {
    let defined = counts.indices.compactMap { metric(against(rest: $0)).number }
    return defined.isEmpty ? .undefined(reason: "there is no sample") : .value(defined.reduce(0, +) / Double(defined.count))
  }
}
