public import Torch

/// SwAV's swapped prediction: Caron et al., “Unsupervised Learning of Visual Features by Contrasting Cluster Assignments” (2020),
/// equations 1, 2 and 6.
///
/// For each view i with codes qᵢ, the mean over all other views v of −(1/B) Σ qᵢ log softmax(s_v/τ); L is the mean over i.
///
/// - Parameters:
///   - scores: s = z Cᵀ of each view, `[batch, prototypes]`.
///   - codes: q of the first views, `[batch, prototypes]`, rows that sum to 1; no gradient goes to them.
/// - Returns: a scalar.
public func swappedPrediction(scores: [Tensor], codes: [Tensor], temperature: Double) throws -> Tensor {
  let logProbabilities = try scores.map { try ($0 / temperature).logSoftmax(along: 1) }
  let terms = try codes.enumerated().flatMap { view, code in
    try logProbabilities.enumerated().filter { $0.offset != view }.map { _, log in try -(code.detach() * log).sum(over: [1]).mean() }
  }
  return try stack(terms).mean()
}

/// DeepCluster-v2's classification of clusters (Caron et al., 2020, appendix): the cross-entropy of z Cᵀ/τ with the clusters that the
/// images had at the epoch's beginning, over all views at once, and the mean over the sets of clusters.
///
/// - Parameters:
///   - scores: of each set of clusters, all views one after another: `[views · batch, clusters]`.
///   - assignments: of each set, `[batch]`, int64; −100 for an image that has none, which counts for nothing.
/// - Returns: a scalar; NaN where no image of the batch has a cluster.
public func clusterClassification(scores: [Tensor], assignments: [Tensor], temperature: Double) throws -> Tensor {
  let terms = try zip(scores, assignments).map { scores, own in
    try crossEntropy(scores / temperature, targets: own.repeated([scores.shape[0] / own.shape[0]]))
  }
  return try stack(terms).mean()
}

/// ProtoNCE's term of one clustering: Li et al., “Prototypical Contrastive Learning of Unsupervised Representations” (2021), equation 11.
///
/// The logits of a query are its products with the prototypes of the batch's images, in the batch's order, and with others that were
/// drawn, each over its concentration φ; the right one is that of its own place. Two images of one cluster list it twice, as the official
/// code does.
///
/// - Parameters:
///   - queries: q, `[batch, size]`, unit rows.
///   - prototypes: `[clusters, size]`; concentrations: φ, `[clusters]`.
///   - own: the cluster of each image, `[batch]`, int64.
///   - negatives: other clusters, `[count]`, int64.
///   - isDrawn: `[count]`, whether a negative counts; nil for all.
/// - Returns: a scalar.
public func prototypeContrast(
  _ queries: Tensor, prototypes: Tensor, concentrations: Tensor, own: Tensor, negatives: Tensor, isDrawn: Tensor? = nil
) throws -> Tensor {
  let chosen = try cat([own, negatives])
  var logits = try queries.matmul(prototypes.indexSelect(along: 0, chosen).transpose(0, 1)) / concentrations.indexSelect(along: 0, chosen)
  if let isDrawn {
    let never = try cat([own.zerosLike() .> 0, .!isDrawn]).unsqueeze(0).expand(logits.shape)
    logits = try logits.maskedFill(never, value: -Double.infinity)
  }
  return try crossEntropy(logits, targets: Tensor.arange(to: queries.shape[0]).to(device: queries.device))
}
