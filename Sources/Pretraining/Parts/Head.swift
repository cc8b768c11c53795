import NeuralNetworks
import Torch

/// What a projector or a predictor is made of.
struct HeadDesign: Sendable {
  enum Activation: Sendable { case none, relu, gelu }

  struct Layer: Sendable {
    let width: Int
    var hasBias = true
    /// Nil for no normalization behind the linear map.
    var norm: BatchNorm1d.Affine?
    var activation = Activation.none
  }

  let layers: [Layer]
  /// The law of the weights; nil for PyTorch's. With a law, biases start at 0.
  var weights: Initialization?

  init(_ layers: [Layer], weights: Initialization? = nil) {
    self.layers = layers
    self.weights = weights
  }

  /// One linear map.
  static func linear(_ width: Int) -> HeadDesign { HeadDesign([Layer(width: width)]) }

  /// Hidden layers with ReLU, and a linear map.
  static func multilayer(
    hidden: [Int], hiddenBias: Bool = true, hiddenNorm: BatchNorm1d.Affine? = .scaleAndShift, output: Int, outputBias: Bool = true,
    outputNorm: BatchNorm1d.Affine? = nil
  ) -> HeadDesign {
    HeadDesign(
      hidden.map { Layer(width: $0, hasBias: hiddenBias, norm: hiddenNorm, activation: .relu) }
        + [Layer(width: output, hasBias: outputBias, norm: outputNorm)])
  }
}

/// A projector or predictor: linear maps with normalizations and activations between them, `[batch, input]` → `[batch, output]`.
///
/// Its parameters are called as those of a `torch.nn.Sequential` of the same modules: `0.weight`, `1.weight` for the normalization behind
/// it, and so on; an activation takes a number too.
struct Head {
  private struct Stage {
    let map: Linear
    let norm: BatchNorm1d?
    let activation: HeadDesign.Activation
  }

  private let stages: [Stage]
  let outputCount: Int

  init(_ scope: ParameterScope, inputCount: Int, design: HeadDesign) throws {
    var width = inputCount, number = 0
    stages = try design.layers.map { layer in
      let map = try Linear(
        scope / number, inputCount: width, outputCount: layer.width, weightInitialization: design.weights,
        biasInitialization: design.weights == nil ? nil : .zeros, hasBias: layer.hasBias)
      number += 1
      let norm = try layer.norm.map { try BatchNorm1d(scope / number, features: layer.width, affine: $0) }
      number += norm == nil ? 0 : 1
      number += layer.activation == .none ? 0 : 1
      width = layer.width
      return Stage(map: map, norm: norm, activation: layer.activation)
    }
    outputCount = width
  }

  func callAsFunction(_ x: Tensor, mode: Mode) throws -> Tensor {
    try stages.reduce(x) { input, stage in
      let mapped = try stage.map(input)
      let normed = try stage.norm?(mapped, mode: mode) ?? mapped
      switch stage.activation {
      case .none: return normed
      case .relu: return try normed.relu()
      case .gelu: return try normed.gelu()
      }
    }
  }
}
