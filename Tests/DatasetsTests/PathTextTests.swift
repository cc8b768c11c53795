import DatasetFixtures
import Foundation
import Studies
import Testing

@testable import Datasets

@Suite("Paths as text")
struct PathTextTests {
  // Written down, since NSString, whose words these are, ends the process for some of them.
  @Test(
    "Name, ending, path without the ending, and folder",
    arguments: [
      ["a", "a", "", "a", ""], ["a.png", "a.png", "png", "a", ""], ["/a.png", "a.png", "png", "/a", "/"], ["a/b.png", "b.png", "png", "a/b", "a"],
      ["/a/b.nii.gz", "b.nii.gz", "gz", "/a/b.nii", "/a"], ["a/b/", "b", "", "a/b", "a"], ["a/.hidden", ".hidden", "", "a/.hidden", "a"],
      ["x.y/z", "z", "", "x.y/z", "x.y"], ["ä/é.png", "é.png", "png", "ä/é", "ä"], ["/", "/", "", "/", "/"], ["", "", "", "", ""],
      ["1.2.840.10008", "1.2.840.10008", "10008", "1.2.840", ""],
    ])
  func parts(expected: [String]) {
    let path = expected[0]
    #expect([path, path.lastPathPart, path.pathEnding, path.withoutPathEnding, path.pathFolder] == expected)
  }

  @Test("Two slashes before a letter beyond ASCII end no process", arguments: ["//é", "a//e\u{301}.png", "images///\u{FEFF}", "é//", "a.tiff//////{}///"])
  func bearing(path: String) {
    #expect(path.lastPathPart.isEmpty == false && !path.lastPathPart.contains("/"))
    #expect(path.withoutPathEnding.count <= path.count && path.pathFolder.count < path.count)
  }

  @Test("A list that names such a path is refused like any that names what is not there")
  func inTables() throws {
    let data = try TemporaryData()
    try data.touch((0..<8).map { "img/i\($0).png" })
    try Data(("path,L\n" + (0..<8).map { "i\($0).png,\($0 % 2)\n" }.joined() + "//é.png,1\n").utf8).write(to: data.url.appendingPathComponent("t.csv"))
    #expect(throws: DatasetsError.self) {
      try DatasetResolver.resolve(.manifest(ManifestSource(file: data.path("t.csv"), imageRoot: data.path("img"), labelColumns: ["L"])), kind: .binaryClassification)
    }
  }
}
