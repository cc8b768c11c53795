import NeuralNetworks
import Torch

/// A linear map without a bias whose rows are made unit vectors in every call: `torch.nn.utils.weight_norm` of a `Linear` whose lengths
/// stay 1, DINO's last layer.
struct UnitRowMap {
  private let weight: Tensor

  /// Registers `weight_v` of shape `[output, input]`, PyTorch's name of the directions.
  init(_ scope: ParameterScope, inputCount: Int, outputCount: Int) throws {
    weight = try scope.store.addParameter(
      scope.path / "weight_v", shape: [outputCount, inputCount], initialization: .uniform(bound: 1 / Double(inputCount).squareRoot()))
  }

  func callAsFunction(_ x: Tensor) throws -> Tensor { try linear(x, weight: weight.unitRows()) }

  /// Forgets the gradient, so that the optimizer leaves the map as it is.
  func freeze() throws { try weight.clearGradient() }
}
