public import Foundations

/// The net benefit of acting on what has a probability of at least t, against acting on none (Vickers and Elkin 2006, Medical Decision
/// Making 26): true positives, less false positives at the price that the threshold itself says,
///
///     NB(t) = TP/n − FP/n·t/(1 − t)
///
/// A threshold of 0.1 says that one finding is worth nine false alarms. What is good at one threshold may be worse than acting on all, or
/// on none, at another.
public struct DecisionCurve: Codable, Hashable, Sendable {
  /// Rising, each above 0 and below 1.
  public let thresholds: [Double]
  /// One a threshold.
  public let netBenefits: [Double]
  /// Of acting on all: π − (1 − π)·t/(1 − t) with the share π of positives. Acting on none is 0 everywhere.
  public let treatAll: [Double]
  /// π.
  public let prevalence: Double

  /// 0.01, 0.02 … 0.99.
  public static let standardThresholds = (1...99).map { Double($0) / 100 }

  /// By counting at each threshold, without sorting: O(n + T) where thresholds are evenly apart.
  ///
  /// - Parameters:
  ///   - probabilities: in 0...1.
  ///   - targets: 0 or 1; NaN means not known and is left out.
  ///   - thresholds: rising, each above 0 and below 1.
  public static func make(
    probabilities: [Double], targets: [Float], thresholds: [Double] = standardThresholds
  ) -> Available<DecisionCurve> {
    LabeledProbability.all(probabilities, targets, nil).flatMap { rows in
      // By how many thresholds a probability reaches.
      var hits = [Int](repeating: 0, count: thresholds.count + 1), alarms = hits
      for row in rows {
        let reached = reachedCount(row.probability, thresholds)
        if row.isPositive { hits[reached] += 1 } else { alarms[reached] += 1 }
      }
      let n = Double(rows.count), positives = hits.reduce(0, +), prevalence = Double(positives) / n
      guard positives > 0 else { return .notAvailable(reason: "no positive sample") }
      var netBenefits = [Double](repeating: 0, count: thresholds.count), truePositives = 0, falsePositives = 0
      for index in thresholds.indices.reversed() {
        truePositives += hits[index + 1]
        falsePositives += alarms[index + 1]
        netBenefits[index] = Double(truePositives) / n - Double(falsePositives) / n * odds(thresholds[index])
      }
      return .value(
        DecisionCurve(
          thresholds: thresholds, netBenefits: netBenefits,
          treatAll: thresholds.map { prevalence - (1 - prevalence) * odds($0) }, prevalence: prevalence))
    }
  }

  private static func reachedCount(_ probability: Double, _ thresholds: [Double]) -> Int {
    // A guess that is right, or next to it, for thresholds that are evenly apart.
    var count = max(0, min(thresholds.count, Int(probability * Double(thresholds.count + 1))))
    while count < thresholds.count, thresholds[count] <= probability { count += 1 }
    while count > 0, thresholds[count - 1] > probability { count -= 1 }
    return count
  }

  /// t/(1 − t), what a false alarm costs beside a finding.
  public static func odds(_ threshold: Double) -> Double { threshold / (1 - threshold) }
}
