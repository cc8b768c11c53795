import DatasetFixtures
import Foundation
import Foundations
import Imaging
import Studies
import Testing

@testable import Datasets
@testable import Loading

@Suite("Folders of masks in the layouts that publishers use")
struct MaskFolderTests {
  private func failure(_ source: MaskFolderSource) -> String {
    #expect(throws: DatasetsError.self) { try DatasetResolver.resolve(.maskFolders(source), kind: .binarySegmentation) }
      .map(\.description) ?? ""
  }

  private func resolve(_ source: MaskFolderSource) throws -> [String: Sample] {
    let splits = try DatasetResolver.resolve(.maskFolders(source), kind: .binarySegmentation)
    return Dictionary(uniqueKeysWithValues: splits.all.map { ($0.id, $0) })
  }

  @Test("Masks of several folders are united: each image has one in every folder, or the folder that lacks it is named")
  func leftAndRight() throws {
    let data = try TemporaryData()
    let names = (1...5).map { "MCUCXR_000\($0)_0.png" }
    try data.touch(names.flatMap { ["CXR_png/\($0)", "ManualMask/leftMask/\($0)", "ManualMask/rightMask/\($0)"] })
    let source = MaskFolderSource(
      training: FolderPair(images: [data.path("CXR_png")], masks: ["left", "right"].map { data.path("ManualMask/\($0)Mask") }),
      threshold: .nonZero, split: SplitRule(validation: 0.3, test: 0.3))
    let samples = try resolve(source)
    let first = try #require(samples["training/\(names[0])"])
    #expect(first.mask?.files == ["left", "right"].map { data.url.appendingPathComponent("ManualMask/\($0)Mask/\(names[0])") })
    #expect(first.byteCount == "CXR_png/\(names[0])".count + "ManualMask/leftMask/\(names[0])".count + "ManualMask/rightMask/\(names[0])".count)
    try FileManager.default.removeItem(atPath: data.path("ManualMask/rightMask/\(names[2])"))
    #expect(
      failure(source)
        == "1 of 5 images has no mask in \(data.path)/ManualMask/rightMask: MCUCXR_0003_0.png. Add the masks, or correct the folder, the column or the pairing.")
    var empty = source
    empty.unmaskedImages = .empty
    #expect(failure(empty).hasPrefix("1 of 5 images has no mask in \(data.path)/ManualMask/rightMask"))
    try FileManager.default.removeItem(atPath: data.path("ManualMask/leftMask/\(names[2])"))
    #expect(try resolve(empty)["training/\(names[2])"]?.mask?.regions.isEmpty == true)
    empty.unmaskedImages = .passOver
    #expect(try resolve(empty)["training/\(names[2])"] == nil)
    #expect(try resolve(empty).count == 4)
  }

  @Test("By suffix, an image takes all its numbered masks, which are no images, and images of several folders keep the folder in their ids")
  func suffix() throws {
    let data = try TemporaryData()
    try data.touch(
      ["benign/benign (1).png", "benign/benign (1)_mask.png", "benign/benign (1)_mask_1.png", "benign/benign (2).png", "benign/benign (2)_mask.png"])
    try data.touch(["normal/normal (1).png", "normal/normal (1)_mask.png", "malignant/malignant (10).png", "malignant/malignant (10)_mask.png"])
    let folders = ["benign", "malignant", "normal"].map(data.path)
    var source = MaskFolderSource(training: FolderPair(images: folders, masks: folders), pairing: .suffix, unmaskedImages: .empty)
    source.split = SplitRule(validation: 0.3, test: 0.3)
    // A mask is in the folder of its image, not in each.
    let samples = try resolve(source)
    #expect(
      samples.keys.sorted() == [
        "training/benign/benign (1).png", "training/benign/benign (2).png", "training/malignant/malignant (10).png", "training/normal/normal (1).png",
      ])
    #expect(samples["training/benign/benign (1).png"]?.mask?.files.map(\.lastPathComponent) == ["benign (1)_mask.png", "benign (1)_mask_1.png"])
    #expect(MaskFolder.owner(of: "a_mask_2b.png", suffix: "_mask") == nil)
    #expect(MaskFolder.owner(of: "_mask.png", suffix: "_mask") == nil)
  }

  @Test("Parts that share a folder of images are told apart by their masks, and no image is in two of them")
  func folds() throws {
    let data = try TemporaryData()
    try data.touch((1...6).map { "All247images/JPCLN00\($0).IMG" } + [1, 3, 5].map { "fold1/JPCLN00\($0).gif" } + [2, 4, 6].map { "fold2/JPCLN00\($0).gif" })
    let images = data.path("All247images")
    let source = MaskFolderSource(
      training: FolderPair(images: images, masks: data.path("fold1")), test: FolderPair(images: images, masks: data.path("fold2")),
      maskSize: .nearest, unmaskedImages: .passOver, rawImages: .jsrt, split: SplitRule(validation: 0.4))
    let samples = try resolve(source)
    #expect(samples.keys.filter { $0.hasPrefix("test/") }.sorted() == [2, 4, 6].map { "test/JPCLN00\($0).IMG" })
    #expect(samples["test/JPCLN002.IMG"]?.image.rawGeometry == .jsrt && samples["test/JPCLN002.IMG"]?.mask?.sizeRule == .nearest)
    try data.touch(["fold2/JPCLN001.gif"])
    #expect(
      failure(source)
        == "The image \(images)/JPCLN001.IMG is both in the training part and in the test part. Give each image its mask in the folders of one part alone.")
    var strict = source
    strict.unmaskedImages = .refuse
    #expect(failure(strict).hasPrefix("The training part and the test part are the same folder, \(images)."))
  }

  @Test("The field of view is a mask of each test image where the study says so, and of none elsewhere")
  func fieldOfView() throws {
    let data = try TemporaryData()
    try data.touch(
      (1...4).flatMap { ["train/i/\($0)_training.tif", "train/m/\($0)_manual1.gif", "test/i/\($0)_test.tif", "test/m/\($0)_manual1.gif", "test/f/\($0)_test_mask.gif"] })
    var source = MaskFolderSource(
      training: FolderPair(images: data.path("train/i"), masks: data.path("train/m")),
      test: FolderPair(images: data.path("test/i"), masks: data.path("test/m"), fieldOfView: data.path("test/f")), pairing: .upToUnderscore)
    #expect(try resolve(source).values.allSatisfy { $0.evaluatedRegion == nil })
    source.evaluatedRegion = .fieldOfView
    for (id, sample) in try resolve(source) {
      let expected = id.hasPrefix("test/") ? [data.url.appendingPathComponent("test/f/\(id.dropFirst(5).prefix(1))_test_mask.gif")] : nil
      #expect(sample.evaluatedRegion?.files == expected)
    }
    try FileManager.default.removeItem(atPath: data.path("test/f/2_test_mask.gif"))
    #expect(failure(source).hasPrefix("1 of 4 images has no mask in \(data.path)/test/f: 2_test.tif."))
  }

  @Test("A second observer's masks belong to the images that they are of and change no fingerprint; folders that a copy may lack are passed over")
  func secondObserver() throws {
    let data = try TemporaryData()
    try data.touch((1...4).flatMap { ["train/i/\($0)_training.tif", "train/m/\($0)_manual1.gif", "test/i/\($0)_test.tif", "test/m/\($0)_manual1.gif"] })
    var source = MaskFolderSource(
      training: FolderPair(images: data.path("train/i"), masks: data.path("train/m")),
      test: FolderPair(images: data.path("test/i"), masks: data.path("test/m")), pairing: .upToUnderscore)
    let plain = try DatasetResolver.resolve(.maskFolders(source), kind: .binarySegmentation)
    source.test?.secondObserver = [data.path("test/s")]
    #expect(failure(source).contains("\(data.path)/test/s"))
    source.requiresSecondObserver = false
    #expect(try resolve(source).values.allSatisfy { $0.secondMask == nil })
    source.requiresSecondObserver = true
    try data.touch([1, 3].map { "test/s/\($0)_manual2.gif" })
    let splits = try DatasetResolver.resolve(.maskFolders(source), kind: .binarySegmentation)
    #expect(splits.fingerprint == plain.fingerprint && splits.seenTwice.map(\.id) == ["test/1_test.tif", "test/3_test.tif"])
    #expect(splits.seenTwice[0].secondMask?.files == [data.url.appendingPathComponent("test/s/1_manual2.gif")])
    try data.touch(["test/other/9_manual2.gif"])
    source.test?.secondObserver = [data.path("test/other")]
    #expect(failure(source).hasPrefix("4 of 4 images have no mask in \(data.path)/test/other: "))
  }

  @Test("By suffix, both observers' masks may lie beside the images, as CHASE_DB1 has them")
  func secondSuffix() throws {
    let data = try TemporaryData()
    try data.touch((1...6).flatMap { number in ["", "_1stHO", "_2ndHO"].map { "chase/Image_0\(number)L\($0).png" } })
    let folder = data.path("chase")
    let source = MaskFolderSource(
      training: FolderPair(images: folder, masks: folder, secondObserver: folder), pairing: .suffix, maskSuffix: "_1stHO",
      secondObserverSuffix: "_2ndHO", split: SplitRule(validation: 0.3, test: 0.3))
    let samples = try resolve(source)
    #expect(samples.count == 6)
    for sample in samples.values {
      #expect(sample.mask?.files.map { $0.lastPathComponent.contains("_1stHO") } == [true])
      #expect(sample.secondMask?.files.map { $0.lastPathComponent.contains("_2ndHO") } == [true])
    }
  }

  @Test("Two observers are compared at the network's resolution and on the image's own pixels, within the region that counts")
  func opinions() throws {
    let data = try TemporaryData()
    func write(_ name: String, _ side: Int = 64, _ value: (Int) -> Bool) throws -> URL {
      let url = data.url.appendingPathComponent(name)
      let values = (0..<side * side).map { value($0) ? UInt8(255) : 0 }
      try ImageFile.writePNG(PixelBuffer(width: side, height: side, channels: 1, bitDepth: 8, samples: .bytes(values)), to: url)
      return url
    }
    let image = try write("i.png") { $0 % 3 == 0 }, first = try write("m.png") { $0 % 64 < 16 }, second = try write("s.png") { $0 % 64 < 32 }
    let view = try write("f.png") { $0 < 64 * 32 }
    let pipeline = try SamplePipeline(recipe: CacheTests.recipe(.binarySegmentation), kind: .binarySegmentation, stage: .test)
    func sample(_ second: URL?) -> Sample {
      Sample(
        id: "i", image: ImageReference(image), mask: MaskReference(first), evaluatedRegion: MaskReference(view), secondMask: second.map { MaskReference($0) },
        byteCount: 1)
    }
    let found = try #require(try pipeline.secondOpinion(on: sample(second)))
    #expect(found.second == (0..<4096).map { $0 % 64 < 32 } && found.truth.mask.pixels == (0..<4096).map { $0 % 64 < 16 && $0 < 2048 })
    #expect(found.inputTruth.count == 512 && found.inputTruth.count { $0 } == 128 && found.inputSecond.count { $0 } == 256)
    #expect(try pipeline.secondOpinion(on: sample(nil)) == nil)
    let error = #expect(throws: DatasetsError.self) { try pipeline.secondOpinion(on: sample(write("small.png", 32) { _ in true })) }
    #expect(error?.kind == .sizeMismatch)
  }

  @Test("Pixels outside of the evaluated region are unknown to whoever evaluates, those within are as the mask has them")
  func region() throws {
    let data = try TemporaryData()
    func write(_ values: [UInt8], _ name: String) throws -> URL {
      let url = data.url.appendingPathComponent(name)
      try ImageFile.writePNG(PixelBuffer(width: 32, height: 32, channels: 1, bitDepth: 8, samples: .bytes(values)), to: url)
      return url
    }
    let image = try write([UInt8](repeating: 9, count: 1024), "i.png")
    let mask = try write((0..<1024).map { $0 % 32 < 8 ? 255 : 0 }, "m.png"), view = try write((0..<1024).map { $0 < 512 ? 255 : 0 }, "f.png")
    var recipe = Recipe.standard(for: .binarySegmentation)
    recipe.inputSize = 32
    recipe.resizeSize = 32
    let pipeline = try SamplePipeline(recipe: recipe, kind: .binarySegmentation, stage: .test)
    let sample = Sample(id: "i", image: ImageReference(image), mask: MaskReference(mask), evaluatedRegion: MaskReference(view), byteCount: 1)
    let values = try #require(try pipeline.load(sample, seed: SeedPath(1)).mask)
    #expect(values.prefix(512).elementsEqual((0..<512).map { $0 % 32 < 8 ? 1 : 0 }))
    #expect(values.dropFirst(512).filter { !$0.isNaN }.isEmpty)
  }

  @Test("Listings see .nii.gz and DICOM files without an ending or with a number for one, and nothing else that has none")
  func listings() throws {
    let data = try TemporaryData()
    try data.touch(["i/case.nii.gz", "i/a.nii", "i/x.gz", "i/README", "i/1.2.276.0.7230010", "i/b.IMG", "i/c.img.png", "i/short"])
    let dicom = String(repeating: "\0", count: 128) + "DICM and more"
    for name in ["i/IM000001", "i/1.2.276.0.7230010.3.1.4.8323329.6904.1517875201.850819", "i/renamed.txt"] { try data.write(dicom, to: name) }
    let folder = try SourceFolder(data.path("i"), key: "images")
    #expect(
      try folder.images().map(\.name) == [
        "1.2.276.0.7230010.3.1.4.8323329.6904.1517875201.850819", "IM000001", "a.nii", "c.img.png", "case.nii.gz",
      ])
    let withRaw = try folder.images(withRaw: true).map(\.name)
    #expect(withRaw.contains("b.IMG"))
    let stems = ["case.nii.gz", "JPCLN001.IMG.png", "JPCLN001.IMG", "IM000001", "1.2.840.5", "a.b.png", "x.DCM"].map(ImageName.stem)
    #expect(stems == ["case", "JPCLN001", "JPCLN001", "IM000001", "1.2.840.5", "a.b", "x"])
  }
}
