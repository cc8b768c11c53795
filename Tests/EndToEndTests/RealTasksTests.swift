import Foundation
import Testing

/// Real images beside the repository, or where `MEDTRANSFER_DATA` says.
enum RealImages {
  static let root: URL? = {
    let named = ProcessInfo.processInfo.environment["MEDTRANSFER_DATA"].map { URL(fileURLWithPath: $0) }
    let root = named ?? repository.resolvingSymlinksInPath().deletingLastPathComponent().appendingPathComponent("shared/data")
    return FileManager.default.fileExists(atPath: root.path) ? root : nil
  }()

  static let repository = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
  static let absence: Comment = "The real images are not there: set MEDTRANSFER_DATA to their folder."
}

extension Tag {
  @Tag static var data: Self
}

@Suite("Tasks run from real files as they are shipped", .serialized, .tags(.data), .enabled(if: RealImages.root != nil, RealImages.absence))
struct RealTasksTests {
  @Test("Examples/built-in-tasks.yaml, one step each: ChestX-ray14's small and published images, DRIVE, JSRT's lungs; every run ends in predictions")
  func example() throws {
    let fixture = try StudyFixture(), root = try #require(RealImages.root).path
    let example = try String(contentsOf: RealImages.repository.appendingPathComponent("Examples/built-in-tasks.yaml"), encoding: .utf8)
    let text = example.replacingOccurrences(of: "../../shared/data", with: root).replacingOccurrences(of: "../runs/built-in-tasks", with: "runs")
    #expect(text != example)
    try fixture.write(text, to: "study.yaml")
    let images = ["DXC14": 153, "DXC14-originals": 11, "VFS": 20, "lungs": 49]
    let tasks = images.keys.sorted().flatMap { ["--task", $0] }
    let result = try Command.run(
      ["run", "study.yaml", "device=cpu", "threads=1", "recipe.maximumSteps=1", "recipe.epochs=1"] + tasks, in: fixture.folder)
    #expect(result.status == 0, "\(result.errors)")
    let runs = try fixture.runs()
    #expect(runs.count == images.count)
    for run in runs {
      let task = String(run.prefix { $0 != "/" }), rows = try fixture.text("runs/\(run)/predictions.csv").split(separator: "\n")
      #expect(rows.count { !$0.hasPrefix("#") } == 1 + (images[task] ?? 0), "\(run)")
      let quarantine = try fixture.text("runs/\(run)/quarantine.json")
      #expect(!quarantine.contains("\"id\""), "\(quarantine)")
    }
  }

  @Test("DRIVE's second observer, whose black and white are a palette's 3 and 253, is one mask with the first's for the check")
  func secondObserver() throws {
    let fixture = try StudyFixture(), root = try #require(RealImages.root).path
    try fixture.write(
      "initializations: {random: random}\ntasks:\n  v: {builtIn: VFS, root: \(root)/drive, data: {maskFolders: {test: {masks: \(root)/drive/test/2nd_manual}}}}\n", to: "study.yaml"
    )
    let check = try fixture.run("check", "study.yaml")
    #expect(check.status == 0 && check.output.contains("Data: 0 refused, 0 warned"), "\(check.output)\(check.errors)")
  }

  @Test("DRIVE is whole for `tasks check`, and a radiograph of SIIM-ACR is shown as PXS prepares it")
  func looks() throws {
    let fixture = try StudyFixture(), root = try #require(RealImages.root).path
    let check = try fixture.run("tasks", "check", "VFS", "--root", root + "/drive")
    #expect(check.status == 0, "\(check.output)\(check.errors)")
    let file = root + "/dicom/siim/1.2.276.0.7230010.3.1.4.8323329.6904.1517875201.850819.dcm"
    let look = try fixture.run("images", "inspect", file, "--as", "PXS", "--to", "look.png")
    #expect(look.status == 0 && look.output.contains("1024 × 1024"), "\(look.output)\(look.errors)")
    #expect(FileManager.default.fileExists(atPath: fixture.url("look.png").path))
  }
}
