import Foundation
import Testing

@testable import Foundations

/// A folder that lives as long as one test.
final class TemporaryFolder {
  let url: URL

  init() throws {
    url = FileManager.default.temporaryDirectory.appendingPathComponent("foundations-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: url) }

  var names: [String] { (try? FileManager.default.contentsOfDirectory(atPath: url.path).sorted()) ?? [] }
}

@Suite("Files are there whole or not at all")
struct FileTests {
  @Test("A write that fails half-way leaves the old file and no other")
  func failedWriteLeavesTheOldFile() throws {
    struct Interruption: Error {}
    let folder = try TemporaryFolder()
    let file = folder.url.appendingPathComponent("state.json")
    try AtomicFile.write("old", to: file)
    #expect(throws: Interruption.self) {
      try AtomicFile.write(to: file) { writer in
        try writer.write(Data("new, but only hal".utf8))
        throw Interruption()
      }
    }
    #expect(try String(contentsOf: file, encoding: .utf8) == "old")
    #expect(folder.names == ["state.json"])
  }

  @Test("A full disk is one sentence with a remedy")
  func fullDisk() throws {
    let error = FoundationsError.unwritable(URL(fileURLWithPath: "/data/run/best.safetensors"), errno: ENOSPC)
    #expect(
      error.description
        == "There is no room left to write /data/run/best.safetensors. Free space on that disk, then run the same command again: finished work is kept."
    )
    #expect(error.code == "foundations.diskFull")
  }

  @Test("Writing into a folder that is not there says so")
  func missingFolder() throws {
    let folder = try TemporaryFolder()
    let file = folder.url.appendingPathComponent("absent/x")
    let error = #expect(throws: FoundationsError.self) { try AtomicFile.write("x", to: file) }
    #expect(error?.description == "The file \(file.path) cannot be written: No such file or directory. Check that the folder exists and that you may write there.")
  }

  @Test("Leftovers of killed writers are cleared and nothing else")
  func leftovers() throws {
    let folder = try TemporaryFolder()
    try Data().write(to: folder.url.appendingPathComponent(".partial-99-best.safetensors"))
    try Data().write(to: folder.url.appendingPathComponent("best.safetensors"))
    try AtomicFile.removeLeftovers(in: folder.url)
    #expect(folder.names == ["best.safetensors"])
  }

  @Test("Text reads the same plain and gzipped, without its byte order mark")
  func gzippedText() throws {
    let folder = try TemporaryFolder()
    let plain = folder.url.appendingPathComponent("a.csv")
    try Data([0xEF, 0xBB, 0xBF] + Array("path,Lungenödem\n".utf8)).write(to: plain)
    let zip = Process()
    zip.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    zip.arguments = ["gzip", "-k", plain.path]
    try zip.run()
    zip.waitUntilExit()
    #expect(try TextFile.read(plain) == "path,Lungenödem\n")
    #expect(try TextFile.read(plain.appendingPathExtension("gz")) == "path,Lungenödem\n")
    // A limit counts the bytes of the text with its mark, not those of the file.
    for file in [plain, plain.appendingPathExtension("gz")] {
      #expect(try TextFile.read(file, limit: 20) == "path,Lungenödem\n")
      let error = #expect(throws: FoundationsError.self) { try TextFile.read(file, limit: 19) }
      #expect(
        error?.description == "The text of \(file.path) is longer than 19 bytes. Divide it into several files, or check that it is the right one.")
    }
  }

  @Test("Bytes that are not UTF-8 are refused")
  func notText() throws {
    let folder = try TemporaryFolder()
    let file = folder.url.appendingPathComponent("a.csv")
    try Data([0x66, 0xFF, 0xFE, 0x00]).write(to: file)
    let error = #expect(throws: FoundationsError.self) { try TextFile.read(file) }
    #expect(error?.kind == .notText)
  }

  @Test("SHA-256 of a file and of its bytes is the published one")
  func digest() throws {
    let folder = try TemporaryFolder()
    let file = folder.url.appendingPathComponent("abc")
    try Data("abc".utf8).write(to: file)
    let published = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    #expect(try Digest.sha256Hex(ofFile: file) == published)
    #expect(Digest.sha256Hex(of: Data("abc".utf8)) == published)
  }
}
