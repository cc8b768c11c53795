import NeuralNetworks
import Torch

/// Vectors C that embeddings are compared with, `[count, size]`: a linear map without a bias.
struct Prototypes {
  let rows: Tensor

  /// Learned by gradients. They begin as a `torch.nn.Linear` does.
  ///
  /// - Parameter scope: under which `weight` is registered.
  init(_ scope: ParameterScope, count: Int, size: Int) throws {
    rows = try scope.store.addParameter(
      scope.path / "weight", shape: [count, size], initialization: .uniform(bound: 1 / Double(size).squareRoot()))
  }

  /// z Cᵀ, `[batch, count]`.
  func scores(_ embeddings: Tensor) throws -> Tensor { try embeddings.matmul(rows.transpose(0, 1)) }

  /// Makes every row a unit vector, outside of any gradient.
  func normalize() throws { try withoutGradient { _ = try rows.copy(from: rows.unitRows()) } }

  /// Forgets their gradient, so that the optimizer leaves them as they are.
  func freeze() throws { try rows.clearGradient() }
}
