import DatasetFixtures
import Foundation
import Foundations
import Imaging
import Studies
import Testing

@testable import Datasets
@testable import Inspection
@testable import Phantoms

@Suite("Audits find what is there twice")
struct AuditTests {
  /// A drawn chest as its own file; `number` chooses patient and image.
  private func chest(_ number: Int) throws -> FloatImage {
    let seed = SeedPath(5)
    let phantom = ChestPhantom(size: 96, patient: seed / "patient" / number, image: seed / "image" / number)
    return try FloatImage(PixelBuffer(width: 96, height: 96, channels: 1, bitDepth: 8, samples: .bytes(phantom.pixels)))
  }

  private func write(_ image: FloatImage, _ path: String, in data: TemporaryData) throws {
    let url = data.url.appendingPathComponent(path)
    try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try ImageFile.writePNG(image.pixelBuffer(), to: url)
  }

  private func audit(_ data: TemporaryData, _ rows: [[String]]) throws -> DatasetAudit {
    try data.write(CSV.encode([["path", "sick", "patient", "split"]] + rows), to: "table.csv")
    let source = ManifestSource(
      file: data.path("table.csv"), imageRoot: data.path, labelColumns: ["sick"], patientColumn: "patient", splitColumn: "split")
    return DatasetAudit(try ImageInventory(.manifest(source), kind: .binaryClassification))
  }

  @Test("Every kind of copy is found across parts, with its kind, and no two different images are taken for one")
  func planted() throws {
    let data = try TemporaryData()
    var rows = [[String]]()
    for number in 0..<24 {
      try write(chest(number), "\(number).png", in: data)
      rows.append(["\(number).png", "0", "p\(number)", number < 16 ? "train" : number < 20 ? "val" : "test"])
    }
    func inverted(_ image: FloatImage) throws -> FloatImage {
      try FloatImage(width: image.width, height: image.height, channels: 1, values: image.values.map { 1 - $0 })
    }
    let copies: [(String, DuplicateRelation, FloatImage)] = try [
      ("same", .identical, chest(0)),
      ("small", .similar, chest(1).resized(width: 86, height: 86, filter: .bilinearAntialiased)),
      ("bright", .similar, chest(2).adjusted(brightness: 0.05, contrast: 1.1)),
      ("mirrored", .mirrored, chest(3).flippedHorizontally()),
      ("negative", .negative, inverted(chest(4))),
      ("both", .mirroredNegative, inverted(chest(5).flippedHorizontally())),
    ]
    for (name, _, image) in copies {
      try write(image, "\(name).png", in: data)
      rows.append(["\(name).png", "1", "q-\(name)", "test"])
    }
    let audit = try audit(data, rows)
    #expect(audit.hasLeakage && audit.sharedPatients.isEmpty && audit.unreadable.isEmpty)
    #expect(audit.identical.map { $0.images.map(\.id) } == [["0.png", "same.png"]])
    #expect(audit.identical[0].reachesTest && audit.identical[0].conflictingClasses == ["sick"])
    let near = Set(audit.nearDuplicates.map { "\($0.first.id) \($0.second.id) \($0.relation.rawValue)" })
    #expect(
      near == [
        "1.png small.png similar", "2.png bright.png similar", "3.png mirrored.png mirrored", "4.png negative.png negative",
        "5.png both.png mirrored negative",
      ])
    #expect(audit.nearDuplicates.allSatisfy { $0.reachesTest && $0.correlation >= DuplicateSearch.correlationLimit && $0.distance <= 40 })
  }

  @Test("Copies within a part are told and are no leakage; those of one patient are left out, and so are images of one brightness")
  func withinAPart() throws {
    let data = try TemporaryData()
    for number in 0..<6 { try write(chest(number), "\(number).png", in: data) }
    try write(chest(0).resized(width: 80, height: 80, filter: .bilinearAntialiased), "0-small.png", in: data)
    try write(chest(1).resized(width: 80, height: 80, filter: .bilinearAntialiased), "1-small.png", in: data)
    let black = try FloatImage(width: 8, height: 8, channels: 1, values: [Float](repeating: 0, count: 64))
    try write(black, "black.png", in: data)
    try write(black, "black-too.png", in: data)
    let audit = try audit(
      data,
      [
        ["0.png", "0", "a", "train"], ["0-small.png", "0", "other", "train"], ["1.png", "1", "b", "train"],
        ["1-small.png", "1", "b", "train"], ["2.png", "0", "c", "train"], ["black.png", "0", "d", "train"], ["3.png", "0", "e", "val"],
        ["4.png", "0", "f", "val"], ["5.png", "0", "g", "test"], ["black-too.png", "0", "h", "test"],
      ])
    #expect(!audit.hasLeakage && audit.identical.isEmpty && audit.uniformCount == 2)
    #expect(audit.nearDuplicates.map { [$0.first.id, $0.second.id] } == [["0-small.png", "0.png"]])
    #expect(audit.nearDuplicates[0].conflictingClasses.isEmpty && !audit.nearDuplicates[0].crossesParts)
  }

  @Test("A bright disc that all images of a set have makes no copies of them, and hides none")
  func commonPicture() throws {
    func eye(_ number: Int) throws -> FloatImage {
      let values = try chest(number).values.enumerated().map { index, value in
        let x = Float(index % 96) - 47.5, y = Float(index / 96) - 47.5
        return x * x + y * y < 44 * 44 ? 0.7 + 0.2 * value : 0
      }
      return try FloatImage(width: 96, height: 96, channels: 1, values: values)
    }
    let data = try TemporaryData()
    var rows = [[String]]()
    for number in 0..<12 {
      try write(eye(number), "\(number).png", in: data)
      rows.append(["\(number).png", "0", "p\(number)", number < 6 ? "train" : number < 8 ? "val" : "test"])
    }
    let copies = try [("small", eye(0).resized(width: 80, height: 80, filter: .bilinearAntialiased)), ("mirrored", eye(1).flippedHorizontally())]
    for (name, image) in copies {
      try write(image, "\(name).png", in: data)
      rows.append(["\(name).png", "0", "q-\(name)", "test"])
    }
    let signatures = try (0..<12).map { try ImageSignature(eye($0).pixelBuffer()) }
    let alike = signatures.dropFirst().filter { signatures[0].correlation(with: $0, mirrored: false) >= DuplicateSearch.correlationLimit }
    #expect(alike.count > 5)
    let near = try audit(data, rows).nearDuplicates.map { "\($0.first.id) \($0.second.id) \($0.relation.rawValue)" }
    #expect(Set(near) == ["0.png small.png similar", "1.png mirrored.png mirrored"])
  }

  @Test("A patient in two parts and a file that cannot be opened are named")
  func patients() throws {
    let data = try TemporaryData()
    for number in 0..<4 { try write(chest(number), "\(number).png", in: data) }
    try data.write("no image", to: "broken.png")
    let audit = try audit(
      data,
      [
        ["0.png", "0", "a", "train"], ["1.png", "0", "b", "train"], ["2.png", "1", "a", "test"], ["3.png", "0", "c", "val"],
        ["broken.png", "0", "c", "train"],
      ])
    #expect(audit.hasLeakage && audit.patientCount == 3)
    #expect(audit.sharedPatients.map(\.patient) == ["a", "c"])
    #expect(audit.sharedPatients.map(\.reachesTest) == [true, false])
    #expect(audit.sharedPatients[0].imageCounts == ["training": 1, "test": 1])
    #expect(audit.unreadable.map(\.id) == ["broken.png"])
  }

  @Test("What was trained on is compared with another set's test part alone")
  func lineage() throws {
    let data = try TemporaryData()
    for number in 0..<6 { try write(chest(number), "\(number).png", in: data) }
    try write(chest(0), "copy.png", in: data)
    try write(chest(1).flippedHorizontally(), "mirror.png", in: data)
    func inventory(_ parts: [DatasetPart: [String]]) throws -> ImageInventory {
      try ImageInventory(
        FoundSamples(
          parts: parts.mapValues { $0.map { Sample(id: $0, image: ImageReference(data.url.appendingPathComponent($0)), byteCount: 1) } },
          classNames: []))
    }
    let trained = try inventory([.training: ["0.png"], .validation: ["1.png"], .test: ["2.png"]])
    let tested = try inventory([.training: ["2.png"], .validation: ["3.png"], .test: ["copy.png", "mirror.png", "5.png"]])
    let overlap = TrainingTestOverlap(training: trained, test: tested)
    #expect(overlap.pairs.map { "\($0.trained.id) \($0.tested.id) \($0.relation.rawValue)" } == ["0.png copy.png identical", "1.png mirror.png mirrored"])
    #expect(overlap.sharedCount == 2 && overlap.testCount == 3)
    #expect(TrainingTestOverlap(training: tested, test: trained).pairs.map(\.relation) == [.identical])
  }

  @Test("The hash is the signs of the cosine transform, and mirroring turns those of odd frequencies over")
  func hash() throws {
    let side = PerceptualHash.side
    var random = SeedPath(1).generator()
    let plane = (0..<side * side).map { _ in Float(random.uniform()) }
    let hash = PerceptualHash(plane: plane)
    for (v, u) in [(0, 1), (1, 0), (3, 5), (15, 15), (7, 12)] {
      var sum = 0.0
      for y in 0..<side {
        for x in 0..<side {
          sum += Double(plane[y * side + x]) * cos(Double.pi * Double((2 * x + 1) * u) / 128) * cos(Double.pi * Double((2 * y + 1) * v) / 128)
        }
      }
      #expect((hash.words[v / 4] >> UInt64(v % 4 * 16 + u) & 1 == 1) == (sum > 0))
    }
    #expect(hash.words[0] & 1 == 0)
    let mirrored = PerceptualHash(plane: (0..<side * side).map { plane[$0 / side * side + side - 1 - $0 % side] })
    let turned = zip(hash.words, mirrored.words).map { ($0 ^ PerceptualHash.mirrorMask ^ $1).nonzeroBitCount }.reduce(0, +)
    // A coefficient that rounding decides may fall on either side.
    #expect(turned <= 2 && hash.distance(to: mirrored) > 80)
  }
}
