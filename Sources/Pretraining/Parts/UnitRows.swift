public import Torch

extension Tensor {
  /// Each row divided by its Euclidean length, or by 10⁻¹² where that is less: `torch.nn.functional.normalize` over the last dimension.
  public func unitRows() throws -> Tensor {
    try self / norm(over: [dimensionCount - 1], keep: true).clamp(min: 1e-12)
  }

  /// The inner product of each row with the same row of another tensor: `[batch, size]`, `[batch, size]` → `[batch]`.
  func rowProducts(_ other: Tensor) throws -> Tensor { try (self * other).sum(over: [1]) }
}
