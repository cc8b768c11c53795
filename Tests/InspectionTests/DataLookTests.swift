import Foundation
import Studies
import Testing

@testable import Inspection

@Suite("The page of findings is the catalog's")
struct DataLookTests {
  @Test("Every finding has a row on the page with the highest severity that it has, and the page has no other")
  func page() throws {
    let page = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
      .appendingPathComponent("Documentation/data-check.md")
    let rows = try String(contentsOf: page, encoding: .utf8).split(separator: "\n").filter { $0.hasPrefix("| `") }.map {
      $0.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
    }
    let told = rows.flatMap { cells in cells[0].split(separator: ",").map { "\($0.trimmingCharacters(in: CharacterSet(charactersIn: "` "))) \(cells[1])" } }
    #expect(told.sorted() == DataLooks.codes.map { "\($0.code) \($0.severity.rawValue)" }.sorted())
  }
}
