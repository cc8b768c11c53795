public import Foundations

/// The scores of one class in falling order with their labels: sorted once, then read at every threshold.
///
/// A threshold t calls a sample positive when its score is t or more, so tied samples are called alike and only the distinct
/// scores matter as thresholds. Weights (how often each sample counts) let a bootstrap evaluate a resample without
/// sorting again.
public struct OrderedScores: Sendable {
  /// The samples with one score.
  struct Run: Hashable {
    let threshold: Double
    let positives: Int
    let negatives: Int
  }

  /// The samples that were given, unknown labels included; weights go by them.
  public let sampleCount: Int
  private let order: [Sample]

  private struct Sample {
    let score: Double
    let index: Int32
    let isPositive: Bool
  }

  /// - Parameters:
  ///   - scores: one per sample, any monotonic scale; higher means more likely positive.
  ///   - targets: one per sample: 1 positive, 0 negative, NaN not known. A sample whose target is not known is left out.
  /// - Returns: not available when the counts do not fit, a label is neither 0 nor 1, or a score is NaN.
  public static func make(scores: [Double], targets: [Float]) -> Available<OrderedScores> {
    guard scores.count == targets.count else {
      return .notAvailable(reason: "there are \(scores.count) scores but \(targets.count) labels")
    }
    for (index, target) in targets.enumerated() where !target.isNaN {
      guard target == 0 || target == 1 else {
        return .notAvailable(reason: "the label of sample \(index) is \(target), neither 0 nor 1")
      }
      guard !scores[index].isNaN else { return .notAvailable(reason: "the score of sample \(index) is not a number") }
    }
    var known: [Sample] = []
    known.reserveCapacity(scores.count)
    for place in risingOrder(of: scores).reversed() where !targets[Int(place)].isNaN {
      known.append(Sample(score: scores[Int(place)], index: place, isPositive: targets[Int(place)] == 1))
    }
    return .value(OrderedScores(sampleCount: scores.count, order: known))
  }

  /// From the highest score to the lowest. With weights, a run may be empty.
  func runs(weights: [Int]?) -> [Run] {
    var runs: [Run] = []
    runs.reserveCapacity(order.count)
    var start = 0
    while start < order.count {
      var end = start, positives = 0, negatives = 0
      while end < order.count, order[end].score == order[start].score {
        let weight = weights.map { $0[Int(order[end].index)] } ?? 1
        if order[end].isPositive { positives += weight } else { negatives += weight }
        end += 1
      }
      runs.append(Run(threshold: order[start].score, positives: positives, negatives: negatives))
      start = end
    }
    return runs
  }

  /// The runs with their totals, when there is a positive and a negative sample.
  func countedRuns(weights: [Int]?) -> Available<Counted> {
    if let weights, weights.count != sampleCount {
      return .notAvailable(reason: "there are \(weights.count) weights for \(sampleCount) samples")
    }
    let runs = runs(weights: weights)
    let positives = runs.reduce(0) { $0 + $1.positives }
    let negatives = runs.reduce(0) { $0 + $1.negatives }
    if positives == 0 && negatives == 0 { return .notAvailable(reason: "no sample has a known label") }
    if positives == 0 { return .notAvailable(reason: "no positive sample") }
    if negatives == 0 { return .notAvailable(reason: "no negative sample") }
    return .value(Counted(runs: runs, positives: positives, negatives: negatives))
  }

  struct Counted {
    let runs: [Run]
    let positives: Int
    let negatives: Int

    /// The counts at every threshold, from the highest score to the lowest.
    var confusions: [(threshold: Double, counts: BinaryConfusion)] {
      var (truePositives, falsePositives) = (0, 0)
      return runs.map { run in
        truePositives += run.positives
        falsePositives += run.negatives
        let counts = BinaryConfusion(
          truePositives: truePositives, falsePositives: falsePositives, falseNegatives: positives - truePositives,
          trueNegatives: negatives - falsePositives)
        return (run.threshold, counts)
      }
    }
  }

  /// The decisions at a threshold: positive is what scores the threshold or more.
  public func confusion(threshold: Double, weights: [Int]? = nil) -> BinaryConfusion {
    order.reduce(into: BinaryConfusion()) { counts, sample in
      let weight = weights?[Int(sample.index)] ?? 1
      switch (sample.score >= threshold, sample.isPositive) {
      case (true, true): counts.truePositives += weight
      case (true, false): counts.falsePositives += weight
      case (false, true): counts.falseNegatives += weight
      case (false, false): counts.trueNegatives += weight
      }
    }
  }

  /// The area under the ROC curve, as `areaUnderROC(scores:targets:)` defines it; in O(n).
  public func areaUnderROC(weights: [Int]? = nil) -> MetricValue { MetricValue(countedRuns(weights: weights).map(\.areaUnderROC)) }

  /// Average precision, as `averagePrecision(scores:targets:)` defines it; in O(n).
  public func averagePrecision(weights: [Int]? = nil) -> MetricValue {
    MetricValue(countedRuns(weights: weights).map(\.averagePrecision))
  }
}

extension OrderedScores.Counted {
  var areaUnderROC: Double {
    var twiceWins = 0, positivesAbove = 0
    for run in runs {
      // A negative loses to every positive above it and half to those beside it.
      twiceWins += run.negatives * (2 * positivesAbove + run.positives)
      positivesAbove += run.positives
    }
    return Double(twiceWins) / (2 * Double(positives) * Double(negatives))
  }

  var averagePrecision: Double {
    var sum = 0.0, truePositives = 0, called = 0
    for run in runs where run.positives + run.negatives > 0 {
      truePositives += run.positives
      called += run.positives + run.negatives
      sum += Double(run.positives) * (Double(truePositives) / Double(called))
    }
    return sum / Double(positives)
  }

  /// The greatest sensitivity of any threshold whose specificity is at least the given one.
  func sensitivity(atSpecificity least: Double) -> Double {
    var truePositives = 0, falsePositives = 0, found = 0
    for run in runs {
      falsePositives += run.negatives
      truePositives += run.positives
      // Specificity only falls from here on.
      guard Double(negatives - falsePositives) / Double(negatives) >= least else { break }
      found = truePositives
    }
    return Double(found) / Double(positives)
  }
}

/// Average precision: the precision at each threshold, weighted by how much recall it adds, without interpolation:
///
///     AP = Σ (Rₙ − Rₙ₋₁) Pₙ
///
/// over the distinct scores from the highest down (scikit-learn's `average_precision_score`; Davis and Goadrich 2006 say why
/// the trapezoidal area is too kind). Tied samples enter together.
///
/// - Returns: a number in 0...1, or undefined when the class has no positive sample, no negative sample (every order would be
///   perfect, and the 1 would flatter a mean over classes), or a score is NaN. A sample whose target is NaN is left out.
public func averagePrecision(scores: [Double], targets: [Float]) -> MetricValue {
  switch OrderedScores.make(scores: scores, targets: targets) {
  case .notAvailable(let reason): .undefined(reason: reason)
  case .value(let ordered): ordered.averagePrecision()
  }
}

extension MetricValue {
  /// The value, or undefined for the same reason.
  public init(_ value: Available<Double>) {
    switch value {
    case .value(let number): self = .value(number)
    case .notAvailable(let reason): self = .undefined(reason: reason)
    }
  }

  /// The value, or not available for the same reason.
  public var available: Available<Double> {
    switch self {
    case .value(let number): .value(number)
    case .undefined(let reason): .notAvailable(reason: reason)
    }
  }
}
