import Studies
import Testing

@testable import Inspection

@Suite("Folders of every kind of source")
struct FolderSourceTests {
  @Test("The folders of each kind in the catalog can be listed", arguments: DataSource.kinds.map { $0.key })
  func catalog(_ key: String) throws {
    let kind = try #require(DataSource.kinds.first { $0.key == key })
    #expect(kind is any FolderSource.Type)
  }
}
