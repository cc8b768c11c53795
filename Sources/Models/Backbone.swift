public import NeuralNetworks
public import Torch

/// The part of a network that turns an image into feature maps, and that a pre-trained checkpoint fills.
public protocol Backbone {
  /// One map for each of `Architecture.stages`, in their order.
  ///
  /// - Parameter x: `[batch, input channels, height, width]`.
  /// - Returns: Maps of shape `[batch, channels, height / stride, width / stride]` (rounded up), with the stage's numbers.
  func features(_ x: Tensor, mode: Mode) throws -> [Tensor]
}
