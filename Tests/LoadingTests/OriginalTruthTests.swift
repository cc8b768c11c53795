import DatasetFixtures
import Foundation
import Foundations
import Imaging
import Studies
import Testing

@testable import Datasets
@testable import Loading

@Suite("The truth on the pixels of the image's own file")
struct OriginalTruthTests {
  private func write(_ data: TemporaryData, _ name: String, width: Int, height: Int, _ value: (Int, Int) -> Bool) throws -> URL {
    let url = data.url.appendingPathComponent(name)
    let bytes = (0..<width * height).map { value($0 % width, $0 / width) ? UInt8(255) : 0 }
    try ImageFile.writePNG(PixelBuffer(width: width, height: height, channels: 1, bitDepth: 8, samples: .bytes(bytes)), to: url)
    return url
  }

  private func truth(_ sample: Sample, reducedSize: Int? = nil) throws -> OriginalTruth? {
    let recipe = CacheTests.recipe(.binarySegmentation, reducedSize: reducedSize)
    return try SamplePipeline(recipe: recipe, kind: .binarySegmentation, stage: .test, keepsOriginals: true).load(sample, seed: SeedPath(1)).original
  }

  @Test("It is the mask's file, not what the network sees of it, also where images are reduced; without being asked a pipeline keeps none")
  func whole() throws {
    let data = try TemporaryData()
    let image = try write(data, "i.png", width: 70, height: 50) { x, y in (x + y) % 7 < 3 }
    let inside = { (x: Int, y: Int) in (x == 13 || y == 31) && x < 60 }
    let mask = try write(data, "m.png", width: 70, height: 50, inside)
    let sample = Sample(id: "i", image: ImageReference(image), mask: MaskReference(mask), byteCount: 1)
    let expected = (0..<3500).map { inside($0 % 70, $0 / 70) }
    for reducedSize in [nil, 40] {
      let found = try #require(try truth(sample, reducedSize: reducedSize))
      #expect(found.mask.pixels == expected && found.mask.width == 70 && found.mask.height == 50 && found.counted == nil && found.spacing == nil)
    }
    let plain = try SamplePipeline(recipe: CacheTests.recipe(.binarySegmentation), kind: .binarySegmentation, stage: .test)
    #expect(try plain.load(sample, seed: SeedPath(1)).original == nil)
  }

  @Test("Pixels outside of the evaluated region are no part of it")
  func region() throws {
    let data = try TemporaryData()
    let image = try write(data, "i.png", width: 40, height: 40) { x, y in x > y }, mask = try write(data, "m.png", width: 40, height: 40) { x, _ in x < 20 }
    let view = try write(data, "f.png", width: 40, height: 40) { _, y in y < 10 }
    let sample = Sample(id: "i", image: ImageReference(image), mask: MaskReference(mask), evaluatedRegion: MaskReference(view), byteCount: 1)
    let found = try #require(try truth(sample))
    #expect(found.mask.pixels == (0..<1600).map { $0 % 40 < 20 && $0 / 40 < 10 } && found.counted?.pixels == (0..<1600).map { $0 / 40 < 10 })
  }

  @Test("Masks that are drawn by annotations, and masks of another size, follow the image's file")
  func annotations() throws {
    let data = try TemporaryData()
    let image = try write(data, "i.png", width: 48, height: 32) { x, y in x > y }
    let square = MaskReference(regions: [.polygons([[(4, 4), (20, 4), (20, 20), (4, 20)].map { PolygonPoint(x: $0.0, y: $0.1) }], width: nil, height: nil)])
    let half = MaskReference(
      regions: [.file(try write(data, "m.png", width: 24, height: 16) { x, _ in x < 6 }, threshold: .automatic)], sizeRule: .nearest)
    for mask in [square, half, .empty] {
      let sample = Sample(id: "i", image: ImageReference(image), mask: mask, byteCount: 1), whole = try mask.read(for: ImageFile.read(image), of: "i")
      for read in [try truth(sample), try sample.originalTruth(mask: nil, image: nil)] {
        #expect(read?.mask.pixels == whole.values.map { $0 == 1 } && read?.mask.width == 48)
      }
    }
  }

  /// A flat NIfTI-1 file of bytes.
  private func nifti(_ data: TemporaryData, _ name: String, zooms: [Float], units: UInt8) throws -> URL {
    var bytes = [UInt8](repeating: 0, count: 352)
    func put<Value>(_ value: Value, _ place: Int) { withUnsafeBytes(of: value) { bytes.replaceSubrange(place..<place + $0.count, with: $0) } }
    put(Int32(348), 0)
    for (index, size) in [3, 24, 16, 1].enumerated() { put(Int16(size), 40 + 2 * index) }
    put(Int16(2), 70)
    put(Int16(8), 72)
    for (index, zoom) in ([1] + zooms).enumerated() { put(zoom, 76 + 4 * index) }
    put(Float(352), 108)
    bytes[123] = units
    bytes.replaceSubrange(344..<348, with: Array("n+1\0".utf8))
    let url = data.url.appendingPathComponent(name)
    try Data(bytes + (0..<24 * 16).map { UInt8($0 % 24 < 9 ? 1 : 0) }).write(to: url)
    return url
  }

  @Test("The pixel spacing is the image's, in millimeters whatever unit its header names; a distance of 0 is none")
  func spacing() throws {
    let data = try TemporaryData()
    for (zooms, units, expected) in [
      ([0.5, 2, 1], 2, PixelSpacing(x: 0.5, y: 2)), ([500, 250, 1], 3, PixelSpacing(x: 0.5, y: 0.25)), ([0.5, 2, 1], 0, PixelSpacing(x: 0.5, y: 2)),
      ([0, 2, 1], 2, nil), ([0.0625, 0.125, 1], 1, PixelSpacing(x: 62.5, y: 125)),
    ] as [([Float], UInt8, PixelSpacing?)] {
      let file = try nifti(data, "i.nii", zooms: zooms, units: units)
      let sample = Sample(id: "i", image: ImageReference(file), mask: MaskReference(file), byteCount: 1)
      #expect(try truth(sample)?.spacing == expected)
    }
  }
}
