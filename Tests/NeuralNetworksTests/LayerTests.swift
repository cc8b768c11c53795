import Foundations
import NeuralNetworks
import Testing
import Torch

@Suite struct LayerTests {
  private func store(_ seed: UInt64 = 1) throws -> ParameterStore {
    try ParameterStore(type: .float64, generator: Generator(seed: seed))
  }

  @Test("A layer's names are its path and PyTorch's words, in state_dict order")
  func names() throws {
    let store = try store()
    let scope = ParameterScope(store) / "decoder" / "blocks" / 0
    _ = try Conv2d(
      scope / "conv", inputChannels: 2, outputChannels: 3, kernelSize: 3, biasInitialization: .zeros)
    _ = try BatchNorm2d(scope / "norm", channels: 3)
    _ = try Linear(scope / "fc", inputCount: 3, outputCount: 1)
    #expect(
      store.state.map(\.name)
        == [
          "conv.weight", "conv.bias", "norm.weight", "norm.bias", "norm.running_mean", "norm.running_var",
          "norm.num_batches_tracked", "fc.weight", "fc.bias",
        ].map { "decoder.blocks.0.\($0)" })
    #expect(store.parameters.count == 6 && store.buffers.count == 3)
    #expect(store.parameterCount == 3 * 2 * 9 + 3 + 6 + 4)
  }

  @Test("Two layers under one path are refused")
  func duplicate() throws {
    let store = try store()
    _ = try Linear(ParameterScope(store) / "fc", inputCount: 1, outputCount: 1)
    let error = #expect(throws: NeuralNetworksError.self) {
      try Linear(ParameterScope(store) / "fc", inputCount: 1, outputCount: 1)
    }
    #expect(error?.problem == "Two layers of the network register the parameter “fc.weight”.")
  }

  /// Two values a channel: mean 2, biased variance 1, unbiased variance 2.
  @Test("Batch normalization in training uses the batch and moves the running statistics by a tenth, the variance unbiased")
  func batchNormalization() throws {
    let store = try store()
    let norm = try BatchNorm2d(ParameterScope(store) / "bn", channels: 1, epsilon: 0)
    let x = try Tensor([1.0, 3.0], shape: [2, 1, 1, 1])
    #expect(try norm(x, mode: .training).doubles() == [-1, 1])
    #expect(try abs(norm.runningMean.item() - 0.2) < 1e-15)
    #expect(try abs(norm.runningVariance.item() - 1.1) < 1e-15)
    #expect(try norm.batchCount.item() == 1)
    let expected = [(1 - 0.2) / 1.1.squareRoot(), (3 - 0.2) / 1.1.squareRoot()]
    #expect(try relativeDistance(norm(x, mode: .evaluation).doubles(), expected) < 1e-14)
    #expect(try norm.batchCount.item() == 1)
  }

  @Test("A state of other names and shapes is refused whole; the error says which")
  func strictLoading() throws {
    let store = try store()
    let linear = try Linear(ParameterScope(store) / "fc", inputCount: 2, outputCount: 1)
    let before = try linear.weight.bytes()
    let error = #expect(throws: NeuralNetworksError.self) {
      try store.load(["fc.weight": Tensor.zeros([2, 1]), "fc.scale": Tensor.zeros([1])])
    }
    #expect(
      error?.description
        == "The state does not fit the network: missing: fc.bias; left over: fc.scale; of another shape: fc.weight "
        + "([2, 1], not [1, 2]). Use a state of this architecture, with this number of classes and input channels.")
    #expect(try linear.weight.bytes() == before)
    try store.load(["fc.weight": Tensor([1.0, 2.0], shape: [1, 2]), "fc.bias": Tensor([3.0])])
    #expect(try linear(Tensor([1.0, 1.0], shape: [1, 2])).doubles() == [6])
  }

  @Test("Integers are not loaded into a parameter")
  func strictTypes() throws {
    let store = try store()
    _ = try Linear(ParameterScope(store) / "fc", inputCount: 1, outputCount: 1)
    #expect(throws: NeuralNetworksError.self) {
      try store.load(["fc.weight": Tensor.zeros([1, 1], type: .int64), "fc.bias": Tensor.zeros([1])])
    }
  }

  @Test("A frozen parameter gets no gradient; freezing an unknown one names the nearest")
  func freezing() throws {
    let store = try store()
    let linear = try Linear(ParameterScope(store) / "fc", inputCount: 1, outputCount: 1)
    try store.freeze(["fc.weight"])
    try linear(Tensor([2.0], shape: [1, 1])).sum().backward()
    #expect(linear.weight.gradient == nil)
    #expect(try linear.bias?.gradient?.item() == 1)
    #expect(store.trainableParameters.map(\.name) == ["fc.bias"])
    let error = #expect(throws: NeuralNetworksError.self) { try store.freeze(["fc.weights"]) }
    #expect(error?.description == "The network has no parameter “fc.weights”. Did you mean “fc.weight”?")
  }

  @Test("Parameters of a type that cannot be trained are refused")
  func types() throws {
    let store = try ParameterStore(type: .bfloat16, generator: Generator(seed: 1))
    let error = #expect(throws: NeuralNetworksError.self) {
      try Linear(ParameterScope(store) / "fc", inputCount: 1, outputCount: 1)
    }
    #expect(
      error?.description
        == "Parameters cannot be of the type bfloat16. Use float32 or float64 (and autocast for bfloat16 arithmetic).")
  }

  @Test("A linear map without a bias registers none, and maps 0 to 0")
  func linearWithoutBias() throws {
    let store = try store()
    let map = try Linear(ParameterScope(store) / "fc", inputCount: 3, outputCount: 2, hasBias: false)
    #expect(store.state.map(\.name) == ["fc.weight"])
    #expect(try map(Tensor.zeros([1, 3], type: .float64)).doubles() == [0, 0])
  }
}
