public import Torch

/// One minus the soft Dice coefficient of a whole batch, flattened: with p = σ(logits) and t the targets,
/// L = 1 − (2 Σ p t + s) / (Σ p + Σ t + s), the sums over every pixel of every image.
///
/// This is the loss of the 2021 benchmark's lung and pneumothorax segmentation (s = 1). Since the sums run over the batch, an
/// image without foreground does not have a term of its own.
///
/// - Parameters:
///   - logits: Any shape, of a floating-point type; computed in at least float32.
///   - targets: 0 or 1, of the same shape.
/// - Returns: A scalar between 0 and 1.
public func softDiceLoss(_ logits: Tensor, targets: Tensor, smooth: Double = 1) throws -> Tensor {
  try requireEqualShapes(logits, targets)
  let p = try inLossPrecision(logits).sigmoid()
  let t = try targets.to(type: p.scalarType)
  let intersection = try (p * t).sum()
  return try 1 - (2 * intersection + smooth) / (p.sum() + t.sum() + smooth)
}
