import Figures
import Foundation
import Foundations
import RunStore
import Studies
import Testing

@testable import Reports

@Suite("Pictures of test images in a report")
struct TaskImagesTests {
  private static let picture = Data(base64Encoded: "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNgAAAAAgABSK+kcQAAAABJRU5ErkJggg==") ?? Data()
  private static let emptiness = "no heat: nothing in the last feature map speaks for it"

  /// A finished study with pictures of two images of `sick`.
  private func fixture(basis: [String]? = nil) throws -> ReportFixture {
    let fixture = try ReportFixture(seeds: "[1, 2]")
    for name in ["random", "adapted"] {
      for seed in [1, 2] {
        try fixture.finish(fixture.cell("sick", name, seed), fixture.ranking(["Sick"], above: seed, of: 10))
      }
    }
    let cells = fixture.plan.cells.filter { $0.task == "sick" && $0.role == .target }
    let rows = [("random", 0.2, "a"), ("adapted", 0.9, "b")].map { name, mean, file in
      TaskPictures.Row(
        initialization: name, seed: 1, run: "run of \(name)", means: [0.95, mean],
        pictures: [
          .init(file: "\(file)-1.png", value: 0.96, remark: nil), .init(file: "\(file)-2.png", value: mean + 0.01, remark: name == "random" ? Self.emptiness : nil),
        ])
    }
    let record = TaskPictures(
      task: "sick", kind: .gradCAM, legend: "Grad-CAM.", rule: "By a rule.", basis: TaskPictures.basis(of: basis ?? cells.map(\.identity)),
      runCount: 4,
      subjects: [
        .init(roles: [.best], id: "training/a/1.png", className: "Edema", file: "image-1.png"),
        .init(roles: [.worst, .disagreement], id: "training/a/2.png", className: "Mass", file: "image-2.png"),
      ], rows: rows)
    let folder = fixture.study.outputDirectory.appendingPathComponent(TaskPictures.folder(of: "sick"))
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    for file in record.subjects.map(\.file) + record.rows.flatMap({ $0.pictures.map(\.file) }) {
      try Self.picture.write(to: folder.appendingPathComponent(file))
    }
    try AtomicFile.write(CanonicalJSON.encodePretty(record), to: folder.appendingPathComponent("pictures.json"))
    return fixture
  }

  private func figure(_ fixture: ReportFixture) throws -> Figure {
    try #require(StudyFolder(fixture.plan, settings: StudySettings(bootstrap: .never), maker: "test").figures.first { $0.id == "examples-sick" })
  }

  @Test("The same images stand in a column for every initialization, beneath the image alone, and the title says who disagrees most")
  func shared() throws {
    let figure = try figure(fixture())
    guard case .images(let grid) = figure.content else { throw ReportFixture.NotPlanned() }
    #expect(grid.columns == ["Best: a/1.png, Edema", "Worst and greatest disagreement: a/2.png, Mass"])
    #expect(grid.rows.map(\.name) == ["The image alone", "random, seed 1", "adapted, seed 1"])
    #expect(grid.rows[1].images.map { $0?.label } == ["probability 0.960", "probability 0.210, no heat"])
    #expect(grid.rows[2].images.map { $0?.label } == ["probability 0.960", "probability 0.910"])
    #expect(figure.title == "sick: random and adapted disagree most on a/2.png, mean probability of Mass 0.200 and 0.900")
    #expect(figure.notes == ["No heat: nothing in the last feature map speaks for it."])
    #expect(figure.caption.contains("The same test images for all initializations. By a rule."))
    // The name in full is kept for those who look for it.
    #expect(grid.rows[0].images[0]?.altText == "Test image a/1.png" && grid.rows[1].images[1]?.altText == "random, test image a/2.png, Mass")
  }

  @Test("Pictures that were chosen from other runs say so")
  func stale() throws {
    let figure = try figure(fixture(basis: ["an earlier run"]))
    #expect(figure.notes.last == "The images were chosen from 4 runs, and others count now: “medtransfer run” draws them anew.")
  }

  @Test("Older runs, each with its own best and worst mask, are shown as what they are")
  func older() throws {
    let fixture = try ReportFixture(seeds: "[1, 2]")
    let cell = try fixture.cell("sick", "random", 1)
    try fixture.finish(cell, fixture.ranking(["Sick"], above: 1, of: 10))
    let directory = fixture.directory(cell)
    try FileManager.default.createDirectory(at: directory.examplesFolder, withIntermediateDirectories: true)
    try Self.picture.write(to: directory.examplesFolder.appendingPathComponent("best.png"))
    // As a version of 2026 wrote it.
    let text = #"{"kind": "outlines", "legend": "Outlines.", "examples": [{"file": "best.png", "id": "training/1.png", "rank": "best", "dice": 0.5}]}"#
    try Data(text.utf8).write(to: directory.examplesFile)
    let figure = try figure(fixture)
    guard case .images(let grid) = figure.content else { throw ReportFixture.NotPlanned() }
    #expect(grid.columns == ["best"] && grid.rows[0].images[0]?.label == "1.png, Dice 0.500")
    #expect(figure.caption.hasSuffix("not the same images for all initializations."))
  }

  @Test(
    "A test image is called by its name, whatever folder it was carved out of",
    arguments: [
      ("training/a.png", "a.png"), ("validation/x/a.png", "x/a.png"), ("images/a.png", "images/a.png"), ("a.png", "a.png"), ("trainings/a.png", "trainings/a.png"),
    ])
  func names(id: String, wanted: String) { #expect(ShownImage.name(id) == wanted) }

  @Test("What stands for the runs of a choice does not depend on their order, and changes with any of them")
  func basis() {
    #expect(TaskPictures.basis(of: ["a", "b"]) == TaskPictures.basis(of: ["b", "a"]))
    #expect(TaskPictures.basis(of: ["a", "b"]) != TaskPictures.basis(of: ["a", "c"]))
  }
}
