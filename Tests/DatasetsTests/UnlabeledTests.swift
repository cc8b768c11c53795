import DatasetFixtures
import Foundation
import Foundations
import Studies
import Testing

@testable import Datasets

@Suite("Images without labels")
struct UnlabeledTests {
  private func digest(_ file: URL) throws -> String { try Digest.sha256Hex(ofFile: file) }

  /// A target of which c.png (patient P2) is validated and d.png (P3) tested on.
  private func target(_ data: TemporaryData, dataset: String? = nil) throws -> UnlabeledImages.Task {
    try data.touch(["task/a.png", "task/b.png", "task/c.png", "task/d.png"])
    func sample(_ name: String, _ patient: String) -> Sample {
      Sample(
        id: name, image: ImageReference(URL(fileURLWithPath: data.path("task/\(name)"))), labels: [1], patient: patient,
        byteCount: (try? byteCount(ofFile: data.path("task/\(name)"))) ?? 0)
    }
    let splits = try DatasetSplits(
      parts: [.training: [sample("a.png", "P1"), sample("b.png", "P4")], .validation: [sample("c.png", "P2")], .test: [sample("d.png", "P3")]],
      classNames: ["sick"])
    return UnlabeledImages.Task(name: "task", dataset: dataset, splits: splits)
  }

  private func read(_ sources: [UnlabeledSource], _ target: UnlabeledImages.Task, leavesOut: Bool = true) throws -> UnlabeledImages {
    try UnlabeledImages(sources, task: { _ in target }, targets: leavesOut ? [target] : [], digest: digest)
  }

  @Test("A folder is read through and through, and images of its files' names, bytes and patients that a target is judged on are left out and counted")
  func folder() throws {
    let data = try TemporaryData(), target = try target(data)
    // A copy under another name, a namesake, one of a copy's patient, one of a tested patient, and two of others.
    try data.write("task/d.png", to: "x/Q7-copy.png")
    try data.write("of another size", to: "x/deep/c.png")
    try data.write("1", to: "x/Q7-other.png")
    try data.write("22", to: "x/P3-later.png")
    try data.write("333", to: "x/Q8-one.png")
    try data.write("4444", to: "x/deep/deeper/Q9-two.png")
    try data.write("no image", to: "x/notes.txt")
    // A slice of a DICOM tree, which has a number for a name.
    try data.write(String(repeating: "\0", count: 128) + "DICM and more", to: "x/Q6-series/1.2.276.0.7230010")
    let source = UnlabeledSource.folder(path: data.path("x"), patientPattern: "(?:^|/)([PQ]\\d)-")
    let images = try read([source], target)
    #expect(images.samples.map(\.id) == ["x/Q6-series/1.2.276.0.7230010", "x/Q8-one.png", "x/deep/deeper/Q9-two.png"])
    #expect(images.leftOut == LeftOutImages(targets: ["task"], sameFile: 0, sameName: 1, sameBytes: 1, samePatient: 2, listedTwice: 0))
    #expect(images.patientCount == 3 && images.strangerCount == 0)
    #expect(images.leftOut.sentence == "Left out: 2 images that task validates or tests on (1 by their name, 1 by their bytes), and 2 others of their patients.")
    let kept = try read([source], target, leavesOut: false)
    #expect(kept.samples.count == 7)
    #expect(kept.leftOut.sentence == "Nothing is left out: images that a study validates or tests on are learned from where they are among these, without their labels.")
  }

  @Test("Of a target's own images the training part alone is left, and a file that two sources name counts once")
  func tasks() throws {
    let data = try TemporaryData(), target = try target(data)
    let images = try read([.task("task"), .folder(path: data.path("task"), patientPattern: nil)], target)
    #expect(images.samples.map(\.id) == ["task/a.png", "task/b.png"])
    #expect(images.samples.allSatisfy { $0.labels.isEmpty })
    #expect(images.leftOut.sameFile == 2 && images.leftOut.listedTwice == 4)
  }

  @Test("Patients of one name are two where both data sets are known and differ")
  func namesakes() throws {
    let data = try TemporaryData(), target = try target(data, dataset: "Shenzhen")
    let sample = Sample(id: "e.png", image: ImageReference(URL(fileURLWithPath: data.path("e.png"))), patient: "P3", byteCount: 99)
    func other(_ dataset: String?) throws -> UnlabeledImages.Task {
      let filler = { (name: String) in Sample(id: name, image: ImageReference(URL(fileURLWithPath: data.path(name))), labels: [], byteCount: 98) }
      return UnlabeledImages.Task(
        name: "other", dataset: dataset,
        splits: try DatasetSplits(parts: [.training: [sample], .validation: [filler("f.png")], .test: [filler("g.png")]], classNames: []))
    }
    for (dataset, count) in [("Montgomery", 3), ("shenzhen", 2), (nil, 2)] as [(String?, Int)] {
      let images = try UnlabeledImages([.task("other")], task: { _ in try other(dataset) }, targets: [target], digest: digest)
      #expect(images.samples.count == count, "\(dataset ?? "unknown")")
    }
  }

  @Test("A table names images and patients, and images that are not there are told")
  func table() throws {
    let data = try TemporaryData(), target = try target(data)
    try data.touch(["y/1.png", "y/2.png"])
    try data.write("file,who\n1.png,P9\n2.png,unknown\n", to: "y/all.csv")
    let table = UnlabeledTable(file: data.path("y/all.csv"), imageRoot: data.path("y"), pathColumn: "file", patientColumn: "who")
    let images = try read([.manifest(table)], target)
    #expect(images.samples.map(\.id) == ["all.csv/1.png", "all.csv/2.png"] && images.samples.map(\.patient) == ["P9", nil])
    try data.write("file,who\n3.png,P9\n", to: "y/all.csv")
    #expect(throws: DatasetsError.self) { try read([.manifest(table)], target) }
  }

  @Test("The fingerprint is the same wherever the images lie, and another for other images")
  func fingerprint() throws {
    let first = try TemporaryData(), second = try TemporaryData()
    let target = try target(first)
    for data in [first, second] { try data.touch(["x/1.png", "x/2.png"]) }
    func print(_ data: TemporaryData) throws -> String { try read([.folder(path: data.path("x"), patientPattern: nil)], target).fingerprint }
    #expect(try print(first) == print(second))
    try second.write("longer than before", to: "x/2.png")
    #expect(try print(first) != print(second))
  }

  @Test("Nothing left to learn from is an error that says what was left out")
  func nothing() throws {
    let data = try TemporaryData(), target = try target(data)
    try data.write("task/d.png", to: "x/copy.png")
    #expect {
      try read([.folder(path: data.path("x"), patientPattern: nil)], target)
    } throws: { error in
      (error as? DatasetsError)?.problem
        == "Not one of 1 images is left to learn from. Left out: 1 image that task validates or tests on (1 by their bytes), and 0 others of their patients."
    }
  }
}
