public import Torch

/// Which image is this? A softmax over its own row of a memory bank and rows of others: Wu et al., “Unsupervised Feature Learning via
/// Non-Parametric Instance Discrimination” (2018), equation 2, over a sample of the bank as PyContrast's released models have it.
///
/// L = −(1/B) Σᵢ log [exp(vᵢ·M_{yᵢ}/τ) / (exp(vᵢ·M_{yᵢ}/τ) + Σⱼ exp(vᵢ·M_{nᵢⱼ}/τ))].
///
/// - Parameters:
///   - features: v, `[batch, size]`, unit rows.
///   - bank: M, `[images, size]`, unit rows; no gradient goes to them.
///   - indices: y, `[batch]`, int64.
///   - negatives: n, `[batch, count]`, int64: rows drawn with replacement, which may be the image's own.
/// - Returns: a scalar.
public func instanceDiscrimination(_ features: Tensor, bank: Tensor, indices: Tensor, negatives: Tensor, temperature: Double) throws -> Tensor {
  try firstColumnCrossEntropy(bankLogits(features, bank: bank, indices: indices, negatives: negatives, temperature: temperature))
}

/// The two terms of PIRL: Misra and van der Maaten, “Self-Supervised Learning of Pretext-Invariant Representations” (2020), equation 5,
/// L = λ L(M_I, v_{Iᵗ}) + (1 − λ) L(M_I, v_I), each as `instanceDiscrimination`, over the same negatives.
///
/// - Parameters:
///   - image: v_I, `[batch, size]`, unit rows.
///   - jigsaw: v_{Iᵗ}, the same of the puzzles.
///   - jigsawWeight: λ.
public func pretextInvariance(
  image: Tensor, jigsaw: Tensor, bank: Tensor, indices: Tensor, negatives: Tensor, temperature: Double, jigsawWeight: Double
) throws -> Tensor {
  let terms = try [image, jigsaw].map {
    try instanceDiscrimination($0, bank: bank, indices: indices, negatives: negatives, temperature: temperature)
  }
  return try terms[0] * (1 - jigsawWeight) + terms[1] * jigsawWeight
}

/// v·M/τ of the image's own row first, then of its negatives: `[batch, 1 + count]`.
///
/// All products are made and then chosen from, since a copy of every chosen row would take `size` times the memory.
private func bankLogits(_ features: Tensor, bank: Tensor, indices: Tensor, negatives: Tensor, temperature: Double) throws -> Tensor {
  let scores = try features.matmul(bank.detach().clone().transpose(0, 1))
  return try scores.gather(along: 1, cat([indices.unsqueeze(1), negatives], along: 1)) / temperature
}
