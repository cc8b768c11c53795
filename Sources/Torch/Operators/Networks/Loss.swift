private enum ATen {
  static let binaryCrossEntropy = Operator("aten::binary_cross_entropy_with_logits")
  static let crossEntropy = Operator("aten::cross_entropy_loss")
  static let nll = Operator("aten::nll_loss_nd")
  static let mse = Operator("aten::mse_loss")
  static let l1 = Operator("aten::l1_loss")
  static let smoothL1 = Operator("aten::smooth_l1_loss")
  static let klDivergence = Operator("aten::kl_div")
  static let cosineSimilarity = Operator("aten::cosine_similarity")
}

/// What becomes of the losses of the elements; the raw value is libtorch's.
public enum Reduction: Int, Sendable { case none, mean, sum }

/// `−(p · y · log σ(x) + (1 − y) · log(1 − σ(x))) · weight`, with `p` the weight of the positive class, which is
/// broadcast like `weight`.
public func binaryCrossEntropyWithLogits(
  _ logits: Tensor, targets: Tensor, weight: Tensor? = nil, positiveWeight: Tensor? = nil, reduction: Reduction = .mean
) throws -> Tensor {
  try ATen.binaryCrossEntropy(
    .tensor(logits), .tensor(targets), .optional(weight), .optional(positiveWeight), .integer(reduction.rawValue))
}

/// `−log softmax(x)[y]`, with logits `[batch, classes, …]` and targets either class numbers `[batch, …]` (int64) or
/// probabilities of the shape of the logits.
public func crossEntropy(
  _ logits: Tensor, targets: Tensor, weight: Tensor? = nil, reduction: Reduction = .mean, ignoredClass: Int = -100,
  labelSmoothing: Double = 0
) throws -> Tensor {
  try ATen.crossEntropy(
    .tensor(logits), .tensor(targets), .optional(weight), .integer(reduction.rawValue), .integer(ignoredClass),
    .real(labelSmoothing))
}

/// `−x[y]`, with logarithms of probabilities `[batch, classes, …]`.
public func nllLoss(
  _ logProbabilities: Tensor, targets: Tensor, weight: Tensor? = nil, reduction: Reduction = .mean,
  ignoredClass: Int = -100
) throws -> Tensor {
  try ATen.nll(
    .tensor(logProbabilities), .tensor(targets), .optional(weight), .integer(reduction.rawValue), .integer(ignoredClass)
  )
}

/// `(x − y)²`
public func mseLoss(_ input: Tensor, targets: Tensor, reduction: Reduction = .mean) throws -> Tensor {
  try ATen.mse(.tensor(input), .tensor(targets), .integer(reduction.rawValue))
}

/// `|x − y|`
public func l1Loss(_ input: Tensor, targets: Tensor, reduction: Reduction = .mean) throws -> Tensor {
  try ATen.l1(.tensor(input), .tensor(targets), .integer(reduction.rawValue))
}

/// `(x − y)² / (2 · beta)` where the distance is less than `beta`, else `|x − y| − beta / 2`.
public func smoothL1Loss(
  _ input: Tensor, targets: Tensor, reduction: Reduction = .mean, beta: Double = 1
) throws
  -> Tensor
{
  try ATen.smoothL1(.tensor(input), .tensor(targets), .integer(reduction.rawValue), .real(beta))
}

/// `y · (log y − x)`, with logarithms of probabilities `x`; `.mean` divides by the number of elements, as PyTorch does.
public func klDivergence(
  _ logProbabilities: Tensor, targets: Tensor, reduction: Reduction = .mean, targetsAreLogarithms: Bool = false
) throws -> Tensor {
  try ATen.klDivergence(
    .tensor(logProbabilities), .tensor(targets), .integer(reduction.rawValue), .boolean(targetsAreLogarithms))
}

/// `x · y / max(|x| · |y|, epsilon)` along a dimension.
public func cosineSimilarity(
  _ first: Tensor, _ second: Tensor, along dimension: Int = 1, epsilon: Double = 1e-8
) throws
  -> Tensor
{
  try ATen.cosineSimilarity(.tensor(first), .tensor(second), .integer(dimension), .real(epsilon))
}
