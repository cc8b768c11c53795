public import Torch

/// Layer normalization over the last dimension, `[…, features]`: Ba, Kiros and Hinton (2016), equation 4.
///
/// y = γ (x − μ) / √(σ² + ε) + β with μ and σ² (biased) of each vector alone, so that it is the same in training and in evaluation. Registers
/// `weight` γ = 1 and `bias` β = 0, in this order.
public struct LayerNorm {
  public let weight: Tensor
  public let bias: Tensor
  public let epsilon: Double

  /// The default of ε is PyTorch's; vision transformers have 1e-6.
  public init(_ scope: ParameterScope, features: Int, epsilon: Double = 1e-5) throws {
    weight = try scope.store.addParameter(scope.path / "weight", shape: [features], initialization: .ones)
    bias = try scope.store.addParameter(scope.path / "bias", shape: [features], initialization: .zeros)
    self.epsilon = epsilon
  }

  public func callAsFunction(_ x: Tensor) throws -> Tensor {
    try layerNorm(x, normalizedShape: weight.shape, weight: weight, bias: bias, epsilon: epsilon)
  }
}
