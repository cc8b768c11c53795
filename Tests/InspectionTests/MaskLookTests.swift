import Foundation
import Foundations
import Imaging
import PublishedCopies
import Studies
import Testing

@testable import Datasets
@testable import Inspection
@testable import Loading

@Suite("Masks are understood once a source, never file by file")
struct MaskLookTests {
  private func folders(_ data: InspectedFolder, count: Int = 10, _ level: (Int, Int, Int) -> Int) throws -> MaskFolderSource {
    for number in 0..<count {
      try data.image("images/c\(number).png", number)
      try data.mask("masks/c\(number).png") { level(number, $0, $1) }
    }
    return source(data)
  }

  private func source(_ data: InspectedFolder) -> MaskFolderSource {
    MaskFolderSource(training: FolderPair(images: data.path("images"), masks: data.path("masks")), split: SplitRule(validation: 0.2, test: 0.2))
  }

  /// 1 in the middle, 2 on its right, 0 elsewhere, in steps of `step`.
  private func classes(step: Int) -> (Int, Int, Int) -> Int {
    { _, x, y in 6..<18 ~= y && 6..<18 ~= x ? (x < 12 ? step : 2 * step) : 0 }
  }

  private func codes(_ findings: [DataFinding], _ severity: DataFinding.Severity) -> [String] {
    findings.filter { $0.severity == severity }.map(\.code)
  }

  @Test("Masks that number three classes are refused with the levels, their pixels and the keys that settle it", arguments: [1, 38, 127])
  func threeLevels(step: Int) throws {
    let data = try InspectedFolder(), source = try folders(data, classes(step: step))
    let findings = data.check(.maskFolders(source), kind: .binarySegmentation)
    let levels = try #require(findings.first { $0.code == "masks.levels" })
    #expect(levels.severity == .refused && levels.count == 3)
    #expect(
      levels.sentence.contains("0 (4,320 pixels in 10 of 10 masks), \(step) (720 pixels in 10 of 10 masks), \(2 * step) (720 pixels in 10 of 10 masks)"), "\(levels.sentence)")
    #expect(levels.remedy.contains("labels: {object: [\(step), \(2 * step)]}") && levels.remedy.contains("tasks.a.data.maskFolders"))
  }

  @Test("Labels, an ignored level or a threshold settle it, and say which pixels are object")
  func settled() throws {
    let data = try InspectedFolder()
    var source = try folders(data, classes(step: 1))
    for (meaning, object) in [
      (MaskMeaning(labels: ["left": [1], "right": [2]]), 144), (MaskMeaning(labels: ["left": [1], "right": [2]], object: ["left"]), 72),
      (MaskMeaning(threshold: .nonZero), 144), (MaskMeaning(labels: ["left": [1]], ignore: [2]), 72), (MaskMeaning(threshold: .above(1)), 72),
    ] {
      source.meaning = meaning
      let findings = data.check(.maskFolders(source), kind: .binarySegmentation)
      #expect(codes(findings, .refused).isEmpty, "\(findings)")
      let sample = try #require(try DatasetResolver.resolve(.maskFolders(source), kind: .binarySegmentation).training.first)
      #expect(try sample.mask?.read(width: 24, height: 24, of: "").foregroundCount == object)
    }
  }

  @Test("A level that the labels do not name is refused with its pixels and an example")
  func unexpected() throws {
    let data = try InspectedFolder()
    var source = try folders(data) { number, x, y in number == 3 && x == 0 && y < 5 ? 9 : x < 8 ? 1 : 0 }
    source.meaning.labels = ["vessel": [1]]
    let finding = try #require(data.check(.maskFolders(source), kind: .binarySegmentation).first { $0.code == "masks.unexpected" })
    #expect(finding.isRefusal && finding.sentence.contains("9 (5 pixels in 1 mask, such as training/c3.png)"), "\(finding.sentence)")
  }

  @Test("Ignored pixels are neither object nor background, whatever the variation")
  func ignored() throws {
    let data = try InspectedFolder()
    var source = try folders(data) { _, x, _ in x < 8 ? 1 : x >= 20 ? 255 : 0 }
    source.meaning = MaskMeaning(labels: ["object": [1]], ignore: [255])
    let splits = try DatasetResolver.resolve(.maskFolders(source), kind: .binarySegmentation), sample = try #require(splits.training.first)
    #expect(sample.hasUncountedPixels)
    var recipe = Recipe.standard(for: .binarySegmentation)
    (recipe.inputSize, recipe.augmentation) = (24, .none)
    for (stage, augmentation) in [(DatasetPart.test, Augmentation.none), (.training, .none), (.training, .standard)] {
      recipe.augmentation = augmentation
      let prepared = try SamplePipeline(recipe: recipe, kind: .binarySegmentation, stage: stage, keepsOriginals: true).load(sample, seed: .init(1))
      let mask = try #require(prepared.mask), unknown = mask.count(where: \.isNaN)
      if augmentation == .none {
        #expect(unknown == 4 * 24 && mask.count { $0 == 1 } == 8 * 24)
      } else {
        #expect(unknown > 0 && mask.allSatisfy { $0.isNaN || $0 == 0 || $0 == 1 })
      }
      #expect(prepared.original?.counted?.pixels.count(where: { !$0 }) == 4 * 24)
    }
  }

  @Test("Two levels are two, whatever their numbers and whichever files have one of them alone")
  func twoLevels() throws {
    for (low, high) in [(0, 1), (0, 255), (0, 38), (12, 200)] {
      let data = try InspectedFolder()
      let source = try folders(data) { number, x, _ in number == 2 ? high : number == 5 ? low : x < 8 ? high : low }
      let files = try DatasetResolver.resolve(.maskFolders(source), kind: .binarySegmentation).automaticMasks()
      let understood = try DatasetSplits.understand(files).understanding
      // Level 38 alone in a file is not above half of the range, so only all files together tell that it is object.
      #expect(understood == (high == 38 ? .all(.above(0)) : .asEach), "\(low), \(high)")
      #expect(codes(data.check(.maskFolders(source), kind: .binarySegmentation), .refused).isEmpty)
    }
  }

  @Test("Soft edges between two levels are read at half, with as few levels as a reduction by two leaves and as many as JPEG's")
  func softEdges() throws {
    let few = try InspectedFolder(), edges: [Int: Int] = [11: 191, 12: 128, 13: 64]
    let source = try folders(few) { _, x, _ in x < 11 ? 255 : edges[x] ?? 0 }
    #expect(codes(few.check(.maskFolders(source), kind: .binarySegmentation), .refused).isEmpty)
    let many = try InspectedFolder()
    let ringing = try folders(many) { number, x, y in x < 11 ? 255 - (x * y * (number + 3)) % 7 : x > 14 ? (x * y * (number + 3)) % 7 : 40 + (x * 31 + y * 17 + number * 13) % 170 }
    #expect(codes(many.check(.maskFolders(ringing), kind: .binarySegmentation), .refused).isEmpty)
  }

  @Test("A mask in the opacity of pictures of one color is read there, and no other run has its fingerprint")
  func opacity() throws {
    let data = try InspectedFolder()
    for number in 0..<10 {
      try data.image("images/c\(number).png", number)
      let pixels = (0..<24 * 24).flatMap { place -> [UInt8] in [200, 30, 30, place % 24 < 9 ? 255 : 0] }
      try data.write(StoredPNG.rgba(pixels, width: 24), to: "masks/c\(number).png")
    }
    let splits = try DatasetResolver.resolve(.maskFolders(source(data)), kind: .binarySegmentation)
    let understood = try DatasetSplits.understand(splits.automaticMasks()).understanding
    #expect(understood == .all(.opacity(above: 0)))
    let read = splits.reading(understood)
    #expect(read.fingerprint != splits.fingerprint)
    #expect(try read.training.first?.mask?.read(width: 24, height: 24, of: "").foregroundCount == 9 * 24)
    #expect(codes(data.check(.maskFolders(source(data)), kind: .binarySegmentation), .refused).isEmpty)
  }

  @Test("All masks of a part empty is refused, and taken as read where the study says so; some empty is noted")
  func empty() throws {
    let data = try InspectedFolder(), source = try folders(data) { _, _, _ in 0 }
    let refused = data.check(.maskFolders(source), kind: .binarySegmentation).filter(\.isRefusal)
    #expect(refused.map(\.code) == ["masks.empty", "masks.empty", "masks.empty"])
    let accepted = data.check(.maskFolders(source), kind: .binarySegmentation, accepted: ["masks.empty"])
    #expect(accepted.filter(\.isRefusal).isEmpty && accepted.filter(\.isAccepted).count == 3)
    let some = try InspectedFolder(), partly = try folders(some) { number, x, _ in number > 0 && x < 5 ? 255 : 0 }
    let noted = some.check(.maskFolders(partly), kind: .binarySegmentation)
    #expect(codes(noted, .refused).isEmpty && codes(noted, .noted).contains("masks.someEmpty"))
  }

  @Test("An ignored level says nothing of what object is, and white over small numbers is offered as one")
  func ignoredLevel() throws {
    let data = try InspectedFolder()
    var source = try folders(data) { _, x, y in x < 8 ? 1 : x >= 20 && y > 4 ? 255 : 0 }
    let refused = try #require(data.check(.maskFolders(source), kind: .binarySegmentation).first { $0.code == "masks.levels" })
    #expect(refused.remedy.contains("labels: {object: 1}, ignore: 255 where 255 marks pixels that do not count"), "\(refused.remedy)")
    source.meaning.ignore = [255]
    let found = data.check(.maskFolders(source), kind: .binarySegmentation)
    #expect(codes(found, .refused).isEmpty, "\(found)")
    let splits = try DatasetResolver.resolve(.maskFolders(source), kind: .binarySegmentation)
    let understood = try DatasetSplits.understand(splits.automaticMasks(), ignoring: [255])
    // Each file by itself has three levels, so that all of them have to say it.
    #expect(understood.understanding == .all(.above(0)) && Set(understood.survey.counts.keys) == [0, 1])
    let mask = try #require(splits.reading(understood.understanding).training.first?.mask)
    #expect(try mask.read(width: 24, height: 24, of: "").foregroundCount == 8 * 24)
    #expect(try mask.readIgnored()?.foregroundCount == 4 * 19)
    // Three levels and an ignored one stay unclear, with the three.
    let three = try InspectedFolder()
    var numbered = try folders(three) { _, x, _ in x < 6 ? 1 : x < 12 ? 2 : x > 20 ? 255 : 0 }
    numbered.meaning.ignore = [255]
    #expect(three.check(.maskFolders(numbered), kind: .binarySegmentation).first { $0.code == "masks.levels" }?.count == 3)
  }

  @Test("The share of object is told of each part; background that was taken for object is warned of with what settles it")
  func share() throws {
    let data = try InspectedFolder(), source = try folders(data) { number, x, _ in x < 4 + number % 3 ? 255 : 0 }
    let told = data.check(.maskFolders(source), kind: .binarySegmentation).filter { $0.code == "masks.share" }
    #expect(told.map(\.part) == ["training", "validation", "test"] && told.allSatisfy { $0.severity == .noted })
    let numbers = try DatasetResolver.resolve(.maskFolders(source), kind: .binarySegmentation).training.compactMap { Int($0.id.filter(\.isNumber)) }
    let widths = numbers.map { 4 + $0 % 3 }.sorted(), words = [4: "16.7 %", 5: "20.8 %", 6: "25 %"]
    let (least, most) = (try #require(words[widths[0]]), try #require(words[widths[widths.count - 1]]))
    #expect(
      told[0].sentence.hasPrefix("Object is ")
        && told[0].sentence.hasSuffix("% of the pixels in the median mask of the training part, \(least) in the one with least and \(most) in the one with most."),
      "\(told[0].sentence)")
    let dark = try InspectedFolder(), blob = { (x: Int, y: Int) in 8..<16 ~= x && 8..<16 ~= y }
    var inverted = try folders(dark) { _, x, y in blob(x, y) ? 0 : 255 }
    let warned = dark.check(.maskFolders(inverted), kind: .binarySegmentation).filter { $0.code == "masks.share" }
    #expect(warned.count == 3 && warned.allSatisfy { $0.severity == .warned })
    #expect(
      warned[0].sentence.contains("Object is 88.9 % of the pixels") && warned[0].sentence.contains("and 100 % of the image border: background may have been taken for it."),
      "\(warned[0].sentence)")
    #expect(warned[0].remedy.contains("labels: {object: 0, background: 255}"), "\(warned[0].remedy)")
    inverted.meaning.labels = ["object": [0], "background": [255]]
    let settled = dark.check(.maskFolders(inverted), kind: .binarySegmentation).filter { $0.code == "masks.share" }
    #expect(settled.allSatisfy { $0.severity == .noted } && settled[0].sentence.contains("Object is 11.1 %"), "\(settled)")
    // A large object whose border is mostly background is no such case; a small dark one in a frame is.
    let large = try InspectedFolder()
    #expect(!codes(large.check(.maskFolders(try folders(large) { _, x, y in 4..<20 ~= x && 4..<20 ~= y ? 255 : 0 }), kind: .binarySegmentation), .warned).contains("masks.share"))
    let frame = try InspectedFolder()
    #expect(codes(frame.check(.maskFolders(try folders(frame) { _, x, y in 2..<22 ~= x && 2..<22 ~= y ? 0 : 255 }), kind: .binarySegmentation), .warned).contains("masks.share"))
  }

  @Test("Labels that JPEG or a palette's colors changed are refused with what happened to them")
  func changedLabels() throws {
    let data = try InspectedFolder()
    var source = try folders(data) { _, _, _ in 0 }
    source.meaning = MaskMeaning(labels: ["lung": [128], "heart": [255]])
    for number in 0..<10 {
      try FileManager.default.removeItem(atPath: data.path("masks/c\(number).png"))
      let pixels = (0..<24 * 24).map { place -> UInt8 in place % 24 < 7 ? 128 : place % 24 < 13 ? 255 : 0 }
      try data.write(GrayJPEG.file(pixels, width: 24, quality: 75), to: "masks/c\(number).jpg")
    }
    let jpeg = try #require(data.check(.maskFolders(source), kind: .binarySegmentation).first { $0.code == "masks.unexpected" })
    #expect(jpeg.sentence.contains("since JPEG and the like change numbers") && jpeg.remedy.contains("Give the masks as they were before"), "\(jpeg)")
    let colors = try InspectedFolder()
    var colored = try folders(colors) { _, _, _ in 0 }
    colored.meaning = MaskMeaning(labels: ["lung": [1], "heart": [2]])
    for number in 0..<10 {
      let pixels = (0..<24 * 24).flatMap { place -> [UInt8] in place % 24 < 7 ? [128, 0, 0, 255] : place % 24 < 13 ? [0, 128, 0, 255] : [0, 0, 0, 255] }
      try colors.write(StoredPNG.rgba(pixels, width: 24), to: "masks/c\(number).png")
    }
    let luma = try #require(colors.check(.maskFolders(colored), kind: .binarySegmentation).first { $0.code == "masks.unexpected" })
    #expect(luma.sentence.contains("the luma of the colors, not a palette's numbers") && luma.remedy.contains("such as {lung: 38, heart: 75}"), "\(luma)")
    colored.meaning = MaskMeaning(labels: ["lung": [38], "heart": [75]])
    #expect(codes(colors.check(.maskFolders(colored), kind: .binarySegmentation), .refused).isEmpty)
  }

  @Test("Numbers within rounding of a whole one are that one in label maps")
  func rounding() {
    #expect(Mask.label(of: 0.999_999_9) == 1 && Mask.label(of: 2) == 2 && Mask.label(of: -0.000_01) == 0)
    #expect(Mask.label(of: 0.5) == nil && Mask.label(of: .nan) == nil && Mask.label(of: 1e300) == nil)
  }
}
