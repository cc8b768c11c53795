import Foundation
import Foundations
import Imaging
import PublishedCopies
import Studies
import Testing

@testable import Datasets
@testable import Inspection

@Suite("Masks and label maps are read by the numbers that they store, whatever their type")
struct MaskNumberTests {
  private static let side = 24

  /// Ten images with masks of one type whose numbers a function tells.
  private func folders(_ data: InspectedFolder, _ kind: NumberTIFF.Kind, _ number: (Int, Int, Int) -> Double) throws -> MaskFolderSource {
    for index in 0..<10 {
      try data.image("images/c\(index).png", index)
      let values = (0..<Self.side * Self.side).map { number(index, $0 % Self.side, $0 / Self.side) }
      try data.write(NumberTIFF.file(values, width: Self.side, kind), to: "masks/c\(index).tif")
    }
    return MaskFolderSource(training: FolderPair(images: data.path("images"), masks: data.path("masks")), split: SplitRule(validation: 0.2, test: 0.2))
  }

  /// The object's pixels of the first training sample as a study reads it.
  private func object(_ source: MaskFolderSource) throws -> Int {
    var splits = try DatasetResolver.resolve(.maskFolders(source), kind: .binarySegmentation)
    let files = splits.automaticMasks()
    if !files.isEmpty { splits = splits.reading(try DatasetSplits.understand(files).understanding) }
    return try #require(try splits.training.first?.mask?.read(width: Self.side, height: Self.side, of: "").foregroundCount)
  }

  @Test("Files that number the object 1 and files that number it 2 are no two levels, of any type", arguments: NumberTIFF.Kind.allCases)
  func numbersOfSeveralFiles(kind: NumberTIFF.Kind) throws {
    let data = try InspectedFolder(), source = try folders(data, kind) { index, x, _ in x < 8 ? Double(1 + index % 2) : 0 }
    let finding = try #require(data.check(.maskFolders(source), kind: .binarySegmentation).first { $0.code == "masks.levels" })
    #expect(finding.isRefusal && finding.sentence.contains("1 (960 pixels in 5 of 10 masks), 2 (960 pixels in 5 of 10 masks)"), "\(finding.sentence)")
    let plain = try InspectedFolder(), one = try folders(plain, kind) { index, x, _ in index == 3 || x < 8 ? 1 : 0 }
    #expect(plain.check(.maskFolders(one), kind: .binarySegmentation).filter(\.isRefusal).isEmpty)
    #expect(try object(one) == 8 * Self.side)
    // A mask that is object everywhere stays so.
    #expect(try Mask.read(plain.url.appendingPathComponent("masks/c3.tif")).foregroundCount == Self.side * Self.side)
  }

  @Test("Labels are met by their own numbers, also negative ones and those within rounding, and what is none is refused by them")
  func labels() throws {
    let data = try InspectedFolder()
    var source = try folders(data, .float32) { _, x, _ in x < 6 ? 0.9999999 : x < 12 ? 2 : 0 }
    source.meaning = MaskMeaning(labels: ["x": [1], "y": [2]], object: ["y"])
    #expect(data.check(.maskFolders(source), kind: .binarySegmentation).filter(\.isRefusal).isEmpty)
    #expect(try object(source) == 6 * Self.side)
    source.meaning = MaskMeaning(labels: ["x": [1]])
    let unexpected = try #require(data.check(.maskFolders(source), kind: .binarySegmentation).first { $0.code == "masks.unexpected" })
    #expect(unexpected.sentence.contains("does not name: 2 (1,440 pixels in 10 masks"), "\(unexpected.sentence)")
    let signed = try InspectedFolder(), two = try folders(signed, .int16) { _, x, _ in x < 6 ? 1 : -1 }
    #expect(signed.check(.maskFolders(two), kind: .binarySegmentation).filter(\.isRefusal).isEmpty)
    #expect(try object(two) == 6 * Self.side)
  }

  @Test("Probabilities are refused until a threshold in their own unit says what is object")
  func probabilities() throws {
    let data = try InspectedFolder()
    var source = try folders(data, .float32) { index, x, _ in x < 6 ? 0.9 - Double(index) / 50 : x < 12 ? 0.4 : 0.05 }
    let refused = data.check(.maskFolders(source), kind: .binarySegmentation).filter(\.isRefusal)
    #expect(refused.contains { $0.sentence.contains("holds numbers from 0.05 to 0.9, and not whole ones") }, "\(refused)")
    for (threshold, columns) in [(MaskThreshold.aboveNumber(0.5), 6), (.aboveNumber(0.1), 12), (.nonZero, Self.side)] {
      source.meaning = MaskMeaning(threshold: threshold)
      #expect(data.check(.maskFolders(source), kind: .binarySegmentation).filter(\.isRefusal).isEmpty)
      #expect(try object(source) == columns * Self.side, "\(threshold)")
    }
  }

  @Test("nnU-Net's label maps in TIFF are read by their numbers, of any type", arguments: NumberTIFF.Kind.allCases)
  func labelMaps(kind: NumberTIFF.Kind) throws {
    let data = try InspectedFolder()
    for index in 0..<6 {
      let image = (0..<Self.side * Self.side).map { Double(($0 * (index + 3)) % 251) }
      try data.write(NumberTIFF.file(image, width: Self.side, kind), to: "imagesTr/c\(index)_0000.tif")
      // Some maps have the first label alone.
      let map = (0..<Self.side * Self.side).map { $0 % Self.side < 5 ? 1.0 : $0 % Self.side < 9 && index % 2 == 0 ? 2 : 0 }
      try data.write(NumberTIFF.file(map, width: Self.side, kind), to: "labelsTr/c\(index).tif")
    }
    try data.write(#"{"labels": {"background": 0, "liver": 1, "tumor": 2}, "file_ending": ".tif", "numTraining": 6}"#, to: "dataset.json")
    let source = NNUNetSource(folder: data.url.path, labels: ["liver"], split: SplitRule(validation: 0.2, test: 0.2))
    #expect(data.check(.nnUNet(source), kind: .binarySegmentation).filter(\.isRefusal).isEmpty)
    let splits = try DatasetResolver.resolve(.nnUNet(source), kind: .binarySegmentation)
    for sample in DatasetPart.allCases.flatMap({ splits[$0] }) {
      #expect(try sample.mask?.read(width: Self.side, height: Self.side, of: "").foregroundCount == 5 * Self.side, "\(sample.id)")
    }
  }
}
