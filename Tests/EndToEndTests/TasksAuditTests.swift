import Foundation
import Foundations
import Testing

@Suite("tasks audit and tasks split", .serialized)
struct TasksAuditTests {
  private func fixture() throws -> StudyFixture {
    let fixture = try StudyFixture()
    try SmallStudy.draw(into: fixture)
    try fixture.write(SmallStudy.text(seeds: "1", tasks: [SmallStudy.effusion]), to: "study.yaml")
    return fixture
  }

  /// Puts a training image's file in a test image's place.
  private func leak(_ fixture: StudyFixture) throws -> (trained: String, tested: String) {
    let rows = try CSV.parse(try fixture.text("effusion/manifest.csv")).rows
    let trained = try #require(rows.first { $0[3] == "training" })[0], tested = try #require(rows.first { $0[3] == "test" })[0]
    try FileManager.default.removeItem(at: fixture.url("effusion/\(tested)"))
    try FileManager.default.copyItem(at: fixture.url("effusion/\(trained)"), to: fixture.url("effusion/\(tested)"))
    return (trained, tested)
  }

  @Test("A sound study passes; a test image that is a training image fails the audit and is named")
  func audit() throws {
    let fixture = try fixture()
    let sound = try fixture.run("tasks", "audit", "study.yaml")
    #expect(sound.status == 0, "\(sound.output)\(sound.errors)")
    #expect(sound.output.hasSuffix("\nNo test image was found among what is trained on or validated with.\n"))
    let (trained, tested) = try leak(fixture)
    let leaky = try fixture.run("tasks", "audit", "study.yaml")
    #expect(leaky.status == 1)
    #expect(leaky.output.contains("\(trained) (training)") && leaky.output.contains("\(tested) (test)") && leaky.output.contains("LEAKAGE: "))
    let json = try fixture.run("tasks", "audit", "study.yaml", "--json")
    let object = try #require(JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Any])
    #expect(json.status == 1 && (object["tasks"] as? [Any])?.count == 1)
  }

  @Test("An initialization that was trained on a target's test image is named with it")
  func lineage() throws {
    let fixture = try fixture()
    let other = SmallStudy.effusion.replacingOccurrences(of: "effusion:", with: "other:")
    try fixture.write(
      SmallStudy.text(
        seeds: "1", initializations: ["random: random", "adapted: {trainedOn: other, from: random}"], tasks: [SmallStudy.effusion, other]),
      to: "study.yaml")
    // Both tasks read the same files; the target is tested on what the other is trained on.
    let text = try fixture.text("effusion/manifest.csv")
    let swapped = text.replacingOccurrences(of: ",training", with: ",X").replacingOccurrences(of: ",test", with: ",training")
      .replacingOccurrences(of: ",X", with: ",test")
    try fixture.write(swapped, to: "effusion/swapped.csv")
    let result = try fixture.run("tasks", "audit", "study.yaml", "tasks.other.data.manifest.file=effusion/swapped.csv", "--task", "effusion")
    #expect(result.status == 1, "\(result.errors)")
    #expect(result.output.split(separator: "\n").contains { $0.split(separator: " ") == ["other", "adapted", "effusion", "8", "of", "8"] }, "\(result.output)")
  }

  @Test("Test images on a list of training images are told by plan, run and audit, kept below the output, and make no run anew")
  func trainingList() throws {
    let fixture = try fixture()
    try fixture.write(SmallStudy.text(seeds: "1", tasks: [SmallStudy.effusion]), to: "study.yaml")
    #expect(try fixture.run("run", "study.yaml").status == 0)
    let run = try #require(try fixture.runs().first { $0.hasPrefix("effusion") })
    try FileManager.default.copyItem(at: fixture.url("runs/\(run)/best.safetensors"), to: fixture.url("own.safetensors"))
    let tested = try CSV.parse(fixture.text("effusion/manifest.csv")).rows.filter { $0[3] == "test" }.map { $0[0] }
    try fixture.write("path\n" + (0..<50).map { "elsewhere/\($0)-0000001.png\n" }.joined() + tested.prefix(2).map { "all/\($0)\n" }.joined(), to: "seen.csv")
    let study = SmallStudy.text(
      seeds: "1", initializations: ["random: random", "own: {weights: own.safetensors, trainingImages: seen.csv}"], tasks: [SmallStudy.effusion])
    try fixture.write(study, to: "study.yaml")
    let sentence =
      "2 of 8 test images of effusion are on seen.csv, the list of the training images of own: the result is marked † and left out of the verdict."
    let plan = try fixture.run("plan", "study.yaml", "--no-estimate")
    #expect(plan.status == 0 && plan.errors.contains(sentence), "\(plan.errors)")
    #expect(!FileManager.default.fileExists(atPath: fixture.url("runs/training-lists").path), "plan writes nothing")
    let ran = try fixture.run("run", "study.yaml")
    #expect(ran.status == 0 && ran.errors.contains(sentence) && ran.errors.contains("Cells: 1 run now, 1 finished before."), "\(ran.errors)")
    let kept = try fixture.text("runs/training-lists/effusion.json")
    #expect(tested.prefix(2).allSatisfy { kept.contains("\"image\" : \"\($0)\"") } && !kept.contains(tested[2]))
    let audit = try fixture.run("tasks", "audit", "study.yaml")
    #expect(audit.status == 1 && audit.output.contains("LEAKAGE: "), "\(audit.errors)")
    #expect(audit.output.split(separator: "\n").contains { $0.split(separator: " ").prefix(7) == ["seen.csv", "52", "own", "effusion", "2", "of", "8"] }, "\(audit.output)")
    #expect(try fixture.text("runs/audits/effusion.json").contains("\"leakingTestImages\" : ["))
    // Without the key nothing is said of it any more, and no run is made anew.
    try fixture.write(study.replacingOccurrences(of: ", trainingImages: seen.csv", with: ""), to: "study.yaml")
    let without = try fixture.run("run", "study.yaml")
    #expect(without.errors.contains("Cells: 0 run now, 2 finished before."), "\(without.errors)")
    #expect(!FileManager.default.fileExists(atPath: fixture.url("runs/training-lists/effusion.json").path))
    let missing = try fixture.run("run", "study.yaml", "initializations.own.trainingImages=none.csv")
    #expect(missing.status == 1)
    #expect(missing.errors.contains("There is no list of training images at \(fixture.url("none.csv").path). Correct `trainingImages`, or remove it"), "\(missing.errors)")
  }

  @Test("A split is exported with its digest and used again; run keeps it, and keeps the earlier one where it changes")
  func split() throws {
    let fixture = try fixture()
    let result = try fixture.run("tasks", "split", "study.yaml", "--to", "mine.csv")
    #expect(result.status == 0, "\(result.errors)")
    let digest = Digest.sha256Hex(of: try fixture.text("mine.csv"))
    #expect(result.output.hasPrefix("SHA-256 \(digest)\nData fingerprint "))
    #expect(try fixture.text("mine.json").contains(digest))
    let again = try fixture.run("tasks", "split", "study.yaml", "--to", "mine.csv")
    #expect(again.status == 1 && again.errors.contains("is there already. Give --force"))

    #expect(try fixture.run("run", "study.yaml", "tasks.effusion.data.manifest.split.file=mine.csv").status == 0)
    #expect(try fixture.text("runs/splits/effusion.csv") == fixture.text("mine.csv"))
    let cell = try fixture.text("runs/\(#require(fixture.runs().first { $0.hasPrefix("effusion") }))/cell.json")
    let fingerprint = try #require(result.output.split(separator: "\n").first { $0.hasPrefix("Data fingerprint") }?.split(separator: " ").last)
    #expect(cell.contains("\"data\" : \"\(fingerprint)\""))
    let second = try fixture.run("run", "study.yaml")
    #expect(second.errors.contains("Cells: 0 run now, 1 finished before."), "the same split is the same run")

    let swapped = try fixture.text("mine.csv").replacingOccurrences(of: ",validation,", with: ",X,")
      .replacingOccurrences(of: ",test,", with: ",validation,").replacingOccurrences(of: ",X,", with: ",test,")
    try fixture.write(swapped, to: "other.csv")
    let changed = try fixture.run("run", "study.yaml", "tasks.effusion.data.manifest.split.file=other.csv", "recipe.maximumSteps=1")
    #expect(changed.errors.contains("The split of effusion is another one than before"), "\(changed.errors)")
    #expect(try fixture.text("runs/splits/effusion-\(digest.prefix(12)).csv") == fixture.text("mine.csv"))
  }
}
