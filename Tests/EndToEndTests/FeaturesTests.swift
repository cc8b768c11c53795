import Containers
import Foundation
import Foundations
import Testing

@Suite("Features are the network's on images prepared by the weights' card", .serialized)
struct FeaturesTests {
  /// What PyTorch and torchvision computed, from Tools/goldens/features.py.
  private struct Golden: Decodable {
    let images: [[Float]]
    let tensors: [[Float]]
    let tensorsLayer1: [[Float]]

    static func read() throws -> Golden {
      let url = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Goldens/features.json")
      return try JSONDecoder().decode(Golden.self, from: Data(contentsOf: url))
    }
  }

  private func fixture() throws -> StudyFixture {
    let fixture = try StudyFixture()
    try PublishedFile.writeCIFAR10(to: fixture.url("weights.th"))
    return fixture
  }

  private func run(_ fixture: StudyFixture, _ arguments: String...) throws -> Command.Result {
    try Command.run(["features", "--weights", "weights.th", "--output", "features.safetensors"] + arguments, in: fixture.folder)
  }

  private func read(_ fixture: StudyFixture, _ name: String = "features.safetensors") throws -> (array: NamedArray, metadata: [String: String]) {
    let file = try CheckpointFile.open(fixture.url(name)), arrays = try file.arrays()
    try #require(arrays.map(\.name) == ["features"])
    return (arrays[0], file.metadata)
  }

  private func expectEqual(_ array: NamedArray, _ expected: [[Float]], within tolerance: Float) throws {
    #expect(array.shape == [expected.count, expected[0].count])
    let largest = zip(try array.floats(), expected.flatMap { $0 }).map { abs($0 - $1) }.max()
    #expect(try #require(largest) < tolerance)
  }

  private func writeInput(_ fixture: StudyFixture, shape: [Int] = [3, 3, 20, 24], name: String = "input") throws {
    let values = PublishedFile.scattered(shape.reduce(1, *), offset: 7)
    let array = try NamedArray(name: name, elementType: .float32, shape: shape, bytes: PublishedFile.floats(values))
    try SafetensorsFile.write([array], to: fixture.url("input.safetensors"))
  }

  @Test("Pooled features of tensors equal PyTorch's to 1e-5, and so does the mean over a stage's map")
  func tensors() throws {
    let fixture = try fixture(), golden = try Golden.read()
    try writeInput(fixture)
    #expect(try run(fixture, "--as", "cifar10-resnet20", "--tensors", "input.safetensors").status == 0)
    try expectEqual(try read(fixture).array, golden.tensors, within: 1e-5)
    let again = try run(fixture, "--as", "cifar10-resnet20", "--tensors", "input.safetensors", "--layer", "layer1", "--force")
    #expect(again.status == 0)
    try expectEqual(try read(fixture).array, golden.tensorsLayer1, within: 1e-5)
  }

  @Test("Images, color and gray, are resized, cropped and normalized as torchvision does; their names are in the file")
  func images() throws {
    let fixture = try fixture(), folder = fixture.url("pictures/more")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    try PublishedFile.writePicture(width: 50, height: 40, channels: 3, to: fixture.url("pictures/a.png"))
    try PublishedFile.writePicture(width: 40, height: 61, channels: 1, to: fixture.url("pictures/b.png"))
    try PublishedFile.writePicture(width: 32, height: 32, channels: 3, to: folder.appendingPathComponent("c.png"))
    try fixture.write("no image", to: "pictures/notes.txt")
    #expect(try run(fixture, "--as", "cifar10-resnet20", "--images", "pictures").status == 0)
    let (array, metadata) = try read(fixture)
    try expectEqual(array, try Golden.read().images, within: 1e-4)
    #expect(metadata["images"] == "[\"a.png\",\"b.png\",\"more/c.png\"]")
    #expect(metadata["entry"] == "cifar10-resnet20" && metadata["layer"] == "pooled" && metadata["architecture"] == "resnet20")
    #expect(metadata["sourceSHA256"] == (try Digest.sha256Hex(ofFile: fixture.url("weights.th"))))
  }

  @Test("Weights of one's own need an architecture, and no entry; more images than a batch come in their order")
  func ownWeights() throws {
    let fixture = try fixture()
    try PublishedFile.writePicture(width: 32, height: 32, channels: 3, to: fixture.url("a.png"))
    try PublishedFile.writePicture(width: 32, height: 40, channels: 3, to: fixture.url("b.png"))
    let names = (0..<40).map { $0 == 35 ? "b.png" : "a.png" }
    let result = try Command.run(
      ["features", "--weights", "weights.th", "--architecture", "resnet20", "-o", "features.safetensors", "--images"] + names,
      in: fixture.folder)
    #expect(result.status == 0)
    let array = try read(fixture).array
    try #require(array.shape == [40, 64])
    let values = try array.floats()
    let rows = (0..<40).map { Array(values[$0 * 64..<($0 + 1) * 64]) }
    #expect(rows[35] != rows[0])
    #expect(rows.indices.filter { $0 != 35 }.allSatisfy { row in zip(rows[row], rows[0]).allSatisfy { abs($0 - $1) < 1e-6 } })
  }

  @Test("An arithmetic that nothing tells is refused, never replaced: asTrained without an entry, and names that imply another")
  func arithmetic() throws {
    let fixture = try fixture()
    try writeInput(fixture)
    try PublishedFile.writeTensorFlowNames(to: fixture.url("named.safetensors"))
    func features(_ file: String, _ arguments: String...) throws -> Command.Result {
      try Command.run(
        ["features", "--weights", file, "--architecture", "resnet20", "--tensors", "input.safetensors", "-o", "features.safetensors"] + arguments,
        in: fixture.folder)
    }
    let asked = try features("weights.th", "--arithmetic", "asTrained")
    #expect(asked.status == 1)
    #expect(
      asked.said(in: fixture)
        == "medtransfer: The arithmetic that the weights were trained in is told by a catalog entry, and none is named. Name it with --as (`medtransfer weights list` shows all), or say --arithmetic with one of: torchvision.\n"
    )
    let implied = try features("named.safetensors")
    #expect(implied.status == 1)
    #expect(
      implied.said(in: fixture)
        == "medtransfer: The file has TensorFlow's numbered variables, under which networks of another arithmetic than torchvision's are published (samePooling), and no catalog entry is named that tells which this one was trained in. Name it with --as, such as simclr-v1, simclr-v2, or say --arithmetic with one of: torchvision.\n"
    )
    #expect(!FileManager.default.fileExists(atPath: fixture.url("features.safetensors").path))
    // The remedy, followed: the same numbers under other names.
    #expect(try features("named.safetensors", "--arithmetic", "torchvision").status == 0)
    let found = try read(fixture)
    #expect(found.metadata["arithmetic"] == "torchvision")
    try expectEqual(found.array, try Golden.read().tensors, within: 1e-5)
    #expect(try features("weights.th", "--arithmetic", "same").status == 1)
  }

  @Test("Bad input is one sentence, and no file is left")
  func badInput() throws {
    let fixture = try fixture()
    try writeInput(fixture, shape: [1, 1, 8, 8])
    func said(_ arguments: String...) throws -> String {
      let result = try Command.run(
        ["features", "--weights", "weights.th", "--as", "cifar10-resnet20", "-o", "features.safetensors"] + arguments, in: fixture.folder)
      #expect(result.status == 1)
      #expect(!FileManager.default.fileExists(atPath: fixture.url("features.safetensors").path))
      return result.said(in: fixture)
    }
    #expect(
      try said("--tensors", "input.safetensors")
        == "medtransfer: The array “input” of input.safetensors is F32 of shape [1, 1, 8, 8]. Write F32 of shape [batch, 3, height, width].\n")
    try writeInput(fixture, name: "images")
    #expect(
      try said("--tensors", "input.safetensors")
        == "medtransfer: The file input.safetensors has no array “input”. Write one of shape [batch, channels, height, width], as the network is to see it.\n")
    #expect(
      try said("--images", "nowhere")
        == "medtransfer: There is no image at nowhere. Give image files, or a folder with some in it or below it.\n")
    #expect(
      try said("--tensors", "input.safetensors", "--layer", "layer4")
        == "medtransfer: The network has no layer “layer4”. Choose one of: pooled, stem, layer1, layer2, layer3.\n")
    try fixture.write("no image", to: "broken.png")
    #expect(try said("--images", "broken.png").contains("broken.png"))
    #expect(try FileManager.default.contentsOfDirectory(atPath: fixture.folder.path).allSatisfy { !$0.hasPrefix(".partial-") })
  }
}
