import NeuralNetworks

/// What there is to know about an architecture before one is made: a record, a line of the catalog.
public struct Architecture: Sendable, Identifiable {
  /// The name in recipes and on the command line, such as `resnet50`.
  public let id: String
  /// The name in tables and figures, such as `ResNet-50`.
  public let title: String
  /// The channels of the feature maps at strides 2, 4, 8, 16 and 32.
  public let featureChannels: [Int]
  /// What the published classifier calls its last layer; every other name of its state is the backbone.
  public let headName: String
  /// Makes the backbone under a scope, for images of so many channels.
  let makeBackbone: @Sendable (_ scope: ParameterScope, _ inputChannels: Int) throws -> any Backbone

  /// The length of the vector that the head sees.
  public var featureCount: Int { featureChannels.last ?? 0 }
}
