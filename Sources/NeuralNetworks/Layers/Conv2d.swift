public import Torch

/// A two-dimensional cross-correlation, `[batch, input, height, width]` → `[batch, output, height′, width′]` with
/// height′ = ⌊(height + padding before and behind − kernel) / stride⌋ + 1.
///
/// With g groups, each g-th part of the output sees only that part of the input; with as many as there are input channels the convolution is
/// depth-wise. Registers `weight` of shape `[output, input / groups, kernel, kernel]` and, if asked for, `bias` of shape `[output]`.
public struct Conv2d {
  public let weight: Tensor
  public let bias: Tensor?
  public let kernelSize: Int
  public let stride: Int
  public let padding: WindowPadding
  public let groups: Int

  /// - Parameters:
  ///   - scope: Where the module sits.
  ///   - groups: A divisor of both counts of channels.
  ///   - padding: The zeros around the input; half of the kernel, rounded down, on every side by default.
  ///   - biasInitialization: The law of the bias, or nil for none, as usual before batch normalization.
  /// - Throws: `NeuralNetworksError` for groups that do not divide the channels.
  public init(
    _ scope: ParameterScope, inputChannels: Int, outputChannels: Int, kernelSize: Int, stride: Int = 1, groups: Int = 1,
    padding: WindowPadding? = nil, weightInitialization: Initialization = .kaimingNormal(.output),
    biasInitialization: Initialization? = nil
  ) throws {
    guard groups > 0, inputChannels % groups == 0, outputChannels % groups == 0 else {
      throw NeuralNetworksError.indivisible(
        "A convolution of \(inputChannels) input and \(outputChannels) output channels cannot have \(groups) groups.",
        remedy: "Choose groups that divide both.")
    }
    weight = try scope.store.addParameter(
      scope.path / "weight", shape: [outputChannels, inputChannels / groups, kernelSize, kernelSize],
      initialization: weightInitialization)
    bias = try biasInitialization.map {
      try scope.store.addParameter(scope.path / "bias", shape: [outputChannels], initialization: $0)
    }
    self.kernelSize = kernelSize
    self.stride = stride
    self.padding = padding ?? .symmetric(kernelSize / 2)
    self.groups = groups
  }

  public func callAsFunction(_ x: Tensor) throws -> Tensor {
    let input = try PaddedInput(x, padding: padding, kernelSize: kernelSize, stride: stride, value: 0)
    return try conv2d(
      input.tensor, weight: weight, bias: bias, stride: [stride, stride], padding: input.padding, dilation: [1, 1],
      groups: groups)
  }
}
