public import Torch

/// Batch statistics over the processes of a training instead of one's own part of the batch: synchronized batch normalization.
public struct SharedStatistics: Sendable {
  let group: ProcessGroup
  /// Samples of the whole batch, over all processes.
  let sampleCount: Int
  /// Whether this process's samples count; those of a process that has none of the batch stand in, so that all make the same steps.
  let counts: Bool

  public init(_ group: ProcessGroup, sampleCount: Int, counts: Bool) { (self.group, self.sampleCount, self.counts) = (group, sampleCount, counts) }

  @TaskLocal static var current: SharedStatistics?

  /// Runs `body`, whose batch normalizations in training take the statistics of the whole batch; nil takes one's own.
  public static func with<Result>(_ shared: SharedStatistics?, _ body: () throws -> Result) rethrows -> Result {
    try $current.withValue(shared) { try body() }
  }

  /// y = γ (x − μ) / √(σ² + ε) + β with μ and σ² (biased) over the whole batch, in two sums so that σ² loses no digits; the running values move
  /// towards μ and the unbiased σ².
  ///
  /// - Parameter x: `[batch, channels]` or `[batch, channels, height, width]`.
  func normalize(
    _ x: Tensor, weight: Tensor?, bias: Tensor?, runningMean: Tensor, runningVariance: Tensor, momentum: Double, epsilon: Double
  ) throws -> Tensor {
    let dimensions = x.shape.indices.filter { $0 != 1 }, form = x.shape.indices.map { $0 == 1 ? x.shape[1] : 1 }
    // Statistics are of at least float32, as in libtorch's own.
    let wide = try x.to(type: runningMean.scalarType), pixels = x.shape.dropFirst(2).reduce(1, *)
    let count = Double(sampleCount * pixels), share = counts ? 1.0 : 0.0
    let mean = try sumOverProcesses(wide.sum(over: dimensions) * share, group) / count
    let centered = try wide - mean.view(form)
    let variance = try sumOverProcesses((centered * centered).sum(over: dimensions) * share, group) / count
    try withoutGradient {
      try runningMean.copy(from: runningMean * (1 - momentum) + mean.detach() * momentum)
      try runningVariance.copy(from: runningVariance * (1 - momentum) + variance.detach() * (momentum * count / max(count - 1, 1)))
    }
    var y = try centered * (variance + epsilon).rsqrt().view(form)
    if let weight { y = try y * weight.view(form) }
    if let bias { y = try y + bias.view(form) }
    return try y.to(type: x.scalarType)
  }
}
