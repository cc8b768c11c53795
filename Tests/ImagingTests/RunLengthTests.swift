import Foundation
import Foundations
import FuzzHarness
import Testing

@testable import Imaging

/// What pycocotools makes of masks and polygons (masks.json, by Tools/goldens/masks.py).
struct MaskGoldens: Decodable {
  struct Encoded: Decodable, CustomTestStringConvertible {
    let width, height, area: Int
    let compressedCounts, counts, absolutePairs, relativePairs: String
    var testDescription: String { "\(width) × \(height), \(area) pixels" }

    func text(_ format: RunLengthFormat) -> String {
      switch format {
      case .relativePairs: relativePairs
      case .absolutePairs: absolutePairs
      case .counts: counts
      case .compressedCounts: compressedCounts
      }
    }
  }

  struct Drawn: Decodable, CustomTestStringConvertible {
    let width, height, area: Int
    let polygons: [[Double]]
    let compressedCounts: String
    var testDescription: String { "\(polygons.count) in \(width) × \(height), \(area) pixels" }
  }

  let masks: [Encoded]
  let polygons: [Drawn]

  static let all = Result { try Goldens.decode(MaskGoldens.self, from: "masks.json") }
}

@Suite("Run lengths and polygons are masks")
struct RunLengthTests {
  @Test("Every mask reads from and writes to each format as pycocotools and the competitions have it", arguments: RunLengthFormat.allCases)
  func goldens(format: RunLengthFormat) throws {
    for golden in try MaskGoldens.all.get().masks {
      let truth = try Mask(runLengths: golden.compressedCounts, format: .compressedCounts, width: golden.width, height: golden.height)
      #expect(truth.foregroundCount == golden.area)
      let mask = try Mask(runLengths: golden.text(format), format: format, width: golden.width, height: golden.height)
      #expect(mask == truth, "\(golden.testDescription)")
      #expect(mask.runLengths(format) == golden.text(format), "\(golden.testDescription)")
    }
  }

  @Test("Runs go down the columns: in 3 × 2 pixels, the second and third are the left column's end and the middle one's start")
  func order() throws {
    let expected: [UInt8] = [0, 1, 0, 1, 0, 0]
    #expect(try Mask(runLengths: "1 2", format: .relativePairs, width: 3, height: 2).values == expected)
    #expect(try Mask(runLengths: "2 2", format: .absolutePairs, width: 3, height: 2).values == expected)
    #expect(try Mask(runLengths: "[1, 2, 3]".filter { !"[]".contains($0) }, format: .counts, width: 3, height: 2).values == expected)
  }

  @Test("-1 with or without spaces, and nothing at all, are an image without object", arguments: ["-1", " -1", "-1 ", "", "  "])
  func empty(text: String) throws {
    for format in [RunLengthFormat.relativePairs, .absolutePairs] {
      #expect(try Mask(runLengths: text, format: format, width: 4, height: 3).foregroundCount == 0)
    }
  }

  @Test(
    "An encoding that is none is one sentence with the numbers",
    arguments: [
      ("1 2 3", .relativePairs, "it has 3 numbers, which are no pairs"),
      ("1 x", .absolutePairs, "“x” is no whole number"),
      ("0 1", .absolutePairs, "its run 1 starts at pixel -1, before pixel 0 where the one before it ends"),
      ("1 3 2 1", .absolutePairs, "its run 2 starts at pixel 1, before pixel 3 where the one before it ends"),
      ("5 2", .relativePairs, "its run 1 of 2 pixels from pixel 5 leaves an image of 3 × 2"),
      ("1 9223372036854775807", .relativePairs, "its pair 1 is 1 and 9223372036854775807 for an image of 3 × 2"),
      ("9223372036854775807 1", .absolutePairs, "its pair 1 is 9223372036854775807 and 1 for an image of 3 × 2"),
      ("99999999999999999999 1", .relativePairs, "“99999999999999999999” is no whole number"),
      ("2 -1", .relativePairs, "its pair 1 is 2 and -1 for an image of 3 × 2"),
      ("1 2", .counts, "its counts cover 3 of the 6 pixels of an image of 3 × 2"),
      ("1 7", .counts, "its count 2 is 7 where 5 pixels of 3 × 2 are left"),
      ("-1 7", .counts, "its count 1 is -1 where 6 pixels of 3 × 2 are left"),
      ("1é", .compressedCounts, "it holds “Ã”, which is no letter of it"),
      ("ooo", .compressedCounts, "it ends within a number"),
      ("oooooooooooooooooooo0", .compressedCounts, "its number 1 is too long"),
    ] as [(String, RunLengthFormat, String)])
  func refused(text: String, format: RunLengthFormat, reason: String) {
    let failure = #expect(throws: ImagingError.self) { try Mask(runLengths: text, format: format, width: 3, height: 2) }
    #expect(
      failure?.description
        == "A mask's run lengths cannot be read: \(reason). Correct the run lengths, or the format they are said to be in.")
  }

  @Test("Garbage is a mask or a typed error, whatever its letters")
  func garbage() throws {
    var random = SeedPath(4).generator()
    let letters = Array(" -0123456789 oOl1~P".utf8)
    var read = 0, refused = 0
    for _ in 0..<4000 {
      let count = Int.random(in: 0..<24, using: &random)
      let text = String(decoding: (0..<count).map { _ in letters[Int.random(in: 0..<letters.count, using: &random)] }, as: UTF8.self)
      for format in RunLengthFormat.allCases {
        do {
          let mask = try Mask(runLengths: text, format: format, width: 5, height: 4)
          #expect(mask.values.count == 20)
          read += 1
        } catch is ImagingError {
          refused += 1
        }
      }
    }
    #expect(read > 100 && refused > 10_000)
  }

  @Test("A size that no image has is an error before memory is taken")
  func hugeSize() {
    let failure = #expect(throws: ImagingError.self) { try Mask(runLengths: "-1", format: .relativePairs, width: 1 << 40, height: 1 << 40) }
    #expect(failure?.kind == .invalidGeometry)
  }

  @Test("Masks of one size unite, others do not")
  func union() throws {
    let first = try Mask(width: 2, height: 1, values: [1, 0]), second = try Mask(width: 2, height: 1, values: [0, 1])
    #expect(try first.union(second).values == [1, 1])
    let failure = #expect(throws: ImagingError.self) { try first.union(Mask(width: 1, height: 2, values: [0, 1])) }
    #expect(failure?.description == "A mask of 2 × 1 pixels cannot be united with one of 1 × 2. Give masks of one size.")
  }
}

@Suite("Polygons are drawn as COCO's tools draw them")
struct PolygonTests {
  static func points(_ numbers: [Double]) -> [PolygonPoint] {
    stride(from: 0, to: numbers.count, by: 2).map { PolygonPoint(x: numbers[$0], y: numbers[$0 + 1]) }
  }

  @Test("All polygons, those that cross themselves and leave the image too, equal pycocotools' in every pixel")
  func goldens() throws {
    let drawings = try MaskGoldens.all.get().polygons
    #expect(drawings.count == 72)
    for drawing in drawings {
      let mask = try Mask(polygons: drawing.polygons.map(Self.points), width: drawing.width, height: drawing.height)
      let truth = try Mask(runLengths: drawing.compressedCounts, format: .compressedCounts, width: drawing.width, height: drawing.height)
      #expect(truth.foregroundCount == drawing.area)
      #expect(mask == truth, "\(drawing.testDescription)")
    }
  }

  @Test("Lines that are no polygon, and numbers that would take forever, are typed errors")
  func refused() {
    func failure(_ numbers: [Double]) -> String {
      #expect(throws: ImagingError.self) { try Mask(polygons: [Self.points(numbers)], width: 8, height: 8) }.map(\.description) ?? ""
    }
    #expect(failure([1, 1, 2, 2]) == "A mask's polygon cannot be drawn: it has 2 corners. Give three or more.")
    for wild in [Double.nan, .infinity, 1e18, -1e300] {
      #expect(
        failure([0, 0, 1, wild, 2, 2])
          == "A mask's polygon cannot be drawn: a corner is no number or far outside the image. Give corners in pixels of the image.")
    }
    #expect(
      failure([0, 0, 4e6, 0, 0, 1])
        == "A mask's polygon cannot be drawn: its lines are far longer than the image. Give corners in pixels of the image.")
  }

  @Test("Many polygons that are each short enough are refused once their lines are too long in all")
  func refusedTogether() {
    // Each walks 1.2 million pixels, so a file of a megabyte could keep a processor busy for hours.
    let line = Self.points([0, 0, 300_000, 0, 300_000, 300_000, 0, 300_000])
    let error = #expect(throws: ImagingError.self) { try Mask(polygons: Array(repeating: line, count: 1000), width: 8, height: 8) }
    #expect(error?.description.hasPrefix("A mask's polygon cannot be drawn: its lines are far longer than the image.") == true)
    #expect(throws: Never.self) { try Mask(polygons: [line], width: 8, height: 8) }
  }

  @Test("Damaged run lengths are read or refused, and what was read is written and read again alike", arguments: RunLengthFormat.allCases)
  func damaged(format: RunLengthFormat) throws {
    let (width, height) = (23, 17)
    let originals = try (0..<6).map { shape in
      let values = (0..<width * height).map { UInt8(($0 * $0 + shape * $0) % 97 < 20 * shape ? 1 : 0) }
      return Array(try Mask(width: width, height: height, values: values).runLengths(format).utf8)
    }
    var generator = (SeedPath(7) / "run lengths" / format.rawValue).generator(), outcomes = (read: 0, refused: 0)
    for number in 0..<2000 {
      let text = TextMutation.mutated(originals[number % 6], donor: originals[generator.integer(below: 6)], with: &generator)
      do {
        let mask = try Mask(runLengths: String(decoding: text, as: UTF8.self), format: format, width: width, height: height)
        #expect(try Mask(runLengths: mask.runLengths(format), format: format, width: width, height: height) == mask)
        outcomes.read += 1
      } catch {
        #expect(error is ImagingError, "\(error)")
        outcomes.refused += 1
      }
    }
    #expect(outcomes.read > 20 && outcomes.refused > 500, "\(outcomes)")
  }
}
