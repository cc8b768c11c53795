public import NeuralNetworks
public import Torch

/// The part of a network that turns an image into feature maps, and that a pre-trained checkpoint fills.
public protocol Backbone {
  /// The channels of each map that `features` returns.
  var featureChannels: [Int] { get }

  /// Five maps, from fine to coarse, at strides 2, 4, 8, 16 and 32.
  ///
  /// - Parameter x: `[batch, input channels, height, width]`.
  /// - Returns: Map i of shape `[batch, featureChannels[i], height / 2ⁱ⁺¹, width / 2ⁱ⁺¹]` (rounded up).
  func features(_ x: Tensor, mode: Mode) throws -> [Tensor]
}
