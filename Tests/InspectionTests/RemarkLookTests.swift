import Foundation
import Imaging
import PublishedCopies
import Studies
import Testing

@testable import Datasets
@testable import Inspection
@testable import Loading

@Suite("What decoders remark is counted by the check")
struct RemarkLookTests {
  /// The fixtures of the image readers, made by scripts in Tools/goldens.
  private static let goldens = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .appendingPathComponent("ImagingTests/Goldens")

  /// A study of plain images with some fixtures among those of the training and of the test part.
  private func source(_ data: InspectedFolder, training: [String], test: [String]) throws -> DataSource {
    var rows = "path,split,L\n"
    for number in 0..<12 {
      try data.image("\(number).png", number, side: 48)
      rows += "\(number).png,\(number < 6 ? "train" : number < 9 ? "val" : "test"),\(number % 2)\n"
    }
    for (names, part) in [(training, "train"), (test, "test")] {
      for (number, name) in names.enumerated() {
        let file = "\(part)-\((name as NSString).lastPathComponent)"
        try data.write(Data(contentsOf: Self.goldens.appendingPathComponent(name)), to: file)
        rows += "\(file),\(part),\(number % 2)\n"
      }
    }
    try data.write(rows, to: "t.csv")
    return .manifest(ManifestSource(file: data.path("t.csv"), imageRoot: data.url.path, labelColumns: ["L"], splitColumn: "split"))
  }

  @Test("Pixels that are no finite numbers are counted, in TIFF and in slices of NIfTI; whole ones are not")
  func notFinite() throws {
    let data = try InspectedFolder()
    var rows = "path,L\n"
    for number in 0..<10 {
      let values = (0..<48 * 48).map { place in number == 2 && place < 36 ? Double.nan : number == 3 && place == 5 ? .infinity : Double((place * (number + 7)) % 911) }
      try data.write(NumberTIFF.file(values, width: 48, .float32), to: "\(number).tif")
      rows += "\(number).tif,\(number % 2)\n"
    }
    try data.write(rows, to: "t.csv")
    let source = ManifestSource(file: data.path("t.csv"), imageRoot: data.url.path, labelColumns: ["L"], split: SplitRule(validation: 0.2, test: 0.2))
    let found = data.check(.manifest(source), kind: .binaryClassification).filter { $0.code == "images.notFinite" }
    #expect(found.reduce(0) { $0 + $1.count } == 2 && found.allSatisfy { $0.severity == .warned })
    let told = found.flatMap(\.examples).joined()
    #expect(told.contains("2.tif (36 of its 2304 samples (1.6 %) are no finite numbers and are drawn black)") && told.contains("3.tif (1 of its 2304 samples (0.1 %)"), "\(told)")
    // The same of a volume of float32: its second slice has four.
    var volume = PublisherFiles.nifti(8, slices: 3) { _, _, _ in 0 }.prefix(352)
    volume.replaceSubrange(70..<74, with: [16, 0, 32, 0])
    for place in 0..<8 * 8 * 3 { withUnsafeBytes(of: (64..<68 ~= place ? Float.nan : Float(place)).bitPattern.littleEndian) { volume.append(contentsOf: $0) } }
    try data.write(Data(volume), to: "v.nii")
    let file = data.url.appendingPathComponent("v.nii")
    let kinds = try (0..<3).map { try ImageFile.readRemarked(file, .slice($0)).remarks.map(\.kind).filter { $0 == .notFinite } }
    #expect(kinds == [[], [.notFinite], []])
    #expect(try ImageDescription(file).remarks.map(\.words) == ["4 of its 192 samples (2.1 %) are no finite numbers and are drawn black"])
    #expect(try ImageFile.statedRemarks(file, .slice(1)) == nil)
  }

  @Test("Each kind of remark is a finding of its part, with an example in the decoder's words")
  func counted() throws {
    let data = try InspectedFolder()
    let source = try source(
      data, training: ["medical/wish-window-comma.dcm", "medical/wish-lut-short.dcm", "pictures/tiff-pages.tif"],
      test: ["medical/wish-window-text.dcm", "medical/wish-slope-0.dcm", "pictures/jpeg-orientation6.jpg"])
    let found = data.check(source, kind: .binaryClassification)
    func finding(_ code: String, _ part: String) throws -> DataFinding { try #require(found.first { $0.code == code && $0.part == part }, "\(code), \(part)") }
    let shown = try finding("images.display", "training")
    #expect(shown.count == 2 && shown.severity == .warned)
    #expect(
      shown.sentence
        == "2 of 9 training images cannot be shown as their files ask: train-wish-lut-short.dcm (its VOI LUT has fewer entries than it says; its window is used); train-wish-window-comma.dcm."
        || shown.sentence.hasPrefix("2 of 9 training images cannot be shown as their files ask: train-wish-"), "\(shown.sentence)")
    #expect(try finding("images.display", "test").count == 1)
    #expect(try finding("images.zeroSlope", "test").sentence == "1 of 6 test images has a rescale slope of 0: test-wish-slope-0.dcm (its rescale slope is 0, which counts as 1).")
    #expect(
      try finding("images.several", "training").sentence.hasSuffix("train-tiff-pages.tif (it holds 3 pictures, of which the first is read).")
        || finding("images.several", "training").count == 1)
    #expect(try finding("images.orientation", "test").severity == .noted)
    #expect(!found.contains { ["images.display", "images.zeroSlope", "images.several", "images.orientation"].contains($0.code) && $0.part == "validation" })
  }

  @Test("Images that a cache was built of are decoded once for both, and the check finds the same, reduced or not", arguments: [nil, 24])
  func sharedDecoding(reducedSize: Int?) throws {
    let data = try InspectedFolder()
    let source = try source(data, training: ["medical/wish-window-comma.dcm", "pictures/tiff-pages.tif"], test: ["pictures/jpeg-orientation6.jpg"])
    let splits = try DatasetResolver.resolve(source, kind: .binaryClassification), samples = DatasetPart.allCases.flatMap { splits[$0] }
    var recipe = Recipe.standard(for: .binaryClassification)
    recipe.reducedSize = reducedSize
    let inspection = DataInspection(TaskSpecification(name: "a", kind: .binaryClassification, data: source, recipe: recipe), splits: .success(splits))
    let plain = try inspection.check(masks: [:], opensPictures: true)
    let seen = try #require(inspection.watch()), folder = data.url.appendingPathComponent("cache")
    let cache = try ImageCache(folder: folder).prepare(samples, recipe: recipe, threads: 2, decoded: seen.watcher)
    #expect(seen.facts.count == samples.count)
    // Nothing is opened any more: the files may even be gone.
    for sample in samples { for file in sample.files { try FileManager.default.moveItem(at: file, to: file.appendingPathExtension("away")) } }
    let shared = try inspection.check(masks: [:], opensPictures: true, cache: cache, seen: seen)
    for sample in samples { for file in sample.files { try FileManager.default.moveItem(at: file.appendingPathExtension("away"), to: file) } }
    #expect(shared.pictures?.findings == plain.pictures?.findings && plain.pictures?.findings.isEmpty == false)
    #expect(shared.pictures?.digests.map(\.digest) == plain.pictures?.digests.map(\.digest))
    // A cache that was there before spares the decoding, and loses no remark.
    let later = try inspection.check(masks: [:], opensPictures: true, cache: ImageCache(folder: folder).prepare(samples, recipe: recipe, threads: 2))
    #expect(later.pictures?.findings == plain.pictures?.findings)
  }
}
