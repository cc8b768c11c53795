public import Torch

/// The mean of every square window, `[batch, channels, height, width]` → `[batch, channels, height′, width′]` with
/// height′ = ⌊(height − kernel) / stride⌋ + 1: no padding, so a last row or column that fills no window is left out.
public struct AveragePool2d: Sendable {
  public let kernelSize: Int
  public let stride: Int

  public init(kernelSize: Int, stride: Int) {
    self.kernelSize = kernelSize
    self.stride = stride
  }

  public func callAsFunction(_ x: Tensor) throws -> Tensor {
    try averagePool2d(x, kernelSize: [kernelSize, kernelSize], stride: [stride, stride])
  }
}
