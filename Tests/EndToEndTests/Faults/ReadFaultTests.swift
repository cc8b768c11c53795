import Foundation
import Foundations
import Imaging
import Testing

@Suite("Reading: Fault suite. What the disk does not give now is judged by nobody", .serialized)
struct ReadFaultTests {
  /// One task, one seed; the command reads files whose path has a word in vain, at most so often.
  private func study(_ settings: String = FaultStudy.settings) throws -> StudyFixture {
    let fixture = try StudyFixture()
    try SmallStudy.draw(into: fixture)
    try fixture.write(
      SmallStudy.text(seeds: "[1]", tasks: [SmallStudy.effusion], settings: settings).replacingOccurrences(of: SmallStudy.recipe + "\n", with: ""),
      to: "study.yaml")
    return fixture
  }

  private func failing(_ fixture: StudyFixture, _ word: String, limit: Int = -1, _ arguments: String...) throws -> Command.Result {
    try preloaded(fixture, ["MEDTRANSFER_FAULT_READ": word, "MEDTRANSFER_FAULT_READ_LIMIT": "\(limit)"], arguments)
  }

  /// The command meets a listing that breaks off in folders whose path ends with a word.
  private func breaking(_ fixture: StudyFixture, _ folder: String, _ arguments: String...) throws -> Command.Result {
    try preloaded(fixture, ["MEDTRANSFER_FAULT_LIST": "\(folder):3"], arguments)
  }

  private func preloaded(_ fixture: StudyFixture, _ fault: [String: String], _ arguments: [String]) throws -> Command.Result {
    let library = Command.executable.deletingLastPathComponent().appendingPathComponent("libMedTransferFaults.so")
    try #require(FileManager.default.fileExists(atPath: library.path))
    return try Command.run(arguments, in: fixture.folder, environment: fault.merging(["LD_PRELOAD": library.path]) { $1 })
  }

  @Test("A listing that breaks off is an error and no short folder: neither images, nor masks, nor runs are taken for missing")
  func listings() throws {
    let fixture = try study()
    try #require(try fixture.run("run", "study.yaml").status == 0)
    let run = try #require(try fixture.runs().first), place = fixture.url("runs/\(run)").deletingLastPathComponent().path
    for command in ["status", "report", "pack"] {
      let broken = try breaking(fixture, place, command, "study.yaml")
      #expect(broken.status == 1 && broken.errors.contains("cannot be listed: Input/output error"), "\(command): \(broken.errors)\(broken.output)")
    }
    // No run is sealed without the files that its listing lost.
    let before = try results(fixture, "runs")
    try FileManager.default.removeItem(at: fixture.url("runs/\(run)"))
    let unsealed = try breaking(fixture, "/\(run)", "run", "study.yaml")
    #expect(unsealed.status == 1 && unsealed.errors.contains("cannot be listed: Input/output error"), "\(unsealed.errors)")
    #expect(!FileManager.default.fileExists(atPath: fixture.url("runs/\(run)/seal.json").path))
    #expect(try fixture.run("run", "study.yaml").status == 0 && results(fixture, "runs") == before)
    // A folder of masks, and one of the images of cases, with all its names but one lost.
    for number in 1...4 {
      for path in ["masks/images/\(number).png", "masks/masks/\(number).png", "cases/\(number)/images/\(number).png", "cases/\(number)/masks/a.png"] {
        try AtomicFile.makeFolder(fixture.url(path).deletingLastPathComponent())
        let values = (0..<1024).map { UInt8(path.hasSuffix("a.png") || path.contains("masks/masks") ? ($0 < 300 ? 255 : 0) : ($0 * number) % 251) }
        try ImageFile.writePNG(PixelBuffer(width: 32, height: 32, channels: 1, bitDepth: 8, samples: .bytes(values)), to: fixture.url(path))
      }
    }
    let tasks = [
      ("masks/masks", "data: {maskFolders: {training: {images: masks/images, masks: masks/masks}}}"),
      ("cases", "data: {caseFolders: {training: cases, imageFolder: images, maskFolder: masks}}"),
      ("cases/2/masks", "data: {caseFolders: {training: cases, imageFolder: images, maskFolder: masks}}"),
    ]
    for (folder, data) in tasks {
      try fixture.write(SmallStudy.text(seeds: "1", tasks: ["  t:\n    kind: binarySegmentation\n    \(data)"]), to: "masks.yaml")
      let check = try breaking(fixture, folder, "check", "masks.yaml")
      #expect(check.status != 0 && (check.errors + check.output).contains("cannot be listed: Input/output error"), "\(folder): \(check.errors)\(check.output)")
      #expect(try !fixture.run("check", "masks.yaml").errors.contains("cannot be listed"))
    }
  }

  @Test(
    "A check of a copy that the disk does not give whole finds nothing: it ends with a sentence", .tags(.data),
    .enabled(if: RealImages.root != nil, RealImages.absence))
  func copies() throws {
    let fixture = try StudyFixture(), root = try #require(RealImages.root).appendingPathComponent("drive").path
    for (word, arguments) in [("21_training.tif", ["--decode"]), ("25_training", [])] {
      let fault = ["MEDTRANSFER_FAULT_READ": word]
      let check = try preloaded(fixture, fault, ["tasks", "check", "VFS", "--root", root] + arguments)
      #expect(check.status == 1 && check.errors.contains("Input/output error") && !check.output.contains("cannot be read"), "\(check.errors)\(check.output)")
    }
  }

  /// The file of a training image.
  private func trainingImage(_ fixture: StudyFixture) throws -> String {
    let table = try CSV.parse(try fixture.text("effusion/manifest.csv"))
    let split = try #require(table.header.firstIndex(of: "split")), row = try #require(table.rows.first { $0[split] == "train" || $0[split] == "training" })
    return row[0]
  }

  private func results(_ fixture: StudyFixture, _ output: String) throws -> [String: Data] {
    let run = try #require(try fixture.runs(in: output).first)
    return promised(try allFiles(in: fixture.url("\(output)/\(run)")))
  }

  @Test("An image that is not given ends the run with a sentence and is left out of nothing; run again it makes the same bytes, and so it does where the disk comes back")
  func images() throws {
    let fixture = try study("recipe: {architecture: resnet20, inputSize: 28, batchSize: 4, epochs: 1, testTimeAugmentation: none, brokenFileLimit: 0.5}")
    let image = try trainingImage(fixture)
    // What a look at the masks or pictures before would say is said first.
    let refused = try failing(fixture, image, "run", "study.yaml")
    #expect(refused.status == 1 && refused.errors.contains("Input/output error") && refused.errors.contains("That is the system's doing"), "\(refused.errors)")
    #expect(!FileManager.default.fileExists(atPath: fixture.url("runs/checks/effusion.json").path))
    let check = try failing(fixture, image, "check", "study.yaml")
    #expect(check.status == 1 && check.errors.contains("Input/output error"), "\(check.errors)\(check.output)")
    let again = try fixture.run("run", "study.yaml"), passing = try failing(fixture, image, limit: 2, "run", "study.yaml", "output=passing")
    #expect(again.status == 0 && passing.status == 0, "\(again.errors)\(passing.errors)")
    #expect(try results(fixture, "runs") == results(fixture, "passing"))
    // The look is kept, so that the training is the first that asks for it.
    let run = try #require(try fixture.runs().first), before = try results(fixture, "runs")
    try FileManager.default.removeItem(at: fixture.url("runs/\(run)"))
    let trained = try failing(fixture, image, "run", "study.yaml")
    #expect(trained.status == 1 && trained.errors.contains("failed: The image") && trained.errors.contains("Input/output error"), "\(trained.errors)")
    #expect(!FileManager.default.fileExists(atPath: fixture.url("runs/\(run)/seal.json").path))
    #expect(try fixture.run("run", "study.yaml").status == 0 && results(fixture, "runs") == before)
  }

  @Test("A sealed file that is not given now makes no run anew: it is said by status and report, its cell fails, nothing of it changes, and then it counts again")
  func sealedFiles() throws {
    let fixture = try study()
    try #require(try fixture.run("run", "study.yaml").status == 0)
    let run = try #require(try fixture.runs().first)
    try fixture.write("{}", to: "runs/\(run)/external/other/evaluation.json")
    for file in ["metrics.json", "best.safetensors"] {
      // So that it is read.
      try? FileManager.default.removeItem(at: fixture.url("runs/\(run)/.seal-seen"))
      let before = try allFiles(in: fixture.url("runs/\(run)"))
      let status = try failing(fixture, "\(run)/\(file)", "status", "study.yaml"), made = try failing(fixture, "\(run)/\(file)", "run", "study.yaml")
      #expect(status.output.contains("1 cannot be read now") && status.output.contains("Input/output error"), "\(status.output)")
      #expect(made.status == 1 && made.errors.contains("failed: The file") && made.errors.contains("Input/output error"), "\(made.errors)")
      let after = try allFiles(in: fixture.url("runs/\(run)"))
      #expect(after.filter { $0.key != ".seal-seen" } == before.filter { $0.key != ".seal-seen" })
      #expect(try failing(fixture, "\(run)/\(file)", "pack", "study.yaml", "--to", "pack.tar.gz").status == 1)
    }
    let again = try fixture.run("run", "study.yaml")
    #expect(again.status == 0 && again.errors.contains("1 finished before"), "\(again.errors)")
  }

  @Test("A cache is not filled around an image that is not given, and an image that is not given is noted by no head")
  func cachesAndHeads() throws {
    let fixture = try study("cache: cache\nrecipe: {architecture: resnet20, mode: linearProbe, inputSize: 28, batchSize: 4, testTimeAugmentation: none, brokenFileLimit: 0.5}")
    let image = try trainingImage(fixture)
    let cache = try failing(fixture, image, "cache", "study.yaml")
    #expect(cache.status == 1 && cache.errors.contains("Input/output error"), "\(cache.errors)\(cache.output)")
    let whole = try fixture.run("run", "study.yaml", "output=whole", "cache=other")
    try #require(whole.status == 0, "\(whole.errors)")
    for _ in 0..<2 {
      let failed = try failing(fixture, image, "run", "study.yaml")
      #expect(failed.status == 1 && failed.errors.contains("Input/output error"), "\(failed.errors)")
    }
    #expect(try !FileManager.default.subpathsOfDirectory(atPath: fixture.folder.path).contains { $0.hasSuffix("unusable.json") })
    let again = try fixture.run("run", "study.yaml")
    #expect(again.status == 0, "\(again.errors)")
    #expect(try results(fixture, "runs") == results(fixture, "whole"))
  }

  @Test("Files where folders belong and folders where files do stop nobody: they go aside, and the same bytes come out")
  func otherKinds() throws {
    let fixture = try study("cache: cache\nrecipe: {architecture: resnet20, mode: linearProbe, inputSize: 28, batchSize: 4, testTimeAugmentation: none}")
    try #require(try fixture.run("run", "study.yaml", "output=whole", "cache=other").status == 0)
    try #require(try fixture.run("run", "study.yaml").status == 0)
    let run = try #require(try fixture.runs().first)
    for path in ["runs/\(run)", "runs/plan.json", "runs/splits", "runs/checks", "cache"] { try FileManager.default.removeItem(at: fixture.url(path)) }
    for path in ["runs/splits", "runs/checks", "cache", "runs/\(run)/examples", "runs/\(run)/external"] { try fixture.write("in the way", to: path) }
    for path in ["runs/plan.json", "runs/\(run)/lease", "runs/\(run)/.claim-7.lease", "runs/\(run)/status.json"] { try fixture.write("", to: "\(path)/in it") }
    let made = try fixture.run("run", "study.yaml")
    #expect(made.status == 0, "\(made.errors)")
    for said in ["plan.json was a folder", "splits was a file", "features of networks are kept in the output", "The cache is not used"] {
      #expect(made.errors.contains(said), "\(said): \(made.errors)")
    }
    #expect(try results(fixture, "runs") == results(fixture, "whole"))
    for name in ["lock", "sources"] {
      try FileManager.default.removeItem(at: fixture.url("runs/\(run)"))
      try? FileManager.default.removeItem(at: fixture.url("cache"))
      try fixture.write("", to: "cache/\(name)/in it")
      let again = try fixture.run("run", "study.yaml")
      #expect(again.status == 0, "\(again.errors)")
      #expect(try results(fixture, "runs") == results(fixture, "whole"))
    }
    for path in ["cell.json", "metrics.json"] {
      try FileManager.default.removeItem(at: fixture.url("runs/\(run)/\(path)"))
      try fixture.write("", to: "runs/\(run)/\(path)/in it")
    }
    // A pack leaves out what cannot be read, and has nothing else.
    let pack = try fixture.run("pack", "study.yaml", "--to", "pack.tar.gz")
    #expect(pack.status == 0 || pack.errors.contains("there are no predictions to pack"), "\(pack.errors)")
  }
}
