import NeuralNetworks
internal import Torch
public import Vocabulary

/// An architecture of the catalog: what there is to know about it, and how one is made.
public struct Architecture: Sendable, Identifiable {
  public let record: ArchitectureRecord
  private let make: @Sendable (ParameterScope, _ inputChannels: Int, Arithmetic) throws -> any Backbone

  init(
    _ record: ArchitectureRecord,
    make: @escaping @Sendable (ParameterScope, _ inputChannels: Int, Arithmetic) throws -> any Backbone
  ) {
    self.record = record
    self.make = make
  }

  public var id: String { record.id }
  public var title: String { record.title }
  public var stages: [FeatureStage] { record.stages }
  public var headName: String { record.headName }
  public var arithmetics: [Arithmetic] { record.arithmetics }
  public var featureCount: Int { record.featureCount }
  public var coarsestStride: Int { record.coarsestStride }

  /// Makes the backbone under a scope, for images of so many channels.
  ///
  /// - Throws: `ModelsError` for an arithmetic that the architecture does not have.
  func makeBackbone(
    _ scope: ParameterScope, inputChannels: Int, arithmetic: Arithmetic = .torchvision
  ) throws -> any Backbone {
    guard arithmetics.contains(arithmetic) else { throw ModelsError.unsupportedArithmetic(arithmetic, of: self) }
    return try make(scope, inputChannels, arithmetic)
  }

  /// The names and shapes of the backbone's tensors, in their order: asked of a network whose tensors hold nothing.
  ///
  /// - Throws: as making one does.
  public func backboneTensors(inputChannels: Int = 3) throws -> [(name: String, shape: [Int])] {
    let store = ParameterStore(unfilled: .float32)
    _ = try makeBackbone(ParameterScope(store), inputChannels: inputChannels)
    return store.state.map { ($0.name, $0.tensor.shape) }
  }
}
