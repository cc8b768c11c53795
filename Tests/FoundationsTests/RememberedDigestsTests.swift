import Foundation
import Testing

@testable import Foundations

@Suite("Digests that are remembered")
struct RememberedDigestsTests {
  @Test("A file that is as it was is not read again; one that changed is, and one that was changed just now is never remembered")
  func remembered() throws {
    let folder = try TemporaryFolder(), file = folder.url.appendingPathComponent("w.bin"), memory = folder.url.appendingPathComponent("digests")
    try Data("abc".utf8).write(to: file)
    let fresh = RememberedDigests(memory), digest = try fresh.digest(of: file)
    try fresh.save()
    #expect(digest == Digest.sha256Hex(of: "abc") && fresh.known(file) == nil && RememberedDigests(memory).known(file) == nil)
    usleep(2_100_000)
    let settled = RememberedDigests(memory)
    #expect(try settled.digest(of: file) == digest)
    try settled.save()
    #expect(RememberedDigests(memory).known(file) == digest)
    // A line that was changed counts for nothing.
    let whole = try String(contentsOf: memory, encoding: .utf8)
    try Data(whole.replacingOccurrences(of: digest, with: Digest.sha256Hex(of: "other")).utf8).write(to: memory)
    #expect(RememberedDigests(memory).known(file) == nil)
    try Data(whole.utf8).write(to: memory)
    // Of the same size, with the time of modification set back.
    let before = try FileManager.default.attributesOfItem(atPath: file.path)[.modificationDate] as? Date
    try Data("abd".utf8).write(to: file)
    try FileManager.default.setAttributes([.modificationDate: before as Any], ofItemAtPath: file.path)
    #expect(RememberedDigests(memory).known(file) == nil)
    #expect(try RememberedDigests(memory).digest(of: file) == Digest.sha256Hex(of: "abd"))
  }
}
