import Foundation
import Testing

@Suite("A task in folds", .serialized)
struct FoldTaskTests {
  /// The drawn images in one part.
  private func study(_ fixture: StudyFixture, seeds: String = "2", tasks: String? = nil) throws {
    try SmallStudy.draw(into: fixture)
    for kind in ["effusion", "lungs"] {
      // Without the column of parts all images are there to be parted.
      let rows = try fixture.text("\(kind)/manifest.csv").split(separator: "\n").map { $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init) }
      let split = try #require(rows[0].firstIndex(of: "split"))
      try fixture.write(
        rows.map { row in row.enumerated().filter { $0.offset != split }.map(\.element).joined(separator: ",") }.joined(separator: "\n") + "\n", to: "\(kind)/all.csv")
    }
    let effusion = """
        effusion:
          kind: binaryClassification
          data: {manifest: {file: effusion/all.csv, imageRoot: effusion, labelColumns: [Effusion], patientColumn: patient, split: {folds: 2, validation: 0.3}}}
          recipe: {inputSize: 64, epochs: 1}
      """
    let lungs = """
        lungs:
          kind: binarySegmentation
          data: {manifest: {file: lungs/all.csv, imageRoot: lungs, maskColumn: mask, patientColumn: patient, split: {folds: 3}}}
          recipe: {inputSize: 64, epochs: 1, testTimeAugmentation: none}
      """
    let source = SmallStudy.effusion.replacingOccurrences(of: "effusion:", with: "source:") + "\n    target: false\n    recipe: {inputSize: 64, epochs: 1}"
    try fixture.write(
      SmallStudy.text(
        seeds: seeds, initializations: tasks == nil ? ["random: random", "adapted: {trainedOn: source, from: random}"] : ["random: random"],
        tasks: tasks.map { [$0] } ?? [effusion, lungs, source]), to: "study.yaml")
  }

  private func column(_ fixture: StudyFixture, _ run: String) throws -> [String] {
    try fixture.text("runs/\(run)/predictions.csv").split(separator: "\n").dropFirst().map { String($0.split(separator: ",")[0]) }
  }

  @Test("Each fold is a run; a repeat counts with all of them, every image tested once; report, pack and their refusals speak of repeats")
  func wholeStudy() throws {
    let fixture = try StudyFixture()
    try study(fixture)
    let plan = try fixture.run("plan", "study.yaml", "--no-estimate")
    #expect(plan.status == 0 && plan.output.contains("Fold") && plan.output.contains("21 runs: 21 missing."), "\(plan.output)\(plan.errors)")
    let check = try fixture.run("check", "study.yaml")
    #expect(check.status == 0 && check.output.contains("fold 1") && check.output.contains("fold 3"), "\(check.output)\(check.errors)")

    // One fold alone is no repeat.
    let part = try fixture.run("run", "study.yaml", "--task", "effusion", "--seed", "1", "--initialization", "random")
    #expect(part.status == 0, "\(part.errors)")
    let runs = try fixture.runs().filter { $0.hasPrefix("effusion") }
    #expect(runs.count == 2 && runs[0].contains("/seed1-fold-1-") && runs[1].contains("/seed1-fold-2-"), "\(runs)")
    let tested = try runs.map { try column(fixture, $0) }
    #expect(Set(tested[0]).isDisjoint(with: tested[1]) && tested[0].count + tested[1].count == 26)
    for fold in 1...2 {
      #expect(try fixture.text("runs/splits/effusion.fold-\(fold).json").contains("\"count\" : 2"))
    }
    try FileManager.default.removeItem(at: fixture.url("runs/\(runs[1])"))
    let status = try fixture.run("status", "study.yaml")
    #expect(status.output.contains("effusion: 2-fold cross-validation; a repeat is one seed over all folds, and 0 of 4 are whole."), "\(status.output)")
    let early = try fixture.run("report", "study.yaml", "--task", "effusion", "--output", "early")
    #expect(!early.output.contains("±"), "\(early.output)\(early.errors)")

    let run = try fixture.run("run", "study.yaml")
    #expect(run.status == 0 && run.errors.contains("20 run now, 1 finished before"), "\(run.errors)")
    let again = try fixture.run("run", "study.yaml")
    #expect(again.status == 0 && again.errors.contains("0 run now, 21 finished before"), "\(again.errors)")
    #expect(try fixture.run("status", "study.yaml").output.contains("lungs: 3-fold cross-validation; a repeat is one seed over all folds, and 4 of 4 are whole."))

    let report = try fixture.run("report", "study.yaml", "--output", "report")
    #expect(report.status == 0, "\(report.errors)")
    let text = try fixture.text("report/report.md"), methods = try fixture.text("report/methods.txt")
    for words in ["effusion: 2-fold cross-validation, patient-disjoint; 2 repeats of 2 folds.", "lungs: 3-fold cross-validation, patient-disjoint; 2 repeats of 3 folds."] {
      #expect(text.contains(words) && methods.contains(words), "\(text)")
    }
    #expect(methods.contains("Nadeau and Bengio (2003)") && methods.contains("folds are never counted as seeds"))
    let numbers = try #require(try JSONSerialization.jsonObject(with: Data(contentsOf: fixture.url("report/numbers.json"))) as? [String: Any])
    let counted = try #require(numbers["runs"] as? [[String: Any]])
    #expect(counted.count == 8 && counted.filter { $0["task"] as? String == "effusion" }.allSatisfy { $0["imageCount"] as? Int == 26 })
    let folds = try fixture.text("report/tables/folds-effusion.csv")
    #expect(folds.contains("Fold 2") && folds.contains("2 of 2"), "\(folds)")

    let pack = try fixture.run("pack", "study.yaml", "--to", "pack.tar.gz")
    #expect(pack.status == 0, "\(pack.errors)")
    let hidden = try fixture.run("pack", "study.yaml", "--to", "hidden.tar.gz", "--hide-patients")
    #expect(hidden.status == 0, "\(hidden.errors)")

    let asked = try fixture.run("evaluate", "study.yaml", "--task", "effusion", "--on", "effusion")
    #expect(asked.status != 0 && asked.errors.contains("effusion has 2 folds, so each of its repeats is 2 networks"), "\(asked.errors)")
    for name in ["effusion", "lungs", "runs"] { try FileManager.default.removeItem(at: fixture.url(name)) }
    for name in ["pack.tar.gz", "hidden.tar.gz"] {
      let verified = try fixture.run("verify", "pack", name)
      #expect(verified.status == 0 && verified.output.contains("The pack holds: every number follows from its predictions."), "\(verified.output)\(verified.errors)")
    }
  }

  @Test("One fold by its place is one run, a killed study goes on with the folds that are missing, and data that cannot be folded are refused")
  func parts() throws {
    let fixture = try StudyFixture()
    try study(
      fixture, seeds: "1",
      tasks: """
          effusion:
            kind: binaryClassification
            data: {manifest: {file: effusion/all.csv, imageRoot: effusion, labelColumns: [Effusion], patientColumn: patient, split: {folds: 2, validation: 0.3}}}
            recipe: {inputSize: 64, epochs: 1}
        """)
    let listing = try fixture.run("plan", "study.yaml", "--no-estimate", "--json")
    let object = try #require(try JSONSerialization.jsonObject(with: Data(listing.output.utf8)) as? [String: Any])
    let lines = try #require((object["plan"] as? [String: Any] ?? object)["lines"] as? [[String: Any]])
    let second = try #require(lines.first { $0["fold"] as? Int == 2 }?["run"] as? String)
    let one = try fixture.run("run", "study.yaml", "--cell", second)
    #expect(one.status == 0, "\(one.errors)")
    #expect(try fixture.runs() == [second])
    let rest = try fixture.run("run", "study.yaml")
    #expect(rest.status == 0 && rest.errors.contains("1 run now, 1 finished before"), "\(rest.errors)")
    let report = try fixture.run("report", "study.yaml", "--output", "report")
    #expect(report.status == 0, "\(report.errors)")
    #expect(try fixture.text("report/report.md").contains("effusion: 2-fold cross-validation, patient-disjoint; 1 repeat of 2 folds."))
    let many = try fixture.run("plan", "study.yaml", "tasks.effusion.data.manifest.split.folds=40")
    #expect(many.status != 0 && many.errors.contains("cannot be parted into 40 folds, each of which needs one."), "\(many.errors)")
    let split = try fixture.run("tasks", "split", "study.yaml", "--to", "parts.csv")
    #expect(split.status == 0 && split.output.contains("effusion, fold 2 of 2: "), "\(split.output)\(split.errors)")
    #expect(try fixture.text("parts.fold-1.csv").hasPrefix("path,patient,split,fraction"))
  }
}
