internal import Containers
public import Foundation
internal import Models
internal import NeuralNetworks
internal import Torch
internal import Training
internal import Vocabulary
public import Weights

/// A checkpoint file that fits the backbone it is for: what `weights certify`, `weights convert` and `features` begin with.
public struct PublishedWeights {
  /// Nil for weights of one's own.
  let entry: WeightsEntry?
  let architecture: Architecture
  let file: CheckpointFile
  /// The correspondence between the file's arrays and the backbone's tensors.
  let match: BackboneMatcher.Match
  /// The backbone's tensors in its order, under torchvision's names.
  private let names: [String]

  /// Opens a file and holds it to a backbone.
  ///
  /// - Parameters:
  ///   - id: the catalog entry the file is of; nil for weights of one's own, which are tried in the usual layouts.
  ///   - architecture: the backbone's id in the catalog of architectures; nil takes the entry's, and ResNet-50 without one.
  /// - Throws: `WeightsError` where the file is not read or does not fit, `ModelsError` for an unknown architecture.
  public init(_ url: URL, id: String?, architecture: String? = nil) throws {
    entry = try id.map { try WeightsCatalog.named($0) }
    self.architecture = try ArchitectureCatalog.named(architecture ?? entry?.architecture ?? "resnet50")
    file = try CheckpointFile.open(url)
    let expected = try self.architecture.backboneTensors(inputChannels: entry?.preprocessing.inputChannels ?? 3)
    names = expected.map(\.name)
    match = try BackboneMatcher.match(file, expected: expected, mode: .backbone, entry: entry, offered: ArchitectureCatalog.offeredNetworks)
  }

  /// What people call the architecture, such as `ResNet-50`.
  public var architectureTitle: String { architecture.title }

  /// The proof of what was loaded, with what the network then computes from a fixed input.
  public func certificate() throws -> Certificate {
    let network = try loadedNetwork(arithmetic: .torchvision, device: .cpu)
    return try Certificate(file: file, match: match, features: network.featureFingerprint())
  }

  /// A network that holds the weights, with a head of one class that is never asked: features come from before it.
  func loadedNetwork(arithmetic: Arithmetic, device: Device) throws -> ClassifierNetwork {
    let store = ParameterStore(type: .float32, device: device, memoryFormat: .contiguous, generator: try Generator(seed: 0))
    let network = try makeClassifier(
      architecture: architecture, classCount: 1, inputChannels: entry?.preprocessing.inputChannels ?? 3, arithmetic: arithmetic,
      store: store)
    try WeightLoading.fill(network, with: match)
    return network
  }

  /// The backbone's arrays under torchvision's names, in the network's order; counters that the file lacks are 0.
  var arrays: [NamedArray] { names.compactMap { match.tensors[$0] } }
}
