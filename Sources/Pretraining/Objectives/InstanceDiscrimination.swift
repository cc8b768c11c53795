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

/// Noise-contrastive estimation with a fixed normalization: Wu et al. (2018), equations 4 to 7, as its published code and VISSL have it.
///
/// With m noise samples of N images and P(i|v) = exp(v·Mᵢ/τ) / Z, each sample is of the data with probability P / (P + m/N), and
/// L = −(1/B) Σ [log P(y) / (P(y) + m/N + ε) + Σⱼ log (m/N) / (P(nⱼ) + m/N + ε)], ε = 2⁻²³. Where `proximity` λ is not 0,
/// λ ‖v − M_y‖² is added (equation 10), the mean over the batch.
///
/// - Parameter normalization: Z, which `noiseNormalization` estimates once.
public func noiseContrast(
  _ features: Tensor, bank: Tensor, indices: Tensor, negatives: Tensor, temperature: Double, normalization: Tensor, proximity: Double = 0
) throws -> Tensor {
  let logits = try bankLogits(features, bank: bank, indices: indices, negatives: negatives, temperature: temperature)
  let likelihoods = try logits.exp() / normalization
  let noise = Double(negatives.shape[1]) / Double(bank.shape[0]), epsilon = 0x1p-23
  let all = try likelihoods + (noise + epsilon)
  let data = try (likelihoods.narrow(along: 1, start: 0, count: 1) / all.narrow(along: 1, start: 0, count: 1)).log().sum()
  let others = try (noise / all.narrow(along: 1, start: 1, count: negatives.shape[1])).log().sum()
  let loss = try -(data + others) / Double(features.shape[0])
  if proximity == 0 { return loss }
  return try loss + (features - bank.detach().indexSelect(along: 0, indices)).square().sum(over: [1]).mean() * proximity
}

/// Z = N · mean of exp(v·M/τ) over the samples of a first batch (Wu et al., 2018, section 3.2).
public func noiseNormalization(_ features: Tensor, bank: Tensor, indices: Tensor, negatives: Tensor, temperature: Double) throws -> Tensor {
  try withoutGradient {
    try bankLogits(features, bank: bank, indices: indices, negatives: negatives, temperature: temperature).exp().mean() * Double(bank.shape[0])
  }
}

/// v·M/τ of the image's own row first, then of its negatives: `[batch, 1 + count]`.
///
/// All products are made and then chosen from, since a copy of every chosen row would take `size` times the memory.
private func bankLogits(_ features: Tensor, bank: Tensor, indices: Tensor, negatives: Tensor, temperature: Double) throws -> Tensor {
  let scores = try features.matmul(bank.detach().clone().transpose(0, 1))
  return try scores.gather(along: 1, cat([indices.unsqueeze(1), negatives], along: 1)) / temperature
}
