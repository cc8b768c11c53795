import NeuralNetworks
public import Torch
internal import Vocabulary

/// What one part of a backbone gives for some images.
public struct StageFeatures {
  /// `stem`, `layer1` …, as the architecture's stages, and at last `pooled`.
  public let name: String
  /// `[batch, channels, height, width]`, and `[batch, features]` for `pooled`.
  public let features: Tensor
}

extension Network {
  /// The backbone's feature maps and their pooled vector, in evaluation mode and without a recording for gradients.
  ///
  /// - Parameter x: As for a call. Any size that the backbone takes will do, also under a U-Net.
  public func stageFeatures(_ x: Tensor) throws -> [StageFeatures] {
    try withoutGradient { try named(backbone.features(prepared(x), mode: .evaluation)) }
  }

  /// A backbone's maps under their stages' names, and the pooled vector.
  func named(_ features: BackboneFeatures) throws -> [StageFeatures] {
    try zip(architecture.stages, features.maps).map { StageFeatures(name: $0.name, features: $1) }
      + [StageFeatures(name: "pooled", features: backbone.pooled(features))]
  }
}
