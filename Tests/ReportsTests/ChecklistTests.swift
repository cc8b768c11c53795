import Figures
import Foundation
import Foundations
import Metrics
import RunStore
import Studies
import Testing

@testable import Reports

@Suite("Checklists of reporting")
struct ChecklistTests {
  /// A made-up study that has everything a report can cite: runs with pictures, weights, splits, an audit, answers elsewhere.
  private func wholeStudy() throws -> EvidenceFixture {
    let fixture = try EvidenceFixture(seeds: "[1, 2, 3]", groups: ["Sex"])
    try fixture.finish()
    try fixture.putSplits()
    try fixture.putGroups()
    try fixture.putObservers()
    try fixture.putList(every: 1000)
    try fixture.putAudit(leaking: ["image-0000.png"])
    for cell in fixture.plan.cells {
      let directory = RunDirectory(of: cell, in: fixture.output)
      try FileManager.default.createDirectory(at: directory.examplesFolder, withIntermediateDirectories: true)
      try Self.picture.write(to: directory.examplesFolder.appendingPathComponent("a.png"))
      try directory.write(
        RunExamples(kind: .gradCAM, legend: "Grad-CAM.", examples: [.init(file: "a.png", id: "image-0001.png", className: "Edema", probability: 0.5)]),
        to: directory.examplesFile)
      try fixture.ask(cell, on: "other", data: "data of other")
    }
    return fixture
  }

  /// The smallest PNG there is: one gray pixel.
  private static let picture = Data(base64Encoded: "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNgAAAAAgABSK+kcQAAAABJRU5ErkJggg==") ?? Data()

  @Test("Every citation of every checklist is there in a study that has everything", arguments: ChecklistCatalog.all.map(\.id))
  func citations(id: String) throws {
    let fixture = try wholeStudy(), checklist = try ChecklistCatalog.named(id)
    let files = try StudyFolder(fixture.plan, settings: StudySettings(bootstrap: .always), maker: "test").files()
    let numbers = try #require(files.first { $0.path == "numbers.json" }).data
    let places = ReportPlaces(files: files.map(\.path), numbers: numbers)
    for item in checklist.items {
      for evidence in item.evidence { #expect(places.citation(evidence) != nil, "\(id), item \(item.number): \(evidence.place)") }
    }
  }

  @Test("Items have the papers' numbers, each once and in their order")
  func numbers() {
    func numbers(_ list: ReportingChecklist) -> [String] { list.items.map(\.number) }
    #expect(numbers(.claim2024) == (1...44).map(String.init))
    // Twenty-seven items in fifty-two parts.
    let lettered = ["3": 3, "5": 2, "6": 3, "8": 3, "9": 3, "12": 7, "18": 6, "20": 3, "23": 2, "27": 3]
    func parts(_ count: Int, _ lettered: [String: Int]) -> [String] {
      var names: [String] = []
      for number in 1...count {
        guard let parts = lettered["\(number)"] else {
          names.append("\(number)")
          continue
        }
        for letter in "abcdefg".prefix(parts) { names.append("\(number)\(letter)") }
      }
      return names
    }
    #expect(numbers(.tripodAI) == parts(27, lettered) && numbers(.tripodAI).count == 52)
    #expect(numbers(.stardAI) == parts(40, ["15": 4, "16": 3, "17": 2, "26": 2, "40": 2]) && numbers(.stardAI).count == 48)
    for list in ChecklistCatalog.all { #expect(list.citation.contains("doi 10.") && !list.title.isEmpty) }
  }

  @Test("A checklist is written three ways, cites what is there and nothing else, and one of an earlier report goes")
  func written() throws {
    let fixture = try EvidenceFixture()
    try fixture.finish()
    try fixture.putSplits()
    var report = try StudyFolder(fixture.plan, settings: StudySettings(bootstrap: .never), maker: "test")
    report.checklists = [.claim2024]
    let folder = fixture.folder.appendingPathComponent("report")
    let filled = try #require(report.write(to: folder, plotly: nil).first)
    #expect(filled.lines.count == 44 && FilledChecklist.Standing.allCases.reduce(0) { $0 + filled.count($1) } == 44)
    #expect(
      filled.summary
        == "CLAIM, update of 2024: of 44 items the report answers \(filled.count(.run)), and \(filled.count(.runAndAuthor)) in part; \(filled.count(.author)) are the author's.")
    func line(_ number: String) throws -> FilledChecklist.Line { try #require(filled.lines.first { $0.number == number }) }
    #expect(try line("20").citations == ["methods.txt: how the images are parted, and whether patients are"] && line("20").standing == .run)
    #expect(try line("29").citations.contains("numbers.json, settings.analysis.significance = 0.05: the level of significance"))
    // No run was asked about another test set, and no pictures were kept.
    #expect(try line("33").standing == .author && line("31").standing == .author && line("1").standing == .author)
    let rows = filled.table.rows
    #expect(
      rows[8].map(\.text) == [
        "9", "Data", "What was done to images before the network saw them", "run, author",
        "tables/training.csv: size, normalization, interpolation and augmentation of images; author: what was done to the files before",
      ])
    #expect(rows[0].last?.text == "author")
    for ending in ["md", "html", "csv"] { #expect(FileManager.default.fileExists(atPath: folder.appendingPathComponent("checklist-claim-2024.\(ending)").path)) }
    for line in filled.lines {
      for citation in line.citations where !citation.hasPrefix("numbers.json, ") {
        let path = String(citation.prefix { $0 != ":" && $0 != "," }).replacingOccurrences(of: " and \\d+ more", with: "", options: .regularExpression)
        #expect(FileManager.default.fileExists(atPath: folder.appendingPathComponent(path).path), "\(citation)")
      }
    }
    report.checklists = [.stardAI]
    try report.write(to: folder, plotly: nil)
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { $0.hasPrefix("checklist-") }
    #expect(names.sorted() == ["checklist-stard-ai.csv", "checklist-stard-ai.html", "checklist-stard-ai.md"])
  }

  @Test(
    "Where no split is known no checklist cites parts, shares or how patients are parted; what the runs alone say is cited all the same", arguments: ChecklistCatalog.all.map(\.id))
  func unknownSplits(id: String) throws {
    let fixture = try EvidenceFixture(), checklist = try ChecklistCatalog.named(id)
    try fixture.finish()
    func filled() throws -> FilledChecklist {
      let files = try StudyFolder(fixture.plan, settings: StudySettings(bootstrap: .never), maker: "test").files()
      return try FilledChecklist(checklist, files: files.map(\.path), numbers: try #require(files.first { $0.path == "numbers.json" }).data)
    }
    let places = [ChecklistEvidence.parts, .splits, .partWords].map(\.says), without = try filled()
    #expect(!without.lines.contains { line in line.citations.contains { citation in places.contains { citation.hasSuffix(": \($0)") } } })
    // The table is there, and tells of a part only what runs left out.
    let needed = checklist.items.filter { item in !item.evidence.isEmpty && item.evidence.allSatisfy { places.contains($0.says) } }.map(\.number)
    #expect(!needed.isEmpty && without.lines.filter { needed.contains($0.number) }.allSatisfy { $0.standing == .author && $0.remaining == nil })
    #expect(without.lines.contains { $0.citations.contains { $0.hasPrefix("tables/training.csv") } })
    // A split of other data than the runs' is none.
    try fixture.put(fixture.split("chest", data: "other data"), SplitRecord.path(of: "chest"))
    #expect(try filled().lines.map(\.citations) == without.lines.map(\.citations))
    try fixture.putSplits()
    let with = try filled()
    #expect(with.lines.filter { needed.contains($0.number) }.allSatisfy { $0.standing != .author && !$0.citations.isEmpty })
    #expect(with.count(.author) < without.count(.author))
  }

  @Test("A checklist that there is not is refused with the nearest")
  func unknown() {
    do {
      _ = try ChecklistCatalog.named("claim-2042")
      Issue.record("found")
    } catch {
      #expect(sentence(for: error) == "There is no checklist “claim-2042”. Did you mean “claim-2024”?")
    }
  }
}
