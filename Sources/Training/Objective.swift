import NeuralNetworks
import Studies
import Torch

/// The recipe's loss of a batch, from logits.
struct Objective {
  let loss: Loss

  /// The mean loss of the batch, a scalar.
  ///
  /// - Parameters:
  ///   - logits: `[batch, classes]` or `[batch, 1, height, width]`; any float type. The loss is computed in at least float32.
  ///   - targets: the same shape; NaN where a label is not known, which then has no part in the mean.
  func callAsFunction(logits: Tensor, targets: Tensor) throws -> Tensor {
    let logits = try logits.to(type: targets.scalarType)
    switch loss {
    case .binaryCrossEntropy: return try maskedBinaryCrossEntropy(logits, targets: targets)
    case .softDice: return try softDiceLoss(logits, targets: targets)
    }
  }
}
