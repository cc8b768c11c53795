import DatasetFixtures
import Foundation
import PublishedCopies
import Studies
import Testing

@testable import Inspection

@Suite("Numbers that a publisher states are held against the copy")
struct StatedCountTests {
  /// Tasks whose publisher's number of images is not known, as their records say.
  private static let unknown: Set<String> = ["PadChest", "VinDrCXR-2025", "MIMIC-CXR", "COVIDx-CXR4"]

  @Test("Every built-in task has a number of images to be held against but those that are named")
  func known() {
    for task in BuiltInTaskCatalog.all {
      #expect((task.usesEveryImage && task.statedImages != nil) == !Self.unknown.contains(task.name), "\(task.name)")
    }
  }

  @Test("The check of a small copy tells what `tasks check` tells of its counts, and refuses nothing", arguments: TaskCopy.all)
  func agree(_ copy: TaskCopy) throws {
    let data = try InspectedFolder(), task = try BuiltInTaskCatalog.named(copy.task)
    try copy.write(to: data.url, isReduced: true)
    let found = data.check(task.data.rooted(at: data.url.path), kind: task.kind, builtIn: task.name, opensPictures: false)
    let stated = found.filter { $0.code == "cases.stated" }, checked = try TaskCheck(task, root: data.url, isDecoding: false)
    let marks = ["those of the published split", "another number of images than published", "is published with"]
    let ofCounts = checked.findings.filter { finding in marks.contains { finding.problem.contains($0) } }
    #expect(stated.map(\.sentence) == ofCounts.map(\.problem) && stated.allSatisfy { $0.severity == .warned && !$0.remedy.isEmpty })
    #expect(Self.unknown.contains(task.name) || !stated.isEmpty)
    #expect(found.filter(\.isRefusal).isEmpty, "\(found.filter(\.isRefusal))")
  }

  /// What is so of the generated copies: few images, fewer different ones, drawn alike for all patients; of some, in how they are drawn.
  private static let drawn: Set = ["cases.stated", "labels.partLacks", "copies.acrossParts", "copies.conflict", "masks.alike"]
  /// The images of VinDr-CXR are drawn as CT, with a rescale and no window.
  private static let drawnOnce = ["VinDrCXR": "images.ownScale", "PXS": "masks.emptyPart", "LXS": "masks.share", "COVIDx-CXR4": "labels.toldByStorage"]

  @Test("All looks at the pictures of a small copy find nothing but how it was drawn", arguments: TaskCopy.all)
  func nothingElse(_ copy: TaskCopy) throws {
    let data = try InspectedFolder(), task = try BuiltInTaskCatalog.named(copy.task)
    try copy.write(to: data.url, isReduced: true)
    let found = data.check(task.data.rooted(at: data.url.path), kind: task.kind, builtIn: task.name).filter { $0.severity != .noted }
    let others = found.filter { $0.isRefusal || !Self.drawn.contains($0.code) && Self.drawnOnce[copy.task] != $0.code }
    #expect(others.isEmpty, "\(others.map { "\($0.code): \($0.sentence)" })")
  }

  @Test("A whole copy is told nothing, and who draws parts of his own or takes what is there is told without a warning")
  func whole() throws {
    let data = try InspectedFolder()
    let copy = try #require(TaskCopy.all.first { $0.task == "TXC" }), task = try BuiltInTaskCatalog.named("TXC")
    try copy.write(to: data.url, isReduced: true)
    guard var source = task.data.rooted(at: data.url.path).as(NamedImageSource.self) else { return }
    source.rows = .present
    let stated = data.check(.namedImages(source), kind: task.kind, builtIn: "TXC", opensPictures: false).filter { $0.code == "cases.stated" }
    #expect(!stated.isEmpty && stated.allSatisfy { $0.severity == .noted })
    #expect(stated.first?.sentence == "There are \(copy.images) images, and Shenzhen is published with 662.", "\(stated.map(\.sentence))")
    let plain = data.check(.namedImages(source), kind: task.kind, opensPictures: false)
    #expect(!plain.contains { $0.code == "cases.stated" })
  }
}
