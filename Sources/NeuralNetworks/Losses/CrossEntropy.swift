public import Torch

/// The mean cross entropy of classes that exclude each other: L = −(1 / N) Σₙ log softmax(logitsₙ)[targetₙ].
///
/// With weights w of the classes it is the weighted mean, L = −Σₙ w[targetₙ] log softmax(logitsₙ)[targetₙ] / Σₙ w[targetₙ], as
/// `torch.nn.CrossEntropyLoss` has it for the index of a class.
///
/// - Parameters:
///   - logits: `[batch, classes]`, of a floating-point type; computed in at least float32.
///   - targets: `[batch]`, int64, the index of the true class; or `[batch, classes]` of a floating-point type, the probability of
///     each class in truth, such as 1 for one and 0 for the others.
///   - classWeights: w, `[classes]`, of which those of the true classes are not all 0; nil for 1.
/// - Returns: A scalar.
public func softmaxCrossEntropy(_ logits: Tensor, targets: Tensor, classWeights: Tensor? = nil) throws -> Tensor {
  guard logits.dimensionCount == 2, targets.shape == [logits.shape[0]] || targets.shape == logits.shape else {
    throw NeuralNetworksError.shapeMismatch(
      "The targets", expected: Array(logits.shape.prefix(1)), actual: targets.shape)
  }
  let logits = try inLossPrecision(logits), weights = try classWeights?.to(type: logits.scalarType)
  guard targets.shape == logits.shape else { return try crossEntropy(logits, targets: targets, weight: weights) }
  let targets = try targets.to(type: logits.scalarType)
  guard let weights else { return try crossEntropy(logits, targets: targets) }
  // Of probabilities libtorch's mean divides by the batch, not by the weights.
  return try crossEntropy(logits, targets: targets, weight: weights, reduction: .sum) / (targets * weights).sum()
}
