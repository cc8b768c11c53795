internal import Foundations

/// The area under the receiver operating characteristic of one class, from its Mann–Whitney form with midranks:
///
///     AUROC = (R₊ − n₊(n₊ + 1)/2) / (n₊ n₋)
///
/// where R₊ is the sum of the ranks of the positive samples among all scores, and tied scores share the mean of their
/// ranks, so that a tie between a positive and a negative counts one half (Hanley and McNeil 1982, Radiology 143).
/// The sums are exact integers (twice the ranks), so the order of the samples cannot change the result.
///
/// - Parameters:
///   - scores: one per sample, any monotonic scale (logits or probabilities); higher means more likely positive.
///   - targets: one per sample: 1 positive, 0 negative, NaN not known. A sample whose target is not known is left out.
/// - Returns: a number in 0...1, or undefined when a class has no positive or no negative sample, or a score is NaN.
public func areaUnderROC(scores: [Double], targets: [Float]) -> MetricValue {
  switch BinarySamples.collect(scores: scores, targets: targets) {
  case .failure(let undefined): return .undefined(reason: undefined.reason)
  case .success(let samples): return areaUnderROC(samples)
  }
}

func areaUnderROC(_ samples: BinarySamples) -> MetricValue {
  if samples.positiveCount == 0 && samples.negativeCount == 0 { return .undefined(reason: "no sample has a known label") }
  if samples.positiveCount == 0 { return .undefined(reason: "no positive sample") }
  if samples.negativeCount == 0 { return .undefined(reason: "no negative sample") }
  let order = risingOrder(of: samples.known.map(\.score)).map { samples.known[Int($0)] }
  // Twice the midrank of a run of ties at ranks first...last is first + last, a whole number.
  var twiceRankSum = 0
  var start = 0
  while start < order.count {
    var end = start
    var positivesInTie = 0
    while end < order.count, order[end].score == order[start].score {
      if order[end].isPositive { positivesInTie += 1 }
      end += 1
    }
    twiceRankSum += positivesInTie * (start + 1 + end)
    start = end
  }
  let positives = samples.positiveCount
  let twiceWins = twiceRankSum - positives * (positives + 1)
  return .value(Double(twiceWins) / (2 * Double(positives) * Double(samples.negativeCount)))
}

/// The samples of one class whose label is known, checked.
struct BinarySamples {
  var known: [(score: Double, isPositive: Bool)] = []
  var positiveCount = 0
  var unknownCount = 0
  var negativeCount: Int { known.count - positiveCount }

  struct Undefined: Error { let reason: String }

  static func collect(scores: [Double], targets: [Float]) -> Result<BinarySamples, Undefined> {
    guard scores.count == targets.count else {
      return .failure(Undefined(reason: "there are \(scores.count) scores but \(targets.count) labels"))
    }
    var samples = BinarySamples()
    samples.known.reserveCapacity(scores.count)
    for (index, (score, target)) in zip(scores, targets).enumerated() {
      if target.isNaN {
        samples.unknownCount += 1
        continue
      }
      guard target == 0 || target == 1 else {
        return .failure(Undefined(reason: "the label of sample \(index) is \(target), neither 0 nor 1"))
      }
      guard !score.isNaN else { return .failure(Undefined(reason: "the score of sample \(index) is not a number")) }
      samples.known.append((score, target == 1))
      if target == 1 { samples.positiveCount += 1 }
    }
    return .success(samples)
  }
}
