import Foundation
import Testing

@Suite("Trained runs on another test set", .serialized)
struct EvaluateTests {
  /// The findings task, whose images are other ones; `columns` are what its manifest calls them.
  private func findings(_ labels: String) -> String {
    """
      findings:
        kind: multiLabelClassification
        data: {manifest: {file: findings/manifest.csv, imageRoot: findings, labelColumns: [\(labels)], patientColumn: patient, splitColumn: split}}
    """
  }

  private func predictions(_ fixture: StudyFixture, _ run: String, _ path: String) throws -> [[Substring]] {
    try fixture.text("runs/\(run)/\(path)").split(separator: "\n").map { $0.split(separator: ",", omittingEmptySubsequences: false) }
  }

  @Test("A run of two findings answers a task of one: classes by name, one line a class in the table, stored and not repeated")
  func classification() throws {
    let fixture = try StudyFixture()
    try SmallStudy.draw(into: fixture)
    try fixture.write(SmallStudy.text(tasks: [findings("Effusion, Nodule"), SmallStudy.effusion]), to: "study.yaml")
    let ran = try fixture.run("run", "study.yaml", "--task", "findings", "recipe.maximumSteps=2")
    #expect(ran.status == 0, "\(ran.errors)")
    let changes = "recipe.maximumSteps=2"
    let early = try fixture.run("report", "study.yaml", changes, "--external")
    #expect(early.status == 1)
    #expect(
      early.errors.contains(
        "No run of small has been asked about another test set. Ask the runs of a task with “medtransfer evaluate STUDY --task A --on B”, then report again."),
      "\(early.errors)")
    let first = try fixture.run("evaluate", "study.yaml", changes, "--task", "findings", "--on", "effusion")
    #expect(first.status == 0, "\(first.errors)")
    #expect(first.output.contains("random          AUROC"), "\(first.output)")
    #expect(first.output.contains("Own, 95 % interval") && first.output.contains("DeLong by patient, logit scale"), "\(first.output)")
    #expect(first.output.contains("findings: 8 images; effusion: 8 images."))
    #expect(first.output.contains("Classes only of the runs, left out: Nodule."))
    #expect(first.errors.contains("findings from random, seed 2: evaluated"))
    let run = try #require(try fixture.runs().first { $0.hasPrefix("findings") })
    let rows = try predictions(fixture, run, "external/effusion/predictions.csv")
    #expect(rows[0] == ["id", "patient", "target:Effusion", "probability:Effusion"] && rows.count == 9)
    // The targets are the other task's own.
    let ids = Set(rows.dropFirst().map { String($0[0]) })
    let manifest = try fixture.text("effusion/manifest.csv")
    #expect(ids.allSatisfy { manifest.contains($0) })

    let before = try Data(contentsOf: fixture.url("runs/\(run)/external/effusion/evaluation.json"))
    let second = try fixture.run("evaluate", "study.yaml", changes, "--task", "findings", "--on", "effusion")
    #expect(second.output == first.output)
    #expect(second.errors.contains("findings from random, seed 2: stored before") && !second.errors.contains("evaluated"))
    #expect(try Data(contentsOf: fixture.url("runs/\(run)/external/effusion/evaluation.json")) == before)
    // Cut predictions are no predictions: the record does not vouch for them.
    try fixture.write("id,patient\n", to: "runs/\(run)/external/effusion/predictions.csv")
    let third = try fixture.run("evaluate", "study.yaml", changes, "--task", "findings", "--seed", "1", "--on", "effusion", "--json")
    #expect(third.status == 0 && third.errors.contains("seed 1: evaluated"))
    #expect(try predictions(fixture, run, "external/effusion/predictions.csv") == rows)
    let json = try #require(JSONSerialization.jsonObject(with: Data(third.output.utf8)) as? [String: Any])
    #expect((json["runs"] as? [Any])?.count == 2 && (json["rows"] as? [Any])?.count == 2 && (json["patients"] as? [Any])?.count == 2)

    // The report has the same numbers in a section of its own.
    let whole = try fixture.run("evaluate", "study.yaml", changes, "--task", "findings", "--on", "effusion", "--json")
    let evaluated = try #require(JSONSerialization.jsonObject(with: Data(whole.output.utf8)) as? [String: Any])
    let report = try fixture.run("report", "study.yaml", changes, "--external")
    #expect(report.status == 0 && report.output.contains("External validation") && report.output.contains("On other test sets"), "\(report.errors)")
    let numbers = try #require(
      JSONSerialization.jsonObject(with: Data(try fixture.text("runs/report/numbers.json").utf8)) as? [String: Any])
    let section = try #require((numbers["sections"] as? [String: Any])?["external"] as? [String: Any])
    let sets = try #require(section["sets"] as? [[String: Any]])
    #expect(sets.count == 1 && NSArray(array: sets[0]["rows"] as? [Any] ?? []) == NSArray(array: evaluated["rows"] as? [Any] ?? [0]))
  }

  @Test("Names that differ in more than case and separators are matched only when that is said; what does not fit is refused")
  func mapping() throws {
    let fixture = try StudyFixture()
    try SmallStudy.draw(into: fixture)
    try fixture.write(SmallStudy.text(seeds: "1", tasks: [SmallStudy.effusion, SmallStudy.lungs]), to: "study.yaml")
    #expect(try fixture.run("run", "study.yaml", "--task", "effusion", "recipe.maximumSteps=1").status == 0)
    // The other hospital's table, in a study of its own.
    for (name, column) in [("said", "Pleural Effusion"), ("same", "EFFUSION_")] {
      let text = try fixture.text("findings/manifest.csv").replacingOccurrences(of: "Effusion", with: column)
      try fixture.write(text, to: "findings/\(name).csv")
      let task = findings("\(column), Nodule").replacingOccurrences(of: "manifest.csv", with: "\(name).csv")
      try fixture.write(SmallStudy.text(seeds: "1", tasks: [task]), to: "\(name).yaml")
    }
    func evaluate(_ more: String...) throws -> Command.Result {
      try Command.run(["evaluate", "study.yaml", "recipe.maximumSteps=1", "--task", "effusion"] + more, in: fixture.folder)
    }
    let unsaid = try evaluate("--on", "findings", "--from", "said.yaml")
    #expect(unsaid.status == 1)
    #expect(
      unsaid.errors.contains(
        "No class of the test set has the name of one of the run's: Pleural Effusion, Nodule against Effusion. Say which is which with --map"),
      "\(unsaid.errors)")
    let said = try evaluate("--on", "findings", "--from", "said.yaml", "--map", "Pleural Effusion=Effusion")
    #expect(said.status == 0, "\(said.errors)")
    #expect(said.output.contains("Classes under another name there: Pleural Effusion = Effusion."))
    #expect(said.output.contains("Classes only of findings, left out: Nodule."))
    let same = try evaluate("--on", "findings", "--from", "same.yaml")
    #expect(same.status == 0 && same.errors.contains("evaluated"), "\(same.errors)")
    let wrong = try evaluate("--on", "findings", "--from", "said.yaml", "--map", "Plural Effusion=Effusion")
    #expect(wrong.errors.contains("The test set has no class “Plural Effusion”. Did you mean “Pleural Effusion”?"), "\(wrong.errors)")
    let kind = try evaluate("--on", "lungs")
    #expect(kind.errors.contains("effusion is a classification and lungs is a segmentation"), "\(kind.errors)")
    let unknown = try evaluate("--on", "lung")
    #expect(unknown.status == 1 && unknown.errors.contains("The study has no task “lung”."))
    let unfinished = try fixture.run("evaluate", "study.yaml", "--task", "lungs", "--on", "lungs")
    #expect(unfinished.errors.contains("No run of lungs is finished (1 is planned). Run the study first."), "\(unfinished.errors)")
  }

  @Test("Images that a run was trained on are found by their bytes under any name: refused, left out or counted, and said")
  func overlap() throws {
    let fixture = try StudyFixture()
    try SmallStudy.draw(into: fixture)
    // Another set with the same pictures under other names.
    try FileManager.default.copyItem(at: fixture.url("lungs"), to: fixture.url("copies"))
    let renamed = try fixture.text("copies/manifest.csv").replacingOccurrences(of: "images/", with: "pictures/")
    try FileManager.default.moveItem(at: fixture.url("copies/images"), to: fixture.url("copies/pictures"))
    try fixture.write(renamed, to: "copies/manifest.csv")
    let copies = SmallStudy.lungs.replacingOccurrences(of: "lungs", with: "copies")
    try fixture.write(SmallStudy.text(seeds: "1", tasks: [SmallStudy.lungs, copies]), to: "study.yaml")
    #expect(try fixture.run("run", "study.yaml", "--task", "lungs", "recipe.maximumSteps=2").status == 0)
    func evaluate(_ more: String...) throws -> Command.Result {
      try Command.run(["evaluate", "study.yaml", "recipe.maximumSteps=2", "--task", "lungs", "--on", "copies"] + more, in: fixture.folder)
    }
    // The test part was not seen, and gives the very predictions of the run's own test set, but for the names.
    let test = try evaluate()
    #expect(test.status == 0, "\(test.errors)")
    #expect(test.output.contains("Dice (pooled)") && test.output.contains(" 0.00 "))
    // The same images have the same interval.
    let line = try #require(test.output.split(separator: "\n").first { $0.contains("Dice (per image)") && $0.contains(" to ") })
    let intervals = line.split(separator: "(").map { $0.prefix { $0 != ")" } }.filter { $0.contains(" to ") }
    #expect(intervals.count == 2 && intervals[0] == intervals[1], "\(line)")
    #expect(test.output.contains("Student's t over patients, logit scale (pooled: jackknife)"))
    let run = try #require(try fixture.runs().first)
    let own = try fixture.text("runs/\(run)/predictions.csv").replacingOccurrences(of: "images/", with: "pictures/")
    #expect(try fixture.text("runs/\(run)/external/copies/predictions.csv") == own)

    let refused = try evaluate("--part", "all")
    #expect(refused.status == 1)
    #expect(
      refused.errors.contains("18 of 26 images of copies are images that lungs from random, seed 1 was trained or chosen on, byte for byte: "),
      "\(refused.errors)")
    let without = try evaluate("--part", "all", "--overlap", "leave-out")
    #expect(without.output.contains("copies (all): 8 images.") && without.output.contains("they are left out"), "\(without.output)")
    let with = try evaluate("--part", "all", "--overlap", "keep")
    #expect(with.output.contains("copies (all): 26 images.") && with.output.contains("THEY ARE COUNTED"))
  }
}
