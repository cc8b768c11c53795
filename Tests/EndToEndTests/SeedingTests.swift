import Foundation
import Testing

@Suite("Seeds as needed, through the command", .serialized)
struct SeedingTests {
  private static let study = SmallStudy.text(
    seeds: "{atMost: 5}", initializations: ["one: random", "pretrained: {trainedOn: findings, from: one}"],
    tasks: [
      SmallStudy.effusion + "\n    recipe: {mode: [linearProbe]}\n",
      """
        findings:
          kind: multiLabelClassification
          target: false
          data: {manifest: {file: findings/manifest.csv, imageRoot: findings, labelColumns: [Effusion, Nodule], patientColumn: patient, splitColumn: split}}
      """,
    ])

  @Test("run goes round by round until all is settled; status, report and pack take what was not run for not needed; a second run does nothing")
  func rounds() throws {
    let fixture = try StudyFixture()
    try SmallStudy.draw(into: fixture)
    try fixture.write(Self.study, to: "study.yaml")
    let plan = try fixture.run("plan", "study.yaml", "--no-estimate")
    #expect(plan.status == 0 && plan.errors.contains("Seeds round by round, at most 5 each; not all is settled yet. 10 runs at most: 0 made, "), "\(plan.errors)")
    let run = try fixture.run("run", "study.yaml", "recipe.maximumSteps=1")
    #expect(run.status == 0 && run.errors.contains("all is settled. 10 runs at most: ") && !run.output.contains("missing"), "\(run.errors)\(run.output)")
    let made = try fixture.runs().filter { $0.hasPrefix("effusion/") }
    // The head on given weights is the same for every seed.
    #expect(made.count { $0.hasPrefix("effusion/pretrained/") } == 1 && made.count { $0.hasPrefix("effusion/one/") } >= 3, "\(made)")

    let arguments = ["study.yaml", "recipe.maximumSteps=1"]
    let status = try Command.run(["status"] + arguments, in: fixture.folder)
    #expect(status.output.contains("\(10 - made.count) not needed") && !status.output.contains("missing"), "\(status.output)")
    let report = try Command.run(["report"] + arguments + ["--bootstrap", "never"], in: fixture.folder)
    #expect(report.status == 0 && report.output.contains("all is settled") && !report.output.contains("planned runs do not count"), "\(report.output)\(report.errors)")
    #expect(try fixture.text("runs/report/methods.txt").contains("Seeds were added in rounds, from 3 to at most 5"))
    let pack = try Command.run(["pack"] + arguments + ["--to", "pack.tar.gz", "--bootstrap", "never"], in: fixture.folder)
    #expect(pack.status == 0 && !pack.output.contains("missing"), "\(pack.output)\(pack.errors)")
    let verified = try fixture.run("verify", "pack", "pack.tar.gz")
    #expect(verified.status == 0, "\(verified.output)\(verified.errors)")

    let again = try Command.run(["run"] + arguments, in: fixture.folder)
    #expect(again.status == 0 && again.errors.contains("Cells: 0 run now, \(made.count + 1) finished before."), "\(again.errors)")
    // Nothing of it was made otherwise than by the full factorial, which fills the rest.
    let whole = try Command.run(["run", "study.yaml", "recipe.maximumSteps=1", "seeds=5"], in: fixture.folder)
    #expect(whole.status == 0 && whole.errors.contains("Cells: \(10 - made.count) run now, \(made.count + 1) finished before."), "\(whole.errors)")
    let beyond = try Command.run(["report"] + arguments + ["--bootstrap", "never"], in: fixture.folder)
    #expect(beyond.output.contains("\(10 - made.count) finished runs have seeds that no verdict asked for, and do not count."), "\(beyond.output)")
  }

  @Test("Two processes side by side make the very runs that one makes, round by round")
  func sideBySide() throws {
    let fixture = try StudyFixture()
    try SmallStudy.draw(into: fixture)
    try fixture.write(Self.study, to: "study.yaml")
    let arguments = ["run", "study.yaml", "recipe.maximumSteps=1", "threads=1"]
    let alone = try Command.run(arguments + ["output=alone"], in: fixture.folder)
    let both = try Command.run(arguments + ["--processes", "2", "output=both"], in: fixture.folder)
    #expect(alone.status == 0 && both.status == 0 && both.errors.contains("all is settled"), "\(both.errors)")
    let runs = try fixture.runs(in: "alone")
    #expect(try runs == fixture.runs(in: "both") && runs.count > 3)
    for run in runs {
      for name in ["predictions.csv", "metrics.json"] where FileManager.default.fileExists(atPath: fixture.url("alone/\(run)/\(name)").path) {
        #expect(try Data(contentsOf: fixture.url("alone/\(run)/\(name)")) == Data(contentsOf: fixture.url("both/\(run)/\(name)")), "\(run)/\(name)")
      }
    }
  }

  @Test("A cell that is named is run, also before its round; submit brings the next round")
  func cells() throws {
    let fixture = try StudyFixture()
    try SmallStudy.draw(into: fixture)
    try fixture.write(Self.study, to: "study.yaml")
    let listed = try fixture.run("plan", "study.yaml", "recipe.maximumSteps=1", "--no-estimate", "--json")
    let place = try #require(listed.output.components(separatedBy: "\"").first { $0.hasPrefix("effusion/one/seed5-") })
    let one = try fixture.run("run", "study.yaml", "recipe.maximumSteps=1", "--cell", place)
    #expect(one.status == 0 && one.errors.contains("Cells: 1 run now."), "\(one.errors)")
    let submitted = try fixture.run("submit", "study.yaml", "recipe.maximumSteps=1", "--print", "--minutes-per-task", "0")
    // One seed of each head first, since one may be enough, and the training that the other starts from.
    #expect(submitted.status == 0 && submitted.errors.contains("small: 3 cells to submit"), "\(submitted.errors)")
  }
}
