public import Torch

/// 1/N Σ (z − y)² over the N targets that are known.
///
/// NaN means *not known*; such a target adds neither to the loss nor to any gradient. Where nothing is known the loss is 0.
///
/// - Parameters:
///   - answers: z, `[batch, numbers]` or any other shape, of a floating-point type; computed in at least float32.
///   - targets: y, or NaN; of the same shape.
/// - Returns: A scalar.
public func maskedSquaredError(_ answers: Tensor, targets: Tensor) throws -> Tensor {
  try masked(answers, targets: targets) { try mseLoss($0, targets: $1, reduction: .none) }
}

/// The same of ½(z − y)² where |z − y| < 1, else |z − y| − ½ (Huber 1964, Annals of Mathematical Statistics 35, with k = 1).
public func maskedHuberLoss(_ answers: Tensor, targets: Tensor) throws -> Tensor {
  try masked(answers, targets: targets) { try smoothL1Loss($0, targets: $1, reduction: .none) }
}

private func masked(_ answers: Tensor, targets: Tensor, _ loss: (Tensor, Tensor) throws -> Tensor) throws -> Tensor {
  try requireEqualShapes(answers, targets)
  let z = try inLossPrecision(answers)
  let y = try targets.to(type: z.scalarType)
  let unknown = try y.isNaN()
  // Masked before the loss and not only after: 0 · NaN would be NaN in the backward pass.
  let each = try loss(z, y.maskedFill(unknown, value: 0))
  let count = try (.!unknown).to(type: z.scalarType).sum().clamp(min: 1)
  return try each.maskedFill(unknown, value: 0).sum() / count
}
