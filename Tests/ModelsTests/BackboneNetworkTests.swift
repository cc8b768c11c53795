import Models
import NeuralNetworks
import Testing
import Torch

@Suite("A backbone without a head")
struct BackboneNetworkTests {
  private func store() throws -> ParameterStore { ParameterStore(generator: try Generator(seed: 5)) }

  @Test("It has the classifier's names without the head's, and gives the vector that its head sees")
  func features() throws {
    let architecture = try ArchitectureCatalog.named("resnet20")
    let classifier = try makeClassifier(architecture: architecture, classCount: 2, store: store())
    let network = try makeBackboneNetwork(architecture: architecture, store: store())
    #expect(network.store.state.map(\.name) == classifier.backboneNames.map(\.backbone))
    try network.loadBackbone(Dictionary(uniqueKeysWithValues: classifier.backboneState.map { ($0.name, $0.tensor) }))
    let x = try Formula.uniform("x", [2, 3, 16, 16]).to(type: .float32)
    for mode in Mode.allCases { #expect(try network(x, mode: mode).isEqual(to: classifier.features(x, mode: mode))) }
  }

  @Test("A following copy has the same values in tensors of its own, none of which gets a gradient")
  func followingCopy() throws {
    let network = try makeBackboneNetwork(architecture: ArchitectureCatalog.named("resnet20"), store: store())
    let copy = try network.followingCopy()
    for (own, other) in zip(network.store.state, copy.store.state) {
      #expect(own.name == other.name && !own.tensor.sharesStorage(with: other.tensor))
      #expect(try own.tensor.isEqual(to: other.tensor))
    }
    #expect(copy.store.trainableParameters.isEmpty && !network.store.trainableParameters.isEmpty)
  }
}
