import Foundation
import Foundations
import Metrics
import Testing

@testable import Studies

@Suite("Every kind of task")
struct TaskKindTests {
  @Test("Every kind that a file declares is one line of the list, under a name of its own that files are read by")
  func complete() throws {
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("../../Sources/Studies/Kinds").standardizedFileURL
    var declared = 0
    for file in try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil) where file.pathExtension == "swift" {
      declared += try String(contentsOf: file, encoding: .utf8).components(separatedBy: " = TaskKind(").count - 1
    }
    #expect(declared == TaskKind.allCases.count && Set(TaskKind.allCases).count == declared)
    for kind in TaskKind.allCases { #expect(try CanonicalJSON.encodeText(JSONDecoder().decode([TaskKind].self, from: Data("[\"\(kind)\"]".utf8))) == "[\"\(kind)\"]") }
  }

  @Test("Its table has metrics of its answers, none of which needs a threshold, and its recipe a loss that it may have", arguments: TaskKind.allCases)
  func members(_ kind: TaskKind) {
    #expect(!kind.tableMetrics.isEmpty && Set(kind.tableMetrics).count == kind.tableMetrics.count)
    for metric in kind.tableMetrics { #expect(kind.isJudged(by: metric) && !metric.needsThreshold && metric.macro == metric, "\(metric)") }
    #expect(kind.losses.contains(kind.standardRecipe.loss) && Set(kind.losses).count == kind.losses.count)
    #expect(!kind.hasOneClass || kind.answer == .findings)
    #expect(!kind.hasOrderedClasses || kind.answer == .oneClass)
  }
}
