import DatasetFixtures
import Foundation
import Foundations
import Imaging
import Studies
import Testing

@testable import Datasets
@testable import Loading

@Suite("Masks of several classes, whatever a publisher wrote them as")
struct ClassMaskTests {
  private static let width = 20, height = 10

  private func write(_ data: TemporaryData, _ path: String, _ level: (Int, Int) -> UInt8) throws {
    let url = data.url.appendingPathComponent(path)
    try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    let values = (0..<Self.width * Self.height).map { level($0 % Self.width, $0 / Self.width) }
    try ImageFile.writePNG(PixelBuffer(width: Self.width, height: Self.height, channels: 1, bitDepth: 8, samples: .bytes(values)), to: url)
  }

  private func count(_ sample: Sample) throws -> [Int] {
    let mask = try #require(sample.mask), classes = try #require(mask.classes)
    return try mask.read(for: sample.image.read(), of: sample.id).classCounts(classes.names.count, coding: classes.coding)
  }

  /// Images 0 to 5: columns 0–3 are a lung, 4–6 a heart, and column 19 does not count.
  private func numbered() throws -> (TemporaryData, MaskFolderSource) {
    let data = try TemporaryData()
    for number in 0..<6 {
      try write(data, "images/\(number).png") { x, y in UInt8(10 * x + y + number) }
      try write(data, "masks/\(number).png") { x, _ in x < 4 ? 7 : x < 7 ? 2 : x == 19 ? 255 : 0 }
    }
    var source = MaskFolderSource(
      training: FolderPair(images: data.path("images"), masks: data.path("masks")), split: SplitRule(validation: 0.3, test: 0.3))
    source.meaning = MaskMeaning(labels: ["lung": [7], "heart": [2], "background": [0]], ignore: [255])
    return (data, source)
  }

  @Test("Numbers in mask files become classes in the order of their levels, or as object names them; what it does not name is background")
  func numbers() throws {
    var (data, source) = try numbered()
    let splits = try DatasetResolver.resolve(.maskFolders(source), kind: .multiclassSegmentation)
    #expect(splits.maskClasses == ["heart", "lung"] && splits.answerNames == ["heart", "lung"] && splits.classNames.isEmpty)
    for sample in splits.all { #expect(try count(sample) == [30, 40]) }
    source.meaning.object = ["lung", "heart"]
    let ordered = try DatasetResolver.resolve(.maskFolders(source), kind: .multiclassSegmentation)
    #expect(ordered.maskClasses == ["lung", "heart"] && ordered.fingerprint != splits.fingerprint)
    #expect(try count(ordered.training[0]) == [40, 30])
    withExtendedLifetime(data) {}
  }

  @Test("Of training masks the pixels of each class and of none are counted at the network's size, those that do not count left out")
  func trainingPixels() throws {
    let (data, source) = try numbered(), kind = TaskKind.multiclassSegmentation
    let splits = try DatasetResolver.resolve(.maskFolders(source), kind: kind), side = 32
    let columns = (0..<side).map { Int((Double($0) + 0.5) * Double(Self.width) / Double(side)) }, rows = side * splits.training.count
    let found = try splits.trainingPixels(recipe: CacheTests.recipe(kind), kind: kind)
    let heart = rows * columns.count { 4..<7 ~= $0 }, lung = rows * columns.count { $0 < 4 }
    #expect(found.ofClasses == [heart, lung] && found.counted == rows * columns.count { $0 != 19 })
    #expect(found.ofNone == found.counted - heart - lung)
    withExtendedLifetime(data) {}
  }

  @Test("A network is shown one plane a class at its own size, NaN in all of them where a pixel does not count, and the truth on the file's pixels")
  func planes() throws {
    let (data, source) = try numbered()
    let sample = try DatasetResolver.resolve(.maskFolders(source), kind: .multiclassSegmentation).test[0]
    for kind in [TaskKind.multiclassSegmentation, .multiLabelSegmentation] {
      let pipeline = try SamplePipeline(recipe: CacheTests.recipe(kind), kind: kind, stage: .test, keepsOriginals: true)
      let prepared = try pipeline.load(sample, seed: SeedPath(1)), side = 32
      #expect(prepared.maskShape == [2, side, side])
      let mask = try #require(prepared.mask)
      for y in 0..<side {
        for x in 0..<side {
          // The pixel under the center of the network's.
          let column = Int((Double(x) + 0.5) * Double(Self.width) / Double(side)), place = y * side + x
          let (heart, lung) = (mask[place], mask[side * side + place])
          if column == 19 { #expect(heart.isNaN && lung.isNaN) } else { #expect(heart == (4..<7 ~= column ? 1 : 0) && lung == (column < 4 ? 1 : 0)) }
        }
      }
      let original = try #require(prepared.original)
      #expect(original.masks.count == 2 && original.masks.map { $0.pixels.count { $0 } } == [30, 40])
      #expect(original.counted?.pixels.count { !$0 } == 10)
    }
    withExtendedLifetime(data) {}
  }

  @Test("What comes from the cache is to the bit what comes from the files, varied or not, original or reduced", arguments: [nil, 40] as [Int?])
  func cached(reducedSize: Int?) throws {
    let (data, source) = try numbered(), kind = TaskKind.multiclassSegmentation
    let samples = try DatasetResolver.resolve(.maskFolders(source), kind: kind).all
    var recipe = CacheTests.recipe(kind, reducedSize: reducedSize)
    recipe.reducedSize = reducedSize.map { _ in 16 }
    recipe.inputSize = 16
    recipe.resizeSize = 16
    let cache = try ImageCache(folder: data.url.appendingPathComponent("cache")).prepare(samples, recipe: recipe, threads: 2)
    for stage in DatasetPart.allCases {
      let plain = try SamplePipeline(recipe: recipe, kind: kind, stage: stage), quick = try SamplePipeline(recipe: recipe, kind: kind, stage: stage, cache: cache)
      for sample in samples {
        // NaN differs from itself.
        func known(_ prepared: PreparedSample) -> [Float] { (prepared.mask ?? []).map { $0.isNaN ? -1 : $0 } }
        let (one, other) = (try plain.load(sample, seed: SeedPath(3)), try quick.load(sample, seed: SeedPath(3)))
        #expect(one.image == other.image && known(one) == known(other) && known(one).contains(1))
      }
    }
  }

  /// Lungs in two folders, a clavicle over them, and no clavicle in image 1.
  private func folders(hasOverlap: Bool = true) throws -> (TemporaryData, MaskFolderSource) {
    let data = try TemporaryData()
    for number in 0..<6 {
      try write(data, "images/\(number).png") { x, y in UInt8(10 * x + y + number) }
      try write(data, "left/\(number).png") { x, _ in x < 4 ? 255 : 0 }
      try write(data, "right/\(number).png") { x, _ in 8..<12 ~= x ? 255 : 0 }
      if number != 1 { try write(data, "clavicle/\(number).png") { x, y in y < 2 && (hasOverlap ? 2..<6 : 4..<8) ~= x ? 255 : 0 } }
    }
    let pair = FolderPair(
      images: [data.path("images")], masks: ["left", "right", "clavicle"].map(data.path), maskClasses: ["lungs", "lungs", "clavicles"])
    return (data, MaskFolderSource(training: pair, unmaskedImages: .empty, split: SplitRule(validation: 0.3, test: 0.3)))
  }

  @Test("Folders of a class are united, classes may share pixels, and an image without a mask of a class holds none of it")
  func overlapping() throws {
    let (data, source) = try folders()
    let splits = try DatasetResolver.resolve(.maskFolders(source), kind: .multiLabelSegmentation)
    #expect(splits.maskClasses == ["lungs", "clavicles"])
    for sample in splits.all { #expect(try count(sample) == (sample.id == "training/1.png" ? [80, 0] : [80, 8])) }
    var strict = source
    strict.unmaskedImages = .refuse
    #expect(throws: DatasetsError.self) { try DatasetResolver.resolve(.maskFolders(strict), kind: .multiLabelSegmentation) }
    withExtendedLifetime(data) {}
  }

  @Test("Where classes are to exclude each other, pixels of two are refused with both names and the kind that has them")
  func exclusive() throws {
    let (data, source) = try folders()
    let sample = try #require(try DatasetResolver.resolve(.maskFolders(source), kind: .multiclassSegmentation).all.first { $0.id == "training/0.png" })
    let error = #expect(throws: DatasetsError.self) { try count(sample) }
    #expect(
      error?.description
        == "In the masks of training/0.png 4 pixels are both “lungs” and “clavicles”, and a multiclassSegmentation has one class at most in a pixel. Set `kind: multiLabelSegmentation`, which asks for a mask of each class by itself, or correct the masks."
    )
    let (apart, clean) = try folders(hasOverlap: false)
    let other = try DatasetResolver.resolve(.maskFolders(clean), kind: .multiclassSegmentation).all
    #expect(try other.map(count).sorted { $0[1] < $1[1] } == [[80, 0]] + Array(repeating: [80, 8], count: 5))
    withExtendedLifetime((data, apart)) {}
  }

  @Test("nnU-Net's labels are classes by their lowest value or as they are named; its overlapping regions ask for masks of their own")
  func nnUNet() throws {
    let data = try TemporaryData()
    func describe(_ labels: String) throws {
      try data.write(#"{"channel_names": {"0": "X-ray"}, "labels": \#(labels), "numTraining": 6, "file_ending": ".png"}"#, to: "dataset.json")
    }
    for number in 1...6 {
      try write(data, "imagesTr/case_\(number)_0000.png") { x, y in UInt8(10 * x + y + number) }
      try write(data, "labelsTr/case_\(number).png") { x, _ in x < 4 ? 3 : x < 7 ? 1 : x == 19 ? 9 : x == 18 ? 2 : 0 }
    }
    func resolve(_ labels: [String] = [], _ kind: TaskKind = .multiclassSegmentation) throws -> DatasetSplits {
      try DatasetResolver.resolve(.nnUNet(NNUNetSource(folder: data.path, labels: labels, split: SplitRule(validation: 0.2, test: 0.2))), kind: kind)
    }
    try describe(#"{"background": 0, "lungs": [2, 3], "heart": 1, "ignore": 9}"#)
    let splits = try resolve()
    #expect(splits.maskClasses == ["heart", "lungs"])
    #expect(try count(splits.training[0]) == [30, 50])
    #expect(splits.training[0].hasUncountedPixels)
    #expect(try resolve(["lungs", "heart"]).maskClasses == ["lungs", "heart"])
    let one = #expect(throws: DatasetsError.self) { try resolve(["lungs"]) }
    #expect(
      one?.description == "A multiclassSegmentation has 2 to 255 classes, and \(data.path)/dataset.json gives 1. Name several under `labels`, or set `kind: binarySegmentation`.")
    try describe(#"{"background": 0, "thorax": [1, 2, 3], "heart": 1, "ignore": 9}"#)
    let shared = #expect(throws: DatasetsError.self) { try resolve() }
    #expect(
      shared?.description
        == "In \(data.path)/dataset.json the labels “heart” and “thorax” share values, and a multiclassSegmentation has one class at most in a pixel. Set `kind: multiLabelSegmentation`, which asks for a mask of each class by itself, or name others under `labels`."
    )
    let regions = try resolve([], .multiLabelSegmentation)
    #expect(regions.maskClasses == ["heart", "thorax"])
    #expect(try count(regions.training[0]) == [30, 80])
  }

  @Test("COCO's categories are classes: polygons of one are united, and an image without any holds none")
  func coco() throws {
    let data = try TemporaryData()
    var images: [String] = [], annotations: [String] = []
    for number in 1...6 {
      try write(data, "images/\(number).png") { x, y in UInt8(10 * x + y + number) }
      images.append(#"{"id": \#(number), "file_name": "\#(number).png", "width": 20, "height": 10}"#)
      guard number < 6 else { continue }
      for (place, box) in [(4, [0, 4]), (4, [8, 12]), (2, [2, 6])].enumerated() {
        let polygon = "[\(box.1[0]), 0, \(box.1[1]), 0, \(box.1[1]), 10, \(box.1[0]), 10]"
        annotations.append(#"{"id": \#(10 * number + place), "image_id": \#(number), "category_id": \#(box.0), "segmentation": [\#(polygon)]}"#)
      }
    }
    try data.write(
      #"{"images": [\#(images.joined(separator: ","))], "annotations": [\#(annotations.joined(separator: ","))], "categories": [{"id": 2, "name": "rib"}, {"id": 4, "name": "lung"}]}"#,
      to: "all.json")
    let source = COCOSource(
      training: .init(annotations: data.path("all.json"), images: data.path("images")), categories: ["lung", "rib"], split: SplitRule(validation: 0.2, test: 0.2))
    let splits = try DatasetResolver.resolve(.coco(source), kind: .multiLabelSegmentation)
    #expect(splits.maskClasses == ["lung", "rib"])
    for sample in splits.all { #expect(try count(sample) == (sample.id == "training/6.png" ? [0, 0] : [80, 40])) }
    let exclusive = try DatasetResolver.resolve(.coco(source), kind: .multiclassSegmentation)
    #expect(throws: DatasetsError.self) { try exclusive.all.map(count) }
  }

  @Test("A manifest's masks are read by maskLabels, and a test set's classes stand in for a run's by name, where one is missing with no pixel")
  func manifest() throws {
    let (data, _) = try numbered()
    try data.write("path,mask\n" + (0..<6).map { "images/\($0).png,masks/\($0).png" }.joined(separator: "\n") + "\n", to: "table.csv")
    var source = ManifestSource(file: data.path("table.csv"), imageRoot: data.path, maskColumn: "mask", split: SplitRule(validation: 0.3, test: 0.3))
    source.meaning = MaskMeaning(labels: ["lung": [7], "heart": [2]], ignore: [255])
    let splits = try DatasetResolver.resolve(.manifest(source), kind: .multiclassSegmentation)
    #expect(try splits.maskClasses == ["heart", "lung"] && count(splits.training[0]) == [30, 40])
    let arranged = splits.training[0].withMaskClasses(["rib", "lungs"], from: [nil, 1])
    #expect(arranged.mask?.classes?.names == ["rib", "lungs"])
    #expect(try count(arranged) == [0, 40])
    #expect(try JSONDecoder().decode(Sample.self, from: JSONEncoder().encode(arranged)) == arranged)
  }
}
