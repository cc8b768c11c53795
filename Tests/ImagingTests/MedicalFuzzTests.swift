import Foundation
import Foundations
import Testing

@testable import Imaging

@Suite("Mutated medical files")
struct MedicalFuzzTests {
  static let mutationsPerFile = 60

  static let names: [String] =
    ((try? FileManager.default.contentsOfDirectory(atPath: MedicalGoldens.folder.path)) ?? []).sorted()
    .filter { $0.hasSuffix(".dcm") || $0.contains(".nii") }

  @Test("Damage at random places is decoded or refused in time, never a crash", arguments: names)
  func mutations(name: String) throws {
    let original = try Data(contentsOf: MedicalGoldens.file(name))
    var generator = (SeedPath(3) / "fuzz" / name).generator()
    let start = ContinuousClock.now
    for _ in 0..<Self.mutationsPerFile {
      var data = original
      switch generator.integer(below: 8) {
      case 0: data = data.prefix(generator.integer(below: data.count))
      case 1:
        let place = generator.integer(below: data.count)
        data.replaceSubrange(place..<min(place + 1 + generator.integer(below: 40), data.count), with: Data())
      default:
        for _ in 0...generator.integer(below: 6) {
          data[generator.integer(below: data.count)] = [0, 255, 1, 128, UInt8(generator.integer(below: 256))][generator.integer(below: 5)]
        }
      }
      exercise(data)
    }
    // A mutated header may ask for a large picture, but not for a long time.
    #expect(ContinuousClock.now - start < .seconds(60))
  }

  /// Reads everything that can be read of a file; only our own errors may come out.
  private func exercise(_ data: Data) {
    let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: max(data.count, 1), alignment: 16)
    defer { memory.deallocate() }
    data.copyBytes(to: memory)
    let bytes = UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(memory)[..<data.count])
    let url = URL(fileURLWithPath: "/fuzz")
    func attempt(_ body: () throws -> Void) {
      do { try body() } catch { #expect(error is ImagingError, "\(error)") }
    }
    attempt { _ = try ImageFile.decode(bytes, named: url, pixelLimit: 1 << 20) }
    attempt {
      let file = try DICOMFile(bytes, owner: nil, named: url, pixelLimit: 1 << 20)
      for index in 0..<min(file.header.frames, 3) {
        attempt { _ = try file.rescaled(index) }
        attempt { _ = try file.displayed(index) }
      }
    }
    attempt {
      let file = try NIfTIFile(bytes, owner: nil, named: url)
      for plane in AnatomicalPlane.allCases { attempt { _ = try file.slice(file.sliceCount(plane) / 2, plane: plane) } }
    }
  }
}
