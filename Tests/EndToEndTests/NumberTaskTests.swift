import Datasets
import Foundation
import Foundations
import Imaging
import Testing

/// Numbers and grades through the whole command, on drawn squares whose brightness is the answer.
@Suite("Regression and ordered grades through the command", .serialized)
struct NumberTaskTests {
  private static let recipe =
    "recipe: {architecture: resnet18, inputSize: 32, batchSize: 4, epochs: 1, maximumSteps: 3, augmentation: none, testTimeAugmentation: none, learningRate: 1e-3}"

  /// 30 images; the third training image has no number.
  private func draw(_ fixture: StudyFixture, folder: String = "squares", shift: Int = 0) throws {
    var table = "path,patient,split,age,grade\n"
    for index in 0..<30 {
      let level: Int = 20 + 7 * index + shift, name: String = (index < 10 ? "0" : "") + "\(index).png"
      let split = ["training", "test", "training", "validation", "test"][index % 5]
      try FileManager.default.createDirectory(at: fixture.url(folder), withIntermediateDirectories: true)
      let pixels: [UInt8] = (0..<1024).map { (place: Int) -> UInt8 in
        let pattern: Int = (place % 32 + place / 32 + 5 * index) % 7
        return UInt8(level + pattern)
      }
      try ImageFile.writePNG(PixelBuffer(width: 32, height: 32, channels: 1, bitDepth: 8, samples: .bytes(pixels)), to: fixture.url("\(folder)/\(name)"))
      let age: Double = 10 + Double(level) / 4, number: String = index == 2 ? "" : "\(age)"
      table += "\(name),p\(index),\(split),\(number),\(index / 10)\n"
    }
    try fixture.write(table, to: "\(folder)/table.csv")
  }

  private func study(
    _ tasks: [String], seeds: String = "2", initializations: [String] = ["random: random", "again: {trainedOn: first, from: random, seed: 1}"], settings: String = ""
  ) -> String {
    """
    name: numbers
    output: runs
    seeds: \(seeds)
    device: cpu
    threads: 1
    \(settings)
    \(Self.recipe)
    initializations:
    \(initializations.map { "  " + $0 }.joined(separator: "\n"))
    tasks:
    \(tasks.joined(separator: "\n"))

    """
  }

  private func age(_ name: String = "age", folder: String = "squares", unit: String? = "months", isTarget: Bool = true) -> String {
    """
      \(name):
        kind: regression
        target: \(isTarget)
        data: {manifest: {file: \(folder)/table.csv, imageRoot: \(folder), numberColumns: [age], \(unit.map { "unit: \($0), " } ?? "")patientColumn: patient, splitColumn: split}}
    """
  }

  private let grade = """
      grade:
        kind: orderedGrades
        data: {manifest: {file: squares/table.csv, imageRoot: squares, labelListColumn: grade, labels: ["0", "1", "2"], patientColumn: patient, splitColumn: split}}
    """

  private func rows(_ fixture: StudyFixture, _ path: String) throws -> [[String]] {
    let document = try CSV.parse(try fixture.text(path))
    return [document.header] + document.rows
  }

  @Test("Numbers are standardized by the known training numbers, answered in their unit, compared by the lower error, and packed")
  func regression() throws {
    let fixture = try StudyFixture()
    try draw(fixture)
    try fixture.write(study([age("first", isTarget: false), age()]), to: "study.yaml")
    let ran = try fixture.run("run", "study.yaml")
    #expect(ran.status == 0, "\(ran.output)\(ran.errors)")
    let runs = try fixture.runs().filter { $0.hasPrefix("age/") }
    #expect(runs.count == 4)

    let cell = try #require(JSONSerialization.jsonObject(with: Data(try fixture.text("runs/\(runs[0])/cell.json").utf8)) as? [String: Any])
    let scale = try #require(cell["numberScale"] as? [String: Any])
    var known: [Double] = []
    for index in 0..<30 where [0, 2].contains(index % 5) && index != 2 { known.append(10 + Double(20 + 7 * index) / 4) }
    let mean: Double = known.reduce(0, +) / Double(known.count)
    let squares: [Double] = known.map { ($0 - mean) * ($0 - mean) }
    let deviation: Double = (squares.reduce(0, +) / Double(known.count - 1)).squareRoot()
    let means = try #require(scale["means"] as? [Double]), deviations = try #require(scale["standardDeviations"] as? [Double])
    #expect(abs(means[0] - mean) < 1e-9 && abs(deviations[0] - deviation) < 1e-9)

    let table = try rows(fixture, "runs/\(runs[0])/predictions.csv")
    #expect(table[0] == ["id", "patient", "truth:months:age", "predicted:months:age"] && table.count == 13)
    #expect(table[1][2] == "16.75", "\(table[1])")
    var errors: [Double] = []
    for row in table.dropFirst() {
      let truth = try #require(Double(row[2])), value = try #require(Double(row[3]))
      errors.append(abs(value - truth))
    }
    let metrics = try #require(JSONSerialization.jsonObject(with: Data(try fixture.text("runs/\(runs[0])/metrics.json").utf8)) as? [String: Any])
    let entries = try #require(metrics["entries"] as? [[String: Any]])
    let own = try #require(entries.first { $0["metric"] as? String == "meanAbsoluteError" && $0["className"] == nil }?["value"] as? Double)
    let stated: Double = errors.reduce(0, +) / 12
    #expect(abs(own - stated) < 1e-9)
    #expect(try fixture.text("runs/\(runs[0])/history.jsonl").contains("\"meanAbsoluteError\":"))

    let report = try fixture.run("report", "study.yaml")
    #expect(report.status == 0, "\(report.errors)")
    #expect(report.output.contains("Mean absolute error, months"), "\(report.output)")
    let numbers = try #require(JSONSerialization.jsonObject(with: Data(try fixture.text("runs/report/numbers.json").utf8)) as? [String: Any])
    let analysis = try #require(((numbers["analysis"] as? [String: Any])?["tasks"] as? [[String: Any]])?.first)
    let groups = try #require(numbers["groups"] as? [[String: Any]])
    func error(of name: String) throws -> Double {
      let found = try #require(groups.first { $0["initialization"] as? String == name }?["metrics"] as? [[String: Any]])
      let entry = try #require(found.first { $0["metric"] as? String == "meanAbsoluteError" && $0["className"] == nil })
      return try #require((entry["summary"] as? [String: Any])?["mean"] as? Double)
    }
    let best = try error(of: "random") < error(of: "again") ? "random" : "again"
    #expect(analysis["best"] as? String == best)
    let section = try #require((numbers["sections"] as? [String: Any])?["numberAgreement"] as? [String: Any])
    #expect((section["tasks"] as? [[String: Any]])?.first?["unit"] as? String == "months")
    #expect(try fixture.text("runs/report/report.md").contains("Bland and Altman 1986"))
    #expect(try fixture.text("runs/report/tables/agreement-age.csv").hasPrefix("Initialization,Number,Images,Bias,"))
    #expect(try fixture.text("runs/report/figures/agreement-age.json").contains("Predicted − true"))

    let pack = try fixture.run("pack", "study.yaml", "--to", "pack.tar.gz")
    #expect(pack.status == 0, "\(pack.errors)")
    for name in ["squares", "runs", "study.yaml"] { try FileManager.default.removeItem(at: fixture.url(name)) }
    let verified = try fixture.run("verify", "pack", "pack.tar.gz")
    #expect(verified.status == 0 && verified.output.contains("The pack holds: every number follows from its predictions."), "\(verified.output)\(verified.errors)")
  }

  @Test("A run answers another hospital's numbers in its own unit; other units and other kinds are refused")
  func evaluated() throws {
    let fixture = try StudyFixture()
    try draw(fixture)
    try draw(fixture, folder: "other", shift: 11)
    try fixture.write(
      study([age(), age("there", folder: "other"), age("years", folder: "other", unit: "years"), grade], seeds: "1", initializations: ["random: random"]),
      to: "study.yaml")
    let ran = try fixture.run("run", "study.yaml", "--task", "age", "recipe.maximumSteps=1")
    #expect(ran.status == 0, "\(ran.errors)")
    let asked = try fixture.run("evaluate", "study.yaml", "recipe.maximumSteps=1", "--task", "age", "--on", "there")
    #expect(asked.status == 0 && asked.output.contains("Mean absolute error, months"), "\(asked.output)\(asked.errors)")
    let run = try #require(try fixture.runs().first { $0.hasPrefix("age/") })
    let (own, there) = (try rows(fixture, "runs/\(run)/predictions.csv"), try rows(fixture, "runs/\(run)/external/there/predictions.csv"))
    #expect(there[0] == own[0] && there.count == 13 && there[1][2] == "19.5", "\(there[1])")
    let report = try fixture.run("report", "study.yaml", "recipe.maximumSteps=1", "--external")
    #expect(report.status == 0 && report.output.contains("Of an error") == false, "\(report.errors)")
    let years = try fixture.run("evaluate", "study.yaml", "recipe.maximumSteps=1", "--task", "age", "--on", "years")
    #expect(years.status == 1 && years.errors.contains("age counts in months, and years counts in years. Write both tables in one unit, and say it by unit."), "\(years.errors)")
    let other = try fixture.run("evaluate", "study.yaml", "recipe.maximumSteps=1", "--task", "age", "--on", "grade")
    #expect(other.status == 1 && other.errors.contains("age is a regression and grade is a classification, so its runs cannot answer it."), "\(other.errors)")
  }

  @Test("Grades are judged by the quadratic kappa first, with AUROC, confusion table and distance in grades beside it")
  func grades() throws {
    let fixture = try StudyFixture()
    try draw(fixture)
    try fixture.write(study([grade], initializations: ["random: random"]), to: "study.yaml")
    let ran = try fixture.run("run", "study.yaml", "recipe.maximumSteps=2")
    #expect(ran.status == 0, "\(ran.output)\(ran.errors)")
    let run = try #require(try fixture.runs().first)
    #expect(try rows(fixture, "runs/\(run)/predictions.csv")[0] == ["id", "patient", "grade:0", "grade:1", "grade:2", "probability:0", "probability:1", "probability:2"])
    #expect(try fixture.text("runs/\(run)/metrics.json").contains("meanGradeError"))
    #expect(try fixture.text("runs/\(run)/history.jsonl").contains("\"cohenKappaQuadratic\":"))
    let report = try fixture.run("report", "study.yaml", "recipe.maximumSteps=2")
    #expect(report.status == 0, "\(report.errors)")
    #expect(report.output.contains("grade, Weighted kappa (quadratic)"), "\(report.output)")
    #expect(try fixture.text("runs/report/tables/metrics-grade.csv").contains("\"Mean absolute error, grades\""))
    #expect(try fixture.text("runs/report/report.md").contains("quadratic weights"))
  }

  @Test("A regression that is stopped after any step and goes on leaves the bytes of one that was not")
  func resumed() throws {
    let fixture = try StudyFixture()
    try draw(fixture)
    try fixture.write(study([age()], seeds: "[1]", initializations: ["random: random"], settings: "checkpointSeconds: 0"), to: "study.yaml")
    let whole = try fixture.run("run", "study.yaml", "output=whole")
    #expect(whole.status == 0, "\(whole.errors)")
    let run = try #require(try fixture.runs(in: "whole").first)
    // A run of the same identity with the record and the snapshots of an interrupted one: killed right after the first epoch.
    let process = Process()
    process.executableURL = Command.executable
    process.arguments = ["run", "study.yaml"]
    process.currentDirectoryURL = fixture.folder
    process.environment = ProcessInfo.processInfo.environment.merging(["OMP_NUM_THREADS": "1"]) { $1 }
    (process.standardOutput, process.standardError) = (FileHandle.nullDevice, FileHandle.nullDevice)
    try process.run()
    let folder = fixture.url("runs/\(run)"), limit = Date() + 120
    while process.isRunning, Date() < limit {
      let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
      if names.contains(where: { $0.hasPrefix("checkpoint") }) { break }
      usleep(2000)
    }
    kill(process.processIdentifier, SIGKILL)
    process.waitUntilExit()
    let resumed = try fixture.run("run", "study.yaml")
    #expect(resumed.status == 0, "\(resumed.errors)")
    for file in ["predictions.csv", "validation-predictions.csv", "metrics.json", "best.safetensors", "cell.json"] {
      let found = try? Data(contentsOf: fixture.url("runs/\(run)/\(file)"))
      #expect(found == (try? Data(contentsOf: fixture.url("whole/\(run)/\(file)"))), "\(file)")
    }
    #expect(FileManager.default.fileExists(atPath: fixture.url("runs/\(run)/best.safetensors").path))
  }

  @Test("What a regression cannot do is said before anything runs")
  func refused() throws {
    let fixture = try StudyFixture()
    try draw(fixture)
    func errors(_ change: (String) -> String) throws -> String {
      try fixture.write(change(study([age()], initializations: ["random: random"])), to: "study.yaml")
      let result = try fixture.run("plan", "study.yaml")
      #expect(result.status != 0)
      return result.errors
    }
    let words = try errors { $0.replacingOccurrences(of: "numberColumns: [age]", with: "labelColumns: [age]") }
    #expect(words.contains("The task “age” is a regression, but its manifest names labelColumns. Remove it; the numbers are named by numberColumns."), "\(words)")
    let loss = try errors { $0.replacingOccurrences(of: "learningRate", with: "loss: binaryCrossEntropy, learningRate") }
    #expect(loss.contains("The loss binaryCrossEntropy is not for a regression. Use meanSquaredError."), "\(loss)")
    let probe = try errors { $0.replacingOccurrences(of: "learningRate", with: "mode: linearProbe, learningRate") }
    #expect(probe.contains("The mode linearProbe says what an image is of, and a regression asks for something else."), "\(probe)")
    let column = try errors { $0.replacingOccurrences(of: "numberColumns: [age]", with: "numberColumns: [path]") }
    #expect(column.contains("The column path of table.csv has 30 cells that are no number; the first, in line 2, is “00.png”."), "\(column)")
  }
}
