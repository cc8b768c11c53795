import Foundation
import Testing

@Suite("A study of heads on features", .serialized)
struct ProbeStudyTests {
  private static let findings = """
      findings:
        kind: multiLabelClassification
        data: {manifest: {file: findings/manifest.csv, imageRoot: findings, labelColumns: [Effusion, Nodule], patientColumn: patient, splitColumn: split}}
        recipe: {mode: [fullFineTuning, linearProbe, kNN]}
    """

  private func text(_ fixture: StudyFixture, _ path: String) throws -> String { try fixture.text("runs/\(path)") }

  @Test("One pass a network, heads of all modes from it, each a row of its own; a damaged shard is made anew and a finished run is not")
  func probes() throws {
    let fixture = try StudyFixture()
    try SmallStudy.draw(into: fixture)
    try fixture.write(
      SmallStudy.text(
        initializations: ["random: random", "chest: {trainedOn: effusion, from: random}"], tasks: [SmallStudy.effusion, Self.findings],
        settings: "examples: false"),
      to: "study.yaml")

    // 12 + 6 + 8 images; random weights of two seeds are two networks, and chest is one.
    let plan = try fixture.run("plan", "study.yaml", "--no-estimate")
    #expect(plan.status == 0, "\(plan.errors)")
    #expect(plan.errors.contains("Features: 3 passes over 78 images at most, of which 8 heads are made."), "\(plan.errors)")
    let first = try fixture.run("run", "study.yaml")
    #expect(first.status == 0 && first.errors.contains("Cells: 14 run now. Features: 3 passes over 78 images."), "\(first.errors)")

    let runs = try fixture.runs(), heads = runs.filter { $0.contains("-linearProbe-") || $0.contains("-kNN-") }
    #expect(heads.count == 8)
    for run in heads {
      for name in ["cell.json", "environment.json", "certificate.json", "predictions.csv", "validation-predictions.csv", "metrics.json", "quarantine.json", "probe.json", "seal.json", "timing.json"] {
        #expect(FileManager.default.fileExists(atPath: fixture.url("runs/\(run)/\(name)").path), "\(run)/\(name)")
      }
      #expect(FileManager.default.fileExists(atPath: fixture.url("runs/\(run)/head.safetensors").path) == run.contains("linearProbe"))
      #expect(!FileManager.default.fileExists(atPath: fixture.url("runs/\(run)/best.safetensors").path))
      #expect(try text(fixture, "\(run)/probe.json").contains("\"dependsOnSeed\" : \(run.contains("/random/"))"))
    }
    // Given weights are the same for every seed, and so is what is made of them.
    let chest = heads.filter { $0.hasPrefix("findings/chest") }, random = heads.filter { $0.hasPrefix("findings/random") }
    #expect(try Set(chest.map { try text(fixture, "\($0)/predictions.csv") }).count == 2, "a linear probe and nearest neighbors")
    #expect(try Set(random.map { try text(fixture, "\($0)/predictions.csv") }).count == 4)

    try reports(fixture, first)
    try madeAnew(fixture, try #require(heads.first { $0.contains("findings/chest") && $0.contains("linearProbe") }))
  }

  private func reports(_ fixture: StudyFixture, _ run: Command.Result) throws {
    let rows = run.output.split(separator: "\n").filter { $0.hasPrefix("findings") }
    #expect(rows.count == 3 && rows[1].contains("linear probe") && rows[2].contains("nearest neighbors"), "\(run.output)")
    #expect(rows.allSatisfy { $0.components(separatedBy: "(n = 2)").count == 3 }, "no mean is over two modes: \(rows)")
    let report = try fixture.run("report", "study.yaml")
    #expect(report.status == 0 && report.output.contains("Linear probe, findings, "), "\(report.errors)")
    #expect(try fixture.text("runs/report/results.csv").contains("small,findings,chest,linearProbe,1,1,aurocMacro"))
    #expect(FileManager.default.fileExists(atPath: fixture.url("runs/report/tables/results-linearProbe.csv").path))
    #expect(try fixture.text("runs/report/methods.txt").contains("rests on the patients alone"))
    let status = try fixture.run("status", "study.yaml")
    #expect(status.output.contains("nearest neighbors") && status.output.contains("14 runs: 14 finished."), "\(status.output)")
    let pack = try fixture.run("pack", "study.yaml", "--to", "pack.tar.gz")
    #expect(pack.status == 0, "\(pack.errors)")
    let verified = try fixture.run("verify", "pack", "pack.tar.gz")
    #expect(verified.status == 0, "\(verified.output)\(verified.errors)")
    let asked = try fixture.run("evaluate", "study.yaml", "--task", "findings", "--on", "effusion", "--mode", "kNN")
    #expect(asked.status == 1 && asked.errors.contains("The runs that are asked are heads on features (kNN), which keep no network."), "\(asked.errors)")
  }

  /// A shard that was changed, and the run of a head that is gone.
  private func madeAnew(_ fixture: StudyFixture, _ run: String) throws {
    let before = try text(fixture, "\(run)/predictions.csv"), features = fixture.url("runs/features")
    let digest = try #require(try text(fixture, "\(run)/probe.json").components(separatedBy: "\"features\" : \"").dropFirst().first?.prefix(24))
    let folder = features.appendingPathComponent(String(digest))
    let shard = try #require(try FileManager.default.contentsOfDirectory(atPath: folder.path).first { $0.hasPrefix("shard-") })
    var bytes = try Data(contentsOf: folder.appendingPathComponent(shard))
    bytes[bytes.count - 1] ^= 1
    try bytes.write(to: folder.appendingPathComponent(shard))
    try FileManager.default.removeItem(at: fixture.url("runs/\(run)"))
    let again = try fixture.run("run", "study.yaml")
    #expect(again.status == 0 && again.errors.contains("Cells: 1 run now, 13 finished before. Features: 1 pass over 26 images."), "\(again.errors)")
    #expect(again.errors.contains("of features is damaged. It was taken away, and its images are asked about again."), "\(again.errors)")
    #expect(try text(fixture, "\(run)/predictions.csv") == before)
    try FileManager.default.removeItem(at: fixture.url("runs/\(run)"))
    let third = try fixture.run("run", "study.yaml")
    #expect(third.status == 0 && third.errors.contains("Cells: 1 run now, 13 finished before. Runs are in"), "\(third.errors)")
  }
}
