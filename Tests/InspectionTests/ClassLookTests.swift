import Foundation
import PublishedCopies
import Studies
import Testing

@testable import Datasets
@testable import Inspection

@Suite("What tells a class without being the finding is told before anything is trained")
struct ClassLookTests {
  /// Twelve images a class, of which a function says the side and the ending.
  private func findings(
    _ folders: [String] = ["A", "B"], positive: String? = "B", kind: TaskKind = .binaryClassification, stored: (String, Int) -> (side: Int, ending: String)
  ) throws -> [DataFinding] {
    let data = try InspectedFolder()
    for (index, folder) in folders.enumerated() {
      for number in 0..<12 {
        let (side, ending) = stored(folder, number)
        try data.image("images/\(folder)/\(number).\(ending)", index * 100 + number, side: side)
      }
    }
    let source = ClassFolderSource(training: data.path("images"), positive: positive, split: SplitRule(validation: 0.2, test: 0.2))
    return data.check(.classFolders(source), kind: kind)
  }

  @Test("A size, or an ending, that tells the class of every image is warned of; one that most of both classes have is not")
  func storage() throws {
    func told(_ stored: (String, Int) -> (side: Int, ending: String)) throws -> [String] {
      try findings(stored: stored).filter { $0.code == "labels.toldByStorage" && $0.severity == .warned }.map(\.sentence)
    }
    #expect(try told { folder, _ in (folder == "B" ? 32 : 24, "png") } == ["The size of an image's file tells whether it is B: 12 of 24 × 24 are not B, 12 of 32 × 32 are B."])
    #expect(try told { folder, _ in (24, folder == "B" ? "jpeg" : "png") } == ["The ending of an image's file tells whether it is B: 12 of jpg are B, 12 of png are not B."])
    #expect(try told { _, _ in (24, "png") }.isEmpty)
    // One image of the other kind is enough, few of a kind say nothing, and two spellings are one ending.
    #expect(try told { folder, number in (folder == "B" || number == 3 ? 32 : 24, "png") }.isEmpty)
    #expect(try told { _, number in (24 + number, "png") }.isEmpty)
    #expect(try told { folder, _ in (24, folder == "B" ? "jpeg" : "jpg") }.isEmpty)
  }

  @Test("Several folders that are the negative class are listed, and one that is called as masks are is warned of; two classes are neither")
  func folders() throws {
    func folders(_ names: [String], positive: String? = "B", kind: TaskKind = .binaryClassification) throws -> DataFinding? {
      try findings(names, positive: positive, kind: kind) { _, _ in (24, "png") }.first { $0.code == "labels.folders" }
    }
    #expect(try folders(["A", "B"]) == nil)
    let several = try #require(try folders(["A", "B", "C"]))
    #expect(several.severity == .noted && several.sentence == "Not B are the images of 2 folders: A (12 images), C (12 images).")
    let masks = try #require(try folders(["A", "B", "Masks"]))
    #expect(masks.severity == .warned && masks.remedy == "Move Masks out of the folder if it is no class, or accept it.", "\(masks)")
    #expect(
      try folders(["A", "B", "masks"], positive: nil, kind: .multiclassClassification)?.sentence == "Classes are the folders A (12 images), B (12 images), masks (12 images).")
    #expect(try folders(["A", "B", "C"], positive: nil, kind: .multiclassClassification) == nil)
  }
}
