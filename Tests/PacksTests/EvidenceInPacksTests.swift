import Foundation
import Foundations
import Reports
import RunStore
import Studies
import Testing

@testable import Packs

/// What a study's output knows beside its runs goes into its pack, and the numbers that follow from it are verified.
@Suite("Splits, audits, lists and earlier looks in packs")
struct EvidenceInPacksTests {
  /// A study with an earlier recipe's runs, counted parts, an audit, and a list with two of its test images.
  private func fixture() throws -> PackFixture {
    let fixture = try PackFixture(initialization: "own: {weights: own.pth, trainingImages: lists/seen.csv}")
    var earlier = fixture.plan.study
    earlier.tasks[0].recipe.epochs = 5
    let other = try Plan(earlier, fingerprints: Fingerprints(data: { "data of \($0.name)" }, weights: { _ in "digest of weights" }))
    for (number, cell) in other.cells.enumerated() where cell.task == "findings" { try fixture.finish(cell, number + 50, of: other) }
    func put(_ value: some Encodable, _ path: String) throws {
      let url = fixture.output.appendingPathComponent(path)
      try AtomicFile.makeFolder(url.deletingLastPathComponent())
      try AtomicFile.write(CanonicalJSON.encodePretty(value), to: url)
    }
    let table = try Digest.sha256Hex(ofFile: fixture.output.appendingPathComponent("splits/findings.csv"))
    func part(_ images: Int, _ digest: String) -> SplitRecord.Part { .init(images: images, patients: images / 2, classes: [], sha256: digest) }
    try put(
      SplitRecord(
        task: "findings", table: "findings.csv", sha256: table, data: "data of findings", subsets: [:], images: ["test": 24, "validation": 8], seed: 0,
        parts: ["test": part(24, "t"), "validation": part(8, "v")], origin: nil, subsetImages: nil), "splits/findings.json")
    try put(
      AuditRecord(
        task: "findings", data: "data of findings", images: ["test": 24], patients: 12, sharedPatients: 0, identicalAcross: 1, identicalWithin: 0,
        nearAcross: 0, nearWithin: 0, labelConflicts: 0, uniform: 0, unreadable: 0, leakingTestImages: ["7.png"], lineages: []),
      AuditRecord.path(of: "findings"))
    try put(
      TrainingListRecord(
        task: "findings", data: "data of findings", testImages: 24,
        findings: [
          .init(
            initializations: ["own"], list: "seen.csv", sha256: "ab", entries: 9, hasDigests: false,
            matches: ["3.png", "5.png"].map { .init(image: $0, evidence: .name, entry: "all/\($0)") })
        ]), TrainingListRecord.path(of: "findings"))
    return fixture
  }

  @Test("A pack has them, holds, and says the look, the leak and the marked cell as the report does")
  func whole() throws {
    let fixture = try fixture()
    // An earlier run was asked about a test set that this study has not: a look that a pack tells by its record alone.
    let other = try #require(try RunFolderSource(fixture.output).runs().first { run in !fixture.plan.cells.contains { $0.relativePath == run } })
    let record = try RunReader(RunFolderSource(fixture.output), run: other).record()
    let folder = fixture.output.appendingPathComponent("\(other)/external/there")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    try CanonicalJSON.encodePretty(
      ExternalEvaluation(
        task: "there", part: "test", run: record.cell.identity, data: "data of there", testSet: "th", classes: [], classesOfRunLeftOut: [],
        classesOfTestSetLeftOut: [], overlap: ["there seen.png"], leavesOverlapOut: true, imageCount: 3, unusable: [], predictions: "none")
    ).write(to: folder.appendingPathComponent("evaluation.json"))
    var hiding = PackOptions()
    hiding.hidesPatients = true
    try fixture.write(hiding)
    let hidden = try fixture.members()
    #expect(try fixture.verify().holds && hidden.keys.allSatisfy { !hidden.text($0).contains("there seen.png") })
    try fixture.write()
    let members = try fixture.members(), verification = try fixture.verify()
    #expect(verification.holds, "\(verification.text())")
    #expect(members.text("numbers.json").contains("\"onTask\" : \"there\""))
    #expect(members.keys.count { $0.hasPrefix("other-runs/") && $0.hasSuffix("/cell.json") } == 6)
    #expect(!members.keys.contains { $0.hasPrefix("other-runs/") && $0.hasSuffix(".csv") })
    let numbers = try JSONDecoder().decode(StudyNumbers.self, from: members["numbers.json"] ?? Data())
    #expect(try numbers.json() == StudyNumbers(StudyOutline(fixture.plan), from: RunFolderSource(fixture.output), settings: numbers.settings).json())
    #expect(members.text("tables/results.csv").contains(" †") && members.text("verdicts.txt").contains("† own ("))
    #expect(members.text("numbers.json").contains("\"key\" : \"recipe.epochs\"") && members["tables/leak-free.csv"] != nil)
    #expect(verification.checks.first { $0.name == "Test images known from training, in their part of the split" }?.count == 3)
  }

  static let forgeries: [(String, String, @Sendable (inout [String: Data]) throws -> Void)] = [
    (
      "an earlier look removed", "numbers.json",
      { members in
        for path in members.keys where path.hasPrefix("other-runs/") { members[path] = nil }
      }
    ),
    (
      "a list without its matches", "numbers.json",
      { members in
        let path = TrainingListRecord.path(of: "findings"), record = try JSONDecoder().decode(TrainingListRecord.self, from: members[path] ?? Data())
        members[path] = try CanonicalJSON.encodePretty(TrainingListRecord(task: record.task, data: record.data, testImages: 24, findings: []))
      }
    ),
    (
      "an image that is no test image on a list", TrainingListRecord.path(of: "findings"),
      { try $0.replace("\"3.png\"", "\"v3.png\"", in: TrainingListRecord.path(of: "findings")) }
    ),
    ("an audit without its leak", "numbers.json", { try $0.replace("\"7.png\"", "", in: AuditRecord.path(of: "findings")) }),
    (
      "more images than the table has", "splits/findings.json",
      { try $0.replace("\"images\" : 24,\n      \"patients\"", "\"images\" : 240,\n      \"patients\"", in: "splits/findings.json") }
    ),
    (
      "another machine", "numbers.json",
      { members in
        let path = members.keys.sorted().first { $0.hasPrefix("runs/findings/random/seed1-") && $0.hasSuffix("timing.json") } ?? "none"
        try members.replace("30", "3", in: path)
      }
    ),
  ]

  @Test("What is taken out or changed is named, with a manifest in line too", arguments: forgeries.indices)
  func forged(index: Int) throws {
    let (name, named, change) = Self.forgeries[index], fixture = try fixture()
    for cell in fixture.plan.cells {
      let directory = RunDirectory(of: cell, in: fixture.output)
      try directory.write(RunTiming(seconds: 30, trainedImages: 1, resumedAfterStep: nil, began: nil, ended: nil), to: directory.timingFile)
    }
    try fixture.write()
    try fixture.forge(isListed: true, change)
    let verification = try fixture.verify()
    #expect(verification.faults.contains { $0.name.contains(named) }, "\(name): \(verification.text())")
  }

  @Test("With hidden patients no image is named in any of them, and the numbers hold and are the same")
  func hidden() throws {
    let fixture = try fixture()
    try fixture.write()
    let open = try fixture.members()
    var options = PackOptions()
    options.hidesPatients = true
    try fixture.write(options)
    let members = try fixture.members()
    for path in members.keys { #expect(!members.text(path).contains(".png"), "\(path)") }
    #expect(try fixture.verify().holds)
    #expect(members.text("tables/results.csv") == open.text("tables/results.csv") && members.text("verdicts.txt") == open.text("verdicts.txt"))
    #expect(members.text("tables/leak-free.csv") == open.text("tables/leak-free.csv"))
  }
}
