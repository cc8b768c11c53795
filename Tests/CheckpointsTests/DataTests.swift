import Foundation
import Foundations
import Testing

@testable import Checkpoints

extension Tag {
  /// Tests on the real files of the shared data folder, which is not part of the repository.
  @Tag static var data: Self
}

/// The folder of real files: `MEDTRANSFER_DATA`, else `../shared/data` next to the repository; nil when it is not there.
func sharedData() -> URL? {
  let repository = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()
  let folder = ProcessInfo.processInfo.environment["MEDTRANSFER_DATA"].map { URL(fileURLWithPath: $0) }
    ?? repository.deletingLastPathComponent().appendingPathComponent("shared/data")
  return FileManager.default.fileExists(atPath: folder.path) ? folder : nil
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

  @Test("Every file is read whole or gives a typed error, and every zip and safetensors file that is whole is read")
  func everyFile() throws {
    let files = try Self.files()
    #expect(files.count > 60)
    var outcomes: [String: Int] = [:]
    for url in files {
      let error = try failure { try readAll(CheckpointFile.open(url)) }
      outcomes[error?.kind.rawValue ?? "read", default: 0] += 1
      if let error { #expect(Self.isExpected(error), "\(url.lastPathComponent): \(error)") }
    }
    #expect(outcomes["read", default: 0] >= 50, "\(outcomes)")
  }

  /// The errors that files of this folder should give: containers not read yet, and one file that is broken on purpose.
  static func isExpected(_ error: CheckpointsError) -> Bool {
    error.kind == .unsupportedContainer || error.problem.contains("broken.pt: ")
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
