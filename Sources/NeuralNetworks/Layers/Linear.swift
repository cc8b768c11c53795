public import Torch

/// An affine map of the last dimension, y = x Wᵀ + b: `[…, input]` → `[…, output]`.
///
/// Registers `weight` of shape `[output, input]` and, unless there is none, `bias` of shape `[output]`.
public struct Linear {
  public let weight: Tensor
  public let bias: Tensor?

  /// Without laws, weight and bias are drawn from U(−1/√input, 1/√input), as `torch.nn.Linear` does.
  public init(
    _ scope: ParameterScope, inputCount: Int, outputCount: Int, weightInitialization: Initialization? = nil,
    biasInitialization: Initialization? = nil, hasBias: Bool = true
  ) throws {
    let bound = 1 / Double(inputCount).squareRoot()
    weight = try scope.store.addParameter(
      scope.path / "weight", shape: [outputCount, inputCount],
      initialization: weightInitialization ?? .uniform(bound: bound))
    bias =
      hasBias
      ? try scope.store.addParameter(
        scope.path / "bias", shape: [outputCount], initialization: biasInitialization ?? .uniform(bound: bound)) : nil
  }

  public func callAsFunction(_ x: Tensor) throws -> Tensor { try linear(x, weight: weight, bias: bias) }
}
