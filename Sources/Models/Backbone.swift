public import NeuralNetworks
public import Torch

/// What a backbone makes of images.
public struct BackboneFeatures {
  /// One map for each of `Architecture.stages`, in their order: `[batch, channels, height / stride, width / stride]`, with the stage's numbers;
  /// `ArchitectureRecord.mapSizes` says how odd sides are rounded.
  public let maps: [Tensor]
  /// What a head's vector is made of where that is not the last map, such as a class token, `[batch, features]`; else nil.
  public let token: Tensor?

  public init(maps: [Tensor], token: Tensor? = nil) {
    self.maps = maps
    self.token = token
  }
}

/// The part of a network that turns an image into feature maps, and that a pre-trained checkpoint fills.
public protocol Backbone {
  /// - Parameter x: `[batch, input channels, height, width]`; sides are multiples of `ArchitectureRecord.sizeMultiple`.
  func features(_ x: Tensor, mode: Mode) throws -> BackboneFeatures

  /// The vector that a head sees, `[batch, features]`: by default the mean over the last map, as residual networks have it; others
  /// have a class token.
  ///
  /// - Parameter features: What `features` gave; of an architecture whose record names `gradCAM` the last map alone may do.
  func pooled(_ features: BackboneFeatures) throws -> Tensor
}

extension Backbone {
  public func pooled(_ features: BackboneFeatures) throws -> Tensor {
    try adaptiveAveragePool2d(features.maps[features.maps.count - 1], outputSize: [1, 1]).flatten(from: 1)
  }
}
