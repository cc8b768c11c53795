import Foundation
import Foundations
import FuzzHarness
import Testing

@testable import Containers

/// A short run of what `make fuzz` does at length, in this process.
@Suite("Mutated files")
struct FuzzTests {
  /// One file of every container, with the files beside it.
  static let originals = [
    "all-types.safetensors", "bundle-shards/model.safetensors.index.json", "state-dict.pt", "views.pt", "extras.pt", "protocol-4.pt",
    "whole-module.pt", "script.pt", "legacy-training.pt", "legacy-python-2.pt", "tar.pt", "numpy-protocol-2.pkl",
    "numpy-protocol-5.pkl", "byol-dill.pkl", "stored.npz", "version-2.npy", "bundle-types/types.index",
  ]

  @Test("A mutated file is read or gives a typed error; it never crashes and never asks for much", arguments: originals)
  func mutations(name: String) throws {
    let url = Golden.url(name)
    let original = [UInt8](try Data(contentsOf: url))
    let siblings = SiblingFiles.folder(url.deletingLastPathComponent())
    var generator = SeededGenerator(seed: Digest.sha256Hex(of: name).utf8.reduce(0) { $0 &* 31 &+ UInt64($1) })
    var refused = 0
    for round in 0..<300 {
      // Every other time behind the checksums, where there are any.
      let repaired = round % 2 == 0 ? nil : RepairedMutation.mutated(original, donor: original, with: &generator)
      let bytes = repaired ?? FileMutation.mutated(original, donor: original, with: &generator)
      // Anything but a ContainersError leaves the test with that error.
      let error = try failure { try readAll(CheckpointFile.read(MemoryByteSource(data: Data(bytes)), url: url, siblings: siblings)) }
      if error != nil { refused += 1 }
    }
    #expect(refused > 60, "only \(refused) of 300 were refused: the mutations do not reach the structure")
  }

  @Test(
    "Every input that ever broke a reader is read or gives a typed error",
    .enabled(if: FileManager.default.fileExists(atPath: Golden.url("Crashes").path), "no input ever did"))
  func crashes() throws {
    let walker = try #require(
      FileManager.default.enumerator(at: Golden.url("Crashes"), includingPropertiesForKeys: [.isRegularFileKey]))
    for case let url as URL in walker where try url.resourceValues(forKeys: [.isRegularFileKey]).isRegularFile == true {
      _ = try failure { try readAll(CheckpointFile.open(url)) }
    }
  }
}
