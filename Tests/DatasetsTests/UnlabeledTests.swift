import DatasetFixtures
import Foundation
import Foundations
import Imaging
import Phantoms
import Studies
import Testing

@testable import Datasets

@Suite("Images without labels")
struct UnlabeledTests {
  private func digest(_ file: URL) throws -> String { try Digest.sha256Hex(ofFile: file) }

  /// A target of which c.png (patient P2) is validated and d.png (P3) tested on.
  private func target(_ data: TemporaryData, dataset: String? = nil, touches: Bool = true) throws -> UnlabeledImages.Task {
    if touches { try data.touch(["task/a.png", "task/b.png", "task/c.png", "task/d.png"]) }
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

  @Test("Files that nearly are an image which a target is judged on are left out where that is asked for, with other images of their patients")
  func nearCopies() throws {
    let data = try TemporaryData()
    func chest(_ number: Int) -> [UInt8] { ChestPhantom(size: 64, patient: SeedPath(5) / "patient" / number, image: SeedPath(5) / "image" / number).pixels }
    func write(_ pixels: [UInt8], _ name: String) throws {
      let file = URL(fileURLWithPath: data.path(name))
      try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
      try ImageFile.writePNG(PixelBuffer(width: 64, height: 64, channels: 1, bitDepth: 8, samples: .bytes(pixels)), to: file)
    }
    for (name, number) in [("a", 1), ("b", 2), ("c", 3), ("d", 4)] { try write(chest(number), "task/\(name).png") }
    let target = try target(data, touches: false)
    // The tested d: brighter, and mirrored; the training image a too; and one of nobody.
    try write(chest(4).map { UInt8(min(Int($0) + 3, 255)) }, "x/Q1-brighter.png")
    try write((0..<64).flatMap { row in chest(4)[row * 64..<row * 64 + 64].reversed() }, "x/Q2-mirrored.png")
    try write(chest(9), "x/Q2-later.png")
    try write(chest(1).map { UInt8(min(Int($0) + 3, 255)) }, "x/Q3-of-training.png")
    try write(chest(7), "x/Q4-other.png")
    try data.write("no picture at all", to: "x/Q5-broken.png")
    let source = UnlabeledSource.folder(path: data.path("x"), patientPattern: "(?:^|/)(Q\\d)-")
    func read(_ seeks: Bool) throws -> UnlabeledImages {
      try UnlabeledImages([source], task: { _ in target }, targets: [target], seeksCopies: seeks, digest: digest)
    }
    let plain = try read(false), sought = try read(true)
    #expect(plain.samples.count == 6 && plain.leftOut.nearCopies == nil)
    #expect(sought.samples.map(\.id) == ["x/Q3-of-training.png", "x/Q4-other.png", "x/Q5-broken.png"])
    #expect(sought.leftOut.sentence == "Left out: 2 images that task validates or tests on (2 by their look, as near copies), and 1 other of their patients.")
    for name in ["Q1-brighter", "Q2-mirrored", "Q2-later"] { try FileManager.default.removeItem(atPath: data.path("x/\(name).png")) }
    #expect(
      try read(true).leftOut.sentence
        == "None of the images is validated or tested on by task, nor of a patient of such images. Near copies of such images were looked for, and none was found.")
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
