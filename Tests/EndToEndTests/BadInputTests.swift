import Foundation
import Foundations
import Phantoms
import Testing

@Suite("Bad input is one clear sentence with a remedy, an exit code, and nothing half-written", .serialized)
struct BadInputTests {
  private func fixture(tasks: [String] = [SmallStudy.effusion], initializations: [String] = ["random: random"]) throws -> StudyFixture {
    let fixture = try StudyFixture()
    try SmallStudy.draw(into: fixture)
    try fixture.write(SmallStudy.text(seeds: "[1]", initializations: initializations, tasks: tasks), to: "study.yaml")
    return fixture
  }

  /// Runs, expects failure, and gives what was said with the fixture's folder cut out.
  ///
  /// - Parameter status: 2 where the data are refused.
  private func failure(_ fixture: StudyFixture, _ arguments: String..., status: Int32 = 1) throws -> String {
    let result = try Command.run(["run", "study.yaml"] + arguments, in: fixture.folder)
    #expect(result.status == status)
    return result.errors.replacingOccurrences(of: fixture.folder.path + "/", with: "")
  }

  private func expectNothingHalfWritten(_ fixture: StudyFixture) throws {
    for run in (try? fixture.runs()) ?? [] {
      let names = try FileManager.default.contentsOfDirectory(atPath: fixture.url("runs/\(run)").path)
      #expect(!names.contains { $0.hasPrefix(".partial-") })
      #expect(!names.contains("metrics.json") && !names.contains("best.safetensors") && !names.contains("predictions.csv"))
      #expect(try fixture.text("runs/\(run)/status.json").contains("\"failed\""))
    }
  }

  @Test("An unreadable image is named before anything is trained; more than the allowed part of them is refused")
  func unreadableImage() throws {
    let fixture = try fixture()
    let image = fixture.url("effusion/images/00003.png")
    try Data(contentsOf: image).prefix(200).write(to: image)
    let said = try failure(fixture, status: 2)
    #expect(
      said.contains(
        "effusion, training [images.unreadable]: 1 of 12 training images cannot be used, more than the 1.0 % that are allowed: images/00003.png (The image effusion/images/00003.png is cut short:"
      ), "\(said)")
    #expect(said.contains("Repair or remove them, or raise recipe.brokenFileLimit."))
    #expect(try fixture.runs().isEmpty)
    let allowed = try fixture.run("run", "study.yaml", "recipe.brokenFileLimit=0.1")
    #expect(allowed.status == 0)
    #expect(allowed.errors.contains("1 broken file left out"))
    let run = try #require(try fixture.runs().first { (try? fixture.text("runs/\($0)/status.json").contains("finished")) == true })
    #expect(try fixture.text("runs/\(run)/quarantine.json").contains("images/00003.png"))
  }

  @Test("A batch of one image that batch normalization cannot be trained on is refused before any run starts", arguments: ["plan", "run"])
  func singleImageBatch(command: String) throws {
    let fixture = try fixture()
    let refused = try fixture.run(command, "study.yaml", "recipe.batchSize=11")
    #expect(refused.status == 1)
    #expect(
      refused.errors.contains("one value a channel: effusion (12 training images, recipe.batchSize 11, recipe.inputSize 32)."), "\(refused.errors)")
    #expect(refused.errors.contains("Choose another recipe.batchSize, or a recipe.inputSize of at least twice the network's stride"))
    #expect(((try? fixture.runs()) ?? []).isEmpty)
  }

  @Test("Every bad file of every part is left out, said, and named with its reason, with the cache as without; no answer stands for it")
  func everyPart() throws {
    let fixture = try fixture()
    let image = fixture.url("effusion/images/00003.png")
    try Data(contentsOf: image).prefix(200).write(to: image)
    try fixture.write("This is no image.\n", to: "effusion/images/00013.png")
    let slices = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("../ImagingTests/Goldens/medical/broken-no-image.dcm")
    try Data(contentsOf: slices).write(to: fixture.url("effusion/images/00020.png"))
    var quarantines: [String] = []
    for output in [["output=plain"], ["output=cached", "cache=pictures"]] {
      let result = try Command.run(["run", "study.yaml", "recipe.brokenFileLimit=0.2"] + output, in: fixture.folder)
      #expect(result.status == 0, "\(result.errors)")
      let said = result.errors.replacingOccurrences(of: fixture.folder.path + "/", with: "")
      #expect(said.contains("3 broken files left out"))
      for part in ["training", "validation", "test"] { #expect(said.contains(": 1 \(part) image is left out: images/000"), "\(said)") }
      let folder = String(output[0].dropFirst("output=".count))
      let run = try #require(try fixture.runs(in: folder).first)
      let text = try fixture.text("\(folder)/\(run)/quarantine.json"), quarantine = try JSONDecoder().decode([String: [Entry]].self, from: Data(text.utf8))
      #expect(quarantine.mapValues { $0.map(\.id) } == ["training": ["images/00003.png"], "validation": ["images/00013.png"], "test": ["images/00020.png"]])
      #expect(quarantine["training"]?.first?.reason.contains("is cut short") == true)
      #expect(quarantine["validation"]?.first?.reason.contains("00013.png") == true)
      #expect(quarantine["test"]?.first?.reason.contains("00020.png") == true)
      quarantines.append(text)
      for (name, count, absent) in [("predictions.csv", 8, "00020"), ("validation-predictions.csv", 6, "00013")] {
        let table = try CSV.parse(fixture.text("\(folder)/\(run)/\(name)"))
        #expect(table.rows.count == count - 1 && !table.rows.contains { $0[0].contains(absent) })
      }
    }
    #expect(quarantines[0] == quarantines[1])
  }

  private struct Entry: Decodable {
    let id: String
    let reason: String
  }

  @Test("Broken files of every part are told at once; taken as read, the run fails for them and names all that it met")
  func tooMany() throws {
    let fixture = try fixture()
    for number in 13..<18 { try fixture.write("no image", to: "effusion/images/000\(number).png") }
    try fixture.write("no image", to: "effusion/images/00001.png")
    let refused = try failure(fixture, status: 2)
    #expect(
      refused.contains("1 of 12 training images cannot be used")
        && refused.contains("5 of 6 validation images cannot be used, more than the 1.0 % that are allowed: images/00013.png ("), "\(refused)")
    try FileManager.default.removeItem(at: fixture.url("effusion/images/00001.png"))
    try FileManager.default.copyItem(at: fixture.url("effusion/images/00002.png"), to: fixture.url("effusion/images/00001.png"))
    let said = try failure(fixture, "tasks.effusion.data.accept=[images.unreadable]")
    #expect(said.contains("5 of 6 images cannot be used, more than the 1.0 % that are allowed: images/00013.png ("), "\(said)")
    #expect(said.contains("; …. Repair or remove them (quarantine.json of this run names all that were met), or raise recipe.brokenFileLimit."))
    let run = try #require(try fixture.runs().first), quarantine = try fixture.text("runs/\(run)/quarantine.json")
    for number in 13..<18 { #expect(quarantine.contains("images/000\(number).png")) }
    try expectNothingHalfWritten(fixture)
  }

  @Test("A mask of another size is named with both sizes")
  func maskSize() throws {
    let fixture = try fixture(tasks: [SmallStudy.lungs])
    let counts = PhantomCounts(training: 2, validation: 1, test: 1)
    try PhantomWriter.write(kind: .lungs, counts: counts, size: 48, seed: SeedPath(0), to: fixture.url("larger"))
    try FileManager.default.removeItem(at: fixture.url("lungs/masks/00002.png"))
    try FileManager.default.copyItem(at: fixture.url("larger/masks/00002.png"), to: fixture.url("lungs/masks/00002.png"))
    let said = try failure(fixture, status: 2)
    #expect(said.contains("[geometry.size]") && said.contains("images/00002.png") && said.contains("48 × 48") && said.contains("32 × 32"))
    #expect(try fixture.runs().isEmpty)
  }

  @Test(
    "A wrong table is refused before anything starts",
    arguments: [
      (
        "Effusion", "maybe",
        "1 label of manifest.csv is not 0, 1 or empty; the first is “maybe” in column “Effusion” of line 2. Write 1 for present, 0 for absent and nothing for not known."
      ),
      ("Efusion", nil, "The table manifest.csv has no column “Effusion”. Did you mean “Efusion”?"),
    ])
  func wrongTable(column: String, label: String?, sentence: String) throws {
    let fixture = try fixture()
    var rows = try fixture.text("effusion/manifest.csv").components(separatedBy: "\n").map { $0.components(separatedBy: ",") }
    rows[0][1] = column
    if let label { rows[1][1] = label }
    try fixture.write(rows.map { $0.joined(separator: ",") }.joined(separator: "\n"), to: "effusion/manifest.csv")
    #expect(try failure(fixture, status: 2) == "medtransfer: The study cannot be planned: The data of the task “effusion”: \(sentence)\n")
    #expect(!FileManager.default.fileExists(atPath: fixture.url("runs").path))
  }

  @Test("A wrong path is named")
  func wrongPath() throws {
    let fixture = try fixture()
    let said = try failure(fixture, "tasks.effusion.data.manifest.file=effusion/labels.csv", status: 2)
    #expect(
      said
        == "medtransfer: The study cannot be planned: The data of the task “effusion”: There is no table at effusion/labels.csv. Correct `file`; a path in a study is relative to the study's own file.\n"
    )
  }

  @Test("A study file that is not there is named")
  func missingStudy() throws {
    let fixture = try StudyFixture()
    let result = try fixture.run("run", "absent.yaml")
    #expect(result.status == 1)
    #expect(result.errors == "medtransfer: The file \(fixture.url("absent.yaml").path) cannot be read: No such file or directory. Check the path.\n")
  }

  @Test("A checkpoint of another architecture is refused, and what would fit is said")
  func otherArchitecture() throws {
    let fixture = try fixture()
    #expect(try fixture.run("run", "study.yaml").status == 0)
    let run = try #require(try fixture.runs().first)
    try FileManager.default.copyItem(at: fixture.url("runs/\(run)/best.safetensors"), to: fixture.url("other.safetensors"))
    try fixture.write(
      SmallStudy.text(seeds: "[1]", initializations: ["other: {weights: other.safetensors}"], tasks: [SmallStudy.effusion]), to: "study.yaml")
    let said = try failure(fixture, "recipe.architecture=resnet34", "output=second")
    #expect(said.contains("other.safetensors"))
    #expect(said.contains("ResNet-18") && said.contains("resnet18"))
    #expect(said.contains("An initialization’s file does not fit, so nothing was run."))
    #expect(!FileManager.default.fileExists(atPath: fixture.url("second/effusion").path))
  }

  @Test("An unknown key names the nearest one, with its line; all violations at once")
  func unknownKeys() throws {
    let fixture = try fixture()
    let said = try failure(fixture, "recipe.learningrate=0.1", "recipe.batchSize=0")
    #expect(said.contains("learningrate") && said.contains("Did you mean “learningRate”?"))
    #expect(said.contains("batchSize"))
    #expect(said.contains("2 problems"))
  }

  @Test("A device that is not there is refused")
  func absentDevice() throws {
    let fixture = try fixture()
    let said = try failure(fixture, "device=cuda:99")
    #expect(said.contains("The device “cuda:99” is not there; this machine has cpu"))
  }

  @Test("A file that cannot grow fails its cell in one sentence and leaves nothing half-written")
  func noRoom() throws {
    let fixture = try fixture()
    // A limit on the size of a file stands for a disk that is full: the write of the weights fails half-way.
    let process = Process(), pipe = Pipe()
    process.executableURL = URL(fileURLWithPath: "/bin/bash")
    process.arguments = ["-c", "ulimit -f 4000; exec \"$0\" run study.yaml", Command.executable.path]
    process.currentDirectoryURL = fixture.folder
    process.environment = ProcessInfo.processInfo.environment.merging(["OMP_NUM_THREADS": "1"]) { $1 }
    process.standardOutput = FileHandle.nullDevice
    process.standardError = pipe
    try process.run()
    let said = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    #expect(process.terminationStatus == 1)
    #expect(process.terminationReason == .exit)
    #expect(said.contains("cannot be written: File too large."))
    try expectNothingHalfWritten(fixture)
  }
}
