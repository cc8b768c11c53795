import Execution
import Foundation
import Foundations
import Studies
import Testing

@Suite("The benchmark in miniature")
struct PaperTests {
  @Test("It is a study of the paper's 21 starts on its seven tasks, and reads as one", arguments: [true, false])
  func reads(isQuick: Bool) throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("paper-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    let text = DrawnStudy.paper(in: folder, isQuick: isQuick).text
    let file = folder.appendingPathComponent("study.yaml")
    try AtomicFile.makeFolder(folder)
    try AtomicFile.write(text, to: file)
    let study = try StudyReading.read(file, overrides: [])
    #expect(study.initializations.count == 21)
    #expect(study.tasks.filter(\.isTarget).map(\.name) == ["DXC14", "DXC5", "TXC", "ECC", "PXS", "LXS", "VFS"])
    let methods = study.initializations.compactMap { initialization -> PretrainingSpecification? in
      guard case .pretraining(let specification) = initialization.source else { return nil }
      return specification
    }
    #expect(methods.count == 14 && Set(methods.map(\.method)).count == 14)
    #expect(methods.allSatisfy { $0.initialization == "Scratch" })
  }

  @Test("The example is what the command writes for a night")
  func example() throws {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    let example = try String(contentsOf: root.appendingPathComponent("Examples/paper-in-miniature.yaml"), encoding: .utf8)
    #expect(example == DrawnStudy.paper(in: root, isQuick: false).text)
  }
}
