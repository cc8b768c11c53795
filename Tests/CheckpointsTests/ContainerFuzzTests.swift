import Foundation
import Foundations
import Testing

@testable import Checkpoints

@Suite("Mutated files of TensorFlow, NumPy, Keras and sharded safetensors")
struct ContainerFuzzTests {
  /// Counts how many of `rounds` inputs are refused. Anything but a CheckpointsError leaves the test with that error.
  static func refusals(seed: UInt64, rounds: Int, _ attempt: (inout SeededGenerator) throws -> Void) throws -> Int {
    var generator = SeededGenerator(seed: seed)
    var refused = 0
    for _ in 0..<rounds where try failure({ try attempt(&generator) }) != nil { refused += 1 }
    return refused
  }

  static func golden(_ name: String) throws -> Data { try Data(contentsOf: Golden.url(name)) }

  @Test("The index of a bundle, with checksums made right again so that the change reaches the structure")
  func bundleIndex() throws {
    let shard = try Self.golden("bundle-types/types.data-00000-of-00001")
    let entries = try SortedTable(MemoryByteSource(data: Self.golden("bundle-types/types.index"))).entries
    let refused = try Self.refusals(seed: 1, rounds: 400) { generator in
      var builder = BundleBuilder()
      builder.header = nil
      builder.entriesPerBlock = 1 + generator.integer(below: 20)
      builder.entries = entries.map { .init(key: Array($0.key), value: Array($0.value)) }
      let victim = generator.integer(below: entries.count)
      let change = generator.next()
      if generator.integer(below: 2) == 0 {
        builder.entries[victim].value = [UInt8](FuzzTests.mutated(Data(builder.entries[victim].value), with: &generator))
      } else {
        builder.changeBlock = { block in
          var generator = SeededGenerator(seed: change)
          block = [UInt8](FuzzTests.mutated(Data(block), with: &generator))
          // Too short for its own restarts is a case too, but an empty block is none.
          if block.isEmpty { block = [0] }
        }
      }
      try readAll(BundleBuilder.open(builder.index(), shards: [shard]))
    }
    #expect(refused > 200, "only \(refused) of 400 were refused")
  }

  @Test("The index of a bundle and its data as they are")
  func bundleFiles() throws {
    let shard = try Self.golden("bundle-types/types.data-00000-of-00001")
    let index = try Self.golden("bundle-types/types.index")
    let refused = try Self.refusals(seed: 2, rounds: 400) { generator in
      let isIndex = generator.integer(below: 2) == 0
      let data = FuzzTests.mutated(isIndex ? index : shard, with: &generator)
      try readAll(BundleBuilder.open(isIndex ? data : index, shards: [isIndex ? shard : data]))
    }
    #expect(refused > 300, "only \(refused) of 400 were refused")
  }

  @Test("A NumPy array, and the arrays inside an archive packed anew", arguments: ["version-1.npy", "stored.npz", "deflated.npz"])
  func numPy(name: String) throws {
    let original = try Self.golden(name)
    let refused = try Self.refusals(seed: 3, rounds: 200) { generator in
      guard name.hasSuffix(".npz"), generator.integer(below: 3) > 0 else {
        return _ = try readAll(openBytes(FuzzTests.mutated(original, with: &generator)))
      }
      let archive = try ZipArchive(MemoryByteSource(data: original))
      let victim = generator.integer(below: archive.members.count)
      var zip = ZipBuilder()
      for (index, member) in archive.members.enumerated() where member.fullSize < 10_000 {
        let source = try archive.unpackedBytes(of: member)
        let data = try source.read(offset: 0, count: source.byteCount)
        let changed = index == victim ? FuzzTests.mutated(data, with: &generator) : data
        try zip.add(member.name, unpacked: changed, deflated: member.isCompressed)
      }
      try readAll(openBytes(zip.build()))
    }
    #expect(refused > 60, "only \(refused) of 200 were refused")
  }

  @Test("The index of sharded safetensors")
  func shardIndex() throws {
    let index = Data(BrokenIndex.mapping(#""x": "a", "y": "b", "z": "b""#).utf8)
    let refused = try Self.refusals(seed: 4, rounds: 400) { generator in
      let text = String(decoding: FuzzTests.mutated(index, with: &generator), as: UTF8.self)
      try readAll(HostileShardTests.open(text))
    }
    #expect(refused > 300, "only \(refused) of 400 were refused")
  }

  @Test("HDF5 files, each looked at by children that may crash", arguments: ["types.h5", "keras-model.h5"])
  func hdf5(name: String) throws {
    let original = try Self.golden(name)
    let refused = try Self.refusals(seed: 5, rounds: 100) { generator in
      var data = original
      // Several places, since much of such a file is unused space.
      for _ in 0..<6 { data = FuzzTests.mutated(data, with: &generator) }
      try readAll(openBytes(data))
    }
    #expect(refused > 50, "only \(refused) of 100 were refused")
  }
}
