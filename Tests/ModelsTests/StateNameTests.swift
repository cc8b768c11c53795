import Foundations
import Models
import NeuralNetworks
import Testing
import Torch
import Vocabulary
import Weights

@Suite struct StateNameTests {
  /// One line a tensor: name and shape.
  private func lines(_ network: any Network) -> [String] { network.store.state.map { "\($0.name) \($0.tensor.shape)" } }

  @Test("The catalog is what has goldens, each id once")
  func catalogHasGoldens() throws {
    let golden = try Golden.decode([String: [String]].self, "states")
    let names = ArchitectureCatalog.names
    #expect(Set(NetworkFixture.all.map(\.name)) == Set(golden.keys))
    #expect(Set(names).count == names.count)
  }

  @Test("A classifier's state has the names, shapes and order of torchvision's, of timm's, or of the published CIFAR networks'", arguments: ArchitectureCatalog.names)
  func classifierState(name: String) throws {
    let golden = try #require(Golden.decode([String: [String]].self, "states")[name])
    #expect(try lines(NetworkFixture(name: name).make(type: .float32)) == golden)
  }

  @Test("A U-Net's state has segmentation_models_pytorch's names, shapes and order", arguments: NetworkFixture.encoders)
  func unetState(name: String) throws {
    let golden = try Golden.decode([String: [String]].self, "states")
    let head = try ArchitectureCatalog.named(name).headName + "."
    let encoder = try #require(golden[name]).filter { !$0.hasPrefix(head) }.map { "encoder.\($0)" }
    let decoder = try #require(golden["unet-\(name)"])
    #expect(try lines(NetworkFixture(name: "unet-\(name)").make(type: .float32)) == encoder + decoder)
  }

  @Test("A U-Net's encoder and a classifier's backbone are the same names", arguments: NetworkFixture.encoders)
  func backboneNamesAgree(name: String) throws {
    let classifier = try NetworkFixture(name: name).make(type: .float32)
    let unet = try NetworkFixture(name: "unet-\(name)").make(type: .float32)
    #expect(classifier.backboneNames.map(\.backbone) == unet.backboneNames.map(\.backbone))
    #expect(classifier.backboneNames.allSatisfy { $0.state == $0.backbone })
    #expect(unet.backboneNames.allSatisfy { $0.state == "encoder." + $0.backbone })
    #expect(classifier.backboneNames.count == classifier.store.state.count - 2)
  }

  @Test("The tensors that a file of weights must hold are asked of the network, without values", arguments: ArchitectureCatalog.names)
  func expectedTensors(name: String) throws {
    let architecture = try ArchitectureCatalog.named(name)
    for channels in architecture.record.inputChannels {
      let network = try NetworkFixture(name: name).make(type: .float32, inputChannels: channels)
      let expected = try architecture.backboneTensors(inputChannels: channels)
      #expect(expected.map { "\($0.name) \($0.shape)" } == network.backboneState.map { "\($0.name) \($0.tensor.shape)" })
    }
  }

  @Test("Every entry of the weights catalog names an architecture that is offered")
  func entriesNameArchitectures() {
    #expect(Set(WeightsCatalog.all.map(\.architecture)).isSubset(of: ArchitectureCatalog.names))
  }

  @Test("Every entry's network has the arithmetic that its weights were trained with")
  func arithmetics() throws {
    for entry in WeightsCatalog.all {
      #expect(try ArchitectureCatalog.named(entry.architecture).arithmetics.contains(entry.arithmeticAsTrained ?? .torchvision), "\(entry.id)")
    }
  }

  @Test("An unknown architecture's error names the nearest one")
  func unknownArchitecture() {
    let error = #expect(throws: ModelsError.self) { try ArchitectureCatalog.named("resnet5O") }
    #expect(error?.description == "There is no architecture “resnet5O”. Did you mean “resnet50”?")
    let far = #expect(throws: ModelsError.self) { try ArchitectureCatalog.named("transformer") }
    #expect(far?.remedy == "Choose one of: \(ArchitectureCatalog.names.joined(separator: ", ")).")
  }
}
