public import NeuralNetworks
public import Torch

/// The part of a network that turns an image into feature maps, and that a pre-trained checkpoint fills.
public protocol Backbone {
  /// One map for each of `Architecture.stages`, in their order.
  ///
  /// - Parameter x: `[batch, input channels, height, width]`.
  /// - Returns: Maps of shape `[batch, channels, height / stride, width / stride]`, with the stage's numbers; `ArchitectureRecord.mapSizes`
  ///   says how odd sides are rounded.
  func features(_ x: Tensor, mode: Mode) throws -> [Tensor]

  /// The vector that a head sees, `[batch, features]`: by default the mean over the last map, as residual networks have it; others
  /// have a class token, or a mean over tokens.
  ///
  /// - Parameter maps: What `features` gave.
  func pooled(_ maps: [Tensor]) throws -> Tensor
}

extension Backbone {
  public func pooled(_ maps: [Tensor]) throws -> Tensor {
    try adaptiveAveragePool2d(maps[maps.count - 1], outputSize: [1, 1]).flatten(from: 1)
  }
}
