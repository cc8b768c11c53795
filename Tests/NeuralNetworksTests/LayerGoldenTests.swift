import Foundation
import Foundations
import NeuralNetworks
import Testing
import Torch

/// Against PyTorch's functions (Tools/goldens/layers.py), in float64.
@Suite("Layers against PyTorch")
struct LayerGoldenTests {
  struct Case: Decodable {
    let inputShape, outputShape: [Int]
    let input, output, probe: [Double]
    let parameters, gradients: [String: [Double]]
  }

  private static func golden(_ name: String) throws -> Case {
    let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Goldens/layers.json")
    return try #require(JSONDecoder().decode([String: Case].self, from: Data(contentsOf: file))[name])
  }

  /// Holds the layer's output, and its gradients by the input and by every parameter, to the golden's.
  ///
  /// - Parameter make: makes the layer in a store and gives what it does to the input.
  private func compare(_ name: String, _ make: (ParameterScope) throws -> (Tensor) throws -> Tensor) throws {
    let golden = try Self.golden(name)
    let store = try ParameterStore(type: .float64, generator: Generator(seed: 1))
    let layer = try make(ParameterScope(store))
    #expect(Set(store.state.map(\.name)) == Set(golden.parameters.keys))
    try store.load(
      Dictionary(uniqueKeysWithValues: store.state.map { ($0.name, try Tensor(golden.parameters[$0.name] ?? [], shape: $0.tensor.shape)) }))
    let x = try golden.inputShape.isEmpty ? Tensor.zeros([0], type: .float64) : Tensor(golden.input, shape: golden.inputShape)
    try x.setRequiresGradient(true)
    let output = try layer(x)
    #expect(output.shape == golden.outputShape)
    #expect(try relativeDistance(output.doubles(), golden.output) < 1e-12)
    try (output * Tensor(golden.probe, shape: golden.outputShape)).sum().backward()
    var gradients = Dictionary(uniqueKeysWithValues: store.parameters.map { ($0.name, $0.tensor.gradient) })
    if !golden.inputShape.isEmpty { gradients["input"] = x.gradient }
    #expect(Set(gradients.keys) == Set(golden.gradients.keys))
    for (key, expected) in golden.gradients {
      let found = try #require(gradients[key] ?? nil, "\(key)").doubles()
      #expect(relativeDistance(found, expected) < 1e-12, "\(key)")
    }
  }

  @Test("Self-attention of two heads: forward, by the input, and by the weights and biases of both maps")
  func selfAttention() throws {
    try compare("selfAttention") { scope in
      let layer = try SelfAttention(scope, features: 6, headCount: 2)
      return { try layer($0) }
    }
  }

  @Test("Layer normalization with ε = 1e-6")
  func layerNorm() throws {
    try compare("layerNorm") { scope in
      let layer = try LayerNorm(scope, features: 5, epsilon: 1e-6)
      return { try layer($0) }
    }
  }

  @Test("Patches of 4 × 4 pixels of images that are not square")
  func patchEmbedding() throws {
    try compare("patchEmbedding") { scope in
      let layer = try PatchEmbedding(scope, inputChannels: 3, features: 5, patchSize: 4)
      return { try layer($0) }
    }
  }

  @Test("A depth-wise convolution, and one of two groups with a stride")
  func groupedConvolutions() throws {
    try compare("depthWise") { scope in
      let layer = try Conv2d(scope, inputChannels: 4, outputChannels: 4, kernelSize: 3, groups: 4, biasInitialization: .zeros)
      return { try layer($0) }
    }
    try compare("grouped") { scope in
      let layer = try Conv2d(scope, inputChannels: 4, outputChannels: 6, kernelSize: 3, stride: 2, groups: 2)
      return { try layer($0) }
    }
  }

  @Test("GELU by the error function")
  func gelu() throws { try compare("gelu") { _ in { try ($0 * 3.0).gelu() } } }

  @Test("Places of the embedding's own grid, of a larger one and of a smaller one, by bicubic interpolation with antialiasing", arguments: [[4, 4], [7, 5], [2, 3]])
  func places(size: [Int]) throws {
    try compare("places \(size[0])x\(size[1])") { scope in
      let layer = try PositionEmbedding(scope, name: "pos_embed", gridSize: 4, prefixCount: 1, features: 3)
      return { _ in try layer(height: size[0], width: size[1]) }
    }
  }

  @Test("What cannot be divided is refused, with what can")
  func indivisible() throws {
    let scope = ParameterScope(try ParameterStore(generator: Generator(seed: 1)))
    let heads = #expect(throws: NeuralNetworksError.self) { try SelfAttention(scope / "a", features: 6, headCount: 4) }
    #expect(heads?.description == "6 features cannot be divided among 4 heads. Choose heads that divide them.")
    let groups = #expect(throws: NeuralNetworksError.self) { try Conv2d(scope / "b", inputChannels: 6, outputChannels: 4, kernelSize: 3, groups: 4) }
    #expect(groups?.description == "A convolution of 6 input and 4 output channels cannot have 4 groups. Choose groups that divide both.")
    let patches = try PatchEmbedding(scope / "c", inputChannels: 3, features: 4, patchSize: 16)
    let sides = #expect(throws: NeuralNetworksError.self) { try patches(Tensor.zeros([1, 3, 32, 40])) }
    #expect(sides?.description == "Images of 32 × 40 pixels cannot be cut into patches of 16 × 16. Choose sides that are multiples of 16.")
  }
}
