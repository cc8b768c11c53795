import Foundation
import Foundations
import Imaging
import PublishedCopies
import Testing

/// Masks of several classes through the whole command. Classes are columns of known width, so that the pixels of every test mask can be told
/// beforehand.
@Suite("Segmentation of several classes through the command", .serialized)
struct ClassMaskTaskTests {
  private static let side = 64
  private static let recipe =
    "recipe: {architecture: resnet18, inputSize: 32, batchSize: 4, evaluationBatchSize: 4, epochs: 1, maximumSteps: 3, augmentation: none, learningRate: 1e-3}"

  private func write(_ fixture: StudyFixture, _ path: String, _ level: (Int, Int) -> UInt8) throws {
    try FileManager.default.createDirectory(at: fixture.url(path).deletingLastPathComponent(), withIntermediateDirectories: true)
    let values = (0..<Self.side * Self.side).map { level($0 % Self.side, $0 / Self.side) }
    try ImageFile.writePNG(PixelBuffer(width: Self.side, height: Self.side, channels: 1, bitDepth: 8, samples: .bytes(values)), to: fixture.url(path))
  }

  /// 24 patients. In the image columns 0–15 are a lung, 16–23 a heart but in image 23, and 0–7 a clavicle over the lung in the upper half; in the
  /// label map columns 56–63 do not count.
  private func draw(_ fixture: StudyFixture, _ folder: String = "set", shift: Int = 0) throws {
    for number in 0..<24 {
      let name = (number < 10 ? "0" : "") + "\(number).png"
      func hasHeart(_ x: Int) -> Bool { 16..<24 ~= x && number != 23 }
      try write(fixture, "\(folder)/images/\(name)") { x, y in
        let organ: Int = x < 16 ? 120 : hasHeart(x) ? 200 : 30, over: Int = x < 8 && y < 32 ? 40 : 0
        // No two images are alike.
        let pattern: Int = (x * (number + 3 + shift) + 5 * y) % 61 / 4
        return UInt8(organ + over + pattern)
      }
      try write(fixture, "\(folder)/maps/\(name)") { x, _ in x < 16 ? 1 : hasHeart(x) ? 2 : x >= 56 ? 255 : 0 }
      try write(fixture, "\(folder)/lung/\(name)") { x, _ in x < 16 ? 255 : 0 }
      try write(fixture, "\(folder)/heart/\(name)") { x, _ in hasHeart(x) ? 255 : 0 }
      try write(fixture, "\(folder)/clavicle/\(name)") { x, y in x < 8 && y < 32 ? 255 : 0 }
    }
  }

  private func map(_ name: String, _ folder: String = "set", isTarget: Bool = true, labels: String = "{lung: 1, heart: 2}") -> String {
    "  \(name): {kind: multiclassSegmentation, target: \(isTarget), data: {maskFolders: {training: {images: \(folder)/images, masks: \(folder)/maps}, labels: \(labels), ignore: 255, split: {validation: 0.2, test: 0.4}}}}"
  }

  private func organs(_ name: String = "organs", _ folder: String = "set") -> String {
    "  \(name): {kind: multiLabelSegmentation, metrics: [clDice], data: {maskFolders: {training: {images: \(folder)/images, masks: {lung: \(folder)/lung, heart: \(folder)/heart, clavicle: \(folder)/clavicle}}, split: {validation: 0.2, test: 0.4}}}}"
  }

  private func study(_ tasks: [String], seeds: String = "2", initializations: [String] = ["random: random"], settings: String = "") -> String {
    """
    name: organs
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

  /// Of each row the pixels of each class in truth, and all that count.
  private func truths(_ fixture: StudyFixture, _ path: String) throws -> [String: [String: (object: Int, counted: Int)]] {
    let table = try CSV.parse(fixture.text(path)), start = "truePositives:"
    let classes = table.header.filter { $0.hasPrefix(start) }.map { String($0.dropFirst(start.count)) }
    return Dictionary(
      uniqueKeysWithValues: try table.rows.map { row in
        let ofClasses = try classes.map { name in
          let counts = try ["truePositives", "falsePositives", "falseNegatives", "trueNegatives"].map { column in
            try #require(table.header.firstIndex(of: "\(column):\(name)").flatMap { Int(row[$0]) })
          }
          return (name, (object: counts[0] + counts[2], counted: counts.reduce(0, +)))
        }
        return (row[0], Dictionary(uniqueKeysWithValues: ofClasses))
      })
  }

  private func object(_ fixture: StudyFixture, _ path: String) throws -> [String: Any] {
    try #require(JSONSerialization.jsonObject(with: Data(try fixture.text(path).utf8)) as? [String: Any])
  }

  /// Of a run's metrics.json.
  private func value(_ fixture: StudyFixture, _ run: String, _ metric: String, _ name: String? = nil) throws -> Double {
    let entries = try #require(object(fixture, "runs/\(run)/metrics.json")["entries"] as? [[String: Any]])
    let entry = try #require(entries.first { $0["metric"] as? String == metric && $0["className"] as? String == name })
    return try #require(entry["value"] as? Double)
  }

  @Test("A label map and masks that overlap are checked, trained, judged by class and by their mean, reported, packed and verified")
  func whole() throws {
    let fixture = try StudyFixture()
    try draw(fixture)
    try fixture.write(
      study([map("first", isTarget: false), map("map"), organs()], initializations: ["random: random", "again: {trainedOn: first, from: random, seed: 1}"]),
      to: "study.yaml")
    let check = try fixture.run("check", "study.yaml")
    #expect(check.status == 0 && check.output.contains("[masks.classShare]"), "\(check.output)\(check.errors)")
    #expect(check.output.contains("lung 28.6 % in") && check.output.contains("organs, test  [masks.classOverlap]"), "\(check.output)")
    let ran = try fixture.run("run", "study.yaml")
    #expect(ran.status == 0, "\(ran.output)\(ran.errors)")

    let maps = try fixture.runs().filter { $0.hasPrefix("map/") }, masks = try fixture.runs().filter { $0.hasPrefix("organs/") }
    #expect(maps.count == 4 && masks.count == 4)
    let header = try CSV.parse(fixture.text("runs/\(maps[0])/predictions.csv")).header
    #expect(
      header.starts(with: [
        "id", "patient", "truePositives:lung", "falsePositives:lung", "falseNegatives:lung", "trueNegatives:lung", "hd95:px:lung", "nsd:2px:lung", "truePositives:heart",
      ]))
    for (id, truth) in try truths(fixture, "runs/\(maps[0])/predictions.csv") {
      // At 32 × 32, without the columns that do not count.
      #expect(truth["lung"]?.object == 256 && truth["heart"]?.object == (id.hasSuffix("23.png") ? 0 : 128) && truth.values.allSatisfy { $0.counted == 896 }, "\(id)")
    }
    for (id, truth) in try truths(fixture, "runs/\(masks[0])/predictions.csv") {
      let heart = id.hasSuffix("23.png") ? 0 : 128
      #expect(truth["lung"]?.object == 256 && truth["heart"]?.object == heart && truth["clavicle"]?.object == 64 && truth.values.allSatisfy { $0.counted == 1024 }, "\(id)")
    }
    try checkMetrics(fixture, maps[0])

    let report = try fixture.run("report", "study.yaml")
    #expect(report.status == 0 && report.output.contains("Dice (pooled), mean over classes"), "\(report.output)\(report.errors)")
    let classes = try CSV.parse(fixture.text("runs/report/tables/classes-organs.csv"))
    #expect(classes.rows.map { $0[0] } == ["lung", "heart", "clavicle", "Mean over classes"])
    #expect(try fixture.text("runs/report/tables/patients-map.csv").contains("Dice (pooled) of heart"))
    #expect(try fixture.text("runs/report/methods.txt").contains("Of classes that exclude each other a pixel is of the most probable one."))
    let pictures = try FileManager.default.contentsOfDirectory(atPath: fixture.url("runs/pictures/organs").path)
    #expect(pictures.contains("again-1.png"))

    let pack = try fixture.run("pack", "study.yaml", "--to", "pack.tar.gz")
    #expect(pack.status == 0, "\(pack.errors)")
    for name in ["set", "runs", "study.yaml"] { try FileManager.default.removeItem(at: fixture.url(name)) }
    let verified = try fixture.run("verify", "pack", "pack.tar.gz")
    #expect(verified.status == 0 && verified.output.contains("The pack holds: every number follows from its predictions."), "\(verified.output)\(verified.errors)")
  }

  /// The numbers of a run from its predictions by their definition.
  private func checkMetrics(_ fixture: StudyFixture, _ run: String) throws {
    let table = try CSV.parse(fixture.text("runs/\(run)/predictions.csv"))
    func counts(_ name: String, _ row: [String]) throws -> (both: Int, sizes: Int) {
      let found = try ["truePositives", "falsePositives", "falseNegatives"].map { column in
        try #require(table.header.firstIndex(of: "\(column):\(name)").flatMap { Int(row[$0]) })
      }
      return (2 * found[0], 2 * found[0] + found[1] + found[2])
    }
    var pooled: [Double] = [], means: [Double] = []
    for name in ["lung", "heart"] {
      let all = try table.rows.map { try counts(name, $0) }, there = all.filter { $0.sizes > 0 }
      let ofAll = Double(all.reduce(0) { $0 + $1.both }) / Double(all.reduce(0) { $0 + $1.sizes })
      let ofEach = there.reduce(0) { $0 + Double($1.both) / Double($1.sizes) } / Double(there.count)
      let own = (try value(fixture, run, "dicePooled", name), try value(fixture, run, "dicePerImage", name))
      #expect(abs(own.0 - ofAll) < 1e-12 && abs(own.1 - ofEach) < 1e-12)
      pooled.append(ofAll)
      means.append(ofEach)
    }
    let own = (try value(fixture, run, "dicePooled"), try value(fixture, run, "dicePerImage"))
    #expect(abs(own.0 - (pooled[0] + pooled[1]) / 2) < 1e-12 && abs(own.1 - (means[0] + means[1]) / 2) < 1e-12)
    #expect(try fixture.text("runs/\(run)/history.jsonl").contains("\"diceMean\":"))
  }

  @Test("A run answers another hospital's classes by name, of which it judges those that both have; one object is another question")
  func evaluated() throws {
    let fixture = try StudyFixture()
    try draw(fixture)
    try draw(fixture, "other", shift: 24)
    let one = "  one: {kind: binarySegmentation, data: {maskFolders: {training: {images: other/images, masks: other/lung}}}}"
    try fixture.write(
      study([map("map"), organs("there", "other"), map("renamed", "other", labels: "{rib: 2, Lung: 1}"), one], seeds: "2"), to: "study.yaml")
    let ran = try fixture.run("run", "study.yaml", "--task", "map", "recipe.maximumSteps=1")
    #expect(ran.status == 0, "\(ran.errors)")
    let asked = try fixture.run("evaluate", "study.yaml", "recipe.maximumSteps=1", "--task", "map", "--on", "there")
    #expect(
      asked.status == 0 && asked.output.contains("Dice (pooled) heart") && asked.output.contains("Classes only of there, left out: clavicle."), "\(asked.output)\(asked.errors)")
    let run = try #require(try fixture.runs().first { $0.hasPrefix("map/") })
    for (id, truth) in try truths(fixture, "runs/\(run)/external/there/predictions.csv") {
      #expect(truth.keys.sorted() == ["heart", "lung"] && truth["lung"]?.object == 256 && truth["heart"]?.object == (id.hasSuffix("23.png") ? 0 : 128), "\(id)")
    }
    let renamed = try fixture.run("evaluate", "study.yaml", "recipe.maximumSteps=1", "--task", "map", "--on", "renamed")
    #expect(renamed.status == 0 && renamed.output.contains("rib"), "\(renamed.output)\(renamed.errors)")
    #expect(try truths(fixture, "runs/\(run)/external/renamed/predictions.csv").values.allSatisfy { Array($0.keys) == ["lung"] && $0["lung"]?.object == 256 })
    let report = try fixture.run("report", "study.yaml", "recipe.maximumSteps=1", "--external")
    #expect(report.status == 0, "\(report.errors)")
    #expect(try CSV.parse(fixture.text("runs/report/tables/external-classes-map-there.csv")).rows.map { $0[0] } == ["lung", "heart"])
    let other = try fixture.run("evaluate", "study.yaml", "recipe.maximumSteps=1", "--task", "map", "--on", "one")
    #expect(other.status == 1 && other.errors.contains("map is a segmentation of several classes and one is a segmentation, so its runs cannot answer it."), "\(other.errors)")
  }

  @Test("SCR's lungs, heart and clavicles are one built-in task, a mask of each by itself, from the files that the publisher gives")
  func scr() throws {
    let fixture = try StudyFixture()
    try TaskCopies.scr(in: fixture.url("scr"), side: Self.side, raw: [2], count: 10)
    try fixture.write(study(["  SCR: {builtIn: SCR, root: scr}"], seeds: "1"), to: "study.yaml")
    let ran = try fixture.run("run", "study.yaml", "recipe.maximumSteps=1")
    #expect(ran.status == 0, "\(ran.output)\(ran.errors)")
    let run = try #require(try fixture.runs().first), found = try truths(fixture, "runs/\(run)/predictions.csv")
    #expect(found.count == 5)
    // Lungs: half and the leftmost quarter; the heart is that quarter too, and a clavicle half of it, so that all three overlap.
    for truth in found.values { #expect(truth["lungs"]?.object == 512 && truth["heart"]?.object == 256 && truth["clavicles"]?.object == 384) }
  }

  @Test("nnU-Net's labels and a manifest's numbered masks train a label map, and an elastic variation leaves its classes whole numbers")
  func sources() throws {
    let fixture = try StudyFixture()
    try draw(fixture)
    try fixture.write(
      #"{"channel_names": {"0": "X-ray"}, "labels": {"background": 0, "lung": 1, "heart": 2, "ignore": 255}, "numTraining": 24, "file_ending": ".png"}"#, to: "nn/dataset.json")
    try FileManager.default.createDirectory(at: fixture.url("nn/imagesTr"), withIntermediateDirectories: true)
    try FileManager.default.createDirectory(at: fixture.url("nn/labelsTr"), withIntermediateDirectories: true)
    var table = "image,mask\n"
    for number in 0..<24 {
      let name = (number < 10 ? "0" : "") + "\(number)"
      try FileManager.default.copyItem(at: fixture.url("set/images/\(name).png"), to: fixture.url("nn/imagesTr/case_\(name)_0000.png"))
      try FileManager.default.copyItem(at: fixture.url("set/maps/\(name).png"), to: fixture.url("nn/labelsTr/case_\(name).png"))
      table += "images/\(name).png,maps/\(name).png\n"
    }
    try fixture.write(table, to: "set/table.csv")
    try fixture.write(
      study(
        [
          "  nn: {kind: multiclassSegmentation, recipe: {augmentation: standard}, data: {nnUNet: {folder: nn, split: {validation: 0.2, test: 0.4}}}}",
          "  table: {kind: multiclassSegmentation, recipe: {loss: softDice}, data: {manifest: {file: set/table.csv, imageRoot: set, pathColumn: image, maskColumn: mask, maskLabels: {heart: 2, lung: 1}, ignore: 255, split: {validation: 0.2, test: 0.4}}}}",
        ], seeds: "1"), to: "study.yaml")
    let ran = try fixture.run("run", "study.yaml", "recipe.maximumSteps=2")
    #expect(ran.status == 0, "\(ran.output)\(ran.errors)")
    for task in ["nn", "table"] {
      let run = try #require(try fixture.runs().first { $0.hasPrefix(task + "/") })
      for truth in try truths(fixture, "runs/\(run)/predictions.csv").values {
        #expect(truth["lung"]?.object == 256 && [0, 128].contains(truth["heart"]?.object) && truth.values.allSatisfy { $0.counted == 896 })
      }
    }
  }

  @Test("A label map that is stopped after a step and goes on leaves the bytes of one that was not")
  func resumed() throws {
    let fixture = try StudyFixture()
    try draw(fixture)
    try fixture.write(study([map("map")], seeds: "[1]", settings: "checkpointSeconds: 0"), to: "study.yaml")
    let whole = try fixture.run("run", "study.yaml", "output=whole")
    #expect(whole.status == 0, "\(whole.errors)")
    let run = try #require(try fixture.runs(in: "whole").first), process = Process()
    process.executableURL = Command.executable
    process.arguments = ["run", "study.yaml"]
    process.currentDirectoryURL = fixture.folder
    process.environment = ProcessInfo.processInfo.environment.merging(["OMP_NUM_THREADS": "1"]) { $1 }
    (process.standardOutput, process.standardError) = (FileHandle.nullDevice, FileHandle.nullDevice)
    try process.run()
    let folder = fixture.url("runs/\(run)"), limit = Date() + 120
    while process.isRunning, Date() < limit {
      if ((try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []).contains(where: { $0.hasPrefix("checkpoint") }) { break }
      usleep(2000)
    }
    kill(process.processIdentifier, SIGKILL)
    process.waitUntilExit()
    let resumed = try fixture.run("run", "study.yaml")
    #expect(resumed.status == 0, "\(resumed.errors)")
    for file in ["predictions.csv", "validation-predictions.csv", "metrics.json", "best.safetensors", "cell.json"] {
      let found = try? Data(contentsOf: fixture.url("runs/\(run)/\(file)"))
      #expect(found != nil && found == (try? Data(contentsOf: fixture.url("whole/\(run)/\(file)"))), "\(file)")
    }
  }

  @Test("What is wrong with classes is said before anything is trained")
  func refused() throws {
    let fixture = try StudyFixture()
    try draw(fixture)
    func check(_ tasks: [String]) throws -> Command.Result {
      try fixture.write(study(tasks, seeds: "1"), to: "study.yaml")
      return try fixture.run("check", "study.yaml")
    }
    let overlap = try check([organs().replacingOccurrences(of: "multiLabelSegmentation", with: "multiclassSegmentation")])
    #expect(
      overlap.status == 2 && overlap.output.contains("256 pixels are both “lung” and “clavicle”, and a multiclassSegmentation has one class at most in a pixel."),
      "\(overlap.output)\(overlap.errors)")
    let absent = try check([map("map", labels: "{lung: 1, heart: 2, rib: 9}")])
    #expect(absent.status == 2 && absent.output.contains("1 class is in no mask of the training part: rib."), "\(absent.output)\(absent.errors)")
    let unnamed = try check([map("map", labels: "{lung: 1, rib: 9}")])
    #expect(unnamed.status == 2 && unnamed.output.contains("The masks have values that labels does not name: 2 "), "\(unnamed.output)\(unnamed.errors)")
  }
}
