public import Torch

/// A learned vector for each place of a square grid and for the tokens in front of it, which fits itself to grids of other sizes.
///
/// Registers one parameter of shape `[1, prefix + grid², features]`, row-major, drawn from N(0, 0.02²). A grid of another size takes the vectors
/// by bicubic interpolation with antialiasing (a = −1/2, pixel centers aligned), as timm's `resample_abs_pos_embed` does; the vectors of the
/// tokens in front stay as they are. The parameter keeps its shape, so that published weights fit whatever the images' size is.
/// (DINO and DINOv2 interpolate without antialiasing and with a = −3/4: on other grids than their own, their features differ a little.)
public struct PositionEmbedding {
  public let weight: Tensor
  public let gridSize: Int
  public let prefixCount: Int

  /// - Parameters:
  ///   - name: The parameter's name below the scope.
  ///   - prefixCount: Tokens in front of the grid, such as a class token.
  public init(_ scope: ParameterScope, name: String, gridSize: Int, prefixCount: Int, features: Int) throws {
    self.gridSize = gridSize
    self.prefixCount = prefixCount
    weight = try scope.store.addParameter(
      scope.path / name, shape: [1, prefixCount + gridSize * gridSize, features], initialization: .normal(standardDeviation: 0.02))
  }

  /// The vectors of a grid of that size, `[1, prefix + height · width, features]`.
  public func callAsFunction(height: Int, width: Int) throws -> Tensor {
    if height == gridSize, width == gridSize { return weight }
    let prefix = try weight.narrow(along: 1, start: 0, count: prefixCount)
    let grid = try weight.narrow(along: 1, start: prefixCount, count: gridSize * gridSize)
      .reshape([1, gridSize, gridSize, weight.shape[2]]).permute([0, 3, 1, 2])
    let other = try resizeBicubicAntialiased2d(grid, outputSize: [height, width])
    return try cat([prefix, other.flatten(from: 2).transpose(1, 2)], along: 1)
  }
}
