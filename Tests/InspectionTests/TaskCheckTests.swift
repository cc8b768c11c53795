import DatasetFixtures
import Foundation
import Studies
import Testing

@testable import Inspection

@Suite("A check of a copy follows from the task's value alone")
struct TaskCheckTests {
  @Test("Of an empty folder every task says each thing that is missing and where to get it", arguments: BuiltInTaskCatalog.all)
  func empty(_ task: BuiltInTask) throws {
    let data = try TemporaryData()
    let check = try TaskCheck(task, root: data.url, isDecoding: false)
    #expect(!check.isUsable && check.parts.isEmpty && check.filesRead == 0)
    let required = task.layout.items.filter(\.isRequired)
    #expect(check.findings.count { $0.problem.contains("not there: there is no ") && $0.remedy.contains(task.access.url) } == required.count)
    #expect(check.items.map(\.role) == task.layout.items.map(\.role))
    #expect(check.findings.allSatisfy { !$0.problem.isEmpty && !$0.remedy.isEmpty })
    #expect(check.terminalText.hasSuffix("\nThe task cannot be run on this copy as it is.\n"))
  }

  @Test("Of no folder every task says so, with its publisher's page", arguments: BuiltInTaskCatalog.all)
  func nowhere(_ task: BuiltInTask) throws {
    let data = try TemporaryData()
    let check = try TaskCheck(task, root: data.url.appendingPathComponent("nowhere"), isDecoding: false)
    #expect(check.findings.count == 1 && check.findings[0].remedy.contains(task.access.url))
  }

  @Test("DRIVE as it is published is found whole, every image and mask decoded", .tags(.data), .realImages)
  func drive() throws {
    let check = try TaskCheck(try BuiltInTaskCatalog.named("VFS"), root: URL(fileURLWithPath: RealData.path("drive")), isDecoding: true)
    #expect(check.isUsable, "\(check.terminalText)")
    #expect(check.parts.map(\.images).reduce(0, +) == 40)
  }
}
