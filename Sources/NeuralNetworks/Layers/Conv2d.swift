public import Torch

/// A two-dimensional cross-correlation, `[batch, input, height, width]` → `[batch, output, height′, width′]` with
/// height′ = ⌊(height + 2 padding − kernel) / stride⌋ + 1.
///
/// Registers `weight` of shape `[output, input, kernel, kernel]` and, if asked for, `bias` of shape `[output]`.
public struct Conv2d {
  public let weight: Tensor
  public let bias: Tensor?
  public let stride: Int
  public let padding: Int

  /// - Parameters:
  ///   - scope: Where the module sits.
  ///   - padding: Zeros on each side; half of the kernel, rounded down, by default.
  ///   - biasInitialization: The law of the bias, or nil for none, as usual before batch normalization.
  public init(
    _ scope: ParameterScope, inputChannels: Int, outputChannels: Int, kernelSize: Int, stride: Int = 1,
    padding: Int? = nil, weightInitialization: Initialization = .kaimingNormal(.output),
    biasInitialization: Initialization? = nil
  ) throws {
    weight = try scope.store.addParameter(
      scope.path / "weight", shape: [outputChannels, inputChannels, kernelSize, kernelSize],
      initialization: weightInitialization)
    bias = try biasInitialization.map {
      try scope.store.addParameter(scope.path / "bias", shape: [outputChannels], initialization: $0)
    }
    self.stride = stride
    self.padding = padding ?? kernelSize / 2
  }

  public func callAsFunction(_ x: Tensor) throws -> Tensor {
    try conv2d(
      x, weight: weight, bias: bias, stride: [stride, stride], padding: [padding, padding], dilation: [1, 1], groups: 1)
  }
}
