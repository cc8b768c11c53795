import CheckpointFixtures
import Foundation
import Foundations
import Testing

@testable import Containers

@Suite("Torch archives that are written are torch.save's")
struct TorchArchiveWriterTests {
  private func arrays() throws -> [NamedArray] {
    let types: [ElementType] = [.float32, .float64, .float16, .bfloat16, .int64, .int32, .int16, .int8, .uint8, .bool, .complex64]
    return try types.map { type in
      let bytes = Data((0..<6 * type.byteCount).map { type == .bool ? UInt8($0 % 2) : UInt8($0 % 60) })
      return try NamedArray(name: "layer.\(type.rawValue)", elementType: type, shape: [2, 3], bytes: bytes)
    } + [
      NamedArray(name: "scalar", elementType: .int64, shape: [], bytes: Data([7, 0, 0, 0, 0, 0, 0, 0])),
      NamedArray(name: "empty", elementType: .float32, shape: [0, 4], bytes: Data()),
      NamedArray(name: "größe", elementType: .uint8, shape: [1], bytes: Data([9])),
    ]
  }

  @Test("Every element, shape, type and name comes back, under state_dict, and the metadata under meta")
  func roundTrip() throws {
    let folder = try TemporaryFolder(), url = folder.file("weights.pth"), written = try arrays()
    try TorchArchiveWriter.write(written, metadata: ["entry": "moco-v2", "sha256": "00ff"], to: url)
    let file = try CheckpointFile.open(url)
    #expect(file.container == .torchArchive)
    let read = try #require(try file.root["state_dict"]?.arrays())
    #expect(read.map(\.name) == written.map(\.name))
    for (first, second) in zip(read, written) {
      #expect(first.shape == second.shape && first.elementType == second.elementType)
      #expect(try first.bytes() == second.bytes())
    }
    guard case .dictionary(let meta)? = file.root["meta"] else {
      Issue.record("no meta")
      return
    }
    #expect(meta.map(\.key) == ["entry", "sha256"])
    guard case .scalar(.text(let entry))? = file.root["meta"]?["entry"] else {
      Issue.record("no text")
      return
    }
    #expect(entry == "moco-v2")
  }

  @Test("Members are stored, checked, in torch.save's order, and every storage begins at a multiple of 64")
  func structure() throws {
    let folder = try TemporaryFolder(), url = folder.file("weights.pth")
    try TorchArchiveWriter.write(try arrays(), to: url)
    let source = try FileByteSource(url), archive = try ZipArchive(source)
    let names = archive.members.map(\.name)
    #expect(names == ["archive/data.pkl", "archive/byteorder"] + (0..<14).map { "archive/data/\($0)" } + ["archive/version"])
    for member in archive.members {
      #expect(member.dataOffset % 64 == 0, "\(member.name) begins at \(member.dataOffset)")
      #expect(!member.isCompressed)
    }
    #expect(try archive.bytes(of: "archive/version")?.read(offset: 0, count: 2) == Data("3\n".utf8))
    #expect(try archive.bytes(of: "archive/byteorder")?.read(offset: 0, count: 6) == Data("little".utf8))
    #expect(try archive.bytes(of: "archive/data.pkl")?.read(offset: 0, count: 2) == Data([0x80, 2]))
  }

  @Test("The same arrays are the same bytes")
  func deterministic() throws {
    let folder = try TemporaryFolder()
    try TorchArchiveWriter.write(try arrays(), metadata: ["b": "2", "a": "1"], to: folder.file("first.pth"))
    try TorchArchiveWriter.write(try arrays(), metadata: ["a": "1", "b": "2"], to: folder.file("second.pth"))
    #expect(try Data(contentsOf: folder.file("first.pth")) == Data(contentsOf: folder.file("second.pth")))
  }

  @Test("What PyTorch has no storage class for is refused, and so is a name that occurs twice; nothing is left behind")
  func refusals() throws {
    let folder = try TemporaryFolder(), url = folder.file("weights.pth")
    let narrow = try NamedArray(name: "scale", elementType: .float8e4m3, shape: [1], bytes: Data([1]))
    let error = try #require(try failure { try TorchArchiveWriter.write([narrow], to: url) })
    #expect(error.description == "scale is stored as F8_E4M3, for which PyTorch has no storage class. Write safetensors.")
    let twice = try #require(try failure { try TorchArchiveWriter.write([ramp("a", [1]), ramp("a", [1])], to: url) })
    #expect(twice.description == "The name a occurs twice. Give every array a name of its own.")
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.url.path).isEmpty)
  }
}
