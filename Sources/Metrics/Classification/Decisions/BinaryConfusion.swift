internal import Foundations

/// How many samples, or pixels, a decision got right and wrong, in each of the four ways, and what follows from that.
///
/// A share of nothing is undefined and says what is missing; it is never 0.
public struct BinaryConfusion: Codable, Hashable, Sendable {
  public var truePositives: Int
  public var falsePositives: Int
  public var falseNegatives: Int
  public var trueNegatives: Int

  public init(truePositives: Int = 0, falsePositives: Int = 0, falseNegatives: Int = 0, trueNegatives: Int = 0) {
    self.truePositives = truePositives
    self.falsePositives = falsePositives
    self.falseNegatives = falseNegatives
    self.trueNegatives = trueNegatives
  }

  /// Decides positive where the score is the threshold or more. A sample whose target is NaN is left out, and so is one whose
  /// target is neither 0 nor 1 or whose score is NaN: `OrderedScores.make` refuses those with a reason.
  public init(scores: [Double], targets: [Float], threshold: Double) {
    self.init()
    for (score, target) in zip(scores, targets) where !score.isNaN {
      switch (score >= threshold, target) {
      case (true, 1): truePositives += 1
      case (true, 0): falsePositives += 1
      case (false, 1): falseNegatives += 1
      case (false, 0): trueNegatives += 1
      default: break
      }
    }
  }

  public static func + (first: BinaryConfusion, second: BinaryConfusion) -> BinaryConfusion {
    BinaryConfusion(
      truePositives: first.truePositives + second.truePositives,
      falsePositives: first.falsePositives + second.falsePositives,
      falseNegatives: first.falseNegatives + second.falseNegatives,
      trueNegatives: first.trueNegatives + second.trueNegatives)
  }

  public var positives: Int { truePositives + falseNegatives }
  public var negatives: Int { trueNegatives + falsePositives }
  public var count: Int { positives + negatives }

  /// TP/(TP + FN): recall, the share of the positives that are found.
  public var sensitivity: MetricValue { share(truePositives, of: positives, "no positive sample") }

  /// TN/(TN + FP): the share of the negatives that are left alone.
  public var specificity: MetricValue { share(trueNegatives, of: negatives, "no negative sample") }

  /// TP/(TP + FP): the positive predictive value.
  public var precision: MetricValue { share(truePositives, of: truePositives + falsePositives, "no sample is called positive") }

  /// TN/(TN + FN).
  public var negativePredictiveValue: MetricValue {
    share(trueNegatives, of: trueNegatives + falseNegatives, "no sample is called negative")
  }

  /// (TP + TN)/all.
  public var accuracy: MetricValue { share(truePositives + trueNegatives, of: count, "no sample has a known label") }

  /// The mean of sensitivity and specificity.
  public var balancedAccuracy: MetricValue { both { ($0 + $1) / 2 } }

  /// Youden's J, sensitivity + specificity − 1 (Youden 1950, Cancer 3).
  public var youden: MetricValue { both { $0 + $1 - 1 } }

  /// 2·TP/(2·TP + FP + FN), the harmonic mean of precision and sensitivity. Undefined where nothing is positive and nothing is
  /// called so; 0 where only one of the two is so.
  public var f1: MetricValue {
    share(2 * truePositives, of: 2 * truePositives + falsePositives + falseNegatives, "no sample is positive or called positive")
  }

  /// Matthews' correlation of decision and truth, in −1...1 (Matthews 1975). Undefined where either is constant.
  public var matthewsCorrelation: MetricValue {
    let (tp, fp, fn, tn) = (Double(truePositives), Double(falsePositives), Double(falseNegatives), Double(trueNegatives))
    let product = (tp + fp) * (tp + fn) * (tn + fp) * (tn + fn)
    guard product > 0 else { return .undefined(reason: "the labels or the decisions are all alike") }
    return .value((tp * tn - fp * fn) / product.squareRoot())
  }

  private func share(_ part: Int, of whole: Int, _ reason: String) -> MetricValue {
    whole == 0 ? .undefined(reason: reason) : .value(Double(part) / Double(whole))
  }

  private func both(_ combine: (Double, Double) -> Double) -> MetricValue {
    MetricValue(sensitivity.available.flatMap { first in specificity.available.map { combine(first, $0) } })
  }
}
