import Foundations
import Models
import NeuralNetworks
import Testing
import Torch

@Suite struct BackboneTests {
  private let images = Result { try Formula.uniform("images", [2, 3, 64, 64]).to(type: .float32) }

  private func named(_ state: [(name: String, tensor: Tensor)]) -> [String: Tensor] {
    Dictionary(uniqueKeysWithValues: state.map { ($0.name, $0.tensor) })
  }

  @Test("One classifier's backbone fills another classifier and a U-Net's encoder, and leaves their heads", arguments: ["resnet18", "unet-resnet18"])
  func fills(target: String) throws {
    let source = try NetworkFixture(name: "resnet18").makeFilled(type: .float32)
    let network = try NetworkFixture(name: target).make(type: .float32)
    let backbone = Set(network.backboneNames.map(\.state))
    let head = network.store.state.filter { !backbone.contains($0.name) }
    let before = try head.map { try $0.tensor.bytes() }
    try network.loadBackbone(named(source.backboneState))
    for name in network.backboneNames {
      #expect(try network.store[name.state]?.bytes() == source.store[name.backbone]?.bytes(), "\(name.state)")
    }
    #expect(try head.map { try $0.tensor.bytes() } == before)
  }

  @Test("A backbone without num_batches_tracked fits, as old checkpoints lack it")
  func withoutCounters() throws {
    let source = try NetworkFixture(name: "resnet18").makeFilled(type: .float32)
    let network = try NetworkFixture(name: "resnet18").make(type: .float32)
    try network.loadBackbone(named(source.backboneState).filter { !$0.key.hasSuffix("num_batches_tracked") })
    #expect(try network.store["layer4.1.bn2.weight"]?.bytes() == source.store["layer4.1.bn2.weight"]?.bytes())
  }

  @Test("A backbone with a missing, a left-over and a misshapen tensor is refused whole, each named")
  func refusal() throws {
    let network = try NetworkFixture(name: "resnet18").make(type: .float32)
    var state = named(try NetworkFixture(name: "resnet18").makeFilled(type: .float32).backboneState)
    state["bn1.weight"] = nil
    state["projection_head.0.weight"] = try Tensor.zeros([2])
    state["conv1.weight"] = try Tensor.zeros([64, 1, 7, 7])
    let before = try network.store.state.map { try $0.tensor.bytes() }
    let error = #expect(throws: NeuralNetworksError.self) { try network.loadBackbone(state) }
    #expect(
      error?.problem
        == "The state does not fit the network: missing: bn1.weight; left over: projection_head.0.weight; "
        + "of another shape: conv1.weight ([64, 1, 7, 7], not [64, 3, 7, 7]).")
    #expect(try network.store.state.map { try $0.tensor.bytes() } == before)
  }

  @Test("A frozen backbone stays as it is, batch statistics included, while the rest learns", arguments: ["resnet18", "unet-resnet18"])
  func frozen(name: String) throws {
    let network = try NetworkFixture(name: name).make(type: .float32)
    try network.freezeBackbone()
    #expect(network.isBackboneFrozen)
    let backbone = Set(network.backboneNames.map(\.state))
    #expect(Set(network.store.trainableParameters.map(\.name)).isDisjoint(with: backbone))
    let before = Dictionary(uniqueKeysWithValues: try network.store.state.map { ($0.name, try $0.tensor.bytes()) })
    let optimizer = try Adam(network.store.trainableParameters, learningRate: 0.01)
    try network(images.get(), mode: .training).sigmoid().mean().backward()
    try optimizer.step()
    let kept = try network.store.state.filter { try $0.tensor.bytes() == before[$0.name] }.map(\.name)
    #expect(Set(kept) == backbone)
  }

  @Test(
    "A U-Net refuses images that its encoder cannot halve evenly, and says which would do",
    arguments: [
      ("resnet18", [100, 64], "five times", "multiples of 32, such as 128 × 64"),
      ("resnet20", [64, 30], "twice", "multiples of 4, such as 64 × 32"),
    ])
  func indivisible(name: String, size: [Int], times: String, remedy: String) throws {
    let network = try NetworkFixture(name: "unet-\(name)").make(type: .float32)
    let error = #expect(throws: ModelsError.self) {
      try network(Tensor.zeros([1, 3] + size), mode: .evaluation)
    }
    #expect(
      error?.description
        == "Images of \(size[0]) × \(size[1]) pixels do not fit the U-Net, which halves them \(times). "
        + "Choose a height and a width that are \(remedy).")
  }

  @Test("Images of other channels are refused")
  func channels() throws {
    let network = try NetworkFixture(name: "resnet18").make(type: .float32)
    let error = #expect(throws: ModelsError.self) { try network(Tensor.zeros([1, 1, 64, 64]), mode: .evaluation) }
    #expect(
      error?.problem == "The network takes images of shape [batch, 3, height, width], not [1, 1, 64, 64].")
  }

  @Test("Under bfloat16 autocast a network trains with float32 parameters and stays near float32's logits", arguments: ["resnet18", "unet-resnet18"])
  func autocast(name: String) throws {
    let network = try NetworkFixture(name: name).makeFilled(type: .float32)
    let exact = try withoutGradient { try network(images.get(), mode: .evaluation) }
    let rough = try withAutocast(.bfloat16, on: .cpu) { try network(images.get(), mode: .evaluation) }
    // A classifier computes its head in float32, so that logits do not tie.
    #expect(rough.scalarType == (name.hasPrefix("unet-") ? .bfloat16 : .float32))
    let difference = try (rough.to(type: .float32) - exact).abs().amax().item() / exact.abs().amax().item()
    #expect(difference < 0.05 && difference > 0)
    let loss = try withAutocast(.bfloat16, on: .cpu) {
      let logits = try network(images.get(), mode: .training)
      return try softDiceLoss(logits, targets: Tensor.zeros(logits.shape))
    }
    try loss.backward()
    #expect(loss.scalarType == .float32)
    #expect(try network.store.parameters.allSatisfy { try $0.tensor.gradient?.sum().item().isFinite == true })
  }
}
