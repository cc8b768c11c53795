import CheckpointFixtures
import Foundation
import Foundations
import Testing

@testable import Containers

/// A bundle that breaks a rule, and the words that should follow.
struct BrokenBundle: Sendable, CustomTestStringConvertible {
  let reason: String
  let make: @Sendable (inout BundleBuilder) -> Void

  init(_ reason: String, _ make: @escaping @Sendable (inout BundleBuilder) -> Void) {
    self.reason = reason
    self.make = make
  }

  var testDescription: String { reason }

  static let all: [BrokenBundle] = [
    BrokenBundle("The index's block at byte 0 is damaged: its CRC-32C does not match its bytes") { $0.isDamaged = true },
    BrokenBundle("The array b is damaged: its CRC-32C does not match its bytes") {
      $0.add(.init(name: "b", checksum: 7))
    },
    BrokenBundle("a block of it is compressed with snappy, which no writer of bundles does") { $0.compression = 1 },
    BrokenBundle("a block of it is compressed with method 7, which no writer of bundles does") { $0.compression = 7 },
    BrokenBundle("its index does not begin with a header") { $0.header = nil },
    BrokenBundle("its numbers are big-endian") { $0.header? += BundleBuilder.field(2, varint: 1) },
    BrokenBundle("it asks for a reader of version 2, and version 1 is known") {
      $0.header? += BundleBuilder.field(3, bytes: BundleBuilder.field(2, varint: 2))
    },
    BrokenBundle("it claims 0 data files") { $0.header = [] },
    BrokenBundle("it claims -1 data files") { $0.header = BundleBuilder.field(1, varint: .max) },
    BrokenBundle("5000 data files past the limit of 1024") { $0.header = BundleBuilder.field(1, varint: 5000) },
    BrokenBundle("part m.data-00001-of-00002 is not beside it") { $0.header = BundleBuilder.field(1, varint: 2) },
    BrokenBundle("its variable b lies in part 3 of 1") { $0.add(.init(name: "b", shard: 3)) },
    BrokenBundle("its variable b is stored in slices") {
      $0.add(.init(name: "b", extra: BundleBuilder.field(7, bytes: [])))
    },
    BrokenBundle("The array b is not valid: it needs 8 bytes at offset 9, but its part has 16") {
      $0.add(.init(name: "b", offset: 9))
    },
    BrokenBundle("The array b is not valid: it needs 8 bytes at offset -1, but its part has 16") {
      $0.add(.init(name: "b", offset: .max))
    },
    BrokenBundle("The array b is not valid: its bytes overlap those of a") { $0.add(.init(name: "b", offset: 4)) },
    BrokenBundle("The array b is not valid: its 8 bytes do not fit F32 of shape [3]") { $0.add(.init(name: "b", shape: [3])) },
    BrokenBundle("The array b is not valid: its 8 bytes do not fit F32 of shape [-1]") {
      $0.add(.init(name: "b", shape: [.max]))
    },
    BrokenBundle("its 0 bytes do not fit F64 of shape [2305843009213693952]") {
      $0.add(.init(name: "b", shape: [1 << 61], type: 2, size: 0))
    },
    BrokenBundle("dimensions past the limit of 64") { $0.add(.init(name: "b", shape: [UInt64](repeating: 1, count: 65))) },
    BrokenBundle("the name a occurs twice") { $0.add(.init(name: "a")) },
    BrokenBundle("the name a is out of order") {
      $0.add(.init(name: "b"))
      $0.entries.insert(.init(key: [], value: $0.header ?? []), at: 0)
      $0.header = nil
      $0.entries.swapAt(1, 2)
    },
    BrokenBundle("a name in its index is not UTF-8") { $0.entries.append(.init(key: [0xFF, 0xFE], value: [])) },
    BrokenBundle("a name of 5000 bytes past the limit of 4096") {
      $0.add(.init(name: String(repeating: "n", count: 5000)))
    },
    BrokenBundle("a number has more than 64 bits") {
      $0.entries.append(.init(key: [0x62], value: [8] + [UInt8](repeating: 0xFF, count: 10)))
    },
    BrokenBundle("a number is cut short") { $0.entries.append(.init(key: [0x62], value: [8, 0x80])) },
    BrokenBundle("a field has the number 0") { $0.entries.append(.init(key: [0x62], value: [0, 0])) },
    BrokenBundle("a field is of the unknown kind 3") { $0.entries.append(.init(key: [0x62], value: [11])) },
    BrokenBundle("200 bytes should follow where 1 are left") { $0.entries.append(.init(key: [0x62], value: [18, 200, 1, 0])) },
    BrokenBundle("a name shares 100 bytes with one of 0") { $0.changeBlock = { $0[0] = 100 } },
    BrokenBundle("a restart of a block is not where one can be") {
      $0.restartInterval = 1
      $0.changeBlock = { $0[$0.count - 8] += 1 }
    },
    BrokenBundle("claims 268435457 restarts") { $0.changeBlock = { $0[$0.count - 1] = 16 } },
    BrokenBundle("claims 0 restarts") { $0.changeBlock = { $0.replaceSubrange(($0.count - 4)..., with: [0, 0, 0, 0]) } },
    BrokenBundle("the restarts of a block are out of order or outside it") { $0.changeBlock = { $0[$0.count - 5] = 200 } },
    BrokenBundle("its block at byte 0 overlaps the one before it") { $0.changeHandles = { $0.append($0[0]) } },
    BrokenBundle("its block of 1000000 bytes at byte 0 lies outside") { $0.changeHandles = { $0[0].size = 1_000_000 } },
    BrokenBundle("a block lies at a place that no file has") { $0.changeHandles = { $0[0].offset = .max } },
    BrokenBundle("lies outside") { $0.footerHandles = [0, 0, 0xFF, 0xFF, 0xFF, 0xFF, 0x0F, 4] },
    BrokenBundle("a number has more than 64 bits") { $0.footerHandles = [UInt8](repeating: 0xFF, count: 40) },
  ]
}

@Suite("TensorFlow bundles that break the rules")
struct HostileBundleTests {
  static func sound() -> BundleBuilder {
    var builder = BundleBuilder()
    builder.add(.init(name: "a"))
    return builder
  }

  @Test("Each broken rule has its own sentence", arguments: BrokenBundle.all)
  func brokenRules(broken: BrokenBundle) throws {
    var builder = Self.sound()
    broken.make(&builder)
    let error = try #require(try failure { try readAll(builder.open()) })
    #expect(error.description.contains(broken.reason), "\(error)")
  }

  @Test("Entries come out alike from any number of blocks and restarts", arguments: [1, 3, 50], [1, 2, 16])
  func blocks(entriesPerBlock: Int, restartInterval: Int) throws {
    var builder = BundleBuilder()
    builder.entriesPerBlock = entriesPerBlock
    builder.restartInterval = restartInterval
    builder.header = BundleBuilder.field(1, varint: 2)
    builder.shards = [Data(), Data()]
    for number in 0..<40 {
      let data = Data([UInt8](repeating: UInt8(number), count: 8))
      builder.add(.init(name: "layer/\(number)/kernel", data: data, shard: UInt64(number % 2)))
    }
    let arrays = try builder.open().arrays()
    #expect(arrays.count == 40)
    for array in arrays {
      let number = try #require(UInt8(array.name.split(separator: "/")[1]))
      #expect(try array.bytes() == Data([UInt8](repeating: number, count: 8)))
    }
  }

  @Test("A tensor's damage is noticed when it is read, and not before")
  func lazyChecksum() throws {
    var builder = Self.sound()
    builder.shards[0][3] ^= 1
    let file = try builder.open()
    #expect(try failure { try readAll(file) }?.kind == .checksum)
  }

  @Test("Names that share all but a byte do not unfold into more than a small multiple of the index")
  func unfolding() throws {
    var builder = BundleBuilder()
    builder.entriesPerBlock = 100_000
    builder.restartInterval = 100_000
    let prefix = [UInt8](repeating: 0x61, count: 4000)
    for number in 0..<600 {
      let key = prefix + Array(String(100_000 + number).utf8)
      builder.entries.append(.init(key: key, value: []))
    }
    let index = builder.index()
    #expect(index.count < 16_000)
    let error = try failure { _ = try BundleBuilder.open(index, shards: [Data()]) }
    #expect(error?.kind == .tooLarge)
    #expect(error?.problem.contains("bytes of names past the limit") == true)
  }

  @Test("An index cut or lengthened anywhere is an error")
  func truncatedIndex() throws {
    let folder = Golden.url("bundle-types")
    let index = try Data(contentsOf: folder.appendingPathComponent("types.index"))
    let shard = try Data(contentsOf: folder.appendingPathComponent("types.data-00000-of-00001"))
    for count in 0..<index.count {
      #expect(try failure { try readAll(BundleBuilder.open(index.prefix(count), shards: [shard])) } != nil, "\(count)")
    }
    #expect(try failure { try readAll(BundleBuilder.open(Data([0]) + index, shards: [shard])) } != nil)
  }

  @Test("A data file cut anywhere is an error")
  func truncatedShard() throws {
    let folder = Golden.url("bundle-types")
    let index = try Data(contentsOf: folder.appendingPathComponent("types.index"))
    let shard = try Data(contentsOf: folder.appendingPathComponent("types.data-00000-of-00001"))
    for count in 0..<shard.count {
      #expect(try failure { try readAll(BundleBuilder.open(index, shards: [shard.prefix(count)])) }?.kind == .inconsistentArray)
    }
  }

  @Test("A variable that TensorFlow saved in slices is refused by its name")
  func slices() throws {
    let error = try failure { _ = try Golden.open("bundle-slices") }
    #expect(error?.problem.contains("its variable table is stored in slices, which are not put together") == true)
  }

  @Test("A bundle without its data, and an index under another name, say what is missing")
  func missingParts() throws {
    let folder = try TemporaryFolder()
    let index = Golden.url("bundle-types/types.index")
    try FileManager.default.copyItem(at: index, to: folder.file("types.index"))
    try FileManager.default.copyItem(at: index, to: folder.file("types.bin"))
    #expect(
      try failure { _ = try CheckpointFile.open(folder.file("types.index")) }?.description
        == "types.index: The checkpoint's part types.data-00000-of-00001 is not beside it. "
        + "Put all files of the checkpoint into one folder.")
    #expect(
      try failure { _ = try CheckpointFile.open(folder.file("types.bin")) }?.problem.contains("its name does not end in .index")
        == true)
  }

  @Test("A folder of two bundles without TensorFlow's note asks for one of them")
  func twoBundles() throws {
    let folder = try TemporaryFolder()
    for name in ["one", "two"] { try BundleBuilder().index().write(to: folder.file("\(name).index")) }
    let error = try failure { _ = try CheckpointFile.open(folder.url) }
    #expect(error?.problem.contains("holds 2 checkpoints of several files") == true)
    #expect(error?.remedy == "Give one of them: one.index, two.index.")
  }

  @Test("What TensorFlow's note names leads nowhere outside its folder")
  func stateFile() throws {
    let folder = try TemporaryFolder()
    try BundleBuilder().index().write(to: folder.file("one.index"))
    try Data("model_checkpoint_path: \"../../..\"\n".utf8).write(to: folder.file("checkpoint"))
    let opened = try failure { _ = try CheckpointFile.open(folder.url) }
    #expect(opened?.problem == "one.index: The checkpoint's part one.data-00000-of-00001 is not beside it.")
  }

  @Test("Two bundles in one zip are refused")
  func twoInZip() throws {
    var zip = ZipBuilder()
    for name in ["a.index", "b.index"] { zip.add(name, BundleBuilder().index()) }
    #expect(try failure(zip.build())?.problem == "The zip holds 2 TensorFlow bundles.")
  }
}
