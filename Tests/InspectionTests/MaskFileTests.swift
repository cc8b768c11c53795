import Foundation
import Imaging
import PublishedCopies
import Studies
import Testing

@testable import Datasets
@testable import Inspection

@Suite("What mask files are and say beside their levels is met before any training")
struct MaskFileTests {
  private static let side = 24

  private func findings(_ data: InspectedFolder, _ meaning: MaskMeaning = MaskMeaning(), accepted: [String] = []) -> [DataFinding] {
    var source = MaskFolderSource(training: FolderPair(images: data.path("images"), masks: data.path("masks")), split: SplitRule(validation: 0.2, test: 0.2))
    source.meaning = meaning
    return data.check(.maskFolders(source), kind: .binarySegmentation, accepted: accepted)
  }

  private func object(_ number: Int, _ place: Int) -> Bool { place % Self.side < 7 + number % 4 && place / Self.side < 9 }

  private func pixels(_ number: Int) -> [UInt8] { (0..<Self.side * Self.side).map { object(number, $0) ? 255 : 0 } }

  /// A JPEG that states an orientation in EXIF.
  private func turned(_ jpeg: Data, _ orientation: UInt8) -> Data {
    let tiff: [UInt8] = [0x4D, 0x4D, 0, 42, 0, 0, 0, 8, 0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0, 0, 0, 0, 0]
    let segment = Array("Exif".utf8) + [0, 0] + tiff
    return jpeg.prefix(2) + Data([0xFF, 0xE1, 0, UInt8(segment.count + 2)] + segment) + jpeg.dropFirst(2)
  }

  @Test("A mask file of several pictures is refused, whatever says what object is, and its first counts where that is accepted")
  func several() throws {
    let data = try InspectedFolder()
    for number in 0..<10 {
      try data.image("images/c\(number).png", number)
      let page = Data("P5\n\(Self.side) \(Self.side)\n255\n".utf8) + Data(pixels(number))
      try data.write(number == 3 ? page + page : page, to: "masks/c\(number).pgm")
    }
    for meaning in [MaskMeaning(), MaskMeaning(threshold: .nonZero), MaskMeaning(labels: ["object": [255]])] {
      let refused = findings(data, meaning).filter(\.isRefusal)
      #expect(refused.map(\.code) == ["masks.several"] && refused.first?.examples == ["training/c3.png"], "\(refused)")
      #expect(refused.first?.sentence == "The mask files of 1 image hold several pictures, up to 2, and only the first of each would be read: training/c3.png.")
    }
    #expect(findings(data, accepted: ["masks.several"]).filter(\.isRefusal).isEmpty)
  }

  @Test("A folder of masks that is the folder of the images, or a copy of it, is refused, also where a threshold is said")
  func images() throws {
    let data = try InspectedFolder()
    for number in 0..<10 {
      try data.image("images/c\(number).png", number)
      try data.image("masks/c\(number).png", number)
    }
    let refused = findings(data, MaskMeaning(threshold: .above(127))).filter(\.isRefusal)
    #expect(refused.map(\.code) == ["masks.images"] && refused.first?.count == 10, "\(refused)")
    let source = MaskFolderSource(training: FolderPair(images: data.path("images"), masks: data.path("images")), split: SplitRule(validation: 0.2, test: 0.2))
    #expect(data.check(.maskFolders(source), kind: .binarySegmentation).contains { $0.code == "masks.images" && $0.isRefusal })
  }

  @Test("An image that is turned upright beside a mask that is not is warned of, and read as stored or turned alike it is not")
  func orientation() throws {
    func check(image: UInt8, mask: UInt8, _ rule: PictureChoices.Orientation? = nil) throws -> [DataFinding] {
      let data = try InspectedFolder()
      for number in 0..<6 {
        let picture = (0..<Self.side * Self.side).map { UInt8(truncatingIfNeeded: ($0 / 3 &* 7919 &+ number &* 104729) >> 3) }
        let (image, mask) = (number == 2 ? image : 1, number == 2 ? mask : 1)
        try data.write(turned(GrayJPEG.file(picture, width: Self.side, quality: 95), image), to: "images/c\(number).jpg")
        try data.write(turned(GrayJPEG.file(pixels(number), width: Self.side, quality: 95), mask), to: "masks/c\(number).jpg")
      }
      let source = MaskFolderSource(training: FolderPair(images: data.path("images"), masks: data.path("masks")), split: SplitRule(validation: 0.2, test: 0.2))
      return data.check(.maskFolders(source), kind: .binarySegmentation, pictures: rule.map { PictureChoices(orientation: $0) }).filter { $0.code == "geometry.orientation" }
    }
    let other = try #require(check(image: 6, mask: 1).first)
    #expect(other.severity == .warned && other.examples == ["training/c2.jpg"] && other.remedy.contains("pictures: {orientation: asStored}"), "\(other)")
    #expect(try check(image: 1, mask: 3).count == 1 && check(image: 6, mask: 8).count == 1)
    #expect(try check(image: 6, mask: 6).isEmpty && check(image: 1, mask: 1).isEmpty)
    #expect(try check(image: 6, mask: 1, .asStored).isEmpty)
  }

  @Test("A mask of another size than an image that is turned on its side is refused with the key that leaves it as stored")
  func size() throws {
    let data = try InspectedFolder()
    for number in 0..<6 {
      let wide = (0..<32 * 24).map { UInt8(truncatingIfNeeded: ($0 / 3 &* 7919 &+ number &* 104729) >> 3) }
      try data.write(turned(GrayJPEG.file(wide, width: 32, quality: 95), 6), to: "images/c\(number).jpg")
      try data.write(StoredPNG.gray((0..<32 * 24).map { $0 % 32 < 9 ? 255 : 0 }, width: 32), to: "masks/c\(number).png")
    }
    let refused = try #require(findings(data).first { $0.code == "geometry.size" })
    #expect(refused.isRefusal && refused.remedy.hasSuffix("say pictures: {orientation: asStored}."), "\(refused)")
  }

  @Test("Masks as JPEG are warned of once, also some of many, and PNG is not")
  func lossy() throws {
    let data = try InspectedFolder()
    for number in 0..<10 {
      try data.image("images/c\(number).png", number)
      try number < 4
        ? data.write(GrayJPEG.file(pixels(number), width: Self.side, quality: 95), to: "masks/c\(number).jpg")
        : data.write(StoredPNG.gray(pixels(number), width: Self.side), to: "masks/c\(number).png")
    }
    let found = findings(data), lossy = found.filter { $0.code == "masks.lossy" }
    #expect(lossy.count == 1 && lossy.first?.count == 4 && lossy.first?.severity == .warned, "\(found)")
    #expect(found.filter(\.isRefusal).isEmpty)
  }

  @Test("Small classes as JPEG, which pass for edges, are never without a word")
  func smallClasses() throws {
    let data = try InspectedFolder()
    for number in 0..<10 {
      try data.image("images/c\(number).png", number, side: 64)
      let spots = (0..<64 * 64).map { place -> UInt8 in
        let (x, y) = (place % 64, place / 64), far = (x - 20) * (x - 20) + (y - 20) * (y - 20), near = (x - 44) * (x - 44) + (y - 40 + number) * (y - 40 + number)
        return far < 4 ? 128 : near < 16 ? 255 : 0
      }
      try data.write(GrayJPEG.file(spots, width: 64, quality: 75), to: "masks/c\(number).jpg")
    }
    #expect(findings(data).contains { $0.severity != .noted && ["masks.lossy", "masks.levels"].contains($0.code) })
  }
}
