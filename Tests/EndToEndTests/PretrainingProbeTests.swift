import Foundation
import Foundations
import Studies
import Testing
import Torch
import Training

@testable import Datasets
@testable import Execution

/// What a pre-training is judged by, what it forgets, and what it needs, through the real command: a ResNet-20 of 28 px, drawn images.
@Suite("What a pre-training is worth, forgets and needs", .serialized)
struct PretrainingProbeTests {
  private static func text(_ extra: String = "", from start: String = "taught", settings: String = "") -> String {
    """
    name: small
    output: runs
    seeds: [1]
    device: cpu
    threads: 1
    \(settings)
    recipe: {architecture: resnet20, inputSize: 28, batchSize: 6, epochs: 1, testTimeAugmentation: none}
    initializations:
      random: random
      taught: {trainedOn: findings, from: random}
      chest: {pretrain: simclr-v1, images: [effusion], from: \(start), epochs: 4, batchSize: 6\(extra)}
    tasks:
    \(SmallStudy.effusion)
      findings:
        kind: multiLabelClassification
        target: false
        data: {manifest: {file: findings/manifest.csv, imageRoot: findings, labelColumns: [Effusion, Nodule], patientColumn: patient, splitColumn: split}}

    """
  }

  private static let probe = ", probe: {tasks: [effusion], everyEpochs: 2, heads: [kNN, linearProbe]}"

  private func fixture(_ text: String) throws -> StudyFixture {
    let fixture = try StudyFixture()
    try SmallStudy.draw(into: fixture)
    try fixture.write(text, to: "study.yaml")
    return fixture
  }

  private struct Line: Decodable {
    let epoch: Int
    let validation: [String: Double]?
  }

  private func judged(_ fixture: StudyFixture, _ run: String, in output: String = "runs") throws -> [Line] {
    try fixture.text("\(output)/\(run)/history.jsonl").split(separator: "\n").filter { $0.contains("\"learningRate\"") }
      .map { try JSONDecoder().decode(Line.self, from: Data($0.utf8)) }.filter { $0.validation != nil }
  }

  @Test("Both heads judge it, what its start had learned is asked about before the first step and each time, and the report tells what was lost")
  func forgetting() throws {
    let fixture = try fixture(Self.text(Self.probe))
    let run = try fixture.run("run", "study.yaml")
    #expect(run.status == 0, "\(run.errors)")
    let made = try #require(try fixture.runs().first { $0.hasPrefix("pretraining/chest/") }), lines = try judged(fixture, made)
    #expect(lines.map(\.epoch) == [2, 4])
    for line in lines {
      let values = try #require(line.validation)
      #expect(
        values.keys.sorted() == [
          "kNN effusion", "kNN findings", "kNN findings lost", "linearProbe effusion", "linearProbe findings", "linearProbe findings lost", "loss",
        ])
      let mean = try (#require(values["kNN effusion"]) + #require(values["linearProbe effusion"])) / 2
      #expect(abs(1 - mean - (values["loss"] ?? 0)) < 1e-12)
    }
    // Of one start, whatever the epoch.
    for head in ["kNN", "linearProbe"] {
      let starts = lines.compactMap { line in line.validation.map { ($0["\(head) findings"] ?? .nan) + ($0["\(head) findings lost"] ?? .nan) } }
      #expect(starts.count == 2 && abs(starts[0] - starts[1]) < 1e-12 && (0...1).contains(starts[0]))
    }
    #expect(run.errors.contains("pre-training of chest, seed 1: kNN and linearProbe "))
    let record = try fixture.text("runs/\(made)/pretraining.json")
    #expect(
      record.contains(
        "Every 2 epochs a classifier of 20 neighbors and a linear classifier (logistic regression, its strength chosen on the validation images) judged on training and validation images of effusion; the state with the highest mean of both is kept."
      ))
    #expect(record.contains("Before the first step and each time it was asked about findings too, to tell what is forgotten of what taught had learned; that chose nothing."))
    let report = try fixture.run("report", "study.yaml")
    #expect(report.status == 0, "\(report.errors)")
    let text = try fixture.text("runs/report/report.md")
    #expect(text.contains("On findings, the AUROC of nearest neighbors went from ") && text.contains("On findings, the AUROC of the linear probe went from "))
    // The figure itself is `PretrainingSectionTests`'; Markdown has none.
    let numbers = try fixture.text("runs/report/numbers.json")
    #expect(numbers.contains("\"forgotten\"") && numbers.contains("\"atStart\""))
  }

  @Test("What is asked about to tell what is forgotten alters no weight, and a killed pre-training remembers what was there before its first step")
  func asked() throws {
    let fixture = try fixture(Self.text(Self.probe, settings: "checkpointSeconds: 0"))
    #expect(try fixture.run("pretrain", "study.yaml", "output=whole").status == 0)
    #expect(try fixture.run("pretrain", "study.yaml", "output=unasked", "initializations.chest.probe.forgetting=[]").status == 0)
    let made = try #require(try fixture.runs(in: "whole").first { $0.hasPrefix("pretraining/") })
    let plain = try #require(try fixture.runs(in: "unasked").first { $0.hasPrefix("pretraining/") })
    #expect(made == plain, "One identity.")
    #expect(try Data(contentsOf: fixture.url("whole/\(made)/best.safetensors")) == Data(contentsOf: fixture.url("unasked/\(made)/best.safetensors")))
    #expect(try judged(fixture, made, in: "unasked").allSatisfy { $0.validation?.keys.sorted() == ["kNN effusion", "linearProbe effusion", "loss"] })
    let process = Process()
    process.executableURL = Command.executable
    process.arguments = ["pretrain", "study.yaml", "output=broken"]
    process.currentDirectoryURL = fixture.folder
    process.environment = ProcessInfo.processInfo.environment.merging(["OMP_NUM_THREADS": "1"]) { $1 }
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    try process.run()
    let end = Date(timeIntervalSinceNow: 120)
    while process.isRunning, Date() < end {
      if let run = try? fixture.runs(in: "broken").first(where: { $0.hasPrefix("pretraining/") }),
        let text = try? fixture.text("broken/\(run)/history.jsonl"), text.split(separator: "\n").count >= 3
      {
        break
      }
      usleep(1_000)
    }
    kill(process.processIdentifier, SIGKILL)
    process.waitUntilExit()
    #expect(try fixture.run("pretrain", "study.yaml", "output=broken").status == 0)
    for name in ["best.safetensors", "history.jsonl"] {
      #expect(try Data(contentsOf: fixture.url("whole/\(made)/\(name)")) == Data(contentsOf: fixture.url("broken/\(made)/\(name)")), "\(name)")
    }
  }

  @Test("A queue that no memory holds is refused before anything is trained, in one sentence that says what to lower; plan says it too")
  func tooLarge() throws {
    let fixture = try fixture(Self.text(from: "random").replacingOccurrences(of: "simclr-v1", with: "moco-v2"))
    let change = "initializations.chest.settings={queue: 1000000000}"
    let run = try fixture.run("run", "study.yaml", change)
    #expect(run.status == 1)
    #expect(run.errors.contains("The pre-training of chest takes about 512 GB"), "\(run.errors)")
    #expect(run.errors.contains(" Lower settings.queue (1000000000), or give it more memory."), "\(run.errors)")
    #expect(try fixture.runs().allSatisfy { !$0.hasPrefix("pretraining/") || !FileManager.default.fileExists(atPath: fixture.url("runs/\($0)/history.jsonl").path) })
    let plan = try fixture.run("plan", "study.yaml", change)
    #expect(plan.status == 0 && plan.output.contains("The pre-training of chest takes about 512 GB of memory"), "\(plan.output)")
    #expect(plan.errors.contains("it may be killed or fail. Lower settings.queue (1000000000), or give it more memory."), "\(plan.errors)")
  }

  @Test("What it takes follows batch, crops and precision, is judged by the limit, and the advice names what makes it so large")
  func memory() throws {
    let fixture = try fixture(Self.text(from: "random"))
    func cost(_ changes: [String] = [], limit: Int = 1 << 50) throws -> PretrainingCost {
      let study = try StudyReading.read(fixture.url("study.yaml"), overrides: changes.map { "initializations.chest.\($0)" }), data = StudyData(study)
      let specification = try #require(study.pretraining(named: "chest"))
      return try PretrainingCost(
        PretrainingSetup(specification, data: data), device: .cpu, loaderThreads: 1, limit: MemoryLimit(bytes: limit, source: .controlGroup))
    }
    let base = try cost(["batchSize=12"])
    #expect(base.memorySentence(of: "chest") == nil && !base.isTooMuch && base.measuredImages == 8 && base.seconds ?? 0 > 0)
    #expect(try cost(["batchSize=6"]).tensorBytes < base.tensorBytes)
    let large = try cost(["batchSize=12", "inputSize=56"])
    #expect(large.tensorBytes > 2 * base.tensorBytes && large.waitingBytes > 3 * base.waitingBytes)
    #expect(try cost(["batchSize=12", "pretrain=swav"]).tensorBytes > base.tensorBytes)
    let tight = try cost(["batchSize=12"], limit: base.memoryBytes * 10 / 19)
    #expect(throws: ExecutionError.self) { try tight.requireRoom(for: "chest") }
    let error = #expect(throws: ExecutionError.self) { try tight.requireRoom(for: "chest") }
    #expect(error?.kind == .tooLittleMemory && error?.problem.contains(", and the memory limit of its control group (job or container) is ") == true)
    #expect(error?.remedy.hasPrefix("Lower batchSize (12), inputSize (28) and sourceSize (56)") == true && error?.remedy.hasSuffix(", or give it more memory.") == true)
    #expect(try cost(["pretrain=swav"]).advice.contains("choose a method of fewer than its 8 crops"))
  }

  @Test("A probe whose tasks cannot tell states apart is refused, where one of them can it is not")
  func judgesNothing() throws {
    func task(_ name: String, _ labels: [Float]) throws -> BackboneProbe.Task {
      func sample(_ index: Int, _ label: Float) -> Sample {
        Sample(id: "\(name)\(index)", image: ImageReference(URL(fileURLWithPath: "/\(index).png")), labels: [label], byteCount: 1)
      }
      let validation = labels.enumerated().map { sample($0.offset, $0.element) }
      return BackboneProbe.Task(
        name: name, kind: .binaryClassification, recipe: .standard(for: .binaryClassification),
        splits: try DatasetSplits(parts: [.training: [sample(90, 1), sample(91, 0)], .validation: validation, .test: [sample(99, 1)]], classNames: ["sick"]),
        scoredClasses: nil, loaders: LoaderSetting(workers: 1, prefetch: 1, cache: nil))
    }
    func probe(_ tasks: [BackboneProbe.Task]) -> BackboneProbe {
      BackboneProbe(tasks, everyEpochs: 1, heads: [.kNN], numerics: NumericSetting(device: .cpu, precision: .float32))
    }
    let error = #expect(throws: ExecutionError.self) { try probe([task("one", [1, 1])]).requireJudgment(of: "chest") }
    #expect(error?.kind == .nothingToJudgeBy)
    #expect(error?.problem.hasPrefix("The probe of “chest” cannot tell one state from another by the validation images of its tasks (one: ") == true)
    #expect(throws: Never.self) { try probe([task("one", [1, 1]), task("both", [1, 0])]).requireJudgment(of: "chest") }
  }
}
