import Foundation
import Imaging
import Studies
import Testing

@testable import Datasets
@testable import Inspection

@Suite("Masks of each role are understood once a source")
struct MaskRoleTests {
  /// Ten images with masks of 0 and 255, and those of a second observer and of the field of view whose levels functions tell.
  private func source(
    _ data: InspectedFolder, second: (Int, Int) -> Int = { x, _ in x < 9 ? 255 : 0 }, view: (Int, Int, Int) -> Int = { _, x, _ in x < 20 ? 255 : 0 }
  ) throws -> MaskFolderSource {
    for (part, count) in [("training", 10), ("test", 4)] {
      for number in 0..<count {
        try data.image("\(part)/images/c\(number).png", number + (part == "test" ? 50 : 0))
        try data.mask("\(part)/masks/c\(number).png") { x, _ in x < 8 ? 255 : 0 }
        try data.mask("\(part)/second/c\(number).png", second)
        try data.mask("\(part)/view/c\(number).png") { view(number, $0, $1) }
      }
    }
    return MaskFolderSource(
      training: FolderPair(images: data.path("training/images"), masks: data.path("training/masks")),
      test: FolderPair(images: data.path("test/images"), masks: data.path("test/masks"), fieldOfView: data.path("test/view"), secondObserver: data.path("test/second")),
      evaluatedRegion: .fieldOfView, split: SplitRule(validation: 0.2, test: 0.2))
  }

  @Test("A second observer who numbered the object otherwise is read by his own files together, never file by file")
  func secondObserver() throws {
    let data = try InspectedFolder(), source = try source(data, second: { x, y in x < 9 ? 38 : 0 })
    // A file that has the object alone: by itself its one level would be background.
    try data.mask("test/second/c2.png") { _, _ in 38 }
    let splits = try DatasetResolver.resolve(.maskFolders(source), kind: .binarySegmentation)
    let understood = try DatasetSplits.understand(splits.automaticMasks(.secondObserver)).understanding
    #expect(understood == .all(.above(0)) && splits.automaticMasks(.secondObserver).count == 4)
    let read = splits.reading(understood, as: .secondObserver)
    #expect(try read.test[2].secondMask?.read(width: 24, height: 24, of: "").foregroundCount == 24 * 24)
    #expect(try splits.test[2].secondMask?.read(width: 24, height: 24, of: "").foregroundCount == 0)
    // What networks learn and are held against is as it was.
    #expect(read.test[2].mask == splits.test[2].mask && read.fingerprint == splits.fingerprint)
    #expect(data.check(.maskFolders(source), kind: .binarySegmentation).filter(\.isRefusal).isEmpty)
  }

  @Test("Levels of a second observer or of a field of view that nothing explains are refused under their own name")
  func unclear() throws {
    let data = try InspectedFolder(), classes = { (x: Int, y: Int) -> Int in 6..<18 ~= y ? (x < 8 ? 1 : x < 16 ? 2 : 0) : 0 }
    let second = data.check(.maskFolders(try source(data, second: classes)), kind: .binarySegmentation).filter(\.isRefusal)
    #expect(second.map(\.code) == ["masks.levels"] && second.first?.sentence.hasPrefix("The masks by the second observer have 3 levels") == true, "\(second)")
    let view = data.check(.maskFolders(try source(data, view: { _, x, y in classes(x, y) })), kind: .binarySegmentation).filter(\.isRefusal)
    #expect(view.map(\.code) == ["masks.levels"] && view.first?.sentence.hasPrefix("The masks of the field of view have 3 levels") == true, "\(view)")
  }

  @Test("A field of view without a pixel is told, and one that cannot be read is found before anything is trained")
  func emptyRegion() throws {
    let data = try InspectedFolder()
    let found = data.check(.maskFolders(try source(data, view: { number, x, _ in number != 1 && x < 20 ? 255 : 0 })), kind: .binarySegmentation)
    #expect(found.first { $0.code == "masks.emptyRegion" }?.examples == ["test/c1.png"])
    try data.write("no picture", to: "test/view/c1.png")
    let broken = data.check(.maskFolders(try source(data)), kind: .binarySegmentation)
    #expect(!broken.contains { $0.code == "masks.emptyRegion" })
    try data.write("no picture", to: "test/view/c1.png")
    #expect(data.check(.maskFolders(MaskRoleTests.again(data)), kind: .binarySegmentation).contains { $0.code == "images.unreadable" && $0.part == "test" })
  }

  private static func again(_ data: InspectedFolder) -> MaskFolderSource {
    MaskFolderSource(
      training: FolderPair(images: data.path("training/images"), masks: data.path("training/masks")),
      test: FolderPair(images: data.path("test/images"), masks: data.path("test/masks"), fieldOfView: data.path("test/view")),
      evaluatedRegion: .fieldOfView, split: SplitRule(validation: 0.2, test: 0.2))
  }

  @Test("Masks that cannot be understood, or have values that nothing names, are told by one finding, not by being empty too")
  func oneFinding() throws {
    let data = try InspectedFolder()
    for number in 0..<10 {
      try data.image("images/c\(number).png", number)
      try data.mask("masks/c\(number).png") { x, y in 6..<18 ~= y ? (x < 8 ? 1 : x < 16 ? 2 : 0) : 0 }
    }
    var source = MaskFolderSource(training: FolderPair(images: data.path("images"), masks: data.path("masks")), split: SplitRule(validation: 0.2, test: 0.2))
    #expect(data.check(.maskFolders(source), kind: .binarySegmentation).filter(\.isRefusal).map(\.code) == ["masks.levels"])
    // A name for a level that no mask has leaves all of them empty.
    source.meaning = MaskMeaning(labels: ["object": [7]])
    #expect(data.check(.maskFolders(source), kind: .binarySegmentation).filter(\.isRefusal).map(\.code) == ["masks.unexpected"])
  }

  @Test("The object as the dark part of a mask is said by its level or its color, with hard and with soft edges")
  func darkObject() throws {
    for edge in [nil, 120] {
      let data = try InspectedFolder()
      for number in 0..<10 {
        try data.image("images/c\(number).png", number)
        try data.mask("masks/c\(number).png") { x, _ in x < 8 ? 0 : x == 8 ? edge ?? 255 : 255 }
      }
      var source = MaskFolderSource(training: FolderPair(images: data.path("images"), masks: data.path("masks")), split: SplitRule(validation: 0.2, test: 0.2))
      let ways = [MaskMeaning(labels: ["vessel": [0], "background": edge == nil ? [255] : [120, 255]]), MaskMeaning(color: 0x000000)]
      for meaning in ways {
        source.meaning = meaning
        #expect(data.check(.maskFolders(source), kind: .binarySegmentation).filter(\.isRefusal).isEmpty, "\(meaning)")
        let sample = try #require(try DatasetResolver.resolve(.maskFolders(source), kind: .binarySegmentation).training.first)
        #expect(try sample.mask?.read(width: 24, height: 24, of: "").foregroundCount == 8 * 24, "\(meaning)")
      }
    }
  }
}
