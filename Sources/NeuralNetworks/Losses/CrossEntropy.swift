public import Torch

/// The mean cross entropy of classes that exclude each other: L = −(1 / N) Σₙ log softmax(logitsₙ)[targetₙ].
///
/// - Parameters:
///   - logits: `[batch, classes]`, of a floating-point type; computed in at least float32.
///   - targets: `[batch]`, int64, the index of the true class.
/// - Returns: A scalar.
public func softmaxCrossEntropy(_ logits: Tensor, targets: Tensor) throws -> Tensor {
  guard logits.dimensionCount == 2, targets.shape == [logits.shape[0]] else {
    throw NeuralNetworksError.shapeMismatch(
      "The targets", expected: Array(logits.shape.prefix(1)), actual: targets.shape)
  }
  return try crossEntropy(inLossPrecision(logits), targets: targets)
}
