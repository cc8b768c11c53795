import Foundation
import Testing

@testable import Foundations

@Suite("Listings of folders")
struct FolderListingTests {
  @Test("Everything is named once; links are named, not followed; hidden folders are no folders of results")
  func names() throws {
    let folder = try TemporaryFolder(), path = folder.url.path
    for name in ["b/inner/2.png", "b/1.png", "a.png", ".hidden/3.png"] {
      let file = folder.url.appendingPathComponent(name)
      try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data("\(name)".utf8).write(to: file)
    }
    // Links to the folder itself, to another folder and to nothing.
    for (name, target) in [("loop", "."), ("link", "b"), ("dead", "none")] {
      try FileManager.default.createSymbolicLink(atPath: path + "/" + name, withDestinationPath: target)
    }
    #expect(try FolderListing.names(in: path).sorted() == [".hidden", "a.png", "b", "dead", "link", "loop"])
    #expect(try FolderListing.folders(in: path) == ["b", "link", "loop"])
    #expect(try FolderListing.paths(below: path) == [".hidden", ".hidden/3.png", "a.png", "b", "b/1.png", "b/inner", "b/inner/2.png", "dead", "link", "loop"])
    #expect(try PathContent(path + "/a.png") == .file(byteCount: 5) && PathContent(path + "/link") == .folder && PathContent(path + "/dead") == .nothing)
    #expect(PathContent.isLink(path + "/dead") && !PathContent.isLink(path + "/b"))
  }

  @Test("A folder that is not there has no names; a file has none either, and a name too long for the system is nothing")
  func missing() throws {
    let folder = try TemporaryFolder(), path = folder.url.path
    try Data().write(to: folder.url.appendingPathComponent("file"))
    for name in ["none", "file"] {
      #expect(try FolderListing.namesIfAny(in: path + "/" + name) == nil && FolderListing.folders(in: path + "/" + name).isEmpty)
      #expect(throws: FoundationsError.self) { try FolderListing.names(in: path + "/" + name) }
    }
    #expect(try PathContent(path + "/" + String(repeating: "x", count: 300)) == .nothing)
  }

  @Test("A pipe in the place of a table or of a result is refused at once; one that a shell hands over is read")
  func pipes() throws {
    let folder = try TemporaryFolder(), pipe = folder.url.appendingPathComponent("table.csv")
    try #require(mkfifo(pipe.path, 0o600) == 0)
    #expect(throws: FoundationsError.self) { try TextFile.read(pipe) }
    #expect(throws: FoundationsError.self) { try FileBytes.read(pipe.path) }
    #expect(try PathContent(pipe.path) == .other)
    var ends: [Int32] = [0, 0]
    try #require(Foundation.pipe(&ends) == 0)
    try FileHandle(fileDescriptor: ends[1], closeOnDealloc: true).write(contentsOf: Data("a,b\n".utf8))
    close(ends[1])
    #expect(try TextFile.read(URL(fileURLWithPath: "/dev/fd/\(ends[0])")) == "a,b\n")
    close(ends[0])
  }

  @Test("The beginning of a file is given as it stands, and all of a shorter one")
  func beginning() throws {
    let folder = try TemporaryFolder(), file = folder.url.appendingPathComponent("f")
    try Data([0x1F, 0x8B, 3, 4]).write(to: file)
    #expect(try FileBytes.beginning(of: file.path, count: 3) == Data([0x1F, 0x8B, 3]))
    #expect(try FileBytes.beginning(of: file.path, count: 9) == Data([0x1F, 0x8B, 3, 4]))
  }
}
