import Foundation
import Foundations
import FuzzHarness
import Testing

@testable import Containers

/// Mutations that `FuzzTests` does not make: of single parts, put together anew by a writer of ours, and of HDF5.
@Suite("Mutated parts of TensorFlow, NumPy and Keras files")
struct ContainerFuzzTests {
  /// Counts how many of `rounds` inputs are refused. Anything but a ContainersError leaves the test with that error.
  static func refusals(seed: UInt64, rounds: Int, _ attempt: (inout SeededGenerator) throws -> Void) throws -> Int {
    var generator = SeededGenerator(seed: seed)
    var refused = 0
    for _ in 0..<rounds where try failure({ try attempt(&generator) }) != nil { refused += 1 }
    return refused
  }

  static func mutated(_ bytes: some Sequence<UInt8>, with generator: inout SeededGenerator) -> [UInt8] {
    FileMutation.mutated([UInt8](bytes), donor: [UInt8](bytes), with: &generator)
  }

  static func golden(_ name: String) throws -> Data { try Data(contentsOf: Golden.url(name)) }

  @Test("An entry or a block of a bundle's index, in any number of blocks")
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
        builder.entries[victim].value = Self.mutated(builder.entries[victim].value, with: &generator)
      } else {
        builder.changeBlock = { block in
          var generator = SeededGenerator(seed: change)
          block = Self.mutated(block, with: &generator)
          // Too short for its own restarts is a case too, but an empty block is none.
          if block.isEmpty { block = [0] }
        }
      }
      try readAll(BundleBuilder.open(builder.index(), shards: [shard]))
    }
    #expect(refused > 200, "only \(refused) of 400 were refused")
  }

  @Test("An array inside an archive that is packed anew", arguments: ["stored.npz", "deflated.npz"])
  func numPy(name: String) throws {
    let archive = try ZipArchive(MemoryByteSource(data: Self.golden(name)))
    let members = archive.members.filter { $0.fullSize < 10_000 }
    let refused = try Self.refusals(seed: 3, rounds: 150) { generator in
      let victim = generator.integer(below: members.count)
      var zip = ZipBuilder()
      for (index, member) in members.enumerated() {
        let source = try archive.unpackedBytes(of: member)
        let data = try source.read(offset: 0, count: source.byteCount)
        let changed = index == victim ? Data(Self.mutated(data, with: &generator)) : data
        try zip.add(member.name, unpacked: changed, deflated: member.isCompressed)
      }
      try readAll(openBytes(zip.build()))
    }
    #expect(refused > 60, "only \(refused) of 150 were refused")
  }

  @Test("An HDF5 file, which children look at that may crash", arguments: ["types.h5", "keras-model.h5", "linked.h5"])
  func hdf5(name: String) throws {
    let original = try Self.golden(name)
    let refused = try Self.refusals(seed: 5, rounds: 100) { generator in
      var bytes = [UInt8](original)
      // Several places, since much of such a file is unused space.
      for _ in 0..<6 {
        bytes = FileMutation.mutated(bytes, donor: bytes, structure: 0..<bytes.count, with: &generator)
      }
      try readAll(openBytes(Data(bytes)))
    }
    #expect(refused > 50, "only \(refused) of 100 were refused")
  }
}
