import Foundation
import Foundations
import FuzzHarness
import Testing

@testable import Imaging

@Suite("Mutated pictures")
struct PictureFuzzTests {
  @Test("Damage to PNG, JPEG, TIFF and GIF files is decoded or refused in time, never a crash", arguments: ["png", "jpeg", "tiff", "gif"])
  func mutations(prefix: String) throws {
    let folder = Goldens.folder.appendingPathComponent("images")
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { $0.hasPrefix(prefix) }.sorted()
    let files = try names.map { [UInt8](try Data(contentsOf: folder.appendingPathComponent($0))) }
    try #require(files.count > 4)
    var generator = (SeedPath(5) / "fuzz" / prefix).generator()
    var outcomes = (decoded: 0, refused: 0)
    let start = ContinuousClock.now
    for number in 0..<600 {
      let file = files[number % files.count], donor = files[generator.integer(below: files.count)]
      let bytes = FileMutation.mutated(file, donor: donor, structure: number % 2 == 0 ? 0..<file.count : nil, with: &generator)
      do {
        _ = try bytes.withUnsafeBytes { try ImageFile.decode($0, named: URL(fileURLWithPath: "/fuzz"), pixelLimit: 1 << 20) }
        outcomes.decoded += 1
      } catch {
        #expect(error is ImagingError, "\(error)")
        outcomes.refused += 1
      }
    }
    // Every chunk of a PNG file has a checksum, which finds all damage; `make fuzz-images` makes the checksums right again.
    #expect((prefix == "png" || outcomes.decoded > 0) && outcomes.refused > 100)
    #expect(ContinuousClock.now - start < .seconds(60))
  }

  static let crashes = Goldens.folder.deletingLastPathComponent().appendingPathComponent("Crashes")

  @Test(
    "Inputs that once broke a promise are read or refused",
    .enabled(if: FileManager.default.fileExists(atPath: crashes.path), "no input ever did"))
  func pastCrashes() throws {
    let walker = try #require(FileManager.default.enumerator(at: Self.crashes, includingPropertiesForKeys: [.isRegularFileKey]))
    for case let url as URL in walker where try url.resourceValues(forKeys: [.isRegularFileKey]).isRegularFile == true {
      do {
        _ = try ImageFile.read(url, pixelLimit: 1 << 22)
      } catch {
        #expect(error is ImagingError, "\(url.path): \(error)")
      }
    }
  }
}
