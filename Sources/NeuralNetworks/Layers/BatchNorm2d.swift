public import Torch

/// Batch normalization of each channel of `[batch, channels, height, width]`: Ioffe and Szegedy (2015), algorithm 1.
///
/// y = γ (x − μ) / √(σ² + ε) + β. In training μ and σ² (biased) are the batch's, and the running ones move by
/// `momentum` towards the batch's mean and unbiased variance; in evaluation they are the running ones. Registers
/// `weight` γ = 1, `bias` β = 0, `running_mean` = 0, `running_var` = 1 and `num_batches_tracked` = 0, in this order.
public struct BatchNorm2d {
  public let weight: Tensor
  public let bias: Tensor
  public let runningMean: Tensor
  public let runningVariance: Tensor
  public let batchCount: Tensor
  public let momentum: Double
  public let epsilon: Double

  /// The defaults of momentum and ε are PyTorch's.
  public init(_ scope: ParameterScope, channels: Int, momentum: Double = 0.1, epsilon: Double = 1e-5) throws {
    let store = scope.store, path = scope.path
    weight = try store.addParameter(path / "weight", shape: [channels], initialization: .ones)
    bias = try store.addParameter(path / "bias", shape: [channels], initialization: .zeros)
    runningMean = try store.addBuffer(path / "running_mean", shape: [channels], value: 0)
    runningVariance = try store.addBuffer(path / "running_var", shape: [channels], value: 1)
    batchCount = try store.addBuffer(path / "num_batches_tracked", shape: [], value: 0, type: .int64)
    self.momentum = momentum
    self.epsilon = epsilon
  }

  public func callAsFunction(_ x: Tensor, mode: Mode) throws -> Tensor {
    if mode == .training { try batchCount.addInPlace(1) }
    if mode == .training, let shared = SharedStatistics.current {
      return try shared.normalize(
        x, weight: weight, bias: bias, runningMean: runningMean, runningVariance: runningVariance, momentum: momentum, epsilon: epsilon)
    }
    return try batchNorm(
      x, weight: weight, bias: bias, runningMean: runningMean, runningVariance: runningVariance,
      training: mode == .training, momentum: momentum, epsilon: epsilon)
  }
}
