import Foundations
import Models
import NeuralNetworks
import Testing
import Torch
import Vocabulary

/// What every architecture of the catalog must obey, as a classifier and under a U-Net.
@Suite struct CatalogLawTests {
  static let fixtures = NetworkFixture.all

  @Test("A freshly made network gives finite logits of the right shape and a finite gradient to every parameter", arguments: fixtures)
  func forwardAndBackward(fixture: NetworkFixture) throws {
    let network = try fixture.make(type: .float32)
    let side = try fixture.side(upTo: 64), images = try Formula.uniform("images", [2, 3, side, side]).to(type: .float32)
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

  @Test(
    "Training mode moves every running statistic and counts the batch; evaluation mode changes nothing. Who has no statistics says so, and answers alike",
    arguments: fixtures)
  func batchNormalization(fixture: NetworkFixture) throws {
    let network = try fixture.make(type: .float32)
    let side = try fixture.side(upTo: 64), images = try Formula.uniform("images", [2, 3, side, side]).to(type: .float32)
    #expect(network.architecture.record.normalizesBatches == !network.store.buffers.isEmpty)
    if network.store.buffers.isEmpty {
      #expect(try withoutGradient { try network(images, mode: .training).isEqual(to: network(images, mode: .evaluation)) })
    }
    let before = try network.store.buffers.map { try $0.tensor.bytes() }
    _ = try withoutGradient { try network(images, mode: .evaluation) }
    #expect(try network.store.buffers.map { try $0.tensor.bytes() } == before)
    _ = try withoutGradient { try network(images, mode: .training) }
    for (buffer, old) in zip(network.store.buffers, before) {
      #expect(try buffer.tensor.bytes() != old, "\(buffer.name)")
      if buffer.name.hasSuffix("num_batches_tracked") { #expect(try buffer.tensor.item() == 1) }
    }
  }

  @Test("A U-Net is made over an encoder alone: its maps halve from stage to stage; over others it is refused in words", arguments: ArchitectureCatalog.all.map(\.id))
  func encoders(name: String) throws {
    let architecture = try ArchitectureCatalog.named(name), strides = architecture.stages.map(\.stride)
    let halves = zip(strides, strides.dropFirst()).allSatisfy { $1 == $0 || $1 == 2 * $0 } && strides[0] <= 2
    #expect(architecture.record.uses.contains(.unetEncoder) == halves)
    if halves { return }
    let error = #expect(throws: ModelsError.self) { try makeUNet(encoder: architecture, store: ParameterStore(generator: Generator(seed: 1))) }
    #expect(
      error?.description == "\(architecture.title) cannot be the encoder of a U-Net: its maps do not halve from stage to stage. "
        + "Choose one of: \(NetworkFixture.encoders.joined(separator: ", ")).")
  }

  @Test("A network for Grad-CAM answers from its last map alone; others refuse it in words", arguments: ArchitectureCatalog.all.map(\.id))
  func explanations(name: String) throws {
    let fixture = NetworkFixture(name: name), network = try #require(fixture.make(type: .float32) as? ClassifierNetwork)
    let side = try fixture.side(upTo: 64), images = try Formula.uniform("images", [2, 3, side, side]).to(type: .float32)
    if network.architecture.record.uses.contains(.gradCAM) {
      let maps = try withoutGradient { try network.backbone.features(images, mode: .evaluation) }
      #expect(maps.token == nil)
      #expect(try network.backbone.pooled(BackboneFeatures(maps: Array(maps.maps.suffix(1)))).isEqual(to: network.backbone.pooled(maps)))
      #expect(try network.gradCAM(images, classIndex: 1).map.shape[0] == 2)
    } else {
      let error = #expect(throws: ModelsError.self) { try network.gradCAM(images, classIndex: 1) }
      #expect(
        error?.problem == "Grad-CAM does not fit \(network.architecture.title), whose head sees a class token and not the last feature map.")
    }
  }

  @Test("Images that patches leave a rest of are refused, and the sentence says which would do", arguments: ArchitectureCatalog.all.map(\.id))
  func wholePatches(name: String) throws {
    let architecture = try ArchitectureCatalog.named(name), multiple = architecture.record.sizeMultiple
    guard multiple > 1 else { return }
    let network = try NetworkFixture(name: name).make(type: .float32)
    let error = #expect(throws: ModelsError.self) { try network(Tensor.zeros([1, 3, 2 * multiple, 2 * multiple + 1]), mode: .evaluation) }
    #expect(
      error?.description
        == "\(architecture.title) cuts images into patches of \(multiple) × \(multiple) pixels, which those of \(2 * multiple) × \(2 * multiple + 1) are no multiple of. "
        + "Choose a height and a width that are multiples of \(multiple).")
  }

  @Test("Every name of a backbone is of a stage, or of what stands behind all of them", arguments: ArchitectureCatalog.all.map(\.id))
  func stageNames(name: String) throws {
    let architecture = try ArchitectureCatalog.named(name), names = try architecture.backboneTensors().map(\.name)
    for stage in architecture.stages.dropFirst() { #expect(names.contains { ".\($0).".contains(".\(stage.name).") }, "\(stage.name)") }
    for closing in architecture.record.closingNames { #expect(names.contains { $0.hasPrefix(closing + ".") }, "\(closing)") }
  }

  @Test("Weights of four dimensions lie channels-last", arguments: ["resnet18", "unet-resnet18", "resnet20", "vit-ti16"].map { NetworkFixture(name: $0) })
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
