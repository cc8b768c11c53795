import Foundation
import Foundations
import Phantoms
import Testing

@Suite("Subgroups through the command")
struct SubgroupsTests {
  @Test("Groups that are named when all is trained need no training, reach report and pack, and are verified without names")
  func named() throws {
    let fixture = try StudyFixture()
    try PhantomWriter.write(
      kind: .effusion, counts: PhantomCounts(training: 12, validation: 6, test: 100), size: 32, seed: SeedPath(0), to: fixture.url("effusion"))
    // Sex and age stand in the table, as a hospital's export has them.
    var table = try CSV.parse(try fixture.text("effusion/manifest.csv"))
    table.header += ["Sex", "Age"]
    for row in table.rows.indices { table.rows[row] += [["F", "M", "F", "M", ""][row % 5], row % 3 == 0 ? "0\(30 + row % 50)Y" : "\(20 + row % 40)"] }
    try fixture.write(CSV.encode([table.header] + table.rows), to: "effusion/manifest.csv")
    try fixture.write(
      SmallStudy.text(
        initializations: ["random: random", "adapted: {trainedOn: effusion-before, from: random}"],
        tasks: [
          SmallStudy.effusion,
          SmallStudy.effusion.replacing("  effusion:", with: "  effusion-before:").replacing("kind:", with: "target: false\n    recipe: {epochs: 1}\n    kind:"),
        ]), to: "study.yaml")
    let run = try fixture.run("run", "study.yaml")
    #expect(run.status == 0, "\(run.errors)")
    #expect(!FileManager.default.fileExists(atPath: fixture.url("runs/groups").path))

    let key = "tasks.effusion.data.manifest.groupColumns"
    let wrong = try fixture.run("plan", "study.yaml", "\(key)=[Sx, \"Age:0-40-120\"]")
    #expect(wrong.status == 1 && wrong.errors.contains("The table manifest.csv has no column “Sx” for the group “Sx”. Did you mean “Sex”?"), "\(wrong.errors)")
    let malformed = try fixture.run("plan", "study.yaml", "\(key)=[Sex, \"Age:0-40-old\"]")
    #expect(malformed.status == 1 && malformed.errors.contains("The bands of the group “Age:0-40-old” cannot be read."), "\(malformed.errors)")
    let before = try fixture.run("report", "study.yaml", "\(key)=[Sex]", "--bootstrap", "never")
    #expect(before.output.contains("groups/effusion.csv is not there; “medtransfer plan” writes it"), "\(before.output)")

    let groups = "\(key)=[Sex, \"Age:0-40-120\"]"
    let plan = try fixture.run("plan", "study.yaml", groups)
    #expect(plan.status == 0 && plan.output.contains("5 runs: 5 finished."), "\(plan.output)\(plan.errors)")
    #expect(plan.errors.contains("effusion, test images by group: Sex F 40, M 40, unknown 20; Age 0 to <40 "), "\(plan.errors)")
    #expect(try plan.errors.contains("Written: ") && fixture.text("runs/groups/effusion.csv").hasPrefix("path,split,group:Sex,group:Age\n"))
    #expect(try !fixture.run("plan", "study.yaml", groups).errors.contains("Written: "))

    let report = try fixture.run("report", "study.yaml", groups, "--to", "report", "--bootstrap", "never")
    #expect(report.status == 0, "\(report.errors)")
    let rows = try CSV.parse(try fixture.text("report/tables/subgroups-effusion-Sex.csv")).rows
    #expect(rows.map { $0[0] }.prefix(5) == ["F", "F", "M", "M", "unknown"])
    #expect(rows[0][1] == "40" && rows[0][4] == "random" && rows[1][4] == "adapted" && rows[0][5].contains(" to "))
    #expect(try CSV.parse(try fixture.text("report/tables/subgroup-interactions-effusion.csv")).rows.map { $0[1] } == ["F – M", "0 to <40 – 40 to 120"])
    #expect(FileManager.default.fileExists(atPath: fixture.url("report/figures/subgroups-effusion.tex").path))

    let packed = try fixture.run("pack", "study.yaml", groups, "--to", "pack.tar.gz", "--hide-patients", "--bootstrap", "never")
    #expect(packed.status == 0, "\(packed.errors)")
    for name in ["effusion", "runs", "study.yaml"] { try FileManager.default.removeItem(at: fixture.url(name)) }
    let verified = try fixture.run("verify", "pack", "pack.tar.gz")
    #expect(verified.status == 0 && verified.output.contains("Images of the groups in their part of the split"), "\(verified.output)\(verified.errors)")
  }
}
