internal import Foundation

/// The mean binary cross-entropy of predicted probabilities:
///
///     −mean(y·ln p + (1 − y)·ln(1 − p))
///
/// with each logarithm held at or above −100, as PyTorch's `BCELoss` does, so that a confident error costs much but not
/// infinitely much.
///
/// - Parameters:
///   - probabilities: in 0...1, any layout.
///   - targets: the same layout, in 0...1; NaN means not known and is left out.
/// - Returns: undefined when no target is known or a probability is outside 0...1.
public func binaryCrossEntropy(probabilities: [Double], targets: [Float]) -> MetricValue {
  guard probabilities.count == targets.count else {
    return .undefined(reason: "there are \(probabilities.count) probabilities but \(targets.count) labels")
  }
  var sum = 0.0
  var count = 0
  for (index, (probability, target)) in zip(probabilities, targets).enumerated() where !target.isNaN {
    guard (0...1).contains(probability) else {
      return .undefined(reason: "probability \(index) is \(probability), not between 0 and 1")
    }
    let expected = Double(target)
    sum -= expected * max(log(probability), -100) + (1 - expected) * max(log1p(-probability), -100)
    count += 1
  }
  return count == 0 ? .undefined(reason: "no sample has a known label") : .value(sum / Double(count))
}
