import Foundation
import Testing

@Suite("A study from its file to its table", .serialized)
struct GridTests {
  @Test("The grid runs, pre-training first; its own target prints –; running again runs nothing")
  func grid() throws {
    let fixture = try StudyFixture()
    try SmallStudy.draw(into: fixture)
    try fixture.write(
      SmallStudy.text(initializations: ["random: random", "chest: {trainedOn: effusion, from: random}"]), to: "study.yaml")

    let plan = try fixture.run("plan", "study.yaml", "--no-estimate")
    #expect(plan.status == 0, "\(plan.errors)")
    #expect(plan.output.contains("6 runs: 6 missing."))
    #expect(plan.output.contains("Not run, because the initialization was trained on the task itself: effusion from chest."))
    #expect(!FileManager.default.fileExists(atPath: fixture.url("runs").path), "plan starts nothing")

    let first = try fixture.run("run", "study.yaml")
    #expect(first.status == 0, "\(first.errors)")
    let order = first.errors.split(separator: "\n").filter { $0.hasPrefix("[") && $0.contains(": ") }
    #expect(order.first?.contains("effusion from random, seed 1") == true)
    #expect(order.count == 6)
    let effusion = try #require(first.output.split(separator: "\n").first { $0.hasPrefix("effusion") })
    #expect(effusion.contains("(n = 2)") && effusion.hasSuffix("–"))

    for run in try fixture.runs() {
      for name in [
        "cell.json", "environment.json", "certificate.json", "history.jsonl", "predictions.csv", "validation-predictions.csv", "metrics.json", "quarantine.json",
        "best.safetensors",
      ] {
        #expect(FileManager.default.fileExists(atPath: fixture.url("runs/\(run)/\(name)").path), "\(run)/\(name)")
      }
      #expect(try fixture.text("runs/\(run)/status.json").contains("\"finished\""))
    }
    let chest = try #require(try fixture.runs().first { $0.hasPrefix("lungs/chest") })
    #expect(try fixture.text("runs/\(chest)/cell.json").contains("\"lineage\""))
    #expect(try fixture.text("runs/\(chest)/certificate.json").contains("\"matchedCount\" : 120"))

    let before = try bytes(of: fixture)
    let second = try fixture.run("run", "study.yaml")
    #expect(second.status == 0)
    #expect(second.output == first.output)
    #expect(second.errors.contains("Cells: 0 run now, 6 finished before."))
    #expect(try bytes(of: fixture) == before)
  }

  @Test("The report is written as Markdown and as one tidy row per metric of each run; every listing speaks JSON")
  func reportAndListings() throws {
    let fixture = try StudyFixture()
    try SmallStudy.draw(into: fixture)
    try fixture.write(SmallStudy.text(tasks: [SmallStudy.effusion]), to: "study.yaml")
    #expect(try fixture.run("run", "study.yaml", "--seed", "1").status == 0)

    let report = try fixture.run("report", "study.yaml")
    #expect(report.status == 0)
    #expect(report.output.contains("(n = 1; 1 missing)"))
    let rows = try fixture.text("runs/report/results.csv").split(separator: "\n").map(String.init)
    #expect(rows[0] == "study,task,initialization,mode,seed,fraction,metric,class,value,undefined,images,identity,run")
    #expect(rows.dropFirst().count == 32, "sixteen metrics, each as the mean over classes and of the one class")
    #expect(rows.dropFirst().allSatisfy { $0.hasPrefix("small,effusion,random,fullFineTuning,1,1,") })
    #expect(report.output.hasPrefix("effusion, AUROC: Only random ("), "the verdict comes first")
    let page = try fixture.text("runs/report/report.html")
    #expect(page.contains("<h2 id=\"section-1-Answer\">"))
    #expect(!page.contains("http-equiv=\"refresh\"") && !page.contains("<script src"))
    for file in ["numbers.json", "methods.txt", "tables/results.tex", "tables/metrics-effusion.html", "figures/learning-effusion.json", "figures/roc-effusion.tex"] {
      #expect(FileManager.default.fileExists(atPath: fixture.url("runs/report/\(file)").path), "\(file)")
    }
    #expect(try fixture.text("runs/report/report.md").contains("| effusion | AUROC |"))

    for command in [["plan", "study.yaml", "--no-estimate"], ["status", "study.yaml"], ["report", "study.yaml"]] {
      let result = try Command.run(command + ["--json"], in: fixture.folder)
      #expect(result.status == 0)
      #expect(throws: Never.self) { try JSONSerialization.jsonObject(with: Data(result.output.utf8)) }
    }
    let status = try fixture.run("status", "study.yaml")
    #expect(status.output.contains("1/2") && status.output.contains("2 runs: 1 finished, 1 missing."))
  }

  @Test("A precision that the processor has no instructions for is said, by plan and by run")
  func emulatedPrecision() throws {
    let fixture = try StudyFixture()
    try SmallStudy.draw(into: fixture)
    try fixture.write(SmallStudy.text(seeds: "1", tasks: [SmallStudy.effusion]), to: "study.yaml")
    let lacks = try !String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8).contains("bf16")
    let sentence = "effusion computes in bfloat16, which this processor has no instructions for"
    for command in ["plan", "run"] {
      #expect(try fixture.run(command, "study.yaml", "recipe.precision=bfloat16", "recipe.maximumSteps=1").errors.contains(sentence) == lacks)
      #expect(try !fixture.run(command, "study.yaml", "recipe.maximumSteps=1").errors.contains(sentence))
    }
  }

  @Test("history.jsonl has one object per step and one per epoch, without clock times")
  func history() throws {
    let fixture = try StudyFixture()
    try SmallStudy.draw(into: fixture)
    try fixture.write(SmallStudy.text(seeds: "[7]", tasks: [SmallStudy.lungs]), to: "study.yaml")
    #expect(try fixture.run("run", "study.yaml", "recipe.epochs=3").status == 0)
    let run = try #require(try fixture.runs().first)
    let lines = try fixture.text("runs/\(run)/history.jsonl").split(separator: "\n")
    let objects = try lines.map { try #require(JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any]) }
    let steps = objects.compactMap { $0["step"] as? Int }
    #expect(steps == Array(1...9))
    #expect(objects.filter { $0["step"] != nil }.allSatisfy { Set($0.keys) == ["epoch", "loss", "step"] })
    let epochs = objects.filter { $0["validation"] != nil }
    #expect(epochs.compactMap { $0["epoch"] as? Int } == [1, 2, 3])
    for epoch in epochs {
      let validation = try #require(epoch["validation"] as? [String: Double])
      #expect(Set(validation.keys) == ["loss", "dicePooled", "diceMean"])
    }
  }

  @Test("A frozen backbone keeps every bit of it, and only the head learns")
  func frozenBackbone() throws {
    let fixture = try StudyFixture()
    try SmallStudy.draw(into: fixture)
    try fixture.write(
      SmallStudy.text(
        seeds: "[1]", initializations: ["random: random", "source: {trainedOn: findings, from: random}"],
        tasks: [
          SmallStudy.effusion,
          """
            findings:
              kind: multiLabelClassification
              target: false
              data: {manifest: {file: findings/manifest.csv, imageRoot: findings, labelColumns: [Effusion, Nodule], patientColumn: patient, splitColumn: split}}
          """,
        ]), to: "study.yaml")
    let result = try fixture.run("run", "study.yaml", "tasks.effusion.recipe.mode=frozenBackbone", "--initialization", "source")
    #expect(result.status == 0, "\(result.errors)")
    let runs = try fixture.runs()
    let source = try tensors(fixture, try #require(runs.first { $0.hasPrefix("findings") }))
    let frozen = try tensors(fixture, try #require(runs.first { $0.hasPrefix("effusion/source") }))
    let backbone = source.keys.filter { !$0.hasPrefix("fc.") }
    #expect(backbone.count == 120)
    for name in backbone { #expect(source[name] == frozen[name], "\(name)") }
    #expect(frozen["fc.weight"]?.count == 512 * 4)
    #expect(Set(frozen["fc.weight"] ?? Data()).count > 1)
  }

  /// The bytes of each tensor of a run's weights, by name.
  private func tensors(_ fixture: StudyFixture, _ run: String) throws -> [String: Data] {
    let file = try Data(contentsOf: fixture.url("runs/\(run)/best.safetensors"))
    let length = Int(file.prefix(8).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) })
    let header = try #require(JSONSerialization.jsonObject(with: file[8..<8 + length]) as? [String: [String: Any]])
    return try header.filter { $0.key != "__metadata__" }.mapValues { entry in
      let range = try #require(entry["data_offsets"] as? [Int])
      return Data(file[(8 + length + range[0])..<(8 + length + range[1])])
    }
  }

  /// Every file of the runs with its bytes' hash.
  private func bytes(of fixture: StudyFixture) throws -> [String: Int] {
    var all = [String: Int]()
    for run in try fixture.runs() {
      let folder = fixture.url("runs/\(run)")
      for name in try FileManager.default.subpathsOfDirectory(atPath: folder.path) {
        if try folder.appendingPathComponent(name).resourceValues(forKeys: [.isDirectoryKey]).isDirectory == true { continue }
        all["\(run)/\(name)"] = try Data(contentsOf: fixture.url("runs/\(run)/\(name)")).hashValue
      }
    }
    return all
  }
}
