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

  /// In O(n) of scores that are ordered already.
  ///
  /// - Parameter thresholds: rising, each above 0 and below 1.
  public static func make(_ ordered: OrderedScores, thresholds: [Double] = standardThresholds) -> Available<DecisionCurve> {
    let runs = ordered.runs(weights: nil)
    let positives = runs.reduce(0) { $0 + $1.positives }, count = positives + runs.reduce(0) { $0 + $1.negatives }
    guard count > 0 else { return .notAvailable(reason: "no sample has a known label") }
    guard positives > 0 else { return .notAvailable(reason: "no positive sample") }
    let n = Double(count), prevalence = Double(positives) / n
    var netBenefits = [Double](repeating: 0, count: thresholds.count), place = 0, hits = 0, alarms = 0
    for index in thresholds.indices.reversed() {
      while place < runs.count, runs[place].threshold >= thresholds[index] {
        hits += runs[place].positives
        alarms += runs[place].negatives
        place += 1
      }
      netBenefits[index] = Double(hits) / n - Double(alarms) / n * odds(thresholds[index])
    }
    return .value(
      DecisionCurve(
        thresholds: thresholds, netBenefits: netBenefits,
        treatAll: thresholds.map { prevalence - (1 - prevalence) * odds($0) }, prevalence: prevalence))
  }

  /// t/(1 − t), what a false alarm costs beside a finding.
  public static func odds(_ threshold: Double) -> Double { threshold / (1 - threshold) }
}
