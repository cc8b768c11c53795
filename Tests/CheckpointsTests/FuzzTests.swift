import Foundation
import Foundations
import Testing

@testable import Checkpoints

@Suite("Mutated files")
struct FuzzTests {
  static let originals = [
    "state-dict.safetensors", "all-types.safetensors", "state-dict.pt", "views.pt", "extras.pt", "protocol-4.pt", "whole-module.pt",
  ]

  /// Changes a few bytes, cuts, repeats or moves a piece; half of the time inside the part that holds structure.
  static func mutated(_ data: Data, with generator: inout SeededGenerator) -> Data {
    var bytes = [UInt8](data)
    for _ in 0...generator.integer(below: 4) where !bytes.isEmpty {
      let bound = generator.integer(below: 2) == 0 ? min(bytes.count, 600) : bytes.count
      let position = generator.integer(below: bound)
      switch generator.integer(below: 6) {
      case 0: bytes[position] = UInt8(generator.integer(below: 256))
      case 1: bytes[position] ^= 1 << UInt8(generator.integer(below: 8))
      case 2: bytes[position] = [0, 0x7F, 0x80, 0xFF][generator.integer(below: 4)]
      case 3: bytes.removeSubrange(position..<min(bytes.count, position + 1 + generator.integer(below: 9)))
      case 4: bytes.insert(contentsOf: bytes[position..<min(bytes.count, position + 8)], at: position)
      default:
        for index in position..<min(bytes.count, position + 8) { bytes[index] = 0xFF }
      }
    }
    return Data(bytes)
  }

  /// Mutates only the pickle of an archive and packs it anew, so that checksums and sizes do not catch the change first.
  static func repacked(_ name: String, with generator: inout SeededGenerator) throws -> Data {
    let archive = try ZipArchive(MemoryByteSource(data: try Data(contentsOf: Golden.url(name))))
    var zip = ZipBuilder()
    for member in archive.members {
      let source = try #require(try archive.bytes(of: member.name))
      let data = try source.read(offset: 0, count: source.byteCount)
      zip.add(member.name, member.name.hasSuffix("data.pkl") ? mutated(data, with: &generator) : data)
    }
    return zip.build()
  }

  @Test("A mutated file is read or gives a typed error; it never crashes and never asks for much", arguments: originals)
  func mutations(name: String) throws {
    let original = try Data(contentsOf: Golden.url(name))
    var generator = SeededGenerator(seed: Digest.sha256Hex(of: name).utf8.reduce(0) { $0 &* 31 &+ UInt64($1) })
    var refused = 0
    for round in 0..<400 {
      let isArchive = name.hasSuffix(".pt")
      let data = isArchive && round % 2 == 1
        ? try Self.repacked(name, with: &generator) : Self.mutated(original, with: &generator)
      // Anything but a CheckpointsError leaves the test with that error.
      if try failure(data) != nil { refused += 1 }
    }
    #expect(refused > 100, "only \(refused) of 400 were refused: the mutations do not reach the structure")
  }
}
