import CArchive
import Foundation
import Foundations
import Testing

@testable import Packs

@Suite("Archives of packs")
final class ArchiveTests {
  let folder: URL

  init() throws {
    folder = FileManager.default.temporaryDirectory.appendingPathComponent("packs-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: folder) }

  private func write(_ members: [(String, String)], to name: String) throws -> (url: URL, sha256: String) {
    let url = folder.appendingPathComponent(name)
    var digest = ""
    try AtomicFile.write(to: url) { writer in
      let archive = try ArchiveWriter(writer)
      for (name, text) in members { try archive.add(name, Data(text.utf8)) }
      digest = try archive.finish()
    }
    return (url, digest)
  }

  private func read(_ url: URL, _ limits: ArchiveLimits = ArchiveLimits()) throws -> [(String, String)] {
    let reader = try ArchiveReader(url, limits: limits)
    var members: [(String, String)] = []
    while let member = try reader.next() { members.append((member.name, String(decoding: member.data, as: UTF8.self))) }
    return members
  }

  @Test("The same members give the same bytes, whenever and under whatever name, and come back as they were")
  func deterministic() throws {
    let members = [("a.txt", "first"), ("empty", ""), ("runs/t/i/seed1/predictions.csv", String(repeating: "0.25,", count: 100_000))]
    let first = try write(members, to: "one.tar.gz")
    Thread.sleep(forTimeInterval: 1.01)
    let second = try write(members, to: "two.tar.gz")
    #expect(try Data(contentsOf: first.url) == Data(contentsOf: second.url))
    #expect(try first.sha256 == Digest.sha256Hex(ofFile: first.url))
    #expect(try read(first.url).elementsEqual(members) { $0 == $1 })
  }

  @Test("tar itself lists the members, owned by nobody in particular and without a time")
  func foreignReader() throws {
    let process = Process(), pipe = Pipe()
    process.executableURL = URL(fileURLWithPath: "/bin/tar")
    process.arguments = ["--utc", "--full-time", "--numeric-owner", "-tvzf", try write([("a.txt", "x")], to: "one.tar.gz").url.path]
    process.standardOutput = pipe
    try process.run()
    let text = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    #expect(text.contains("-rw-r--r-- 0/0") && text.contains("1970-01-01 00:00:00 a.txt"), "\(text)")
  }

  @Test("A member that is not as long as it was said to be is an error, and leaves no file")
  func wrongLength() throws {
    let url = folder.appendingPathComponent("x.tar.gz")
    for written in ["short", "much longer than was said"] {
      do {
        try AtomicFile.write(to: url) { try ArchiveWriter($0).add("a", count: 10) { try $0(Data(written.utf8)) } }
        Issue.record("written")
      } catch {
        #expect(sentence(for: error) == "a changed while it was packed. Wait until the study's runs have ended, then pack again.")
      }
    }
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty)
  }

  // MARK: - Hostile files

  /// One entry of an archive that no pack would have.
  struct Entry {
    var name = "a"
    var data = "x"
    var type: UInt32 = 0o100000
    var link: String?
  }

  /// A gzipped tar of any entries, by libarchive without this module's care.
  private func raw(
    _ entries: [Entry],
    format: (OpaquePointer) -> Void = {
      archive_write_set_format_pax_restricted($0)
      archive_write_add_filter_gzip($0)
    }
  ) throws -> URL {
    let url = folder.appendingPathComponent("\(UUID().uuidString).tar.gz")
    let archive = try #require(archive_write_new())
    defer { archive_write_free(archive) }
    format(archive)
    archive_write_open_filename(archive, url.path)
    for one in entries {
      let entry = archive_entry_new()
      defer { archive_entry_free(entry) }
      archive_entry_set_pathname(entry, one.name)
      archive_entry_set_filetype(entry, one.type)
      archive_entry_set_perm(entry, 0o644)
      if let link = one.link { one.type == 0o120000 ? archive_entry_set_symlink(entry, link) : archive_entry_set_hardlink(entry, link) }
      archive_entry_set_size(entry, la_int64_t(one.link == nil ? one.data.utf8.count : 0))
      archive_write_header(archive, entry)
      if one.link == nil { one.data.withCString { _ = archive_write_data(archive, $0, one.data.utf8.count) } }
    }
    archive_write_close(archive)
    return url
  }

  private func refusal(_ url: URL, _ limits: ArchiveLimits = ArchiveLimits()) -> PacksError? {
    do {
      _ = try read(url, limits)
      return nil
    } catch { return error as? PacksError }
  }

  @Test(
    "A name that leaves its folder, or is fit for no file, is refused",
    arguments: [
      "../a", "a/../../b", "/etc/passwd", "a/./b", "a//b", "a/", ".", "..", "a\\b", "a\u{1B}[2Jb", "a\nb", "a\u{202E}b",
      String(repeating: "n", count: 600), String(repeating: "d/", count: 20) + "f",
    ])
  func names(name: String) throws { #expect(refusal(try raw([Entry(name: name)]))?.kind == .unsafeName) }

  @Test("Links, folders and devices are refused")
  func kinds() throws {
    #expect(refusal(try raw([Entry(type: 0o120000, link: "/etc/passwd")]))?.kind == .notAFile)
    #expect(refusal(try raw([Entry(), Entry(name: "b", link: "a")]))?.kind == .notAFile)
    for type in [0o040000, 0o010000, 0o020000, 0o060000] as [UInt32] {
      // A folder's name ends in a slash in tar, and is refused for that.
      #expect([.notAFile, .unsafeName].contains(refusal(try raw([Entry(data: "", type: type)]))?.kind))
    }
  }

  @Test("Two members of one name are refused")
  func duplicates() throws {
    let error = refusal(try raw([Entry(), Entry(data: "y")]))
    #expect(error?.kind == .duplicate && error?.problem == "The pack has two members “a”.")
  }

  @Test("A bomb is stopped at so many bytes for each of its own, and a claimed size takes no memory")
  func bombs() throws {
    var limits = ArchiveLimits()
    limits.freeBytes = 1 << 18
    let bomb = try raw([Entry(data: String(repeating: "0", count: 8 << 20))])
    #expect(refusal(bomb, limits)?.kind == .tooDense)
    limits.memberBytes = 1 << 20
    #expect(refusal(bomb, limits)?.kind == .tooLarge)
  }

  /// A gzipped tar of one header that claims a size, and nothing behind it.
  private func claiming(_ octal: String) throws -> URL {
    var header = [UInt8](repeating: 0, count: 512)
    func put(_ text: String, at offset: Int) { header.replaceSubrange(offset..<offset + text.utf8.count, with: Array(text.utf8)) }
    put("a", at: 0)
    put("0000644\0" + "0000000\0" + "0000000\0" + octal + "\0" + "00000000000\0" + "        " + "0", at: 100)
    put("ustar\0" + "00", at: 257)
    put(String(header.reduce(0) { $0 + Int($1) }, radix: 8).leftPadded(to: 6) + "\0 ", at: 148)
    let tar = String(decoding: header, as: UTF8.self) + String(repeating: "\0", count: 1024)
    let url = folder.appendingPathComponent("claim.tar.gz")
    let archive = try #require(archive_write_new())
    defer { archive_write_free(archive) }
    archive_write_set_format_raw(archive)
    archive_write_add_filter_gzip(archive)
    archive_write_open_filename(archive, url.path)
    let entry = archive_entry_new()
    defer { archive_entry_free(entry) }
    archive_entry_set_filetype(entry, 0o100000)
    archive_write_header(archive, entry)
    Array(tar.utf8).withUnsafeBytes { _ = archive_write_data(archive, $0.baseAddress, $0.count) }
    archive_write_close(archive)
    return url
  }

  @Test("A size that is only claimed takes no memory: beyond the limit it is refused, within it the bytes are missing")
  func claims() throws {
    #expect(refusal(try claiming("77777777777"))?.kind == .tooLarge)
    #expect(refusal(try claiming("10000000000"))?.kind == .damaged)
    #expect(try read(claiming("00000000000")).map(\.0) == ["a"])
  }

  @Test("More members than a pack has are refused")
  func counts() throws {
    var limits = ArchiveLimits()
    limits.members = 100
    #expect(refusal(try raw((0...100).map { Entry(name: "\($0)") }), limits)?.kind == .tooMany)
  }

  @Test("What is no gzipped tar is refused, whatever else libarchive could read")
  func otherFormats() throws {
    #expect(refusal(try raw([Entry()], format: { archive_write_set_format_zip($0) }))?.kind == .notAPack)
    #expect(refusal(try raw([Entry()], format: { archive_write_set_format_pax_restricted($0) }))?.kind == .notAPack)
    let text = folder.appendingPathComponent("text")
    try Data("no archive".utf8).write(to: text)
    #expect(refusal(text)?.kind == .notAPack)
    try Data().write(to: text)
    #expect(refusal(text)?.kind == .notAPack)
    #expect(refusal(folder)?.kind == .unreadable)
    #expect(refusal(folder.appendingPathComponent("none"))?.description == "The pack \(folder.path)/none cannot be read: there is no such file. Check the path.")
  }

  @Test("An archive that is cut short or has a byte changed is refused or read without harm, at every place")
  func damaged() throws {
    let whole = try Data(contentsOf: write((0..<20).map { ("runs/\($0).csv", String($0 * 7919)) }, to: "whole.tar.gz").url)
    var refused = 0
    for position in 0..<whole.count {
      var changed = whole
      changed[position] ^= 0x5A
      for data in [whole.prefix(position), changed] {
        let url = folder.appendingPathComponent("damaged")
        try data.write(to: url)
        if refusal(url) != nil { refused += 1 }
      }
    }
    // Header fields of gzip that say nothing (time, system) can change unseen; hardly anything else.
    #expect(refused > whole.count * 2 - 40)
  }
}

extension String {
  fileprivate func leftPadded(to width: Int) -> String { String(repeating: "0", count: max(0, width - count)) + self }
}
