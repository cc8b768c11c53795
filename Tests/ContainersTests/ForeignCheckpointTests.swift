import CheckpointFixtures
import Foundation
import Foundations
import Testing

@testable import Containers

@Suite("Files that are no checkpoint are called by their name, with what to do")
struct ForeignCheckpointTests {
  /// The first bytes as the formats' own programs write them (Tools/goldens/foreign_checkpoints.py), and what is said of them.
  static let files: [(name: String, bytes: [UInt8], remedy: String)] = [
    // onnx.helper.make_model(graph, producer_name="pytorch"), and without a producer.
    ("an ONNX model", [0x08, 0x0A, 0x12, 0x07] + Array("pytorch".utf8) + [0x1A, 0x05] + Array("2.1.0".utf8), "exported from"),
    ("an ONNX model", [0x08, 0x0D, 0x3A, 0x7E, 0x0A, 0x18], "exported from"),
    ("a GGUF file", Array("GGUF".utf8) + [3, 0, 0, 0, 0, 0], "converted from"),
    ("a TensorFlow Lite model", [0x1C, 0, 0, 0] + Array("TFL3".utf8) + [0x14, 0], "exported from"),
    ("an ExecuTorch program", [0x1C, 0, 0, 0] + Array("ET12".utf8) + [0x14, 0], "exported from"),
    // flax.serialization.to_bytes of {"params": …} and of more than fifteen keys.
    ("a msgpack file, as flax writes it", [0x81, 0xA6] + Array("params".utf8) + [0x81, 0xA5] + Array("conv1".utf8), "msgpack_restore"),
    ("a msgpack file, as flax writes it", [0xDE, 0x00, 0x10, 0xA5] + Array("conv1".utf8) + [0x81], "msgpack_restore"),
    ("an Orbax checkpoint", [0x0C, 0xDB, 0x3A, 0x2A, 0, 0, 0, 0, 0, 0], "orbax.checkpoint"),
    ("an Orbax checkpoint", Array("{\"tree_metadata\": {\"('params',)\": 1}}".utf8), "orbax.checkpoint"),
    ("the graph of a TensorFlow SavedModel", [0x08, 0x01, 0x12, 0x9F, 0xBC, 0x04, 0x0A], "variables/variables.index"),
    ("a JSON text", Array("{\"architecture\": \"resnet50\"}".utf8), "beside it"),
    ("a Git LFS pointer, not the file itself", Array("version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 9\n".utf8), "git lfs pull"),
    ("an HTML page, as a server sends for a login or an error", Array("<!DOCTYPE html><html>".utf8), "Download the file again"),
    ("gzip data", [0x1F, 0x8B, 8, 0, 0, 0, 0, 0], "gunzip"),
    ("a 7-Zip archive", [0x37, 0x7A, 0xBC, 0xAF, 0x27, 0x1C, 0, 4], "Unpack it"),
    ("a text (“Access denied”)", Array("Access denied\n".utf8), "download it again"),
  ]

  @Test("By their first bytes", arguments: files)
  func bytes(name: String, bytes: [UInt8], remedy: String) throws {
    let error = try #require(try failure(Data(bytes)))
    #expect(error.problem == "The file is no checkpoint that is read: it is \(name).")
    #expect(error.remedy.contains(remedy))
    #expect(error.kind == .unknownContainer)
  }

  @Test("Zips by their members: .keras, .pt2, an archive around one checkpoint or several, and around none")
  func zips() throws {
    func said(_ names: String...) throws -> String? {
      var zip = ZipBuilder()
      for name in names { zip.add(name, Data("x".utf8)) }
      return try failure(zip.build())?.description
    }
    #expect(try said("metadata.json", "config.json", "model.weights.h5")?.contains("it is a .keras file. In Python, keras.models.load_model(FILE).save(") == true)
    #expect(
      try said("m/archive_format", "m/models/model.json", "m/data/weights/weight_0")?.contains("an exported program of PyTorch (.pt2). In Python, write torch.export.load(FILE)")
        == true)
    #expect(try said("version", "serialized_exported_program.json", "serialized_state_dict.pt")?.contains("(.pt2)") == true)
    #expect(
      try said("weights/resnet50.pth", "README.md")
        == "The file is no checkpoint that is read: it is a zip archive around weights/resnet50.pth. Unpack it, and give weights/resnet50.pth.")
    #expect(try said("a.safetensors", "b.ckpt")?.hasSuffix("it is a zip archive around a.safetensors, b.ckpt. Unpack it, and give one of them.") == true)
    #expect(
      try said("README.md")?.hasSuffix("it is a zip archive of 1 file (README.md), none of them named as a checkpoint is. Unpack it, and give the checkpoint that is in it.")
        == true)
  }

  @Test("Folders by their files: Orbax, distributed checkpoints, a SavedModel's own bundle; else the checkpoints in it are named")
  func folders() throws {
    let folder = try TemporaryFolder()
    func said(_ names: String...) throws -> String? {
      let place = folder.file(UUID().uuidString)
      for name in names {
        let url = place.appendingPathComponent(name)
        try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data("x".utf8).write(to: url)
      }
      return try failure { _ = try CheckpointFile.open(place) }?.description
    }
    #expect(try said("_CHECKPOINT_METADATA", "default/_METADATA")?.contains("is no checkpoint that is read: it is an Orbax checkpoint. In Python, restore its folder") == true)
    #expect(try said("default/manifest.ocdbt")?.contains("an Orbax checkpoint") == true)
    #expect(try said(".metadata", "__0_0.distcp")?.contains("dcp_to_torch FOLDER FILE") == true)
    #expect(try said("config.json", "model.safetensors")?.hasSuffix("Give a file in it: model.safetensors.") == true)
    #expect(try said("notes.md")?.hasSuffix("Give the file of the weights.") == true)
    // A SavedModel keeps its numbers in a bundle, which is read.
    let saved = folder.file("saved/variables")
    try FileManager.default.createDirectory(at: saved, withIntermediateDirectories: true)
    let bundle = Golden.url("bundle-simclr")
    for name in try FileManager.default.contentsOfDirectory(atPath: bundle.path) where name.hasPrefix("model.ckpt") {
      let own = name.replacingOccurrences(of: "model.ckpt-225206", with: "variables")
      try FileManager.default.copyItem(at: bundle.appendingPathComponent(name), to: saved.appendingPathComponent(own))
    }
    #expect(try CheckpointFile.open(folder.file("saved")).container == .tensorFlowBundle)
  }

  @Test("A pickle that names callables is read, and they are named; PyTorch's, NumPy's and Python's collections are not")
  func callables() throws {
    #expect(try Golden.open("state-dict.pt").calledNames == [])
    #expect(try Golden.open("whole-module.pt").calledNames.allSatisfy { !$0.hasPrefix("torch.nn.") })
    let run = try Golden.open("runs-a-command.pt").calledNames
    #expect(run.contains { $0.hasSuffix(".system") }, "\(run)")
    #expect(try Golden.open("legacy-runs-a-command.pt").calledNames == run)
    #expect(try Golden.open("pickle-runs-a-command.pkl").calledNames.contains { $0.hasSuffix(".system") })
    let names = Pickle.global("argparse", "Namespace") + Pickle.tuple([]) + [0x81]
    let file = try openBytes(torchArchive(pickle: Pickle.program(Pickle.dictionary([("args", names), ("more", names)]))))
    #expect(file.calledNames == ["argparse.Namespace"])
  }

  @Test("A torch archive that was packed anew with compression is read")
  func deflated() throws {
    // zlib's stored block: header, length, its complement, bytes.
    func stored(_ data: Data) -> Data { Data([1]) + ZipBuilder.fields(UInt16(data.count), ~UInt16(data.count)) + data }
    var zip = ZipBuilder()
    for (name, data) in [("a/data.pkl", Data(HostileZipTests.weights)), ("a/data/0", Data([0, 0, 128, 63, 0, 0, 0, 64]))] {
      zip.members.append(
        ZipBuilder.Member(name: name, data: stored(data), crc32: ZipBuilder.crc32(data), method: 8, claimedSize: UInt32(data.count)))
    }
    #expect(try openBytes(zip.build()).arrays().first?.doubles() == [1, 2])
  }
}
