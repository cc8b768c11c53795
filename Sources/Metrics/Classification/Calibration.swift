public import Foundations

/// The Brier score, mean (p − y)² (Brier 1950, Monthly Weather Review 78): 0 is perfect, 0.25 is what p = ½ gets.
///
/// - Parameters:
///   - probabilities: in 0...1.
///   - targets: 0 or 1; NaN means not known and is left out.
///   - weights: how often each sample counts; nil for once.
/// - Returns: undefined when no target is known, or for what is no probability or no label.
public func brierScore(probabilities: [Double], targets: [Float], weights: [Int]? = nil) -> MetricValue {
  MetricValue(LabeledProbability.all(probabilities, targets, weights).map(brierScore))
}

func brierScore(_ rows: [LabeledProbability]) -> Double {
  let total = rows.reduce(0) { $0 + $1.weight }
  let sum = rows.reduce(0.0) { sum, row in
    let error = row.probability - (row.isPositive ? 1 : 0)
    return sum + Double(row.weight) * error * error
  }
  return sum / Double(total)
}

/// How often what is predicted with a probability happens: equal-width bins over 0...1.
public struct ReliabilityCurve: Codable, Hashable, Sendable {
  public struct Bin: Codable, Hashable, Sendable {
    /// Holds the probabilities p with lower < p ≤ upper; the first bin holds 0 too.
    public let lower: Double
    public let upper: Double
    public let count: Int
    /// The mean probability and the share of positives; undefined for an empty bin.
    public let meanProbability: MetricValue
    public let positiveShare: MetricValue
  }

  public let bins: [Bin]
  /// Σ nᵦ/n·|share of positives − mean probability|, over the bins that hold samples (Naeini, Cooper and Hauskrecht 2015).
  /// It depends on the number of bins and is biased upwards for few samples.
  public let expectedCalibrationError: Double
  /// The greatest such gap of any bin that holds samples.
  public let maximumCalibrationError: Double

  /// - Parameter binCount: 15 as in Guo et al. 2017.
  /// - Returns: not available when no target is known, or for what is no probability or no label.
  public static func make(
    probabilities: [Double], targets: [Float], binCount: Int = 15, weights: [Int]? = nil
  ) -> Available<ReliabilityCurve> {
    guard binCount > 0 else { return .notAvailable(reason: "\(binCount) bins hold nothing") }
    return LabeledProbability.all(probabilities, targets, weights).map { ReliabilityCurve($0, binCount: binCount) }
  }

  init(_ samples: [LabeledProbability], binCount: Int = 15) {
    var counts = [Int](repeating: 0, count: binCount), positives = counts
    var sums = [Double](repeating: 0, count: binCount)
    for sample in samples {
      let bin = Self.bin(of: sample.probability, among: binCount)
      counts[bin] += sample.weight
      positives[bin] += sample.isPositive ? sample.weight : 0
      sums[bin] += sample.probability * Double(sample.weight)
    }
    let total = Double(counts.reduce(0, +))
    var expected = 0.0, maximum = 0.0
    bins = (0..<binCount).map { bin in
      let (lower, upper) = (Double(bin) / Double(binCount), Double(bin + 1) / Double(binCount))
      guard counts[bin] > 0 else {
        let empty = MetricValue.undefined(reason: "the bin is empty")
        return Bin(lower: lower, upper: upper, count: 0, meanProbability: empty, positiveShare: empty)
      }
      let n = Double(counts[bin])
      let gap = abs(Double(positives[bin]) / n - sums[bin] / n)
      expected += n / total * gap
      maximum = max(maximum, gap)
      return Bin(
        lower: lower, upper: upper, count: counts[bin], meanProbability: .value(sums[bin] / n),
        positiveShare: .value(Double(positives[bin]) / n))
    }
    expectedCalibrationError = expected
    maximumCalibrationError = maximum
  }

  /// The bin that a probability falls into.
  public static func bin(of probability: Double, among count: Int) -> Int {
    var bin = min(Int(probability * Double(count)), count - 1)
    // The product may be rounded over an edge; the edges themselves decide.
    while bin > 0, probability <= Double(bin) / Double(count) { bin -= 1 }
    while bin < count - 1, probability > Double(bin + 1) / Double(count) { bin += 1 }
    return bin
  }
}

/// A row whose label is known.
struct LabeledProbability {
  let probability: Double
  let isPositive: Bool
  /// How often it counts; at least once.
  let weight: Int

  /// - Returns: not available when no target is known, or for what is no probability or no label.
  static func all(_ probabilities: [Double], _ targets: [Float], _ weights: [Int]?) -> Available<[LabeledProbability]> {
    guard probabilities.count == targets.count else {
      return .notAvailable(reason: "there are \(probabilities.count) probabilities but \(targets.count) labels")
    }
    if let weights, weights.count != targets.count {
      return .notAvailable(reason: "there are \(weights.count) weights for \(targets.count) samples")
    }
    var samples: [LabeledProbability] = []
    samples.reserveCapacity(targets.count)
    for (index, target) in targets.enumerated() where !target.isNaN {
      guard target == 0 || target == 1 else {
        return .notAvailable(reason: "the label of sample \(index) is \(target), neither 0 nor 1")
      }
      guard (0...1).contains(probabilities[index]) else {
        return .notAvailable(reason: "probability \(index) is \(probabilities[index]), not between 0 and 1")
      }
      let weight = weights?[index] ?? 1
      if weight > 0 { samples.append(LabeledProbability(probability: probabilities[index], isPositive: target == 1, weight: weight)) }
    }
    return samples.isEmpty ? .notAvailable(reason: "no sample has a known label") : .value(samples)
  }
}
