internal import Foundation
public import Foundations

/// The Brier score in three parts, without bins: how far probabilities are from what happens at them, how well they tell images apart, and
/// how uncertain the outcome is before any prediction (CORP: Dimitriadis, Gneiting and Jordan 2021, PNAS 118),
///
///     Brier = miscalibration − discrimination + uncertainty
///
/// With r the share of positives and p̂ the probabilities recalibrated by isotonic regression (pool-adjacent-violators),
///
///     miscalibration = Brier(p) − Brier(p̂)    discrimination = Brier(r) − Brier(p̂)    uncertainty = Brier(r) = r(1 − r)
///
/// All three are at least 0. Where bins are used instead, the parts depend on the bins and do not add up.
public struct BrierDecomposition: Codable, Hashable, Sendable {
  public let score: Double
  public let miscalibration: Double
  public let discrimination: Double
  public let uncertainty: Double

  /// - Parameters:
  ///   - probabilities: in 0...1.
  ///   - targets: 0 or 1; NaN means not known and is left out.
  public static func make(probabilities: [Double], targets: [Float]) -> Available<BrierDecomposition> {
    LabeledProbability.all(probabilities, targets, nil).flatMap { rows in
      OrderedScores.make(scores: probabilities, targets: targets).map { BrierDecomposition(rows, $0) }
    }
  }

  private init(_ rows: [LabeledProbability], _ ordered: OrderedScores) {
    // Equal probabilities must be recalibrated alike, so blocks begin with the distinct ones, rising.
    var blocks: [(positives: Int, count: Int)] = []
    for run in ordered.runs(weights: nil).reversed() {
      var block = (positives: run.positives, count: run.positives + run.negatives)
      while let last = blocks.last, last.positives * block.count >= block.positives * last.count {
        block = (block.positives + last.positives, block.count + last.count)
        blocks.removeLast()
      }
      blocks.append(block)
    }
    let total = Double(rows.count), positives = Double(blocks.reduce(0) { $0 + $1.positives })
    // In a block with k of n positive, the squared errors of k/n sum to k(n − k)/n.
    let best = blocks.reduce(0.0) { $0 + Double($1.positives * ($1.count - $1.positives)) / Double($1.count) } / total
    score = brierScore(rows)
    uncertainty = positives * (total - positives) / (total * total)
    miscalibration = max(0, score - best)
    discrimination = max(0, uncertainty - best)
  }
}
