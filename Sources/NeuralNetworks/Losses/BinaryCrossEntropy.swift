public import Torch

/// The mean binary cross entropy of the known targets: with p = σ(logits),
/// L = −(1 / N) Σ [t log p + (1 − t) log(1 − p)] over the N targets that are not NaN.
///
/// NaN means *not known*, as in a table of findings where a report did not mention one; such a target adds neither to the loss
/// nor to any gradient. Computed from the logits, so that it is finite for every finite logit. Where nothing is known the loss
/// is 0.
///
/// With weights w of the positive targets the terms are w t log p + (1 − t) log(1 − p), and N stays the count: `pos_weight` of
/// `torch.nn.BCEWithLogitsLoss`.
///
/// - Parameters:
///   - logits: `[batch, classes]` or any other shape, of a floating-point type; computed in at least float32.
///   - targets: Between 0 and 1, or NaN; of the same shape.
///   - positiveWeights: w, broadcast to the shape of the logits, such as `[classes]`; nil for 1.
/// - Returns: A scalar.
public func maskedBinaryCrossEntropy(_ logits: Tensor, targets: Tensor, positiveWeights: Tensor? = nil) throws -> Tensor {
  try requireEqualShapes(logits, targets)
  let x = try inLossPrecision(logits)
  let t = try targets.to(type: x.scalarType)
  let unknown = try t.isNaN()
  // Masked before the logarithms and not only after: 0 · NaN would be NaN in the backward pass.
  let known = try t.maskedFill(unknown, value: 0)
  let each = try binaryCrossEntropyWithLogits(
    x, targets: known, positiveWeight: positiveWeights?.to(type: x.scalarType), reduction: .none)
  let count = try (.!unknown).to(type: x.scalarType).sum().clamp(min: 1)
  return try each.maskedFill(unknown, value: 0).sum() / count
}
