internal import Containers
public import Foundation
internal import Models
internal import NeuralNetworks
public import Studies
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
  /// What images its stem takes: the card's channels, and without one those of the file.
  let inputChannels: Int

  /// Opens a file and holds it to a backbone.
  ///
  /// - Parameters:
  ///   - id: the catalog entry the file is of; nil for weights of one's own, in which the network is looked for.
  ///   - architecture: the backbone's id in the catalog of architectures; nil takes the entry's, and ResNet-50 without one.
  ///   - keys: what a person says of the network's place in the file.
  /// - Throws: `WeightsError` where the file is not read or does not fit, `ModelsError` for an unknown architecture, `ExecutionError`
  ///   for one that the entry is not of.
  public init(_ url: URL, id: String?, architecture: String? = nil, keys: KeySelection = KeySelection()) throws {
    let entry = try id.map { try WeightsCatalog.named($0) }
    if let entry, let architecture, architecture != entry.architecture { throw ExecutionError.otherArchitecture(architecture, of: entry) }
    let named = try ArchitectureCatalog.named(architecture ?? entry?.architecture ?? "resnet50")
    let file = try CheckpointFile.open(url)
    func match(_ channels: Int) throws -> BackboneMatcher.Match {
      try BackboneMatcher.match(
        file, expected: try named.backboneTensors(inputChannels: channels), mode: .backbone, entry: entry, keys: keys,
        offered: ArchitectureCatalog.offeredNetworks)
    }
    var channels = entry?.preprocessing.inputChannels ?? 3
    do {
      do {
        self.match = try match(channels)
      } catch let error as WeightsError {
        // A stem for other images is no mistake where nobody says for which.
        guard entry == nil, let way = error.ways.first, let other = way.inputChannels, way == .inputChannels(other) else { throw error }
        channels = other
        self.match = try match(other)
      }
    } catch let error as WeightsError {
      throw error.forCommand
    }
    (self.entry, self.architecture, self.file, inputChannels) = (entry, named, file, channels)
    names = try named.backboneTensors(inputChannels: channels).map(\.name)
  }

  /// What people call the architecture, such as `ResNet-50`.
  public var architectureTitle: String { architecture.title }

  /// The arithmetic that a choice comes to.
  ///
  /// - Parameter choice: nil for the one that the weights were trained with.
  /// - Throws: `ExecutionError` where nothing tells that one, or it is not offered: nothing else is computed in its place.
  func arithmetic(_ choice: ArithmeticChoice?) throws -> Arithmetic {
    if let named = choice?.named { return named }
    guard let entry else {
      if choice == nil, match.naming.impliedArithmetic == nil { return .torchvision }
      throw ExecutionError.unknownArithmetic(match.naming, architecture)
    }
    guard let own = entry.arithmeticAsTrained else { throw ExecutionError.arithmeticNotOffered(entry) }
    return own
  }

  /// What a reader must know of what was loaded, each a sentence.
  var cautions: [String] { match.cautions }

  /// The proof of what was loaded, with what the network then computes from a fixed input.
  ///
  /// - Parameter choice: nil for torchvision's arithmetic, as studies that do not say otherwise.
  public func certificate(_ choice: ArithmeticChoice? = nil) throws -> Certificate {
    let arithmetic = try arithmetic(choice ?? .torchvision)
    let network = try loadedNetwork(arithmetic: arithmetic, device: .cpu)
    return try Certificate(file: file, match: match, arithmetic: arithmetic, features: network.featureFingerprint())
  }

  /// A network that holds the weights, with a head of one class that is never asked: features come from before it.
  func loadedNetwork(arithmetic: Arithmetic, device: Device) throws -> ClassifierNetwork {
    let store = ParameterStore(type: .float32, device: device, memoryFormat: .contiguous, generator: try Generator(seed: 0))
    let network = try makeClassifier(
      architecture: architecture, classCount: 1, inputChannels: inputChannels, arithmetic: arithmetic,
      store: store)
    try WeightLoading.fill(network, with: match)
    return network
  }

  /// The backbone's arrays under torchvision's names, in the network's order; counters that the file lacks are 0.
  var arrays: [NamedArray] { names.compactMap { match.tensors[$0] } }
}
