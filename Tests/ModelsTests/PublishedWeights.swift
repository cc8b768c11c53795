import Containers
import Foundation
import Models
import Testing
import Torch
import Weights

extension Tag {
  /// Tests on the real files of the shared data folder, which is not part of the repository.
  @Tag static var data: Self
}

/// Checkpoint files, from file to tensors.
enum PublishedWeights {
  static let repository = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

  /// The folder that `MEDTRANSFER_DATA` names, or beside the repository; nil when it is not there.
  static var data: URL? {
    let named = ProcessInfo.processInfo.environment["MEDTRANSFER_DATA"].map { URL(fileURLWithPath: $0) }
    let folder = named ?? repository.deletingLastPathComponent().appendingPathComponent("shared/data")
    return FileManager.default.fileExists(atPath: folder.path) ? folder : nil
  }

  static let absence: Comment = "The published files are not there: set MEDTRANSFER_DATA to their folder."

  /// The fixtures of the Checkpoints tests.
  static var fixtures: URL { repository.appendingPathComponent("Tests/ContainersTests/Goldens") }

  /// Fills a network's backbone from a file, as float32.
  @discardableResult
  static func fill(_ network: any Network, from file: CheckpointFile, entry: WeightsEntry?) throws -> BackboneMatcher.Match {
    let expected = network.backboneState.map { (name: $0.name, shape: $0.tensor.shape) }
    let match = try BackboneMatcher.match(file, expected: expected, mode: .backbone, entry: entry)
    try network.loadBackbone(match.tensors.mapValues(tensor))
    return match
  }

  static func tensor(_ array: NamedArray) throws -> Tensor {
    if array.elementType == .int64 { return try Tensor(array.doubles().map { Int64($0) }, shape: array.shape) }
    return try Tensor(array.doubles().map { Float($0) }, shape: array.shape)
  }
}
