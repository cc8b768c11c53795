internal import Containers
public import Foundation
internal import Foundations
internal import Models
internal import Weights

extension PublishedWeights {
  /// What a backbone can be written as.
  public enum Format: String, CaseIterable, Sendable {
    case safetensors
    /// What `torch.save` writes: `{"state_dict": …, "meta": …}`.
    case torch
  }

  /// Writes the backbone under torchvision's names, dense, in the element types of the file, and says in the new file where
  /// it came from: the published file's name and SHA-256, the catalog entry, the license.
  ///
  /// - Throws: `FoundationsError` where the output is there already and may not be replaced.
  public func convert(to format: Format, at url: URL, mayReplace: Bool) throws {
    try AtomicFile.requireFree(url, mayReplace: mayReplace)
    // What other readers of safetensors look for.
    let metadata = try origin().merging(["format": "pt"]) { $1 }
    switch format {
    case .safetensors: try SafetensorsFile.write(arrays, metadata: metadata, to: url)
    case .torch: try TorchArchiveWriter.write(arrays, metadata: metadata, to: url)
    }
  }

  /// Where the weights came from, for files that are made from them.
  func origin() throws -> [String: String] {
    var origin = [
      "architecture": architecture.id, "source": file.url.lastPathComponent, "sourceSHA256": try file.sha256Hex(),
    ]
    if let entry {
      origin["entry"] = entry.id
      origin["license"] = entry.license
    }
    return origin
  }
}
