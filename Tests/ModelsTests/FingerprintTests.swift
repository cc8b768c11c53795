import Models
import NeuralNetworks
import Testing
import Torch
import Vocabulary
import Weights

@Suite struct FingerprintTests {
  struct Stage: Decodable {
    let name: String, shape: [Int], mean: Double, standardDeviation: Double, norm: Double, first: [Double]
  }

  @Test(
    "A fingerprint's numbers equal PyTorch's to its 6 digits, in every stage",
    arguments: [
      ("resnet18", Arithmetic.torchvision), ("resnet50", .torchvision), ("resnet50", .same), ("resnet50", .keras), ("resnet20", .torchvision), ("vit-ti16", .torchvision),
      ("vit-s14", .torchvision),
    ])
  func golden(name: String, arithmetic: Arithmetic) throws {
    let golden = try #require(Golden.decode([String: [Stage]].self, "fingerprints")["\(name) \(arithmetic.rawValue)"])
    let network = try NetworkFixture(name: name).makeFilled(type: .float64, arithmetic: arithmetic)
    let fingerprint = try network.featureFingerprint()
    #expect(fingerprint.arithmetic == arithmetic)
    #expect(fingerprint.stages.map(\.name) == golden.map(\.name))
    for (stage, expected) in zip(fingerprint.stages, golden) {
      #expect(stage.shape == expected.shape)
      for (number, reference) in zip(
        [stage.mean, stage.standardDeviation, stage.norm] + stage.first,
        [expected.mean, expected.standardDeviation, expected.norm] + expected.first)
      {
        #expect(abs(number - reference) <= 6e-6 * abs(reference), "\(stage.name): \(number), not \(reference)")
      }
    }
  }

  @Test("One backbone has one fingerprint: under a classifier and a U-Net, in any memory format, frozen, in autocast")
  func independence() throws {
    let classifier = try NetworkFixture(name: "resnet18").makeFilled(type: .float32)
    let expected = try classifier.featureFingerprint()
    let values = Dictionary(uniqueKeysWithValues: classifier.backboneState.map { ($0.name, $0.tensor) })
    let unet = try NetworkFixture(name: "unet-resnet18").make(type: .float32)
    try unet.loadBackbone(values)
    #expect(try unet.featureFingerprint() == expected)
    let contiguous = try makeClassifier(
      architecture: ArchitectureCatalog.named("resnet18"), classCount: 2,
      store: ParameterStore(memoryFormat: .contiguous, generator: Generator(seed: 9)))
    try contiguous.loadBackbone(values)
    try contiguous.freezeBackbone()
    #expect(try contiguous.featureFingerprint() == expected)
    #expect(try withAutocast(.bfloat16, on: .cpu) { try classifier.featureFingerprint() } == expected)
    #expect(expected.stages.count == 6 && expected.stages.allSatisfy { $0.norm > 0 && $0.standardDeviation > 0 })
  }

  @Test("Making a fingerprint leaves values, gradients and what a seed draws as they were", arguments: [ScalarType.float32, .float64])
  func noTrace(type: ScalarType) throws {
    let generator = try Generator(seed: 4), untouched = try Generator(seed: 4)
    func network(_ generator: Generator) throws -> ClassifierNetwork {
      try makeClassifier(
        architecture: ArchitectureCatalog.named("resnet20"), classCount: 2, store: ParameterStore(type: type, generator: generator))
    }
    let looked = try network(generator), other = try network(untouched)
    _ = try looked.featureFingerprint()
    #expect(try looked.store.state.map { try $0.tensor.bytes() } == other.store.state.map { try $0.tensor.bytes() })
    #expect(looked.store.trainableParameters.map(\.name) == other.store.parameters.map(\.name))
    #expect(try generator.state() == untouched.state())
    #expect(looked.store.state.allSatisfy { $0.tensor.gradient == nil })
  }

  @Test("One value moved by a thousandth shows")
  func sensitivity() throws {
    let network = try NetworkFixture(name: "resnet20").makeFilled(type: .float64)
    let before = try network.featureFingerprint()
    try withoutGradient { _ = try network.store["layer2.1.conv1.weight"]?.mulInPlace(1.001) }
    let after = try network.featureFingerprint()
    #expect(after.stages[0...1] == before.stages[0...1])
    #expect(zip(after.stages, before.stages).dropFirst(2).allSatisfy { $0 != $1 })
  }

  @Test("A network in another arithmetic has another fingerprint, from the pooling on")
  func arithmetic() throws {
    let usual = try NetworkFixture(name: "resnet18").makeFilled(type: .float32).featureFingerprint()
    let pooling = try NetworkFixture(name: "resnet18").makeFilled(type: .float32, arithmetic: .samePooling).featureFingerprint()
    #expect(pooling.stages[0] == usual.stages[0] && pooling.stages[1] != usual.stages[1])
  }
}
