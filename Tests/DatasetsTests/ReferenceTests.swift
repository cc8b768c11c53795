import DatasetFixtures
import Foundation
import Foundations
import Imaging
import Testing

@testable import Datasets

@Suite("Images and masks are read from what refers to them")
struct ReferenceTests {
  private func write(_ values: [UInt8], width: Int, height: Int, to name: String, in data: TemporaryData) throws -> URL {
    let url = data.url.appendingPathComponent(name)
    try ImageFile.writePNG(
      PixelBuffer(width: width, height: height, channels: 1, bitDepth: 8, samples: .bytes(values)), to: url)
    return url
  }

  @Test("The regions of a mask are united, whatever they are written as; no region is an empty mask")
  func union() throws {
    let data = try TemporaryData()
    let image = try ImageReference(write([1, 2, 3, 4, 5, 6], width: 3, height: 2, to: "image.png", in: data)).read()
    let left = try write([255, 0, 0, 0, 0, 0], width: 3, height: 2, to: "left.png", in: data)
    let labels = try write([0, 7, 0, 2, 7, 0], width: 3, height: 2, to: "labels.png", in: data)
    let runs = MaskReference.Region.runLengths("5 1", format: .relativePairs, width: nil, height: nil)
    let all = MaskReference(regions: [
      .file(left, threshold: .nonZero), .labels(ImageReference.Plane(file: labels), values: [7]), runs,
    ])
    #expect(try all.read(for: image, of: "x").values == [1, 1, 0, 0, 1, 1])
    #expect(all.files == [left, labels])
    #expect(try MaskReference.empty.read(for: image, of: "x") == Mask(width: 3, height: 2, values: [0, 0, 0, 0, 0, 0]))
  }

  @Test("A mask of another size is an error, or resized where the rule says so")
  func sizes() throws {
    let data = try TemporaryData()
    let image = try ImageReference(write([1, 2, 3, 4], width: 4, height: 1, to: "image.png", in: data)).read()
    var mask = MaskReference(try write([255, 0], width: 2, height: 1, to: "mask.png", in: data))
    let failure = #expect(throws: DatasetsError.self) { try mask.read(for: image, of: "x.png") }
    #expect(
      failure?.description
        == "The image x.png has 4 × 1 pixels and its mask has 2 × 1. Give the mask that belongs to the image, in the same size.")
    mask.sizeRule = .nearest
    #expect(try mask.read(for: image, of: "x.png").values == [1, 1, 0, 0])
  }

  @Test("A raw file is read by its geometry, and references survive JSON")
  func raw() throws {
    let data = try TemporaryData(), url = data.url.appendingPathComponent("a.IMG")
    try Data([0x0F, 0xFF, 0x00, 0x01]).write(to: url)
    let reference = ImageReference(
      url, window: try IntensityWindow(center: 1, width: 2),
      rawGeometry: RawImage(width: 2, height: 1, bitDepth: 12, isBigEndian: true, isWhiteZero: true))
    #expect(try reference.read().samples == .words([0, 4094]))
    #expect(try JSONDecoder().decode(ImageReference.self, from: JSONEncoder().encode(reference)) == reference)
    let mask = MaskReference(
      regions: [
        .file(url, threshold: .above(127)), .runLengths("1 2", format: .absolutePairs, width: 2, height: 1),
        .polygons([[PolygonPoint(x: 0, y: 0)]], width: 2, height: 1),
        .labels(ImageReference.Plane(file: url, selection: .slice(1, plane: .axial)), values: [2]),
      ], sizeRule: .nearest)
    #expect(try JSONDecoder().decode(MaskReference.self, from: JSONEncoder().encode(mask)) == mask)
  }

  @Test("All that a reference says besides its files' names is in the data set's fingerprint")
  func fingerprint() throws {
    let url = URL(fileURLWithPath: "/x/a"), other = URL(fileURLWithPath: "/y/b")
    func fingerprint(_ image: ImageReference, _ mask: MaskReference?, region: MaskReference? = nil) throws -> String {
      let parts = Dictionary(
        uniqueKeysWithValues: DatasetPart.allCases.map {
          ($0, [Sample(id: "\($0)", image: image, mask: mask, evaluatedRegion: region, byteCount: 1)])
        })
      return try DatasetSplits(parts: parts, classNames: []).fingerprint
    }
    let images = [
      ImageReference(url), ImageReference(url, .frame(1)), ImageReference(url, .slice(1)), ImageReference(url, .slice(1, plane: .coronal)),
      ImageReference(url, .item(1, array: "train_images")), ImageReference(url, window: .lung), ImageReference(url, rawGeometry: .jsrt),
      ImageReference(planes: (0..<3).map { ImageReference.Plane(file: url, selection: .slice($0)) }),
    ]
    let regions: [[MaskReference.Region]] = [
      [.file(url, threshold: .automatic)], [.file(url, threshold: .nonZero)], [.file(url, threshold: .above(127))], [],
      [.labels(ImageReference.Plane(file: url), values: [1])], [.labels(ImageReference.Plane(file: url), values: [1, 2])],
      [.runLengths("1 2", format: .absolutePairs, width: nil, height: nil)],
      [.runLengths("1 2", format: .relativePairs, width: nil, height: nil)],
      [.runLengths("1 3", format: .relativePairs, width: nil, height: nil)],
      [.polygons([[PolygonPoint(x: 0, y: 1)]], width: nil, height: nil)],
    ]
    var prints = try images.map { try fingerprint($0, MaskReference(url)) }
    prints += try regions.dropFirst().map { try fingerprint(ImageReference(url), MaskReference(regions: $0)) }
    prints.append(try fingerprint(images[0], MaskReference(regions: regions[0], sizeRule: .nearest)))
    prints.append(try fingerprint(images[0], MaskReference(url), region: MaskReference(url)))
    #expect(Set(prints).count == images.count + regions.count - 1 + 2)
    #expect(try fingerprint(ImageReference(other), MaskReference(other)) == prints[0])
  }
}
