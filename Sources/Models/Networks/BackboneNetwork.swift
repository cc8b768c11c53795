public import NeuralNetworks
public import Torch
public import Vocabulary

/// A backbone and its pooled vector without a head: `[batch, channels, height, width]` → `[batch, features]`. What is pre-trained.
///
/// The state's names are the backbone's, torchvision's, so that its state is what a checkpoint of the backbone holds.
public final class BackboneNetwork: Network {
  public let architecture: Architecture
  public let inputChannels: Int
  public let arithmetic: Arithmetic
  public let store: ParameterStore
  public private(set) var isBackboneFrozen = false
  public let backbone: any Backbone

  init(architecture: Architecture, inputChannels: Int, arithmetic: Arithmetic, store: ParameterStore) throws {
    try requirePositive("input channels", inputChannels)
    self.architecture = architecture
    self.inputChannels = inputChannels
    self.arithmetic = arithmetic
    self.store = store
    backbone = try architecture.makeBackbone(ParameterScope(store), inputChannels: inputChannels, arithmetic: arithmetic)
  }

  public func freezeBackbone() throws {
    try freezeBackboneParameters()
    isBackboneFrozen = true
  }

  public func backboneName(for stateName: String) -> String? { stateName }

  /// The pooled vector of each image.
  public func callAsFunction(_ x: Tensor, mode: Mode) throws -> Tensor {
    try backbone.pooled(backbone.features(prepared(x), mode: backboneMode(mode)))
  }

  /// A second network of the same architecture with copies of this one's values, none of which gets a gradient: a momentum encoder as it
  /// begins. Its batch normalizations can still run in training mode.
  public func followingCopy() throws -> BackboneNetwork {
    let copies = ParameterStore(
      type: store.type, device: store.device, memoryFormat: store.memoryFormat, generator: try Generator(seed: 0))
    let copy = try BackboneNetwork(architecture: architecture, inputChannels: inputChannels, arithmetic: arithmetic, store: copies)
    try copies.load(Dictionary(uniqueKeysWithValues: store.state.map { ($0.name, $0.tensor) }))
    try copies.freeze(copies.entries.map(\.name))
    return copy
  }
}

/// Makes a backbone without a head in an empty store.
///
/// - Throws: `ModelsError` for a count of channels below 1, and for an arithmetic that the architecture does not have.
public func makeBackboneNetwork(
  architecture: Architecture, inputChannels: Int = 3, arithmetic: Arithmetic = .torchvision, store: ParameterStore
) throws -> BackboneNetwork {
  try BackboneNetwork(architecture: architecture, inputChannels: inputChannels, arithmetic: arithmetic, store: store)
}
