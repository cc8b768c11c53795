public import Torch

/// The mean cross entropy of pixels that are of one class at most: with channel 0 the background,
/// L = −(1 / N) Σ log softmax(logits)[true class] over the N pixels that count.
///
/// With weights w it is the weighted mean over these pixels, L = −Σ w[true class] log softmax(logits)[true class] / Σ w[true class], as
/// `torch.nn.CrossEntropyLoss` has it with `weight` and `ignore_index`.
///
/// - Parameters:
///   - logits: `[batch, 1 + classes, height, width]`, of a floating-point type; computed in at least float32.
///   - targets: `[batch, classes, height, width]`, 1 at pixels of the class and 0 elsewhere; NaN in all classes where a pixel does not count.
///   - classWeights: w, `[1 + classes]`, positive, that of the background first; nil for 1.
/// - Returns: A scalar; 0 where no pixel counts.
public func labelMapCrossEntropy(_ logits: Tensor, targets: Tensor, classWeights: Tensor? = nil) throws -> Tensor {
  try requireLabelMapShapes(logits, targets)
  let x = try inLossPrecision(logits), (known, counted) = try knownMasks(targets, type: x.scalarType)
  // What is of no class is background.
  let background = try 1 - known.sum(over: [1], keep: true)
  if let classWeights {
    let weighted = try cat([background, known], along: 1) * classWeights.to(type: x.scalarType).reshape([1, x.shape[1], 1, 1])
    let each = try (weighted * x.logSoftmax(along: 1)).sum(over: [1], keep: true)
    // Where no pixel counts both sums are 0.
    return try -1 * (each * counted).sum() / (weighted.sum(over: [1], keep: true) * counted).sum().clamp(min: 1e-12)
  }
  let each = try (cat([background, known], along: 1) * x.logSoftmax(along: 1)).sum(over: [1], keep: true)
  return try -1 * (each * counted).sum() / counted.sum().clamp(min: 1)
}

/// One minus the mean over the classes of their soft Dice over a whole batch: with p the probabilities and t the targets of class k,
/// L = 1 − (1 / K) Σₖ (2 Σ p t + s) / (Σ p + Σ t + s), the inner sums over every pixel that counts.
///
/// The background is no class. A class that no image of the batch has is answered best by no pixel, whose term then is 1.
///
/// - Parameters:
///   - probabilities: `[batch, classes, height, width]`, of at least float32.
///   - targets: of the same shape, 0 or 1, or NaN where a pixel does not count.
/// - Returns: A scalar between 0 and 1.
public func meanSoftDiceLoss(probabilities: Tensor, targets: Tensor, smooth: Double = 1) throws -> Tensor {
  try requireEqualShapes(probabilities, targets)
  let (known, counted) = try knownMasks(targets, type: probabilities.scalarType)
  let p = try probabilities * counted
  let both = try (p * known).sum(over: [0, 2, 3]), sizes = try p.sum(over: [0, 2, 3]) + known.sum(over: [0, 2, 3])
  return try 1 - ((2 * both + smooth) / (sizes + smooth)).mean()
}

/// The probabilities of the classes of a label map, without the background: `[batch, classes, height, width]`.
///
/// - Parameter logits: `[batch, 1 + classes, height, width]`, channel 0 the background.
public func labelMapProbabilities(_ logits: Tensor) throws -> Tensor {
  try inLossPrecision(logits).softmax(along: 1).slice(along: 1, from: 1)
}

/// The targets with 0 for what is not known, and `[batch, 1, height, width]` 1 where a pixel counts, else 0.
private func knownMasks(_ targets: Tensor, type: ScalarType) throws -> (known: Tensor, counted: Tensor) {
  let known = try targets.nanToNum().to(type: type)
  // A pixel counts for all classes or for none.
  return (known, try (.!targets.narrow(along: 1, start: 0, count: 1).isNaN()).to(type: type))
}

private func requireLabelMapShapes(_ logits: Tensor, _ targets: Tensor) throws {
  var shape = targets.shape
  if shape.count == 4 { shape[1] += 1 }
  guard shape.count == 4, logits.shape == shape else {
    throw NeuralNetworksError.shapeMismatch("The logits of a label map", expected: shape, actual: logits.shape)
  }
}
