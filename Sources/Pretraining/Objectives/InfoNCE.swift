public import Torch

/// InfoNCE against a queue of keys: He et al., “Momentum Contrast for Unsupervised Visual Representation Learning” (2020), equation 1.
///
/// L = −(1/B) Σᵢ log [exp(qᵢ·kᵢ/τ) / (exp(qᵢ·kᵢ/τ) + Σⱼ exp(qᵢ·Qⱼ/τ))].
///
/// - Parameters:
///   - queries: q, `[batch, size]`, unit rows.
///   - keys: k, `[batch, size]`, unit rows; no gradient goes to them.
///   - queue: Q, `[count, size]`, unit rows.
/// - Returns: a scalar.
public func infoNCE(_ queries: Tensor, keys: Tensor, queue: Tensor, temperature: Double) throws -> Tensor {
  let positive = try queries.rowProducts(keys.detach()).unsqueeze(1)
  // A copy: keys may be written into the queue before the backward pass.
  let negative = try queries.matmul(queue.detach().clone().transpose(0, 1))
  return try firstColumnCrossEntropy(cat([positive, negative], along: 1) / temperature)
}

/// −(1/B) Σ log softmax(logits)[0]: the first column holds the logit of what is right.
func firstColumnCrossEntropy(_ logits: Tensor) throws -> Tensor {
  try crossEntropy(logits, targets: Tensor.zeros([logits.shape[0]], type: .int64, device: logits.device))
}
