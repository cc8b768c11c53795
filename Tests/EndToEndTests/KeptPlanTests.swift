import Foundation
import Foundations
import Studies
import Testing

@Suite("A study is readable without its data")
struct KeptPlanTests {
  /// Every file of a folder, by path.
  private func contents(of folder: URL) throws -> [String: Data] {
    let paths = try FileManager.default.subpathsOfDirectory(atPath: folder.path)
    var files: [String: Data] = [:]
    for path in paths {
      let url = folder.appendingPathComponent(path)
      if try url.resourceValues(forKeys: [.isRegularFileKey]).isRegularFile == true { files[path] = try Data(contentsOf: url) }
    }
    return files
  }

  @Test("With images and weights moved away, and the study itself moved, status, report and pack say the same, byte for byte")
  func withoutData() throws {
    let fixture = try StudyFixture()
    try SmallStudy.draw(into: fixture)
    try fixture.write(SmallStudy.text(seeds: "1", tasks: [SmallStudy.effusion]), to: "first.yaml")
    let first = try fixture.run("run", "first.yaml", "output=first")
    #expect(first.status == 0, "\(first.errors)")
    let run = try #require(try fixture.runs(in: "first").first { $0.contains("/seed") })
    try FileManager.default.moveItem(at: fixture.url("first/\(run)/best.safetensors"), to: fixture.url("start.safetensors"))
    try fixture.write(
      SmallStudy.text(seeds: "2", initializations: ["random: random", "own: {weights: start.safetensors}"], tasks: [SmallStudy.effusion]),
      to: "study.yaml")
    let second = try fixture.run("run", "study.yaml")
    #expect(second.status == 0, "\(second.errors)")

    // The digest of the weights is remembered: what is known is not noted again.
    func remembered() throws -> String {
      let plan = try Command.run(["plan", "study.yaml"], in: fixture.folder, environment: ["XDG_CACHE_HOME": fixture.url("home").path])
      #expect(plan.status == 0, "\(plan.errors)")
      return try fixture.text("home/medtransfer/digests")
    }
    let noted = try remembered()
    #expect(try noted.contains(Digest.sha256Hex(ofFile: fixture.url("start.safetensors"))))
    #expect(try remembered() == noted)

    let status = try fixture.run("status", "study.yaml"), report = try fixture.run("report", "study.yaml", "--to", "a")
    #expect(status.status == 0 && report.status == 0, "\(report.errors)")
    #expect(try fixture.run("pack", "study.yaml", "--to", "a.tar.gz").status == 0)
    for name in ["effusion", "start.safetensors"] { try FileManager.default.removeItem(at: fixture.url(name)) }
    try FileManager.default.createDirectory(at: fixture.url("far/away"), withIntermediateDirectories: true)
    for name in ["study.yaml", "runs"] { try FileManager.default.moveItem(at: fixture.url(name), to: fixture.url("far/away/\(name)")) }

    let statusWithout = try fixture.run("status", "far/away/study.yaml")
    #expect(statusWithout.status == 0 && statusWithout.output == status.output, "\(statusWithout.errors)\(statusWithout.output)")
    let reportWithout = try fixture.run("report", "far/away/study.yaml", "--to", "b")
    #expect(reportWithout.status == 0 && reportWithout.output == report.output, "\(reportWithout.errors)")
    let before = try contents(of: fixture.url("a")), after = try contents(of: fixture.url("b"))
    #expect(before.count > 5 && before.keys.sorted() == after.keys.sorted())
    for (path, bytes) in before { #expect(after[path] == bytes, "\(path)") }
    #expect(try fixture.run("pack", "far/away/study.yaml", "--to", "b.tar.gz").status == 0)
    #expect(try Data(contentsOf: fixture.url("a.tar.gz")) == Data(contentsOf: fixture.url("b.tar.gz")))

    let replanned = try fixture.run("status", "far/away/study.yaml", "--replan")
    #expect(replanned.status == 1 && replanned.errors.contains("The study cannot be planned"), "\(replanned.errors)")
    try FileManager.default.removeItem(at: fixture.url("far/away/runs/plan.json"))
    let unkept = try fixture.run("status", "far/away/study.yaml")
    #expect(unkept.status == 1 && unkept.errors.contains("Start “medtransfer run” once where the data and weights are"), "\(unkept.errors)")
  }

  @Test("A plan with a changed value is used by nobody: it is refused where the data are not there, else made anew from them, and no run with it")
  func damaged() throws {
    let fixture = try StudyFixture()
    try SmallStudy.draw(into: fixture)
    try fixture.write(SmallStudy.text(seeds: "1", tasks: [SmallStudy.effusion]), to: "study.yaml")
    try #require(try fixture.run("run", "study.yaml").status == 0)
    let whole = try fixture.text("runs/plan.json"), status = try fixture.run("status", "study.yaml"), runs = try fixture.runs()
    // A digit of the data's fingerprint: by it every run would be of other data.
    let mark = "\"1\" : \"", place = try #require(whole.range(of: mark)).upperBound
    let changed = whole.replacingCharacters(in: place...place, with: whole[place] == "0" ? "1" : "0")
    try fixture.write(changed, to: "runs/plan.json")
    #expect(try fixture.run("status", "study.yaml").output == status.output)
    try FileManager.default.moveItem(at: fixture.url("effusion"), to: fixture.url("away"))
    for command in ["status", "report", "pack"] {
      let refused = try fixture.run(command, "study.yaml")
      #expect(refused.status == 1 && refused.errors.contains("its values do not fit its checksum"), "\(command): \(refused.errors)")
    }
    try FileManager.default.moveItem(at: fixture.url("away"), to: fixture.url("effusion"))
    let again = try fixture.run("run", "study.yaml")
    #expect(again.status == 0 && again.errors.contains("1 finished before"), "\(again.errors)")
    #expect(try fixture.text("runs/plan.json") == whole && fixture.runs() == runs)
  }

  @Test("Data that changed are said by plan and by status --replan, and a changed description of them is never answered by the plan that is kept")
  func changes() throws {
    let fixture = try StudyFixture()
    try SmallStudy.draw(into: fixture)
    try fixture.write(SmallStudy.text(seeds: "1", tasks: [SmallStudy.effusion]), to: "study.yaml")
    #expect(try fixture.run("run", "study.yaml").status == 0)
    let table = try fixture.text("effusion/manifest.csv").split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    try fixture.write(table.enumerated().filter { $0.offset != 1 }.map(\.element).joined(separator: "\n"), to: "effusion/manifest.csv")

    let asRun = try fixture.run("status", "study.yaml")
    #expect(asRun.status == 0 && !asRun.output.contains("missing"), "\(asRun.output)")
    let sentence = "The data of effusion are not those of the plan that is kept: files or labels changed since, so the run that was planned with them is planned anew."
    let replanned = try fixture.run("status", "study.yaml", "--replan")
    #expect(replanned.status == 0 && replanned.errors.contains(sentence), "\(replanned.errors)")
    let plan = try fixture.run("plan", "study.yaml", "--no-estimate")
    #expect(plan.status == 0 && plan.errors.contains(sentence), "\(plan.errors)")

    // Another description of the data: they are looked at, and so they must be there.
    try fixture.write(SmallStudy.text(seeds: "1", tasks: [SmallStudy.effusion]).replacingOccurrences(of: "imageRoot: effusion", with: "imageRoot: elsewhere"), to: "study.yaml")
    let other = try fixture.run("status", "study.yaml")
    #expect(other.status == 1 && other.errors.contains("What the study file says of them is not what"), "\(other.errors)")
  }

  @Test("Runs of an earlier numerics revision are read and packed as they are, with a remark; run makes them anew")
  func earlierRevision() throws {
    let fixture = try StudyFixture()
    try SmallStudy.draw(into: fixture)
    try fixture.write(SmallStudy.text(seeds: "1", tasks: [SmallStudy.effusion]), to: "study.yaml")
    #expect(try fixture.run("run", "study.yaml").status == 0)
    let report = try fixture.run("report", "study.yaml", "--to", "now")
    try age(fixture)

    let remark = "The runs are of numerics revision \(NumericsRevision.current - 1) and are read as they are"
    let status = try fixture.run("status", "study.yaml")
    #expect(status.status == 0 && status.output.contains("1 finished") && status.errors.contains(remark), "\(status.output)\(status.errors)")
    let again = try fixture.run("report", "study.yaml", "--to", "then")
    #expect(again.status == 0 && again.errors.contains(remark), "\(again.errors)")
    #expect(again.output.contains("AUROC") && !again.output.contains("missing"), "\(report.output)\(again.output)")
    let pack = try fixture.run("pack", "study.yaml", "--to", "old.tar.gz")
    #expect(pack.status == 0, "\(pack.errors)")
    let verified = try fixture.run("verify", "pack", "old.tar.gz")
    #expect(verified.status == 0, "\(verified.output)\(verified.errors)")
    let run = try fixture.run("run", "study.yaml")
    #expect(run.status == 0 && run.errors.contains("1 run now"), "\(run.errors)")
    #expect(!(try fixture.run("status", "study.yaml").errors.contains(remark)))
  }

  /// Makes the one run one of the numerics revision before, by a program that made no seals.
  private func age(_ fixture: StudyFixture) throws {
    let run = try #require(try fixture.runs().first { $0.contains("/seed") }), file = "runs/\(run)/cell.json"
    var record = try #require(try JSONSerialization.jsonObject(with: Data(contentsOf: fixture.url(file))) as? [String: Any])
    var cell = try #require(record["cell"] as? [String: Any]), configuration = try #require(record["configuration"] as? [String: Any])
    configuration["numericsRevision"] = NumericsRevision.current - 1
    let identity = try JSONDecoder().decode(CellConfiguration.self, from: JSONSerialization.data(withJSONObject: configuration)).identity()
    cell["identity"] = identity
    (record["cell"], record["configuration"]) = (cell, configuration)
    try JSONSerialization.data(withJSONObject: record).write(to: fixture.url(file))
    try fixture.write("{\"state\": \"finished\"}\n", to: "runs/\(run)/status.json")
    for name in ["runs/\(run)/seal.json", "runs/plan.json"] { try FileManager.default.removeItem(at: fixture.url(name)) }
    try FileManager.default.moveItem(at: fixture.url("runs/\(run)"), to: fixture.url("runs/\(run.dropLast(12))\(identity.prefix(12))"))
  }
}
