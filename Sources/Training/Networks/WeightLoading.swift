public import Containers
public import Foundation
public import Models
import NeuralNetworks
public import Studies
import Torch
public import Weights

/// Checkpoint files into networks and networks into checkpoint files.
public enum WeightLoading {
  /// Fills a network from a file: every tensor exactly once, or the error says which keys do not fit.
  ///
  /// - Parameters:
  ///   - state: `.backbone` keeps the network's own head; `.full` fills all of it.
  ///   - entry: the catalog entry the file is of, whose layout it is then held to; nil looks for the network.
  ///   - keys: what a person says of the network's place in the file.
  ///   - digests: gives the SHA-256 of every part of the file where only its fit is asked: nothing is trained from what is loaded, and the
  ///     network is not asked what it computes.
  /// - Returns: the proof of what was loaded.
  public static func load(
    _ url: URL, state: WeightsState, entry: WeightsEntry? = nil, keys: KeySelection = KeySelection(), into network: any Network,
    digests: ((CheckpointFile) throws -> [String])? = nil
  ) throws -> Certificate {
    let file = try CheckpointFile.open(url)
    let expected: [(name: String, shape: [Int])] =
      switch state {
      case .backbone: network.backboneState.map { ($0.name, $0.tensor.shape) }
      case .full: network.store.state.map { ($0.name, $0.tensor.shape) }
      }
    let match = try BackboneMatcher.match(
      file, expected: expected, mode: state == .backbone ? .backbone : .full, entry: entry, keys: keys,
      offered: ArchitectureCatalog.offeredNetworks)
    try fill(network, with: match)
    guard let digests else { return try Certificate(file: file, match: match, arithmetic: network.arithmetic, features: network.featureFingerprint()) }
    return try Certificate(file: file, match: match, arithmetic: network.arithmetic, digests: try digests(file))
  }

  /// Fills a network with the arrays that were matched with its tensors.
  public static func fill(_ network: any Network, with match: BackboneMatcher.Match) throws {
    let tensors = try match.tensors.mapValues { try Tensor.copy(of: $0) }
    switch match.mode {
    case .backbone: try network.loadBackbone(tensors)
    case .full: try network.store.load(tensors)
    }
  }

  /// Fills a network from the file that a study names.
  ///
  /// - Throws: `WeightsError` for an entry that the catalog does not have, and as `load(_:state:entry:into:)` does.
  public static func load(
    _ source: WeightsSource, into network: any Network, digests: ((CheckpointFile) throws -> [String])? = nil
  ) throws -> Certificate {
    try load(
      URL(fileURLWithPath: source.path), state: source.state, entry: source.entry.map { try WeightsCatalog.named($0) },
      keys: source.keys ?? KeySelection(), into: network, digests: digests)
  }

  /// Writes a network's whole state as safetensors, under the names of torchvision or segmentation_models_pytorch.
  public static func save(_ network: any Network, metadata: [String: String], to url: URL) throws {
    let arrays = try network.store.state.map { try $0.tensor.namedArray($0.name) }
    try SafetensorsFile.write(arrays, metadata: metadata, to: url)
  }
}

extension Tensor {
  /// A copy of this tensor's elements, row-major whatever its memory format.
  func namedArray(_ name: String) throws -> NamedArray {
    guard let type = ElementType(rawValue: scalarType.safetensorsName) else {
      throw TrainingError.snapshotMismatch("\(name) has the type \(scalarType), which no file holds")
    }
    return try NamedArray(name: name, elementType: type, shape: shape, bytes: bytes())
  }

  /// A tensor on the CPU with the elements of an array.
  static func copy(of array: NamedArray) throws -> Tensor {
    guard let type = ScalarType(safetensorsName: array.elementType.rawValue) else {
      throw TrainingError.snapshotMismatch("\(array.name) has the type \(array.elementType.rawValue), which no tensor has")
    }
    return try array.bytes().withUnsafeBytes { try Tensor.fromBytes($0, shape: array.shape, type: type) }
  }
}
