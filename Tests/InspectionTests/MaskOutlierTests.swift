import Foundation
import Imaging
import PublishedCopies
import Studies
import Testing

@testable import Datasets
@testable import Inspection

@Suite("Masks that are unlike the others, or too much alike, are told")
struct MaskOutlierTests {
  private func findings(_ level: (Int, Int, Int) -> Int) throws -> [DataFinding] {
    let data = try InspectedFolder()
    for number in 0..<10 {
      try data.image("images/c\(number).png", number)
      try data.mask("masks/c\(number).png") { level(number, $0, $1) }
    }
    let source = MaskFolderSource(training: FolderPair(images: data.path("images"), masks: data.path("masks")), split: SplitRule(validation: 0.2, test: 0.2))
    return data.check(.maskFolders(source), kind: .binarySegmentation)
  }

  /// Object of its own size in the middle.
  private func isObject(_ number: Int, _ x: Int, _ y: Int) -> Bool { 5 + number % 3..<16 ~= x && 6..<14 + number % 4 ~= y }

  @Test("A few masks that were drawn the other way around, and one that is full, are named; all of them are told as before")
  func inverted() throws {
    let some = try findings { number, x, y in isObject(number, x, y) != [2, 7].contains(number) || number == 5 ? 255 : 0 }
    let finding = try #require(some.first { $0.code == "masks.inverted" })
    #expect(finding.severity == .warned && finding.count == 3 && Set(finding.examples) == ["training/c2.png", "training/c5.png", "training/c7.png"], "\(finding)")
    #expect(finding.sentence.hasPrefix("3 of 10 masks are object in most of the image and along its border, unlike the others: "))
    let all = try findings { number, x, y in isObject(number, x, y) ? 0 : 255 }
    #expect(!all.contains { $0.code == "masks.inverted" } && all.contains { $0.code == "masks.share" && $0.severity == .warned })
    #expect(try !findings { number, x, y in isObject(number, x, y) ? 255 : 0 }.contains { $0.code == "masks.inverted" || $0.code == "masks.alike" })
  }

  @Test("One mask for all images is told")
  func alike() throws {
    let finding = try #require(try findings { _, x, y in isObject(1, x, y) ? 255 : 0 }.first { $0.code == "masks.alike" })
    #expect(finding.severity == .warned && finding.sentence == "All 10 masks with an object are one and the same.")
    #expect(try !findings { number, x, y in isObject(number == 0 ? 2 : 1, x, y) ? 255 : 0 }.contains { $0.code == "masks.alike" })
  }

  @Test("An annotation of which nothing lies in its image is told, and an image without annotations is not")
  func vanished() throws {
    let data = try InspectedFolder()
    for number in 0..<10 { try data.image("images/\(number).png", number) }
    let images = (0..<10).map { #"{"id": \#($0), "file_name": "\#($0).png", "width": 24, "height": 24}"# }.joined(separator: ",")
    let annotations = (0..<9).map { number in
      // As shares of the image in one file of two programs.
      let corners = number == 4 ? "0.2, 0.2, 0.4, 0.2, 0.4, 0.4, 0.2, 0.4" : "0, 0, 12, 0, 12, 12, 0, \(12 + number)"
      return #"{"id": \#(number), "image_id": \#(number), "category_id": 1, "segmentation": [[\#(corners)]]}"#
    }.joined(separator: ",")
    try data.write(#"{"images": [\#(images)], "annotations": [\#(annotations)], "categories": [{"id": 1, "name": "t"}]}"#, to: "a.json")
    let source = COCOSource(training: COCOSource.Part(annotations: data.path("a.json"), images: data.path("images")), split: SplitRule(validation: 0.2, test: 0.2))
    let finding = try #require(data.check(.coco(source), kind: .binarySegmentation).first { $0.code == "masks.vanished" })
    #expect(finding.severity == .warned && finding.examples == ["training/4.png"], "\(finding)")
  }

  @Test("Black and white of two programs are two levels, as those of two depths, and numbers near black are not")
  func blackAndWhite() throws {
    func understood(_ files: [(bits: Int, levels: [Int])]) throws -> MaskUnderstanding {
      MaskUnderstanding(
        try files.map { bits, levels in
          let words = (0..<48).map { UInt16(levels[$0 / 16 % levels.count]) }
          return MaskLevels(try PixelBuffer(width: 12, height: 4, channels: 1, bitDepth: bits, samples: bits > 8 ? .words(words) : .bytes(words.map { UInt8($0) })))
        })
    }
    // DRIVE's first and second observer; 254 for white; eight and sixteen bits; a mask that is empty or full.
    #expect(try understood([(8, [0, 255]), (8, [3, 253]), (8, [3]), (8, [255])]) == .asEach)
    #expect(try understood([(8, [0, 254]), (8, [0, 255])]) == .asEach)
    #expect(try understood([(8, [0, 255]), (16, [0, 65535])]) == .asEach)
    #expect(try understood([(8, [0, 255]), (8, [4])]) == .asEach)
    for files in [[(8, [0, 255]), (8, [0, 1])], [(8, [0, 255]), (8, [0, 128])], [(8, [0, 255]), (8, [254, 255])], [(8, [0, 255]), (16, [4000, 65535])]] {
      #expect(try understood(files) == .unclear, "\(files)")
    }
  }

  @Test("Pictures that are no masks are refused, noisy ones too, which have no areas")
  func pictures() throws {
    let files = try (0..<6).map { number in
      let bytes = (0..<48 * 48).map { place -> UInt8 in
        let block = (place / 48 / 6 * 8 + place % 48 / 6 + number) &* 7919 % 160
        return UInt8(20 + block + (place &* 104_729 &+ number) % 41)
      }
      return MaskLevels(try PixelBuffer(width: 48, height: 48, channels: 1, bitDepth: 8, samples: .bytes(bytes)))
    }
    #expect(MaskUnderstanding(files) == .unclear)
  }
}
