import Foundation
import Foundations
import Testing

@testable import Containers

/// The text of an array's header that breaks a rule, and the words that should follow.
struct BrokenNumPyHeader: Sendable {
  let header: String
  let reason: String

  init(_ header: String, _ reason: String) {
    self.header = header
    self.reason = reason
  }

  static let all: [BrokenNumPyHeader] = [
    BrokenNumPyHeader("{'descr': '<f4', 'fortran_order': False, 'shape': (3,)}", "takes 12 bytes, but there are 8"),
    BrokenNumPyHeader("{'descr': '<f4', 'fortran_order': False, 'shape': (1,)}", "takes 4 bytes, but there are 8"),
    BrokenNumPyHeader("{'descr': '<f4', 'fortran_order': False, 'shape': (-2,)}", "a size is missing or too large"),
    BrokenNumPyHeader("{'descr': '<f4', 'fortran_order': False, 'shape': (9223372036854775808,)}", "a size is missing or too large"),
    BrokenNumPyHeader(
      "{'descr': '<f4', 'fortran_order': True, 'shape': (4611686018427387904, 4611686018427387904)}", "is not possible"),
    BrokenNumPyHeader("{'descr': '<f8', 'fortran_order': False, 'shape': (2305843009213693952,)}", "is not possible"),
    BrokenNumPyHeader("{'descr': '<f4', 'fortran_order': False, 'shape': [2]}", "( is missing"),
    BrokenNumPyHeader("{'descr': '<f4', 'fortran_order': False, 'shape': (2 3)}", ") is missing"),
    BrokenNumPyHeader("{'descr': '<f4', 'fortran_order': 0, 'shape': (2,)}", "False is missing"),
    BrokenNumPyHeader("{'descr': '<f4', 'shape': (2,)}", "descr, fortran_order or shape is missing"),
    BrokenNumPyHeader("{'descr': '<f4', 'descr': '<f4', 'fortran_order': False, 'shape': (2,)}", "the key descr is unknown or occurs twice"),
    BrokenNumPyHeader("{'descr': '<f4', 'fortran_order': False, 'shape': (2,), 'x': 1}", "the key x is unknown or occurs twice"),
    BrokenNumPyHeader("{'descr': '<f4', 'fortran_order': False, 'shape': (2,)} + 1", "more text follows the dictionary"),
    BrokenNumPyHeader("__import__('os').system('true')", "{ is missing at byte 0"),
    BrokenNumPyHeader("{'descr: '<f4'", ": is missing"),
    BrokenNumPyHeader("{'descr': '<f4", "a text does not end"),
    BrokenNumPyHeader(#"{'de\x73cr': '<f4'}"#, "a text does not end or is escaped"),
    BrokenNumPyHeader("{'descr': [('a', '<f4'", "a list does not end"),
    BrokenNumPyHeader("", "{ is missing at byte 0"),
    BrokenNumPyHeader("{'descr': '|O', 'fortran_order': False, 'shape': (1,)}", "its array array holds Python objects"),
    BrokenNumPyHeader(
      "{'descr': '<f4', 'fortran_order': False, 'shape': (\(String(repeating: "1,", count: 65)))}", "more than 64 dimensions"),
  ]
}

@Suite("NumPy files that break the rules")
struct HostileNumPyTests {
  static func npy(_ header: String, data: Data = Data(count: 8), version: [UInt8] = [1, 0], length: Int? = nil) -> Data {
    let count = length ?? header.utf8.count
    let size = (0..<(version[0] == 1 ? 2 : 4)).map { UInt8(truncatingIfNeeded: count >> (8 * $0)) }
    return Data([0x93] + Array("NUMPY".utf8) + version + size + Array(header.utf8)) + data
  }

  static let sound = "{'descr': '<f4', 'fortran_order': False, 'shape': (2,), }"

  @Test("Each broken rule has its own sentence", arguments: BrokenNumPyHeader.all)
  func brokenRules(broken: BrokenNumPyHeader) throws {
    let error = try #require(try failure(Self.npy(broken.header)))
    #expect(error.description.contains(broken.reason), "\(error)")
  }

  @Test("Python 2's long sizes and double quotes are read, records and texts are kept as what they are")
  func unusual() throws {
    let long = Self.npy("{\"descr\": \"<f4\", 'fortran_order': False, 'shape': (2L,)}")
    #expect(try openBytes(long).arrays().map(\.shape) == [[2]])
    let record = Self.npy("{'descr': [('a', '<f4'), ('b', [('c', '<i4')])], 'fortran_order': False, 'shape': (1,)}")
    guard case .opaque("NumPy's record") = try openBytes(record).root["array"] else {
      Issue.record("the record is not inert")
      return
    }
  }

  @Test("Versions and lengths of headers that are not NumPy's are refused")
  func versions() throws {
    #expect(try failure(Self.npy(Self.sound, version: [9, 1]))?.problem.contains("format version 9.1, which is not known") == true)
    #expect(try failure(Self.npy(Self.sound, length: 65_535))?.problem.contains("ends within its header") == true)
    #expect(
      try failure(Self.npy(Self.sound, version: [2, 0], length: 1 << 30))?.problem.contains("claims a header of 1073741824 bytes")
        == true)
    #expect(try failure(Self.npy(Self.sound)) == nil)
  }

  @Test("Python objects are refused by their array's name")
  func objects() throws {
    #expect(
      try failure { _ = try Golden.open("objects.npy") }?.problem
        == "objects.npy: The file is a NumPy array (npy), but its array array holds Python objects, which would have to be unpickled.")
  }

  @Test("A file cut anywhere is an error", arguments: [("version-1.npy", 1), ("stored.npz", 29), ("deflated.npz", 211)])
  func truncated(name: String, step: Int) throws {
    let data = try Data(contentsOf: Golden.url(name))
    for count in stride(from: 0, to: data.count, by: step) { #expect(try failure(data.prefix(count)) != nil, "\(count)") }
  }

  @Test("Opening a stored archive reads no array")
  func lazy() throws {
    var zip = ZipBuilder()
    zip.add("w.npy", Self.npy(Self.sound))
    zip.members[0].crc32 = 7
    let file = try openBytes(zip.build())
    #expect(try file.arrays().map(\.shape) == [[2]])
    #expect(try failure { try readAll(file) }?.kind == .checksum)
  }

  @Test("A bomb, a lie about a size and damage in a deflated archive are each refused")
  func deflatedMembers() throws {
    let header = "{'descr': '|u1', 'fortran_order': False, 'shape': (5000000,), }"
    let zeros = Self.npy(header, data: Data(count: 5_000_000))
    func archive(claiming size: Int?, _ change: (inout ZipBuilder.Member) -> Void = { _ in }) throws -> Data {
      var zip = ZipBuilder()
      try zip.add("w.npy", unpacked: zeros, deflated: true, claimedSize: size)
      change(&zip.members[0])
      return zip.build()
    }
    #expect(try failure(archive(claiming: nil)) == nil)
    let bomb = try archive(claiming: 1 << 31)
    #expect(bomb.count < 10_000)
    #expect(
      try failure(bomb)?.problem == "The file of \(bomb.count) bytes claims to unpack to more than \(ZipArchive.unfoldingAllowance).")
    #expect(try failure(archive(claiming: 200)) != nil)
    let short = try archive(claiming: zeros.count) {
      $0.data = (try? deflate(zeros.prefix(zeros.count - 100_000))) ?? Data()
    }
    #expect(try failure(short)?.problem.contains("unpacks to \(zeros.count - 100_000) bytes and not to \(zeros.count)") == true)
    #expect(try failure(archive(claiming: nil) { $0.crc32 = 7 })?.kind == .checksum)
    #expect(try failure(archive(claiming: nil) { $0.method = 12 })?.problem.contains("is compressed with method 12, not deflate") == true)
    #expect(try failure(archive(claiming: nil) { $0.data[0] = 0xFF })?.problem.contains("is no deflate stream") == true)
    #expect(try failure(archive(claiming: nil) { $0.data += Data([0]) })?.problem.contains("goes on behind the end") == true)
    #expect(try failure(archive(claiming: nil) { $0.data = $0.data.prefix(100) })?.kind == .malformedArchive)
  }
}
