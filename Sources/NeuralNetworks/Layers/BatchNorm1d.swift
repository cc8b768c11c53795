public import Torch

/// Batch normalization of each column of `[batch, features]`: Ioffe and Szegedy (2015), algorithm 1.
///
/// As `BatchNorm2d`, with the columns in place of the channels. Registers `weight` γ = 1 and `bias` β = 0 as far as it has them, then
/// `running_mean`, `running_var` and `num_batches_tracked`, in this order.
public struct BatchNorm1d {
  /// What is learned of γ and β.
  public enum Affine: Sendable, Hashable {
    case scaleAndShift
    /// γ alone: SimCLR's output.
    case scaleOnly
    /// Neither: `affine=False`.
    case none
  }

  public let weight: Tensor?
  public let bias: Tensor?
  public let runningMean: Tensor
  public let runningVariance: Tensor
  public let batchCount: Tensor
  public let momentum: Double
  public let epsilon: Double

  /// The defaults of momentum and ε are PyTorch's.
  public init(
    _ scope: ParameterScope, features: Int, affine: Affine = .scaleAndShift, momentum: Double = 0.1, epsilon: Double = 1e-5
  ) throws {
    let store = scope.store, path = scope.path
    weight = affine == .none ? nil : try store.addParameter(path / "weight", shape: [features], initialization: .ones)
    bias = affine == .scaleAndShift ? try store.addParameter(path / "bias", shape: [features], initialization: .zeros) : nil
    runningMean = try store.addBuffer(path / "running_mean", shape: [features], value: 0)
    runningVariance = try store.addBuffer(path / "running_var", shape: [features], value: 1)
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
