import DatasetFixtures
import Foundation
import Testing

@testable import Datasets
@testable import Inspection

@Suite("Audits of real images", .tags(.data), .realImages)
struct RealAuditTests {
  private func audit(_ folder: String, _ isWanted: (String) -> Bool) throws -> DatasetAudit {
    let root = URL(fileURLWithPath: RealData.path(folder))
    let names = try FileManager.default.contentsOfDirectory(atPath: root.path).filter(isWanted).sorted()
    try #require(names.count > 40)
    let samples = names.map { Sample(id: $0, image: ImageReference(root.appendingPathComponent($0)), byteCount: 1) }
    // Patients are kept out of it, so that follow-up images are compared too.
    return DatasetAudit(try ImageInventory(FoundSamples(parts: [.training: samples], classNames: [])))
  }

  @Test("ChestX-ray14: one image is there twice, and no follow-up image is taken for a copy")
  func chestXray14() throws {
    let audit = try audit("chestxray14-1000/images-256") { $0.hasPrefix("00002") }
    #expect(audit.identical.map { $0.images.map(\.id) } == [["00002658_001.png", "00002658_002.png"]])
    #expect(audit.nearDuplicates.isEmpty && audit.unreadable.isEmpty && !audit.hasLeakage)
  }

  @Test("Pediatric pneumonia: the copies within training are found, and nothing else is")
  func pediatric() throws {
    let audit = try audit("pediatric-pneumonia/train/PNEUMONIA") { $0.hasPrefix("person13") }
    #expect(
      audit.identical.map { $0.images.map { $0.id.replacingOccurrences(of: ".jpeg", with: "") } } == [
        ["person1312_bacteria_3317", "person1312_bacteria_3318"], ["person1343_bacteria_3413", "person1343_bacteria_3414"],
        ["person1349_bacteria_3436", "person1349_bacteria_3437"],
        ["person1372_bacteria_3501", "person1372_bacteria_3502", "person1372_bacteria_3503"],
      ])
    #expect(audit.nearDuplicates.isEmpty && !audit.hasLeakage)
  }

  @Test("DRIVE: no eye is taken for another one, however alike bright discs are")
  func drive() throws {
    let root = URL(fileURLWithPath: RealData.path("drive"))
    func samples(_ part: String) throws -> [Sample] {
      let folder = root.appendingPathComponent("\(part)/images")
      return try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted().map {
        Sample(id: "\(part)/\($0)", image: ImageReference(folder.appendingPathComponent($0)), byteCount: 1)
      }
    }
    let audit = DatasetAudit(try ImageInventory(FoundSamples(parts: [.training: try samples("training"), .test: try samples("test")], classNames: [])))
    #expect(audit.nearDuplicates.isEmpty && audit.identical.isEmpty && audit.unreadable.isEmpty && !audit.hasLeakage)
  }
}
