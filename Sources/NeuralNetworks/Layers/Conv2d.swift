public import Torch

/// A two-dimensional cross-correlation, `[batch, input, height, width]` → `[batch, output, height′, width′]` with
/// height′ = ⌊(height + padding before and behind − kernel) / stride⌋ + 1.
///
/// Registers `weight` of shape `[output, input, kernel, kernel]` and, if asked for, `bias` of shape `[output]`.
public struct Conv2d {
  public let weight: Tensor
  public let bias: Tensor?
  public let kernelSize: Int
  public let stride: Int
  public let padding: WindowPadding

  /// - Parameters:
  ///   - scope: Where the module sits.
  ///   - padding: The zeros around the input; half of the kernel, rounded down, on every side by default.
  ///   - biasInitialization: The law of the bias, or nil for none, as usual before batch normalization.
  public init(
    _ scope: ParameterScope, inputChannels: Int, outputChannels: Int, kernelSize: Int, stride: Int = 1,
    padding: WindowPadding? = nil, weightInitialization: Initialization = .kaimingNormal(.output),
    biasInitialization: Initialization? = nil
  ) throws {
    weight = try scope.store.addParameter(
      scope.path / "weight", shape: [outputChannels, inputChannels, kernelSize, kernelSize],
      initialization: weightInitialization)
    bias = try biasInitialization.map {
      try scope.store.addParameter(scope.path / "bias", shape: [outputChannels], initialization: $0)
    }
    self.kernelSize = kernelSize
    self.stride = stride
    self.padding = padding ?? .symmetric(kernelSize / 2)
  }

  public func callAsFunction(_ x: Tensor) throws -> Tensor {
    let input = try PaddedInput(x, padding: padding, kernelSize: kernelSize, stride: stride, value: 0)
    return try conv2d(
      input.tensor, weight: weight, bias: bias, stride: [stride, stride], padding: input.padding, dilation: [1, 1],
      groups: 1)
  }
}
