import Models
import NeuralNetworks
import Testing
import Torch

/// Against torchvision and segmentation_models_pytorch, in numbers.
@Suite struct GoldenNetworkTests {
  static let trained = ["resnet18", "resnet50", "unet-resnet18", "unet-resnet50"].map { NetworkFixture(name: $0) }
  static let forwardOnly = ["resnet34", "resnet101", "resnet152", "unet-resnet34"].map { NetworkFixture(name: $0) }

  @Test("Logits in evaluation mode equal PyTorch's: float64 to 1e-9, float32 to 1e-5", arguments: trained)
  func evaluationLogits(fixture: NetworkFixture) throws {
    let golden = try Golden.decode(TrainingGolden.self, fixture.name)
    for (type, expected, tolerance) in [
      (ScalarType.float64, golden.evaluation64, 1e-9), (.float32, golden.evaluation32, 1e-5),
    ] {
      let network = try fixture.makeFilled(type: type)
      let logits = try withoutGradient { try network(fixture.images(type: type), mode: .evaluation) }
      #expect(logits.scalarType == type)
      let distance = try relativeDistance(NetworkFixture.values(logits), expected)
      #expect(distance < tolerance, "\(type): \(distance)")
    }
  }

  @Test("Deeper networks' logits equal PyTorch's to 1e-9", arguments: forwardOnly)
  func deepLogits(fixture: NetworkFixture) throws {
    let golden = try #require(Golden.decode([String: [Double]].self, "forward-only")[fixture.name])
    let network = try fixture.makeFilled(type: .float64)
    let images = try Formula.uniform("images", [4, 3, 64, 64])
      .narrow(along: 0, start: 0, count: 2).narrow(along: 2, start: 0, count: 32).narrow(along: 3, start: 0, count: 32)
    let logits = try withoutGradient { try network(images, mode: .evaluation) }
    let distance = try relativeDistance(NetworkFixture.values(logits), golden)
    #expect(distance < 1e-9, "\(distance)")
  }

  @Test("A network for images of one channel equals PyTorch's to 1e-9")
  func oneChannel() throws {
    let golden = try #require(Golden.decode([String: [Double]].self, "one-channel")["resnet18"])
    let network = try NetworkFixture(name: "resnet18").makeFilled(type: .float64, inputChannels: 1)
    let images = try Formula.uniform("images", [4, 3, 64, 64])
      .narrow(along: 0, start: 0, count: 2).narrow(along: 1, start: 0, count: 1)
    let logits = try withoutGradient { try network(images, mode: .evaluation) }
    let distance = try relativeDistance(NetworkFixture.values(logits), golden)
    #expect(distance < 1e-9, "\(distance)")
  }

  @Test("Gradients, running statistics and three steps of Adam equal PyTorch's to 1e-9", arguments: trained)
  func trainingSteps(fixture: NetworkFixture) throws {
    let golden = try Golden.decode(TrainingGolden.self, fixture.name)
    let network = try fixture.makeFilled(type: .float64)
    let optimizer = try Adam(network.store.trainableParameters, learningRate: 1e-3)
    let images = try fixture.images(type: .float64)
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

  /// Batch normalization over few values amplifies rounding, and a ReLU that flips changes a gradient by a jump, so float32 is
  /// held to PyTorch's own distance from float64 instead of to a number.
  @Test("Training in float32 strays from float64 no further than four times as far as PyTorch does", arguments: trained)
  func singlePrecision(fixture: NetworkFixture) throws {
    let golden = try Golden.decode(TrainingGolden.self, fixture.name)
    func flatGradient(_ type: ScalarType) throws -> (logits: [Double], gradient: Tensor) {
      let network = try fixture.makeFilled(type: type)
      let logits = try network(fixture.images(type: type), mode: .training)
      try fixture.loss(logits).backward()
      let gradients = try network.store.parameters.map {
        try #require($0.tensor.gradient).to(type: .float64).flatten()
      }
      return (try NetworkFixture.values(logits), try cat(gradients))
    }
    let single = try flatGradient(.float32), double = try flatGradient(.float64)
    let logitError = relativeDistance(single.logits, golden.training64)
    let allowed = max(4 * relativeDistance(golden.training32, golden.training64), 1e-5)
    #expect(logitError < allowed, "\(logitError)")
    let gradientError = try (single.gradient - double.gradient).norm().item() / double.gradient.norm().item()
    #expect(gradientError < max(4 * golden.gradientError32, 1e-5), "\(gradientError)")
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
