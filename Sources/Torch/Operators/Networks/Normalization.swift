private enum ATen {
  static let batchNorm = Operator("aten::batch_norm")
  static let layerNorm = Operator("aten::layer_norm")
  static let groupNorm = Operator("aten::group_norm")
}

/// `(x − mean) / √(variance + epsilon) · weight + bias` for every channel of `[batch, channels, …]`
/// (Ioffe and Szegedy, 2015).
///
/// In training the statistics are those of the batch, and the running ones move towards them by `momentum` in place
/// (the variance is the unbiased one there); in evaluation they are the running ones.
public func batchNorm(
  _ input: Tensor, weight: Tensor?, bias: Tensor?, runningMean: Tensor?, runningVariance: Tensor?, training: Bool,
  momentum: Double = 0.1, epsilon: Double = 1e-5
) throws -> Tensor {
  try ATen.batchNorm(
    .tensor(input), .optional(weight), .optional(bias), .optional(runningMean), .optional(runningVariance),
    .boolean(training), .real(momentum), .real(epsilon), .boolean(true))
}

/// The same over the last dimensions, which have the shape `normalizedShape` (Ba et al., 2016).
public func layerNorm(
  _ input: Tensor, normalizedShape: [Int], weight: Tensor? = nil, bias: Tensor? = nil, epsilon: Double = 1e-5
) throws -> Tensor {
  try ATen.layerNorm(
    .tensor(input), .integers(normalizedShape), .optional(weight), .optional(bias), .real(epsilon), .boolean(true))
}

/// The same over groups of channels (Wu and He, 2018).
public func groupNorm(
  _ input: Tensor, groupCount: Int, weight: Tensor? = nil, bias: Tensor? = nil, epsilon: Double = 1e-5
) throws -> Tensor {
  try ATen.groupNorm(
    .tensor(input), .integer(groupCount), .optional(weight), .optional(bias), .real(epsilon), .boolean(true))
}
