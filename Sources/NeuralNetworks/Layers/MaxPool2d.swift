public import Torch

/// The greatest element of every square window, `[batch, channels, height, width]` → `[batch, channels, height′, width′]`.
///
/// What is padded is less than every number, so it never is the greatest element.
public struct MaxPool2d: Sendable {
  public let kernelSize: Int
  public let stride: Int
  public let padding: WindowPadding

  public init(kernelSize: Int, stride: Int, padding: WindowPadding) {
    self.kernelSize = kernelSize
    self.stride = stride
    self.padding = padding
  }

  public func callAsFunction(_ x: Tensor) throws -> Tensor {
    let input = try PaddedInput(x, padding: padding, kernelSize: kernelSize, stride: stride, value: -.infinity)
    return try maxPool2d(
      input.tensor, kernelSize: [kernelSize, kernelSize], stride: [stride, stride], padding: input.padding)
  }
}
