public import NeuralNetworks
public import Torch
import Vocabulary

/// The vision transformer of Dosovitskiy et al., “An Image is Worth 16x16 Words” (2021), equations 1 to 4, with a class token, as timm, DINO, MAE
/// and (with `LayerScale`) DINOv2 have it: normalization first, GELU (exact), ε = 1e-6, and a map four times as wide in each block.
///
/// Names and order of the state are timm's: `cls_token`, `pos_embed`, `patch_embed.proj`, `blocks.0.norm1` …, `norm`. First values are timm's too:
/// linear maps from N(0, 0.02²) (its truncation at ±2 lies a hundred deviations away) with biases of 0, the class token from N(0, 1e-6²), the
/// patches' map as PyTorch's convolutions.
///
/// Its maps are the patches' embedding without their places, and each block's patch tokens as the next block sees them. The vector that a head
/// sees is the class token behind the last normalization. Images of another size than the embedding's own take interpolated places
/// (`PositionEmbedding`); their sides must be multiples of the patches'.
public struct VisionTransformer: Backbone {
  private let classToken: Tensor
  private let places: PositionEmbedding
  private let patches: PatchEmbedding
  private let blocks: [TransformerBlock]
  private let norm: LayerNorm

  init(_ scope: ParameterScope, inputChannels: Int, design: VisionTransformerDesign) throws {
    classToken = try scope.store.addParameter(
      scope.path / "cls_token", shape: [1, 1, design.width], initialization: .normal(standardDeviation: 1e-6))
    places = try PositionEmbedding(scope, name: "pos_embed", gridSize: design.gridSize, prefixCount: 1, features: design.width)
    patches = try PatchEmbedding(scope / "patch_embed", inputChannels: inputChannels, features: design.width, patchSize: design.patchSize)
    blocks = try (0..<design.depth).map { try TransformerBlock(scope / "blocks" / $0, design: design) }
    norm = try LayerNorm(scope / "norm", features: design.width, epsilon: VisionTransformerDesign.epsilon)
  }

  public func features(_ x: Tensor, mode: Mode) throws -> BackboneFeatures {
    let embedded = try patches(x)
    let (batch, features, height, width) = (embedded.shape[0], embedded.shape[1], embedded.shape[2], embedded.shape[3])
    var tokens = try cat([classToken.expand([batch, 1, features]), embedded.flatten(from: 2).transpose(1, 2)], along: 1)
    tokens = try tokens + places(height: height, width: width)
    var maps = [embedded]
    for block in blocks {
      tokens = try block(tokens)
      maps.append(try tokens.narrow(along: 1, start: 1, count: height * width).transpose(1, 2).reshape([batch, features, height, width]))
    }
    return BackboneFeatures(maps: maps, token: try norm(tokens.select(along: 1, index: 0)))
  }

  public func pooled(_ features: BackboneFeatures) throws -> Tensor {
    guard let token = features.token else { throw ModelsError.noToken }
    return token
  }
}

/// x ↦ x + γ₁ attention(norm(x)), then x ↦ x + γ₂ mlp(norm(x)): equations 2 and 3; γ are vectors (Touvron et al. 2021, CaiT, equation 5) or 1.
private struct TransformerBlock {
  private let norm1, norm2: LayerNorm
  private let attention: SelfAttention
  private let scale1, scale2: Tensor?
  private let fc1, fc2: Linear

  init(_ scope: ParameterScope, design: VisionTransformerDesign) throws {
    let width = design.width, law = VisionTransformerDesign.initialization
    func scale(_ name: String) throws -> Tensor? {
      guard design.scalesLayers else { return nil }
      return try scope.store.addParameter(scope.path / name / "gamma", shape: [width], initialization: .constant(1e-5))
    }
    norm1 = try LayerNorm(scope / "norm1", features: width, epsilon: VisionTransformerDesign.epsilon)
    attention = try SelfAttention(scope / "attn", features: width, headCount: design.headCount, weightInitialization: law)
    scale1 = try scale("ls1")
    norm2 = try LayerNorm(scope / "norm2", features: width, epsilon: VisionTransformerDesign.epsilon)
    fc1 = try Linear(scope / "mlp" / "fc1", inputCount: width, outputCount: 4 * width, weightInitialization: law, biasInitialization: .zeros)
    fc2 = try Linear(scope / "mlp" / "fc2", inputCount: 4 * width, outputCount: width, weightInitialization: law, biasInitialization: .zeros)
    scale2 = try scale("ls2")
  }

  func callAsFunction(_ x: Tensor) throws -> Tensor {
    func scaled(_ y: Tensor, _ scale: Tensor?) throws -> Tensor { try scale.map { try y * $0 } ?? y }
    let attended = try x + scaled(attention(norm1(x)), scale1)
    return try attended + scaled(fc2(fc1(norm2(attended)).gelu()), scale2)
  }
}

/// What tells one vision transformer from another.
struct VisionTransformerDesign: Sendable, Hashable {
  var patchSize = 16
  /// The features of a token.
  var width: Int
  var depth = 12
  var headCount: Int
  /// Places along a side of the position embedding: 14 for 224 pixels in patches of 16.
  var gridSize = 14
  /// Whether blocks scale what they add.
  var scalesLayers = false

  static let epsilon = 1e-6
  static let initialization = Initialization.normal(standardDeviation: 0.02)

  /// The parts of which each has a rate of its own where that decays from layer to layer, as BEiT's and MAE's.
  var stages: [FeatureStage] {
    (["patch_embed"] + (0..<depth).map { "blocks.\($0)" }).map { FeatureStage(name: $0, channels: width, stride: patchSize, roundsDown: true) }
  }
}

extension Architecture {
  /// A vision transformer of twelve blocks, by the features of a token and the heads of an attention.
  ///
  /// - Parameter gridSize: Of the published position embedding: 37 where that is of 518 pixels in patches of 14.
  static func visionTransformer(
    _ id: String, _ title: String, width: Int, headCount: Int, patchSize: Int = 16, gridSize: Int = 14, scalesLayers: Bool = false
  ) -> Architecture {
    visionTransformer(
      id, title, VisionTransformerDesign(patchSize: patchSize, width: width, headCount: headCount, gridSize: gridSize, scalesLayers: scalesLayers))
  }

  static func visionTransformer(_ id: String, _ title: String, _ design: VisionTransformerDesign) -> Architecture {
    Architecture(
      ArchitectureRecord(
        id: id, title: title, stages: design.stages, headName: "head", sizeMultiple: design.patchSize, uses: [], normalizesBatches: false,
        closingNames: ["norm"]),
      make: { scope, channels, _ in try VisionTransformer(scope, inputChannels: channels, design: design) })
  }
}
