import Foundations
import NeuralNetworks
import Testing
import Torch

@Suite struct GivenValuesTests {
  private func layers(_ store: ParameterStore) throws {
    _ = try Conv2d(ParameterScope(store) / "conv", inputChannels: 2, outputChannels: 3, kernelSize: 3)
    _ = try BatchNorm2d(ParameterScope(store) / "norm", channels: 3)
  }

  private func source() throws -> ParameterStore {
    let store = try ParameterStore(generator: Generator(seed: 1))
    try layers(store)
    return store
  }

  private func values(_ store: ParameterStore) -> [String: Tensor] {
    Dictionary(uniqueKeysWithValues: store.state.map { ($0.name, $0.tensor) })
  }

  @Test("A store of given values holds them, shared where the form is the same, converted where not, and trains none")
  func sharing() throws {
    let source = try source()
    let same = ParameterStore(values: values(source))
    try layers(same)
    let double = ParameterStore(values: values(source), type: .float64, memoryFormat: .contiguous)
    try layers(double)
    for (first, (second, third)) in zip(source.state, zip(same.state, double.state)) {
      #expect(second.tensor.sharesStorage(with: first.tensor), "\(first.name)")
      #expect(!third.tensor.sharesStorage(with: first.tensor) || first.tensor.scalarType == .int64)
      #expect(try third.tensor.doubles() == first.tensor.doubles())
    }
    #expect(double["conv.weight"]?.scalarType == .float64 && double["norm.num_batches_tracked"]?.scalarType == .int64)
    #expect(same.trainableParameters.isEmpty && double.trainableParameters.isEmpty)
    #expect(source.trainableParameters.count == 3)
  }

  @Test("A layer without a value, or with one of another shape, is refused by name")
  func refusal() throws {
    var values = values(try source())
    values["norm.running_var"] = nil
    let missing = #expect(throws: NeuralNetworksError.self) { try layers(ParameterStore(values: values)) }
    #expect(missing?.problem == "The state does not fit the network: missing: norm.running_var.")
    values["conv.weight"] = try Tensor.zeros([3, 1, 3, 3])
    let misshapen = #expect(throws: NeuralNetworksError.self) { try layers(ParameterStore(values: values)) }
    #expect(
      misshapen?.problem == "The state does not fit the network: of another shape: conv.weight ([3, 1, 3, 3], not [3, 2, 3, 3]).")
  }
}
