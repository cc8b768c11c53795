import Models
import NeuralNetworks
import Testing
import Torch
import Vocabulary
import Weights

@Suite struct StageFeatureTests {
  static let fixtures = NetworkFixture.all

  /// `[batch, channels, height, width]` of each stage's map.
  private func shapes(_ images: [Int], _ architecture: Architecture) -> [[Int]] {
    let sides = images[2...].map(architecture.record.mapSizes)
    return architecture.stages.enumerated().map { index, stage in [images[0], stage.channels] + sides.map { $0[index] } }
  }

  @Test("Every stage's map has the channels and the stride that its record says, for odd sizes too where there can be some", arguments: fixtures)
  func record(fixture: NetworkFixture) throws {
    let network = try fixture.make(type: .float32)
    let multiple = network.architecture.record.sizeMultiple
    let images = try Tensor.zeros([1, 3] + (multiple == 1 ? [49, 37] : [3 * multiple, 2 * multiple]))
    let features = try network.stageFeatures(images)
    let stages = network.architecture.stages
    #expect(features.map(\.name) == stages.map(\.name) + ["pooled"])
    #expect(features.dropLast().map(\.features.shape) == shapes(images.shape, network.architecture))
    #expect(features.last?.features.shape == [1, network.architecture.featureCount])
  }

  @Test("A side of 49 is 25, 13, 7, 4, 2 pixels in a residual network's stages, and 25, 13, 6, 3, 1 in a densely connected one's")
  func sizes() throws {
    #expect(try ArchitectureCatalog.named("resnet50").record.mapSizes(ofImage: 49) == [25, 13, 7, 4, 2])
    #expect(try ArchitectureCatalog.named("densenet121").record.mapSizes(ofImage: 49) == [25, 13, 6, 3, 1])
  }

  @Test("The record's maps keep their sizes under SAME padding", arguments: Arithmetic.allCases)
  func sameSizes(arithmetic: Arithmetic) throws {
    let network = try NetworkFixture(name: "resnet50").make(type: .float32, arithmetic: arithmetic)
    let images = try Tensor.zeros([1, 3, 49, 37])
    #expect(try network.stageFeatures(images).dropLast().map(\.features.shape) == shapes(images.shape, network.architecture))
  }

  @Test("A classifier's pooled stage is the vector that its head sees; a U-Net's encoder gives the same features")
  func pooled() throws {
    let classifier = try #require(NetworkFixture(name: "resnet18").makeFilled(type: .float32) as? ClassifierNetwork)
    let unet = try NetworkFixture(name: "unet-resnet18").make(type: .float32)
    try unet.loadBackbone(Dictionary(uniqueKeysWithValues: classifier.backboneState.map { ($0.name, $0.tensor) }))
    let images = try Formula.uniform("images", [2, 3, 64, 64]).to(type: .float32)
    let features = try classifier.stageFeatures(images)
    let seen = try withoutGradient { try classifier.features(images, mode: .evaluation) }
    #expect(try features.last?.features.bytes() == seen.bytes())
    #expect(try unet.stageFeatures(images).map { try $0.features.bytes() } == features.map { try $0.features.bytes() })
    #expect(features.allSatisfy { !$0.features.requiresGradient })
  }
}
