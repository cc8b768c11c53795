import NeuralNetworks
public import Weights

/// What there is to know about an architecture before one is made: a record, a line of the catalog.
public struct Architecture: Sendable, Identifiable {
  /// The name in recipes and on the command line, such as `resnet50`.
  public let id: String
  /// The name in tables and figures, such as `ResNet-50`.
  public let title: String
  /// The parts that the backbone consists of, from fine to coarse; each gives one feature map.
  public let stages: [FeatureStage]
  /// What the published classifier calls its last layer; every other name of its state is the backbone.
  public let headName: String
  /// The arithmetics that published weights of this architecture were trained with.
  public let arithmetics: [Arithmetic]
  private let make: @Sendable (ParameterScope, _ inputChannels: Int, Arithmetic) throws -> any Backbone

  init(
    id: String, title: String, stages: [FeatureStage], headName: String, arithmetics: [Arithmetic],
    make: @escaping @Sendable (ParameterScope, _ inputChannels: Int, Arithmetic) throws -> any Backbone
  ) {
    self.id = id
    self.title = title
    self.stages = stages
    self.headName = headName
    self.arithmetics = arithmetics
    self.make = make
  }

  /// The length of the vector that the head sees.
  public var featureCount: Int { stages.last?.channels ?? 0 }

  /// Images of multiples of this size keep their proportions in every feature map.
  public var coarsestStride: Int { stages.last?.stride ?? 1 }

  /// Makes the backbone under a scope, for images of so many channels.
  ///
  /// - Throws: `ModelsError` for an arithmetic that the architecture does not have.
  func makeBackbone(
    _ scope: ParameterScope, inputChannels: Int, arithmetic: Arithmetic = .torchvision
  ) throws -> any Backbone {
    guard arithmetics.contains(arithmetic) else { throw ModelsError.unsupportedArithmetic(arithmetic, of: self) }
    return try make(scope, inputChannels, arithmetic)
  }
}

/// A part of a backbone, and the feature map that it gives.
public struct FeatureStage: Sendable, Hashable {
  /// The name in fingerprints and exported features: `stem`, or as in the state, such as `layer1`.
  public let name: String
  /// The map's channels.
  public let channels: Int
  /// How many pixels of the image lie between two of the map.
  public let stride: Int
}
