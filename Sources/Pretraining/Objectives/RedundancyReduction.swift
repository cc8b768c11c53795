public import Torch

/// Barlow Twins: Zbontar et al. (2021), equations 1 and 2.
///
/// With each column of both embeddings normalized over the batch (biased variance, ε 10⁻⁵) and C = Ẑ₁ᵀ Ẑ₂ / B:
/// L = Σᵢ (1 − Cᵢᵢ)² + λ Σᵢ Σ_{j≠i} Cᵢⱼ².
///
/// - Parameters:
///   - first: Z₁, `[batch, size]`, at least two rows.
///   - second: Z₂ of the same images.
///   - offDiagonalWeight: λ.
/// - Returns: a scalar. solo-learn multiplies it by a scale (0.025), the official code does not.
public func barlowTwins(_ first: Tensor, _ second: Tensor, offDiagonalWeight: Double) throws -> Tensor {
  let normalized = try [first, second].map {
    try batchNorm($0, weight: nil, bias: nil, runningMean: nil, runningVariance: nil, training: true)
  }
  let c = try normalized[0].transpose(0, 1).matmul(normalized[1]) / Double(first.shape[0])
  let diagonal = try c.diagonal()
  // Σ over all places less Σ over the diagonal would lose the digits of a small rest.
  let others = try c.maskedFill(diagonalMask(of: c), value: 0).square().sum()
  return try (diagonal - 1).square().sum() + others * offDiagonalWeight
}

/// VICReg: Bardes, Ponce and LeCun, “Variance-Invariance-Covariance Regularization” (2022), equations 1 to 6, with the factors of the
/// official code: L = λ s + μ ½ (v(Z₁) + v(Z₂)) + ν (c(Z₁) + c(Z₂)).
///
/// s is the mean squared difference over all numbers; v the mean over columns of max(0, 1 − √(var + 10⁻⁴)), var with B − 1; c the sum of
/// the squared covariances of different columns over their number d. solo-learn leaves the ½ out.
///
/// - Parameters:
///   - first: Z₁, `[batch, size]`, at least two rows; second: Z₂ of the same images.
///   - invariance: λ; variance: μ; covariance: ν.
/// - Returns: a scalar.
public func varianceInvarianceCovariance(
  _ first: Tensor, _ second: Tensor, invariance: Double, variance: Double, covariance: Double
) throws -> Tensor {
  let similarity = try mseLoss(first, targets: second)
  let spreads = try [first, second].map { z in try (1 - (z.variance(over: [0]) + 1e-4).sqrt()).relu().mean() }
  let covariances = try [first, second].map(offDiagonalCovariance)
  return try similarity * invariance + (spreads[0] + spreads[1]) * (variance / 2) + (covariances[0] + covariances[1]) * covariance
}

/// c(Z) = (1/d) Σ_{i≠j} [C(Z)]ᵢⱼ².
private func offDiagonalCovariance(_ z: Tensor) throws -> Tensor {
  let centered = try z - z.mean(over: [0], keep: true)
  let c = try centered.transpose(0, 1).matmul(centered) / Double(z.shape[0] - 1)
  return try c.maskedFill(diagonalMask(of: c), value: 0).square().sum() / Double(z.shape[1])
}

private func diagonalMask(of square: Tensor) throws -> Tensor {
  try Tensor.identity(square.shape[0], type: .float32, device: square.device) .> 0.5
}
