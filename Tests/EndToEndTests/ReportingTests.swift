import Foundation
import Foundations
import Testing

@Suite("What a reviewer asks for, through the command", .serialized)
struct ReportingTests {
  private static let effusion = SmallStudy.effusion.replacingOccurrences(of: "splitColumn: split", with: "splitColumn: split, groupColumns: [Sex]")
  private static let findings = SmallStudy.effusion.replacingOccurrences(of: "effusion", with: "findings")
    .replacingOccurrences(of: "binaryClassification", with: "multiLabelClassification").replacingOccurrences(of: "[Effusion]", with: "[Effusion, Nodule]")

  /// Two starts on two tasks, one with groups, all finished.
  private func study() throws -> StudyFixture {
    let fixture = try StudyFixture()
    try SmallStudy.draw(into: fixture)
    var table = try CSV.parse(try fixture.text("effusion/manifest.csv"))
    table.header.append("Sex")
    for row in table.rows.indices { table.rows[row].append(row % 2 == 0 ? "F" : "M") }
    try fixture.write(CSV.encode([table.header] + table.rows), to: "effusion/manifest.csv")
    try fixture.write(
      SmallStudy.text(initializations: ["random: random", "other: random"], tasks: [Self.effusion, Self.findings]).replacingOccurrences(of: "epochs: 2", with: "epochs: 1"),
      to: "study.yaml")
    let run = try fixture.run("run", "study.yaml")
    #expect(run.status == 0, "\(run.errors)")
    return fixture
  }

  private func evaluate(_ fixture: StudyFixture, _ changes: String...) throws {
    let result = try Command.run(["evaluate", "study.yaml"] + changes + ["--task", "findings", "--on", "effusion"], in: fixture.folder)
    #expect(result.status == 0, "\(result.errors)")
  }

  @Test("Each item of each checklist cites what is there or is the author's; answers to evaluate and each change of a recipe after them are looks at the test set")
  func checklistsAndLooks() throws {
    let fixture = try study()
    try evaluate(fixture)
    let names = ["claim-2024", "tripod-ai", "stard-ai"]
    let report = try Command.run(
      ["report", "study.yaml", "--to", "report", "--bootstrap", "never"] + names.flatMap { ["--checklist", $0] }, in: fixture.folder)
    #expect(report.status == 0, "\(report.errors)")
    for name in names { try check(name, fixture) }
    let numbers = try JSONSerialization.jsonObject(with: Data(try fixture.text("report/numbers.json").utf8)) as? [String: Any]
    let tasks = try #require(((numbers?["sections"] as? [String: Any])?["dataAndTraining"] as? [String: Any])?["tasks"] as? [[String: Any]])
    #expect(tasks.map { (($0["looks"] as? [String: Any])?["asked"] as? [Any])?.count } == [1, 0])
    // Nothing was tried twice yet.
    #expect(!report.output.contains("looks at the test set"))

    let change = "tasks.findings.recipe.epochs=2"
    let run = try fixture.run("run", "study.yaml", change)
    #expect(run.status == 0, "\(run.errors)")
    try evaluate(fixture, change)
    let again = try fixture.run("report", "study.yaml", change, "--to", "report", "--bootstrap", "never")
    let words = again.output.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    #expect(
      words.contains(
        "3 looks at the test set of effusion: this recipe, and 2 by answers to “medtransfer evaluate”: runs of findings with this report's recipe; runs of findings with another made before it (recipe.epochs 1 → 2). A result that was chosen after looking is too good."
      ),
      "\(again.output)")
    #expect(words.contains("2 looks at the test set of findings: this recipe, and 1 other made before it (recipe.epochs 1 → 2)."))
  }

  /// Every row is the author's, or cites files of the report's folder and keys of its numbers.
  private func check(_ name: String, _ fixture: StudyFixture) throws {
    let numbers = try JSONSerialization.jsonObject(with: Data(try fixture.text("report/numbers.json").utf8))
    let rows = try CSV.parse(try fixture.text("report/checklist-\(name).csv")).rows
    let files = /(?:tables|figures)\/[A-Za-z0-9.-]+\.(?:csv|json|tex)|\b(?:methods\.txt|results\.csv|report\.md|numbers\.json)/
    var cited: Set<String> = []
    for row in rows {
      guard row[3] != "author" else {
        #expect(row[4] == "author", "\(name), item \(row[0]): \(row[4])")
        continue
      }
      let found = row[4].matches(of: files).map { String($0.output) }
      #expect(!found.isEmpty, "\(name), item \(row[0]): \(row[4])")
      for file in found { #expect(FileManager.default.fileExists(atPath: fixture.url("report/\(file)").path), "\(name), item \(row[0]): \(file)") }
      for key in row[4].matches(of: /numbers\.json, ([A-Za-z.]+)/) {
        let value = key.output.1.split(separator: ".").reduce(numbers as Any?) { object, name in (object as? [String: Any])?[String(name)] }
        #expect(value != nil, "\(name), item \(row[0]): \(key.output.1)")
        cited.insert(String(key.output.1))
      }
      cited.formUnion(found)
    }
    // The sections that answer the clinical questions are cited by each.
    for file in [
      "tables/shares-effusion.csv", "tables/calibration-effusion.csv", "tables/net-benefit-effusion.csv", "tables/subgroups-effusion-Sex.csv", "tables/external.csv",
      "tables/data.csv", "tables/training.csv", "sections.subgroups",
    ] {
      #expect(cited.contains(file), "\(name): \(file) of \(cited.sorted())")
    }
    // Nothing is claimed of what learned nothing, and what is not claimed is not cited.
    let hasClaims = ((numbers as? [String: Any])?["sections"] as? [String: Any])?["claims"] != nil
    #expect(cited.contains("sections.claims") == hasClaims, "\(name): \(cited.sorted())")
  }
}
