import Models
import NeuralNetworks
import Testing
import Torch

/// Against torchvision, timm, segmentation_models_pytorch and, for the CIFAR networks, Tools/goldens/cifar_resnet.py, in numbers.
@Suite struct GoldenNetworkTests {
  static let trained = (["resnet18", "resnet50", "resnet20", "densenet121"].flatMap { [$0, "unet-\($0)"] } + ["vit-ti16"]).map { NetworkFixture(name: $0) }
  static let forwardOnly = [
    "resnet34", "resnet101", "resnet152", "resnet32", "resnet44", "resnet56", "unet-resnet34", "unet-resnet56", "vit-s16", "vit-b16", "vit-s14", "vit-b14",
  ].map { NetworkFixture(name: $0) }

  @Test("Deeper networks' logits equal PyTorch's to 1e-9", arguments: forwardOnly)
  func deepLogits(fixture: NetworkFixture) throws {
    let golden = try #require(Golden.decode([String: [Double]].self, "forward-only")[fixture.name])
    let network = try fixture.makeFilled(type: .float64)
    let side = try fixture.side(upTo: 32)
    let images = try Formula.uniform("images", [4, 3, 64, 64])
      .narrow(along: 0, start: 0, count: 2).narrow(along: 2, start: 0, count: side).narrow(along: 3, start: 0, count: side)
    let logits = try withoutGradient { try network(images, mode: .evaluation) }
    let distance = try relativeDistance(NetworkFixture.values(logits), golden)
    #expect(distance < 1e-9, "\(distance)")
  }

  @Test("A network for images of one channel equals PyTorch's to 1e-9", arguments: ["resnet18", "resnet50", "resnet20", "densenet121", "vit-ti16"])
  func oneChannel(name: String) throws {
    let golden = try #require(Golden.decode([String: [Double]].self, "one-channel")[name])
    let network = try NetworkFixture(name: name).makeFilled(type: .float64, inputChannels: 1)
    let images = try Formula.uniform("images", [4, 3, 64, 64])
      .narrow(along: 0, start: 0, count: 2).narrow(along: 1, start: 0, count: 1)
    let logits = try withoutGradient { try network(images, mode: .evaluation) }
    let distance = try relativeDistance(NetworkFixture.values(logits), golden)
    #expect(distance < 1e-9, "\(distance)")
  }

  @Test("Logits, gradients, running statistics and three steps of Adam equal PyTorch's to 1e-9", arguments: trained)
  func trainingSteps(fixture: NetworkFixture) throws {
    let golden = try Golden.decode(TrainingGolden.self, fixture.name)
    let network = try fixture.makeFilled(type: .float64)
    let optimizer = try Adam(network.store.trainableParameters, learningRate: 1e-3)
    let images = try fixture.images(type: .float64)
    let evaluated = try withoutGradient { try network(images, mode: .evaluation) }
    #expect(try relativeDistance(NetworkFixture.values(evaluated), golden.evaluation64) < 1e-9)
    var losses: [Double] = []
    for step in 0..<3 {
      try optimizer.zeroGradients()
      let logits = try network(images, mode: .training)
      let loss = try fixture.loss(logits)
      try loss.backward()
      losses.append(try loss.item())
      if step == 0 {
        #expect(try relativeDistance(NetworkFixture.values(logits), golden.training64) < 1e-9)
        #expect(try strays(gradientSummaries(network), golden.gradients, tolerance: 1e-9) == [])
        let statistics = network.store.buffers.filter { $0.name.contains("running") }
        #expect(try strays(summaries(statistics), golden.runningStatistics, tolerance: 1e-9) == [])
      }
      try optimizer.step()
    }
    #expect(relativeDistance(losses, golden.losses64) < 1e-9)
    #expect(try strays(summaries(network.store.state), golden.afterAdam, tolerance: 1e-9) == [])
  }

  /// Batch normalization over few values amplifies rounding, and a ReLU that flips changes a gradient by a jump, so training in
  /// float32 is held to PyTorch's own distance from float64 instead of to a number.
  @Test(
    "In float32, logits equal PyTorch's to 1e-5, and training strays from float64 no further than four times as far as PyTorch does",
    arguments: trained)
  func singlePrecision(fixture: NetworkFixture) throws {
    let golden = try Golden.decode(TrainingGolden.self, fixture.name)
    let double = try fixture.makeFilled(type: .float64)
    let single = try fixture.make(type: .float32)
    try single.store.load(Dictionary(uniqueKeysWithValues: double.store.state.map { ($0.name, $0.tensor) }))
    let images = try fixture.images(type: .float32)
    let evaluated = try withoutGradient { try single(images, mode: .evaluation) }
    #expect(evaluated.scalarType == .float32)
    let distance = try relativeDistance(NetworkFixture.values(evaluated), golden.evaluation32)
    #expect(distance < 1e-5, "\(distance)")

    let rough = try trainingPass(single, fixture), exact = try trainingPass(double, fixture)
    let allowed = max(4 * relativeDistance(golden.training32, golden.training64), 1e-5)
    let logitError = relativeDistance(rough.logits, golden.training64)
    #expect(logitError < allowed, "\(logitError)")
    let gradientError = try (rough.gradient - exact.gradient).norm().item() / exact.gradient.norm().item()
    #expect(gradientError < max(4 * golden.gradientError32, 1e-5), "\(gradientError)")
  }

  /// One forward and backward pass: the logits, and all gradients in a row.
  private func trainingPass(_ network: any Network, _ fixture: NetworkFixture) throws -> (logits: [Double], gradient: Tensor) {
    let logits = try network(fixture.images(type: network.store.type), mode: .training)
    try fixture.loss(logits).backward()
    let gradients = try network.store.parameters.map { try #require($0.tensor.gradient).to(type: .float64).flatten() }
    return (try NetworkFixture.values(logits), try cat(gradients))
  }

  private func summaries(_ tensors: [(name: String, tensor: Tensor)]) throws -> [String: [Double]] {
    var found: [String: [Double]] = [:]
    for (name, tensor) in tensors { found[name] = try Formula.summary(name, tensor) }
    return found
  }

  private func gradientSummaries(_ network: any Network) throws -> [String: [Double]] {
    try summaries(network.store.parameters.map { ($0.name, try #require($0.tensor.gradient)) })
  }
}
