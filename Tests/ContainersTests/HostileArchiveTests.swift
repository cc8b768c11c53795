import Foundation
import Foundations
import Testing

@testable import Containers

@Suite("Zip archives that break the rules")
struct HostileZipTests {
  static let weights = Pickle.program(
    Pickle.dictionary([("w", Pickle.tensor(Pickle.storage("0", count: 2), shape: [2], strides: [1]))]))

  static func archive(_ change: (inout ZipBuilder) -> Void) -> Data {
    var zip = ZipBuilder()
    zip.add("archive/data.pkl", Data(weights))
    zip.add("archive/data/0", Data([0, 0, 128, 63, 0, 0, 0, 64]))
    change(&zip)
    return zip.build()
  }

  @Test("An archive built by hand is read, with a comment and under any folder or none")
  func wellFormed() throws {
    #expect(try openBytes(Self.archive { _ in }).arrays().first?.doubles() == [1, 2])
    #expect(try openBytes(Self.archive { $0.comment = Data("PK\u{5}\u{6} saved".utf8) }).arrays().first?.doubles() == [1, 2])
    let bare = Self.archive { zip in for index in zip.members.indices { zip.members[index].name.removeFirst("archive/".count) } }
    #expect(try openBytes(bare).arrays().first?.doubles() == [1, 2])
  }

  static let broken: [(String, @Sendable (inout ZipBuilder) -> Void)] = [
    ("it has two members named archive/data/0", { $0.add("archive/data/0", Data()) }),
    ("it has more than one data.pkl", { $0.add("other/data.pkl", Data()) }),
    ("the member archive/data/0 has another name in its own header", { $0.members[1].localName = "archive/data/1" }),
    ("the member archive/data/0 is stored in 8 bytes but claims 4294967294", { $0.members[1].claimedSize = 0xFFFF_FFFE }),
    ("the member archive/data/0 has no header where the directory says", { $0.members[1].headerOffset = 3 }),
    ("the member archive/data/0 starts past the directory", { $0.members[1].headerOffset = 100_000 }),
    ("its byte order is “middle”", { $0.add("archive/byteorder", Data("middle".utf8)) }),
    ("its directory of 122 bytes cannot list 9 members", { $0.claimedCount = 9 }),
  ]

  @Test("Each broken rule has its own sentence", arguments: broken)
  func brokenRules(reason: String, change: @Sendable (inout ZipBuilder) -> Void) throws {
    #expect(try failure(Self.archive(change)) == ContainersError.malformedArchive(reason))
  }

  @Test("A member that is encrypted, or no deflate stream though it says so, is named")
  func members() throws {
    #expect(
      try failure(Self.archive { $0.members[1].flags = 1 })?.description
        == "The archive's member archive/data/0 is encrypted. Unpack it with its password, and give the checkpoint in it.")
    #expect(
      try failure(Self.archive { $0.members[1].method = 8 })?.problem.hasPrefix("The member archive/data/0 of the file ") == true)
  }

  @Test("Numbers of a big-endian machine are turned round, whatever their width; one-byte numbers stay")
  func bigEndian() throws {
    let types: [(name: String, data: [UInt8], count: Int64, values: [Double])] = [
      ("FloatStorage", [0x3F, 0x80, 0, 0, 0xC0, 0, 0, 0], 2, [1, -2]), ("DoubleStorage", [0x3F, 0xF0, 0, 0, 0, 0, 0, 0], 1, [1]),
      ("HalfStorage", [0x3C, 0x00, 0xC0, 0x00], 2, [1, -2]), ("LongStorage", [0, 0, 0, 0, 0, 0, 1, 2], 1, [258]),
      ("ByteStorage", [7, 9], 2, [7, 9]),
    ]
    for type in types {
      let tensor = Pickle.tensor(Pickle.storage("0", count: type.count, type: type.name), shape: [type.count], strides: [1])
      var zip = ZipBuilder()
      zip.add("archive/data.pkl", Data(Pickle.program(Pickle.dictionary([("w", tensor)]))))
      zip.add("archive/byteorder", Data("big".utf8))
      zip.add("archive/data/0", Data(type.data))
      #expect(try openBytes(zip.build()).arrays().first?.doubles() == type.values, "\(type.name)")
    }
  }

  @Test("Two members cannot share their bytes, which is how a small archive unfolds into a large one")
  func overlap() throws {
    let data = Self.archive { zip in
      // A member whose header lies inside the bytes of the one before it.
      var inner = ZipBuilder()
      inner.add("archive/data/1", Data(count: 64))
      let local = inner.build().prefix(30 + 14 + 64)
      zip.add("archive/data/2", local)
      zip.add("archive/data/1", Data(count: 64))
      let start = zip.members.dropLast(2).reduce(0) { $0 + 30 + $1.name.utf8.count + $1.data.count }
      zip.members[3].headerOffset = UInt32(start + 30 + 14)
    }
    #expect(
      try failure(data) == ContainersError.malformedArchive("the member archive/data/1 overlaps the one before it"))
  }

  @Test("A damaged byte is found by its CRC-32 when the array is read, and named")
  func checksum() throws {
    let file = try openBytes(Self.archive { $0.members[1].crc32 = 1 })
    let error = try failure { try readAll(file) }
    #expect(
      error?.description
        == "The member archive/data/0 of the file is damaged: its CRC-32 does not match its bytes. \(fetchAgain)")
    #expect(try failure(Self.archive { $0.members[0].crc32 = 1 })?.kind == .checksum)
  }

  @Test("An archive cut anywhere is an error")
  func truncated() throws {
    let whole = try Data(contentsOf: Golden.url("no-checksums.pt"))
    for count in 0..<whole.count { #expect(try failure(Data(whole.prefix(count))) != nil, "cut to \(count) bytes") }
    #expect(
      try failure(Data(whole.prefix(1000)))?.problem
        == "The file is not a valid archive (zip) of a checkpoint: it has no directory, as if it were cut short.")
  }

  @Test("ZIP64 records and sizes are read")
  func zip64() throws {
    let plain = Self.archive { _ in }
    let end = plain.count - 22
    let directory = Int(plain[end + 16]) | Int(plain[end + 17]) << 8
    var data = Data(plain.prefix(end))
    let size = end - directory
    data += ZipBuilder.fields(0x0606_4B50 as UInt32, 44 as UInt64, 45 as UInt16, 45 as UInt16, 0 as UInt32, 0 as UInt32)
    data += ZipBuilder.fields(2 as UInt64, 2 as UInt64, UInt64(size), UInt64(directory))
    data += ZipBuilder.fields(0x0706_4B50 as UInt32, 0 as UInt32, UInt64(end), 1 as UInt32)
    data += ZipBuilder.fields(0x0605_4B50 as UInt32, 0 as UInt32, 0xFFFF as UInt16, 0xFFFF as UInt16)
    let marks = ZipBuilder.fields(0xFFFF_FFFF as UInt32, 0xFFFF_FFFF as UInt32, 0 as UInt16)
    #expect(try openBytes(data + marks).arrays().first?.doubles() == [1, 2])
    var wild = data
    wild.replaceSubrange(end + 48..<end + 56, with: Data(repeating: 0xFF, count: 8))
    #expect(
      try failure(wild + marks) == ContainersError.malformedArchive("a size of 18446744073709551615 bytes is not possible"))
  }
}

@Suite("Tensors that do not fit their storage")
struct HostileTensorTests {
  static func failureOf(
    offset: Int64 = 0, shape: [Int64], strides: [Int64], count: Int64 = 2, type: String = "FloatStorage", bytes: Int = 8
  ) throws -> ContainersError? {
    let tensor = Pickle.tensor(Pickle.storage("0", count: count, type: type), offset: offset, shape: shape, strides: strides)
    let pickle = Pickle.program(Pickle.dictionary([("w", tensor)]))
    return try failure(torchArchive(pickle: pickle, storages: ["0": Data(count: bytes)]))
  }

  @Test("Views inside the storage are read, whatever their strides")
  func legal() throws {
    #expect(try Self.failureOf(shape: [2], strides: [1]) == nil)
    #expect(try Self.failureOf(offset: 1, shape: [1, 1], strides: [.max, .max]) == nil)
    #expect(try Self.failureOf(offset: 2, shape: [0, 7], strides: [7, 1]) == nil)
    #expect(try Self.failureOf(shape: [1000, 2], strides: [0, 1]) == nil)
    #expect(try Self.failureOf(shape: [], strides: []) == nil)
  }

  @Test("A view that reaches past its storage, by size, stride, offset or overflow, is refused")
  func outside() throws {
    #expect(
      try Self.failureOf(shape: [3], strides: [1])?.description
        == "The array w is not valid: it needs 12 bytes at offset 0, but its storage has 8. \(fetchAgain)")
    #expect(try Self.failureOf(offset: 1, shape: [2], strides: [1])?.kind == .inconsistentArray)
    #expect(try Self.failureOf(shape: [2], strides: [2])?.kind == .inconsistentArray)
    #expect(try Self.failureOf(offset: -1, shape: [1], strides: [1])?.kind == .inconsistentArray)
    #expect(try Self.failureOf(offset: .max, shape: [1], strides: [1])?.kind == .inconsistentArray)
    #expect(
      try Self.failureOf(shape: [-1], strides: [1])?.problem == "The array w is not valid: its shape [-1] is not possible.")
    #expect(try Self.failureOf(shape: [2], strides: [-1])?.kind == .inconsistentArray)
    #expect(try Self.failureOf(shape: [.max, .max], strides: [1, 1])?.kind == .inconsistentArray)
    #expect(try Self.failureOf(shape: [3, 3], strides: [.max, .max])?.kind == .inconsistentArray)
    #expect(try Self.failureOf(shape: [2], strides: [1, 1])?.kind == .inconsistentArray)
    #expect(try Self.failureOf(shape: .init(repeating: 1, count: 65), strides: .init(repeating: 1, count: 65)) != nil)
  }

  @Test("A storage whose size is not the one that is claimed is refused")
  func storageSize() throws {
    #expect(
      try Self.failureOf(shape: [2], strides: [1], count: 3)?.problem
        == "The array w is not valid: its storage 0 should have 3 elements but has 8 bytes.")
    #expect(try Self.failureOf(shape: [2], strides: [1], type: "DoubleStorage")?.kind == .inconsistentArray)
    #expect(try Self.failureOf(shape: [2], strides: [1], count: .max)?.kind == .inconsistentArray)
    #expect(try Self.failureOf(shape: [2], strides: [1], count: -1)?.kind == .malformedPickle)
  }

  @Test("A storage that is not in the file is refused, and its key leads nowhere else")
  func missingStorage() throws {
    for key in ["1", "../data.pkl", "/etc/passwd", ""] {
      let tensor = Pickle.tensor(Pickle.storage(key, count: 2), shape: [2], strides: [1])
      let error = try failure(torchArchive(pickle: Pickle.program(tensor), storages: ["0": Data(count: 8)]))
      #expect(error?.problem == "The array tensor is not valid: its storage \(key) is not in the file.")
    }
  }

  @Test("A tiny storage that is repeated into more than 64 MiB is refused when it is read")
  func broadcastBomb() throws {
    let error = try Self.failureOf(shape: [1 << 30, 2], strides: [0, 1])
    #expect(
      error?.problem == "The array w is not valid: it repeats the elements of a small storage 2147483648 times over.")
  }

  @Test("A storage of a type that is not known makes the tensor inert, not the file unreadable")
  func unknownType() throws {
    let unknown = Pickle.tensor(Pickle.storage("0", count: 2, type: "QInt8Storage"), shape: [2], strides: [1])
    let known = Pickle.tensor(Pickle.storage("1", count: 2), shape: [2], strides: [1])
    let pickle = Pickle.program(Pickle.dictionary([("q", unknown), ("w", known)]))
    let file = try openBytes(torchArchive(pickle: pickle, storages: ["0": Data(count: 2), "1": Data(count: 8)]))
    #expect(try file.arrays().map(\.name) == ["w"])
    guard case .opaque("tensor of torch.QInt8Storage") = file.root["q"] else {
      Issue.record("the tensor of an unknown type is not inert")
      return
    }
  }
}
