import Foundation
import Testing

@Suite("A study of heads on features", .serialized)
struct ProbeStudyTests {
  private static let effusion =
    SmallStudy.effusion + """

          recipe: {mode: [fullFineTuning, linearProbe, kNN]}
      """
  private static let findings = """
      findings:
        kind: multiLabelClassification
        target: false
        data: {manifest: {file: findings/manifest.csv, imageRoot: findings, labelColumns: [Effusion, Nodule], patientColumn: patient, splitColumn: split}}
    """

  private func text(_ fixture: StudyFixture, _ path: String) throws -> String { try fixture.text("runs/\(path)") }

  @Test("One pass a network, heads of all modes and fractions from it; a damaged shard is made anew and a finished run is not")
  func probes() throws {
    let fixture = try StudyFixture()
    try SmallStudy.draw(into: fixture)
    try fixture.write(
      SmallStudy.text(
        initializations: ["random: random", "pretrained: {trainedOn: findings, from: random}"], tasks: [Self.effusion, Self.findings],
        settings: "fraction: [0.6, 1]"),
      to: "study.yaml")
    let heads = ["--mode", "linearProbe", "--mode", "kNN"]

    // 12 + 6 + 8 images; random weights of two seeds are two networks, and the pre-trained ones are one.
    let plan = try Command.run(["plan", "study.yaml", "--no-estimate"] + heads, in: fixture.folder)
    #expect(plan.errors.contains("Features: 3 passes over 78 images at most, of which 16 heads are made."), "\(plan.errors)")
    let first = try Command.run(["run", "study.yaml", "recipe.maximumSteps=1"] + heads, in: fixture.folder)
    #expect(first.status == 0 && first.errors.contains("Cells: 17 run now. Features: 3 passes over 78 images."), "\(first.errors)")

    let runs = try fixture.runs().filter { $0.hasPrefix("effusion") }
    #expect(runs.count == 16 && runs.allSatisfy { $0.contains("-linearProbe-") || $0.contains("-kNN-") })
    for run in runs {
      for name in [
        "cell.json", "environment.json", "certificate.json", "predictions.csv", "validation-predictions.csv", "metrics.json", "quarantine.json", "probe.json",
        "seal.json", "timing.json",
      ] { #expect(FileManager.default.fileExists(atPath: fixture.url("runs/\(run)/\(name)").path), "\(run)/\(name)") }
      #expect(FileManager.default.fileExists(atPath: fixture.url("runs/\(run)/head.safetensors").path) == run.contains("linearProbe"))
      #expect(!FileManager.default.fileExists(atPath: fixture.url("runs/\(run)/best.safetensors").path))
      #expect(try text(fixture, "\(run)/probe.json").contains("\"dependsOnSeed\" : \(run.contains("/random/"))"))
    }
    // Given weights are the same for every seed, and so is what is made of them.
    let whole = runs.filter { !$0.contains("fraction") }, given = whole.filter { $0.hasPrefix("effusion/pretrained") }
    let answers = try given.map { try text(fixture, "\($0)/predictions.csv") }
    #expect(answers.count == 4 && Set(answers).count == 2, "a linear probe and nearest neighbors")

    try reports(fixture, first)
    try madeAnew(fixture, try #require(given.first { $0.contains("linearProbe") }), heads)
  }

  private func reports(_ fixture: StudyFixture, _ run: Command.Result) throws {
    let rows = run.output.split(separator: "\n").filter { $0.hasPrefix("effusion ") }
    #expect(rows.count == 4 && rows[0].contains("linear probe") && rows[2].contains("nearest neighbors"), "\(run.output)")
    #expect(rows.allSatisfy { $0.components(separatedBy: "(n = 2)").count == 3 }, "no mean is over two modes: \(rows)")
    let report = try fixture.run("report", "study.yaml", "recipe.maximumSteps=1", "--bootstrap", "never")
    #expect(report.status == 0 && report.output.contains("Nearest neighbors, effusion, "), "\(report.errors)\(report.output)")
    #expect(try fixture.text("runs/report/results.csv").contains("small,effusion,pretrained,linearProbe,1,1,aurocMacro"))
    #expect(FileManager.default.fileExists(atPath: fixture.url("runs/report/tables/results-kNN-0.6.csv").path))
    let pack = try fixture.run("pack", "study.yaml", "recipe.maximumSteps=1", "--to", "pack.tar.gz", "--bootstrap", "never")
    #expect(pack.status == 0, "\(pack.errors)")
    let verified = try fixture.run("verify", "pack", "pack.tar.gz")
    #expect(verified.status == 0, "\(verified.output)\(verified.errors)")
    let asked = try fixture.run("evaluate", "study.yaml", "recipe.maximumSteps=1", "--task", "effusion", "--on", "findings", "--mode", "kNN")
    #expect(asked.status == 1 && asked.errors.contains("The runs that are asked are heads on features (kNN), which keep no network."), "\(asked.errors)")
  }

  /// A shard that was changed, and the run of a head that is gone.
  private func madeAnew(_ fixture: StudyFixture, _ run: String, _ heads: [String]) throws {
    let before = try text(fixture, "\(run)/predictions.csv"), features = fixture.url("runs/features")
    let digest = try #require(try text(fixture, "\(run)/probe.json").components(separatedBy: "\"features\" : \"").dropFirst().first?.prefix(24))
    let folder = features.appendingPathComponent(String(digest))
    let shard = try #require(try FileManager.default.contentsOfDirectory(atPath: folder.path).first { $0.hasPrefix("shard-") })
    // One digit of what the features are proved to be of: a head that believed it would be sealed as made from other weights.
    let proof = folder.appendingPathComponent("certificate.json"), proved = try Data(contentsOf: proof)
    var bytes = proved
    let digit = try #require(bytes.range(of: Data("\"sha256\" : \"".utf8))?.upperBound)
    bytes[digit] = bytes[digit] == UInt8(ascii: "0") ? UInt8(ascii: "1") : UInt8(ascii: "0")
    try bytes.write(to: proof)
    bytes = try Data(contentsOf: folder.appendingPathComponent(shard))
    bytes[bytes.count - 1] ^= 1
    try bytes.write(to: folder.appendingPathComponent(shard))
    try FileManager.default.removeItem(at: fixture.url("runs/\(run)"))
    let again = try Command.run(["run", "study.yaml", "recipe.maximumSteps=1"] + heads, in: fixture.folder)
    #expect(again.status == 0 && again.errors.contains("Cells: 1 run now, 16 finished before. Features: 1 pass over 26 images."), "\(again.errors)")
    #expect(again.errors.contains("of features is damaged, or of another network. It was taken away, and its images are asked about again."), "\(again.errors)")
    #expect(try text(fixture, "\(run)/predictions.csv") == before)
    #expect(try Data(contentsOf: proof) == proved)
    #expect(try Command.run(["run", "study.yaml", "recipe.maximumSteps=1"] + heads, in: fixture.folder).errors.contains("Cells: 0 run now, 17 finished before."))
  }
}
