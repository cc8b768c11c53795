import CheckpointFixtures
import Foundation
import Foundations
import Testing

@testable import Containers

@Suite("Files as Python wrote them")
struct GoldenTests {
  static let names = [
    "state-dict.pt", "plain-dictionary.pt", "protocol-4.pt", "parameters.pt", "whole-module.pt", "all-types.pt", "training.pt",
    "views.pt", "extras.pt", "no-checksums.pt", "state-dict.safetensors", "all-types.safetensors", "script.pt", "trace.pt",
    "legacy-state-dict.pt", "legacy-protocol-4.pt", "legacy-all-types.pt", "legacy-training.pt", "legacy-views.pt",
    "legacy-whole-module.pt", "legacy-python-2.pt", "tar.pt", "numpy-protocol-2.pkl", "numpy-protocol-3.pkl",
    "numpy-protocol-4.pkl", "numpy-protocol-5.pkl", "numpy-python-2.pkl", "byol-latin1.pkl", "byol-bytes.pkl", "byol-dill.pkl",
  ]

  @Test("Every fixture with known content is read in these tests")
  func everyFixtureIsCovered() throws {
    #expect(try Set(Golden.expected().keys) == Set(Self.names))
  }

  @Test("Names, element types, shapes and every element are those that torch has", arguments: names)
  func elementsAreEqual(name: String) throws {
    let expected = try #require(try Golden.expected()[name])
    let arrays = try Golden.open(name).arrays()
    #expect(Set(arrays.map(\.name)) == Set(expected.keys))
    for array in arrays {
      let golden = try #require(expected[array.name])
      #expect(array.elementType.rawValue == golden.type, "\(array.name)")
      #expect(array.shape == golden.shape, "\(array.name)")
      #expect(try array.doubles() == golden.values, "\(array.name)")
      #expect(try array.bytes().count == array.byteCount, "\(array.name)")
    }
  }

  @Test("A state dict keeps torch's order in an archive")
  func orderIsKept() throws {
    let names = try Golden.open("state-dict.pt").arrays().map(\.name)
    #expect(
      names == [
        "scale", "stem.conv.weight", "stem.bn.weight", "stem.bn.bias", "stem.bn.running_mean", "stem.bn.running_var",
        "stem.bn.num_batches_tracked", "fc.weight", "fc.bias",
      ])
  }

  @Test("The container is told by the bytes, not by the name")
  func containers() throws {
    #expect(try Golden.open("state-dict.pt").container == .torchArchive)
    #expect(try Golden.open("state-dict.safetensors").container == .safetensors)
    #expect(try Golden.open("script.pt").container == .torchScript)
    #expect(try Golden.open("legacy-state-dict.pt").container == .torchLegacyStream)
    #expect(try Golden.open("legacy-protocol-4.pt").container == .torchLegacyStream)
    #expect(try Golden.open("tar.pt").container == .torchTar)
    #expect(try Golden.open("byol-dill.pkl").container == .plainPickle)
    #expect(try Golden.open("numpy-protocol-5.pkl").container == .plainPickle)
    let folder = try TemporaryFolder()
    try FileManager.default.copyItem(at: Golden.url("state-dict.safetensors"), to: folder.file("weights.pth.tar"))
    #expect(try CheckpointFile.open(folder.file("weights.pth.tar")).container == .safetensors)
  }

  @Test("The metadata of a safetensors file is read, escapes and all")
  func metadata() throws {
    #expect(
      try Golden.open("state-dict.safetensors").metadata == ["format": "pt", "note": "naïve “quotes” \\ \t 🫀"])
  }

  @Test("Numbers, texts and unknown objects next to the tensors are kept as what they are")
  func otherValues() throws {
    let root = try Golden.open("training.pt").root
    guard case .scalar(.integer(3)) = root["epoch"], case .scalar(.number(0.5)) = root["best"],
      case .scalar(.text("net")) = root["arch"]
    else {
      Issue.record("the scalars are not what was saved")
      return
    }
    guard case .opaque("argparse.Namespace") = try Golden.open("extras.pt").root["args"] else {
      Issue.record("the namespace is not inert")
      return
    }
  }

  @Test("The digest of a file is that of its bytes")
  func digest() throws {
    let file = try Golden.open("no-checksums.pt")
    #expect(try file.byteCount == Data(contentsOf: file.url).count)
    #expect(try file.sha256Hex().count == 64)
  }

  @Test("A file of no known format is an error that shows its first bytes")
  func unknownFormat() throws {
    #expect(
      try failure { _ = try Golden.open("expected.json") }?.description
        == "expected.json: The file is no checkpoint that is read: it is a JSON text. Give the file of the weights, which may lie beside it.")
    #expect(
      try failure(Data([0x29, 0x72, 0xBB, 4, 0x4D, 0x96, 0xDF, 0x28]))?.description
        == "The file is no checkpoint format that is known: it starts with 29 72 bb 04 4d 96 df 28. "
        + "Give a checkpoint of PyTorch, TensorFlow, Keras or NumPy, or a safetensors file.")
  }

  @Test("What is no file is an error that says so")
  func noFile() throws {
    let missing = try failure { _ = try CheckpointFile.open(Golden.url("missing.pt")) }
    #expect(missing?.kind == .unreadable)
    #expect(missing?.description.hasSuffix("missing.pt cannot be read: No such file or directory. Check the path.") == true)
    #expect(
      try failure { _ = try CheckpointFile.open(Golden.folder) }?.problem.hasSuffix(
        "it is a folder without the index of a TensorFlow bundle or of sharded safetensors.") == true)
    #expect(try failure(Data())?.problem == "The file is empty.")
  }
}
