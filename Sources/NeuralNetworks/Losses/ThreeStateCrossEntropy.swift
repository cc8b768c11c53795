public import Torch

/// The mean cross entropy of classes that are absent, present or uncertain: with q the softmax over the three states of one
/// class, L = −(1 / N) Σ log q(state) over the N targets that are not NaN. U-MultiClass of Irvin et al., AAAI 2019, section 3.
///
/// - Parameters:
///   - logits: `[batch, 3 × classes]`: for each class absent, present, uncertain; computed in at least float32.
///   - targets: `[batch, classes]`: 0 absent, 1 present, −1 uncertain, NaN not known.
/// - Returns: A scalar; 0 where nothing is known.
public func threeStateCrossEntropy(_ logits: Tensor, targets: Tensor) throws -> Tensor {
  let states = try threeStates(logits)
  try requireEqualShapes(states.select(along: 2, index: 0), targets)
  let logProbabilities = try inLossPrecision(states).logSoftmax(along: 2)
  let count = try (.!targets.isNaN()).to(type: logProbabilities.scalarType).sum().clamp(min: 1)
  // NaN equals no state, so an unknown target takes part in none of the sums.
  let sums = try [0.0, 1.0, -1.0].enumerated().map { index, state in
    let isState = try (targets .== state).to(type: logProbabilities.scalarType)
    return try (isState * logProbabilities.select(along: 2, index: index)).sum()
  }
  return try -1 * (sums[0] + sums[1] + sums[2]) / count
}

/// The logit of present against absent, leaving uncertain out: its sigmoid is q(present) / (q(present) + q(absent)).
///
/// - Parameter logits: `[…, 3 × classes]`.
/// - Returns: `[…, classes]`.
public func presenceLogits(_ logits: Tensor) throws -> Tensor {
  let states = try threeStates(logits), last = states.shape.count - 1
  return try states.select(along: last, index: 1) - states.select(along: last, index: 0)
}

/// `[…, classes, 3]`.
private func threeStates(_ logits: Tensor) throws -> Tensor {
  let width = logits.shape.last ?? 0
  guard width % 3 == 0 else {
    throw NeuralNetworksError.shapeMismatch("The logits of three states", expected: logits.shape.dropLast() + [width / 3 * 3 + 3], actual: logits.shape)
  }
  return try logits.reshape(logits.shape.dropLast() + [width / 3, 3])
}
