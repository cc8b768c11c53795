import CheckpointFixtures
import Foundation
import Foundations
import Testing

@testable import Containers

extension Tag {
  /// Tests on the real files of the shared data folder, which is not part of the repository.
  @Tag static var data: Self
}

@Suite("Published files of other projects", .tags(.data), .enabled(if: sharedData() != nil, "the shared data folder is not there"))
struct DataTests {
  static func files() throws -> [URL] {
    let folder = try #require(sharedData()).appendingPathComponent("checkpoints")
    let enumerator = try #require(FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil))
    return enumerator.compactMap { $0 as? URL }
      .filter { ["pt", "pth", "th", "jit", "safetensors", "npy", "npz", "index"].contains($0.pathExtension) }
      .sorted { $0.path < $1.path }
  }

  @Test("Every torch file is read whole, except the one that is broken on purpose")
  func everyTorchFile() throws {
    let files = try Self.files().filter { ["pt", "pth", "th", "jit"].contains($0.pathExtension) }
    var containers: [ContainerKind: Int] = [:]
    for url in files {
      if url.lastPathComponent.hasSuffix("broken.pt") {
        #expect(try failure { _ = try CheckpointFile.open(url) }?.kind == .unknownContainer)
        continue
      }
      let file = try CheckpointFile.open(url)
      let byteCount = try readAll(file)
      // One file of this folder was saved without any tensor; the small TorchScript files hold code alone.
      #expect(byteCount > 0 || url.lastPathComponent.hasSuffix("empty.pt") || file.container == .torchScript, "\(url.lastPathComponent)")
      containers[file.container, default: 0] += 1
    }
    #expect(containers == [.torchArchive: 53, .torchLegacyStream: 11, .torchScript: 10])
  }

  @Test(
    "The published CIFAR-10 ResNets hold the numbers of parameters that their paper states",
    arguments: [
      ("resnet20-12fca82f.th", 0.27), ("resnet32-d509ac18.th", 0.46), ("resnet44-014dd654.th", 0.66), ("resnet56-4bfd9763.th", 0.85),
    ])
  func cifarResNets(name: String, millions: Double) throws {
    let url = try #require(sharedData()).appendingPathComponent("checkpoints/cifar10-resnet/\(name)")
    let file = try CheckpointFile.open(url)
    let arrays = try file.arrays().filter { $0.name.hasPrefix("state_dict.module.") && !$0.name.contains("running_") }
    let count = arrays.reduce(0) { $0 + $1.elementCount }
    #expect((Double(count) / 1e4).rounded() / 100 == millions)
    for array in arrays { #expect(try array.statistics() != nil, "\(array.name)") }
  }

  @Test("A trained voice detector's safetensors file holds finite numbers under its names")
  func silero() throws {
    let url = try #require(sharedData()).appendingPathComponent("checkpoints/silero/silero_vad_16k.safetensors")
    let arrays = try CheckpointFile.open(url).arrays()
    #expect(!arrays.isEmpty)
    for array in arrays where array.elementType.isFloatingPoint { #expect(try array.statistics() != nil, "\(array.name)") }
  }

  @Test("A tensor in Fortran order comes out in row-major order")
  func fortranOrder() throws {
    let url = try #require(sharedData()).appendingPathComponent("checkpoints/candle/fortran_tensor_3d.pth")
    let array = try #require(try CheckpointFile.open(url).arrays().first)
    #expect(array.shape == [2, 3, 4])
    #expect(try array.doubles() == (1...24).map(Double.init))
  }
}
