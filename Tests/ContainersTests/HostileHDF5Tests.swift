import Foundation
import Foundations
import Testing

@testable import Containers

@Suite("HDF5 files that break the rules")
struct HostileHDF5Tests {
  @Test(
    "What leads out of the file, needs foreign code or cannot be in it is refused with its name",
    arguments: [
      ("external-link.h5", "its entry elsewhere is a link to another file, which is not read"),
      ("external-storage.h5", "its entry weights keeps its elements in another file, which is not read"),
      ("virtual.h5", "its entry weights is put together from other datasets, which is not read"),
      ("lzf-filter.h5", "its entry weights is compressed with a filter other than gzip, which is not read"),
      ("claims-much.h5", "The array weights claims 4398046511104 bytes, which a file of 1400 cannot hold"),
    ])
  func refused(name: String, reason: String) throws {
    let error = try #require(try failure { try readAll(Golden.open(name)) })
    #expect(error.problem.contains(reason), "\(error)")
  }

  @Test("Garbage behind the signature is an error of the library's, not a crash")
  func garbage() throws {
    var generator = SeededGenerator(seed: 89)
    for _ in 0..<20 {
      let noise = (0..<4000).map { _ in UInt8(generator.integer(below: 256)) }
      let error = try #require(try failure(Data([0x89, 0x48, 0x44, 0x46, 0x0D, 0x0A, 0x1A, 0x0A] + noise)))
      #expect(error.problem.hasPrefix("The HDF5 library could not read the file: "))
    }
  }

  @Test("A file cut anywhere is an error", arguments: [("types.h5", 503), ("keras-model.h5", 1009)])
  func truncated(name: String, step: Int) throws {
    let data = try Data(contentsOf: Golden.url(name))
    for count in stride(from: 8, to: data.count, by: step) { #expect(try failure(data.prefix(count)) != nil, "\(count)") }
  }

  @Test("A damaged chunk is noticed when it is read")
  func damagedChunk() throws {
    let data = try Data(contentsOf: Golden.url("keras-model.h5"))
    let file = try Golden.open("keras-model.h5")
    let kernel = try #require(try file.arrays().first { $0.name.hasSuffix("kernel:0") && $0.elementCount > 100 })
    // The one chunk of it begins a zlib stream of its own; every such stream is changed at its middle.
    var damaged = data
    for index in 0..<data.count - 60 where data[index] == 0x78 && [0x01, 0x5E, 0x9C, 0xDA].contains(data[index + 1]) {
      damaged[index + 40] ^= 0x55
    }
    let other = try openBytes(damaged)
    #expect(try kernel.bytes().count == kernel.byteCount)
    #expect(
      try failure { try readAll(other) }?.problem == "The HDF5 library could not read the file: the dataset is damaged.")
  }

  @Test("Many files at once, in memory and on disk, are read alike")
  func concurrent() async throws {
    let expected = try #require(try ContainerGolden.expected()["types.h5"])
    let data = try Data(contentsOf: Golden.url("types.h5"))
    try await withThrowingTaskGroup(of: Int.self) { group in
      for number in 0..<12 {
        group.addTask {
          let file = try number % 2 == 0 ? Golden.open("types.h5") : openBytes(data)
          return try file.arrays().count { try Digest.sha256Hex(of: $0.bytes()) == expected[$0.name]?.sha256 }
        }
      }
      for try await count in group { #expect(count == expected.count) }
    }
  }

  @Test("Reading leaves neither a child nor an open file behind")
  func nothingIsLeft() throws {
    func openFiles() throws -> Int { try FileManager.default.contentsOfDirectory(atPath: "/dev/fd").count }
    let before = try openFiles()
    for _ in 0..<60 { _ = try failure { _ = try Golden.open("external-link.h5") } }
    #expect(try openFiles() < before + 40)
  }
}
