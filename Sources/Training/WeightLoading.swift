public import Checkpoints
public import Foundation
public import Models
import NeuralNetworks
public import Studies
import Torch

/// Checkpoint files into networks and networks into checkpoint files.
public enum WeightLoading {
  /// Fills a network from a file: every tensor exactly once, or the error says which keys do not fit.
  ///
  /// - Parameter state: `.backbone` keeps the network's own head; `.full` fills all of it.
  /// - Returns: the proof of what was loaded.
  public static func load(_ url: URL, state: WeightsState, into network: any Network) throws -> Certificate {
    let file = try CheckpointFile.open(url)
    let expected: [(state: String, name: String)] = switch state {
    case .backbone: network.backboneNames.map { ($0.state, $0.backbone) }
    case .full: network.store.state.map { ($0.name, $0.name) }
    }
    let shapes = expected.map { (name: $0.name, shape: network.store[$0.state]?.shape ?? []) }
    let match = try BackboneMatcher.match(file, expected: shapes, mode: state == .backbone ? .backbone : .full)
    try withoutGradient {
      for (stateName, name) in expected {
        guard let target = network.store[stateName] else { continue }
        if let array = match.tensors[name] {
          try target.copy(from: Tensor.copy(of: array))
        } else {
          // The matcher lets only batch counters be absent; they start at 0.
          try target.zeroInPlace()
        }
      }
    }
    return try Certificate(file: file, match: match)
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
