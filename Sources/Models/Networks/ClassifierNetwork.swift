public import NeuralNetworks
public import Torch
public import Vocabulary

/// How a classifier's head starts.
public enum HeadInitialization: String, Sendable, Hashable, CaseIterable {
  /// U(−1/√n, 1/√n) for weight and bias, n the features: torchvision's.
  case torchvision
  /// N(0, 0.01²) for the weight and 0 for the bias: the 2021 benchmark's.
  case smallNormal
}

/// A backbone, its pooled vector, and one linear layer: `[batch, channels, height, width]` → `[batch, classes]` logits.
///
/// The state's names are those of torchvision's classifier: the backbone's at the root, the head's under `architecture.headName`.
public final class ClassifierNetwork: Network {
  public let architecture: Architecture
  public let inputChannels: Int
  public let arithmetic: Arithmetic
  public let classCount: Int
  public let store: ParameterStore
  public private(set) var isBackboneFrozen = false
  public let backbone: any Backbone
  private let head: Linear

  init(
    architecture: Architecture, classCount: Int, inputChannels: Int, arithmetic: Arithmetic,
    headInitialization: HeadInitialization, store: ParameterStore
  ) throws {
    try requirePositive("classes", classCount)
    try requirePositive("input channels", inputChannels)
    self.architecture = architecture
    self.inputChannels = inputChannels
    self.arithmetic = arithmetic
    self.classCount = classCount
    self.store = store
    let scope = ParameterScope(store)
    backbone = try architecture.makeBackbone(scope, inputChannels: inputChannels, arithmetic: arithmetic)
    let small = headInitialization == .smallNormal
    head = try Linear(
      scope / architecture.headName, inputCount: architecture.featureCount, outputCount: classCount,
      weightInitialization: small ? .normal(standardDeviation: 0.01) : nil, biasInitialization: small ? .zeros : nil)
  }

  public func freezeBackbone() throws {
    try freezeBackboneParameters()
    isBackboneFrozen = true
  }

  public func backboneName(for stateName: String) -> String? {
    stateName.hasPrefix(architecture.headName + ".") ? nil : stateName
  }

  public func callAsFunction(_ x: Tensor, mode: Mode) throws -> Tensor {
    try logits(features: features(x, mode: mode))
  }

  /// The head stays out of autocast: it costs nothing, and logits rounded to the 8 bits of bfloat16 would tie in every AUROC.
  private func logits(features: Tensor) throws -> Tensor {
    try withAutocast(.bfloat16, on: store.device, enabled: false) { try head(features.to(type: store.type)) }
  }

  /// What follows the backbone's last map: `[batch, channels, height, width]` → `[batch, classes]`.
  func logits(lastMap: Tensor) throws -> Tensor { try logits(features: backbone.pooled(BackboneFeatures(maps: [lastMap]))) }

  /// The vector that the head sees: `[batch, channels, height, width]` → `[batch, features]`.
  public func features(_ x: Tensor, mode: Mode) throws -> Tensor {
    try backbone.pooled(backbone.features(prepared(x), mode: backboneMode(mode)))
  }
}

/// Makes a classifier in an empty store.
///
/// - Parameters:
///   - inputChannels: 3, unless the images have other channels; then published weights of the first layer do not fit.
///   - arithmetic: What the backbone pads around strided windows.
///   - headInitialization: The law of the last layer.
/// - Throws: `ModelsError` for counts below 1, and for an arithmetic that the architecture does not have.
public func makeClassifier(
  architecture: Architecture, classCount: Int, inputChannels: Int = 3, arithmetic: Arithmetic = .torchvision,
  headInitialization: HeadInitialization = .torchvision, store: ParameterStore
) throws -> ClassifierNetwork {
  try ClassifierNetwork(
    architecture: architecture, classCount: classCount, inputChannels: inputChannels, arithmetic: arithmetic,
    headInitialization: headInitialization, store: store)
}
