public import Torch

/// The normalized temperature-scaled cross-entropy of SimCLR: Chen et al., “A Simple Framework for Contrastive Learning of Visual
/// Representations” (2020), equation 1 and algorithm 1.
///
/// Each of the 2B views has its partner among the 2B − 1 others, by cosine similarity over τ; L is the **mean over the 2B views**, as in
/// algorithm 1, lightly and solo-learn. The official code adds the means over both halves, which is **twice** this.
///
/// - Parameters:
///   - first: z of the first views, `[batch, size]`; rows need not be of unit length.
///   - second: z of the second views of the same images, in the same order.
/// - Returns: a scalar.
public func ntXent(_ first: Tensor, _ second: Tensor, temperature: Double) throws -> Tensor {
  let z = try cat([first, second]).unitRows(), batch = first.shape[0]
  let isSelf = try Tensor.identity(2 * batch, type: .float32, device: z.device) .> 0.5
  let logits = try (z.matmul(z.transpose(0, 1)) / temperature).maskedFill(isSelf, value: -Double.infinity)
  let partners = (0..<2 * batch).map { Int64(($0 + batch) % (2 * batch)) }
  return try crossEntropy(logits, targets: Tensor(partners, device: z.device))
}
