public import Torch

/// BYOL's regression: Grill et al., “Bootstrap Your Own Latent” (2020), equation 2, as the mean over the batch.
///
/// ‖p̄ − z̄‖² = 2 − 2 cos(p, z), between 0 and 4, of one prediction and one target; the method adds the term with the views swapped.
///
/// - Parameters:
///   - predictions: p = q(z), `[batch, size]`.
///   - targets: z′ of the target network, `[batch, size]`; no gradient goes to them.
/// - Returns: a scalar.
public func bootstrapRegression(_ predictions: Tensor, targets: Tensor) throws -> Tensor {
  try 2 + negativeCosine(predictions, targets: targets) * 2
}

/// SimSiam's negative cosine similarity: Chen and He, “Exploring Simple Siamese Representation Learning” (2021), equation 1, D(p, z), the
/// mean over the batch, between −1 and 1.
///
/// The method's loss is D(p₁, stop z₂)/2 + D(p₂, stop z₁)/2 (equation 4).
///
/// - Parameters:
///   - predictions: p, `[batch, size]`.
///   - targets: z, `[batch, size]`.
///   - stopsGradient: whether no gradient goes to the targets; without the stop the representation collapses.
/// - Returns: a scalar.
public func negativeCosine(_ predictions: Tensor, targets: Tensor, stopsGradient: Bool = true) throws -> Tensor {
  let z = stopsGradient ? try targets.detach() : targets
  return try -predictions.unitRows().rowProducts(z.unitRows()).mean()
}
