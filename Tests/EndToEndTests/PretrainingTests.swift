import Containers
import Foundation
import Foundations
import Testing

/// Pre-training on images through the real command: a ResNet-20 of 28 px, drawn images.
@Suite("Pre-training on one's own images", .serialized)
struct PretrainingTests {
  private static func text(_ extra: String = "", settings: String = "") -> String {
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
      chest-moco: {pretrain: moco-v2, images: [effusion, {folder: more}], from: random, epochs: 2, batchSize: 6, probe: {tasks: [effusion], everyEpochs: 1}\(extra)}
    tasks:
    \(SmallStudy.effusion)

    """
  }

  /// The study's images, and a folder with a third of those of another set and one that is tested on.
  private func fixture() throws -> StudyFixture {
    let fixture = try StudyFixture()
    try SmallStudy.draw(into: fixture)
    try FileManager.default.createDirectory(at: fixture.url("more/deep"), withIntermediateDirectories: true)
    func pictures(_ folder: String) throws -> [String] {
      let names = FileManager.default.enumerator(atPath: fixture.url(folder).path)?.compactMap { $0 as? String } ?? []
      return names.filter { $0.hasSuffix(".png") }.sorted()
    }
    for (index, name) in try pictures("findings").prefix(8).enumerated() {
      try FileManager.default.copyItem(at: fixture.url("findings/\(name)"), to: fixture.url("more/deep/other-\(index).png"))
    }
    let rows = try fixture.text("effusion/manifest.csv").split(separator: "\n").map { $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init) }
    let part = try #require(rows[0].firstIndex(of: "split")), path = try #require(rows[0].firstIndex(of: "path"))
    let tested = try #require(rows.dropFirst().first { $0[part] == "test" })
    try FileManager.default.copyItem(at: fixture.url("effusion/\(tested[path])"), to: fixture.url("more/a-copy.png"))
    return fixture
  }

  @Test("A study pre-trains on its training images and a folder, leaves out what it tests on, and fine-tunes what came of it; plan and status say so")
  func study() throws {
    let fixture = try fixture()
    try fixture.write(Self.text(), to: "study.yaml")
    let plan = try fixture.run("plan", "study.yaml", "--no-estimate")
    #expect(plan.status == 0, "\(plan.errors)")
    // 12 training images of effusion and 8 of another set; 6 validated, 8 tested on, and a copy.
    #expect(plan.output.contains("; 6 steps of 6, 3 an epoch."))
    #expect(plan.output.contains("Left out: 15 images that effusion validates or tests on (14 by their file, 1 by their bytes)"))
    #expect(plan.output.contains("Images whose channels are equal were varied without hue, saturation, random gray, solarization and"))
    #expect(plan.output.split(separator: "\n").contains { $0.hasPrefix("temperature ") && $0.contains("0.2") })
    let run = try fixture.run("run", "study.yaml")
    #expect(run.status == 0, "\(run.errors)")
    #expect(run.errors.contains("pre-training of chest-moco, seed 1") && run.errors.contains("Cells: 3 run now."))
    let runs = try fixture.runs(), made = try #require(runs.first { $0.hasPrefix("pretraining/chest-moco/seed1-") })
    #expect(runs.count == 3)
    // Each epoch was judged, and the child started from these very weights.
    let history = try fixture.text("runs/\(made)/history.jsonl").split(separator: "\n")
    #expect(history.count == 8 && history.count { $0.contains("kNN effusion") } == 2)
    let child = try #require(runs.first { $0.hasPrefix("effusion/chest-moco/") })
    let digest = try Digest.sha256Hex(ofFile: fixture.url("runs/\(made)/best.safetensors"))
    #expect(try fixture.text("runs/\(child)/certificate.json").contains("\"sha256\" : \"\(digest)\""))
    let names = try CheckpointFile.open(fixture.url("runs/\(made)/best.safetensors")).arrays().map(\.name)
    #expect(names.contains("conv1.weight") && names.contains("layer3.2.bn2.running_var") && !names.contains { $0.hasPrefix("fc") })
    #expect(try fixture.text("runs/\(made)/cell.json").contains("\"hasGrayRule\" : true"))
    // Where the images are not any more, status and report still read the runs.
    for folder in ["effusion", "more", "findings"] { try FileManager.default.removeItem(at: fixture.url(folder)) }
    let status = try fixture.run("status", "study.yaml")
    #expect(status.output.contains("3 runs: 3 finished."), "\(status.output)\(status.errors)")
    #expect(status.output.split(separator: "\n").contains { $0.hasPrefix("pretraining") && $0.contains("1/1") })
    let report = try fixture.run("report", "study.yaml")
    #expect(report.status == 0, "\(report.errors)")
    #expect(try fixture.text("runs/report/report.md").contains("MoCo-v2"))
  }

  @Test("Killed after any step and started again, a pre-training ends in the same bytes; asked to stop, it says so and goes on")
  func interruptions() throws {
    let fixture = try fixture()
    try fixture.write(Self.text(", onePerPatient: true", settings: "checkpointSeconds: 0"), to: "study.yaml")
    func pretrain(_ output: String) throws -> Process {
      let process = Process()
      process.executableURL = Command.executable
      process.arguments = ["pretrain", "study.yaml", "output=\(output)"]
      process.currentDirectoryURL = fixture.folder
      process.environment = ProcessInfo.processInfo.environment.merging(["OMP_NUM_THREADS": "1"]) { $1 }
      process.standardOutput = FileHandle.nullDevice
      process.standardError = FileHandle.nullDevice
      try process.run()
      return process
    }
    #expect(try fixture.run("pretrain", "study.yaml", "output=whole").status == 0)
    // Three steps and an epoch's line, twice.
    for (lines, signal) in [(2, SIGKILL), (5, SIGTERM)] {
      let process = try pretrain("broken"), end = Date(timeIntervalSinceNow: 60)
      while process.isRunning, Date() < end {
        if let run = try? fixture.runs(in: "broken").first, let text = try? fixture.text("broken/\(run)/history.jsonl"),
          text.split(separator: "\n").count >= lines
        {
          break
        }
        usleep(1_000)
      }
      kill(process.processIdentifier, signal)
      process.waitUntilExit()
    }
    let last = try fixture.run("pretrain", "study.yaml", "output=broken")
    #expect(last.status == 0, "\(last.errors)")
    let wholes = try fixture.runs(in: "whole"), run = try #require(wholes.first)
    #expect(try fixture.runs(in: "broken") == [run])
    for name in ["best.safetensors", "history.jsonl", "pretraining.json"] {
      #expect(try Data(contentsOf: fixture.url("whole/\(run)/\(name)")) == Data(contentsOf: fixture.url("broken/\(run)/\(name)")), "\(name)")
    }
    #expect(try Data(contentsOf: fixture.url("whole/chest-moco.safetensors")) == Data(contentsOf: fixture.url("broken/chest-moco.safetensors")))
  }

  @Test("Of a folder alone the command makes a checkpoint that a study starts from, with what it was trained on beside it")
  func alone() throws {
    let fixture = try fixture()
    let made = try fixture.run(
      "pretrain", "more", "--method", "simsiam", "--architecture", "resnet20", "--input-size", "28", "--epochs", "1", "--batch-size", "4", "--device", "cpu",
      "--output", "out", "--name", "mine", "--set", "learningRate=0.01", "--quiet")
    #expect(made.status == 0, "\(made.errors)")
    #expect(made.output.contains("9 images, whose patients are not known; 2 steps of 4, 2 an epoch."))
    let entry = try fixture.text("out/mine.json")
    #expect(entry.contains("\"architecture\" : \"resnet20\"") && entry.contains("\"key\" : \"learningRate\""))
    #expect(entry.contains(try Digest.sha256Hex(ofFile: fixture.url("out/mine.safetensors"))))
    let unknown = try fixture.run("pretrain", "more", "--method", "mocov2")
    #expect(unknown.status == 1 && unknown.errors.contains("is pre-trained by “mocov2”, which is no self-supervised method. Did you mean “moco-v2”?"))
  }
}
