import Models
import NeuralNetworks
import Testing
import Torch

/// What every architecture of the catalog must obey, as a classifier and under a U-Net.
@Suite struct CatalogLawTests {
  static let fixtures = ArchitectureCatalog.names.flatMap { [NetworkFixture(name: $0), NetworkFixture(name: "unet-\($0)")] }

  @Test("A freshly made network gives finite logits of the right shape and a finite gradient to every parameter", arguments: fixtures)
  func forwardAndBackward(fixture: NetworkFixture) throws {
    let network = try fixture.make(type: .float32)
    let images = try Formula.uniform("images", [2, 3, 64, 64]).to(type: .float32)
    let logits = try network(images, mode: .training)
    #expect(logits.shape == (fixture.isUNet ? [2, 1, 64, 64] : [2, 5]))
    try logits.sigmoid().mean().backward()
    for (name, tensor) in network.store.parameters {
      let gradient = try #require(tensor.gradient, "\(name)")
      #expect(try gradient.sum().item().isFinite, "\(name)")
      #expect(gradient.shape == tensor.shape)
    }
    #expect(try network.store.parameters.contains { try $0.tensor.gradient?.abs().sum().item() ?? 0 > 0 })
  }

  @Test("Training mode moves every running statistic and counts the batch; evaluation mode changes nothing", arguments: fixtures)
  func batchNormalization(fixture: NetworkFixture) throws {
    let network = try fixture.make(type: .float32)
    let images = try Formula.uniform("images", [2, 3, 64, 64]).to(type: .float32)
    let before = try network.store.buffers.map { try $0.tensor.bytes() }
    _ = try withoutGradient { try network(images, mode: .evaluation) }
    #expect(try network.store.buffers.map { try $0.tensor.bytes() } == before)
    _ = try withoutGradient { try network(images, mode: .training) }
    for (buffer, old) in zip(network.store.buffers, before) {
      #expect(try buffer.tensor.bytes() != old, "\(buffer.name)")
      if buffer.name.hasSuffix("num_batches_tracked") { #expect(try buffer.tensor.item() == 1) }
    }
  }

  @Test("Weights of four dimensions lie channels-last", arguments: ["resnet18", "unet-resnet18", "resnet20"].map { NetworkFixture(name: $0) })
  func channelsLast(fixture: NetworkFixture) throws {
    let network = try fixture.make(type: .float32)
    for (name, tensor) in network.store.parameters where tensor.dimensionCount == 4 {
      #expect(tensor.isContiguous(.channelsLast), "\(name)")
    }
  }

  @Test("One seed gives one network, another seed another", arguments: ["resnet18", "unet-resnet18"])
  func seeds(name: String) throws {
    let fixture = NetworkFixture(name: name)
    let first = try fixture.make(type: .float32, seed: 7), again = try fixture.make(type: .float32, seed: 7)
    let other = try fixture.make(type: .float32, seed: 8)
    #expect(try first.store.state.map { try $0.tensor.bytes() } == again.store.state.map { try $0.tensor.bytes() })
    #expect(try first.store["\(name == "resnet18" ? "" : "encoder.")conv1.weight"]?.bytes() != other.store.state[0].tensor.bytes())
  }
}
