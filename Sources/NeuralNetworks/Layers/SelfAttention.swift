public import Torch

/// Multi-head self-attention of tokens, `[batch, tokens, features]` → the same: Vaswani et al. (2017), section 3.2.2.
///
///     headᵢ = softmax(Qᵢ Kᵢᵀ / √d) Vᵢ,   y = (head₁ … head_h) W + b,   d = features / h
///
/// Queries, keys and values come from one linear map, as timm has it: it registers `qkv.weight`, `qkv.bias`, `proj.weight` and `proj.bias`. The
/// rows of `qkv` are those of Q, K and V one after the other, each in the order of its heads. How many heads there are is no part of a state.
public struct SelfAttention {
  public let headCount: Int
  private let qkv: Linear
  private let proj: Linear

  /// - Parameter weightInitialization: Of both maps, whose biases start at 0; nil for `Linear`'s own laws.
  /// - Throws: `NeuralNetworksError` for a count of heads that does not divide the features.
  public init(_ scope: ParameterScope, features: Int, headCount: Int, weightInitialization: Initialization? = nil) throws {
    guard headCount > 0, features % headCount == 0 else {
      throw NeuralNetworksError.indivisible("\(features) features cannot be divided among \(headCount) heads.", remedy: "Choose heads that divide them.")
    }
    self.headCount = headCount
    let bias: Initialization? = weightInitialization == nil ? nil : .zeros
    qkv = try Linear(
      scope / "qkv", inputCount: features, outputCount: 3 * features, weightInitialization: weightInitialization, biasInitialization: bias)
    proj = try Linear(
      scope / "proj", inputCount: features, outputCount: features, weightInitialization: weightInitialization, biasInitialization: bias)
  }

  public func callAsFunction(_ x: Tensor) throws -> Tensor {
    let (batch, tokens, features) = (x.shape[0], x.shape[1], x.shape[2])
    // [3, batch, heads, tokens, d]
    let parts = try qkv(x).reshape([batch, tokens, 3, headCount, features / headCount]).permute([2, 0, 3, 1, 4]).unbind()
    let heads = try scaledDotProductAttention(parts[0], parts[1], parts[2])
    return try proj(heads.transpose(1, 2).reshape([batch, tokens, features]))
  }
}
