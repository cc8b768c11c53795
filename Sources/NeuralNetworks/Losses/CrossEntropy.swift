public import Torch

/// The mean cross entropy of classes that exclude each other: L = −(1 / N) Σₙ log softmax(logitsₙ)[targetₙ].
///
/// - Parameters:
///   - logits: `[batch, classes]`, of a floating-point type; computed in at least float32.
///   - targets: `[batch]`, int64, the index of the true class; or `[batch, classes]` of a floating-point type, the probability of
///     each class in truth, such as 1 for one and 0 for the others.
/// - Returns: A scalar.
public func softmaxCrossEntropy(_ logits: Tensor, targets: Tensor) throws -> Tensor {
  guard logits.dimensionCount == 2, targets.shape == [logits.shape[0]] || targets.shape == logits.shape else {
    throw NeuralNetworksError.shapeMismatch(
      "The targets", expected: Array(logits.shape.prefix(1)), actual: targets.shape)
  }
  let logits = try inLossPrecision(logits)
  return try crossEntropy(logits, targets: targets.shape == logits.shape ? targets.to(type: logits.scalarType) : targets)
}
