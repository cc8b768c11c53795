public import NeuralNetworks
public import Torch
import Vocabulary

/// The densely connected networks of Huang et al., “Densely Connected Convolutional Networks” (2017), table 1, as torchvision has them
/// (bottlenecks of four times the growth rate, transitions that halve the channels: DenseNet-BC).
///
/// Names and order of the state equal torchvision's: `features.conv0`, `features.denseblock1.denselayer1.norm1` …. Convolutions start
/// from He's normal law over fan-in, batch normalizations from 1 and 0.
///
/// Its maps are those that segmentation_models_pytorch gives a U-Net: the stem, then each dense block's output as the transition behind
/// it sees it, after its normalization and ReLU; and the last block's after `norm5`, which the classifier applies ReLU to before it
/// takes the mean. Transitions leave out an odd last row or column (`FeatureStage.roundsDown`).
public struct DenseNet: Backbone {
  private let conv0: Conv2d
  private let norm0: BatchNorm2d
  private let pool0 = MaxPool2d(kernelSize: 3, stride: 2, padding: .symmetric(1))
  private let blocks: [[DenseLayer]]
  private let transitions: [Transition]
  private let norm5: BatchNorm2d

  init(_ scope: ParameterScope, inputChannels: Int, design: DenseNetDesign) throws {
    let features = scope / "features"
    conv0 = try Conv2d(
      features / "conv0", inputChannels: inputChannels, outputChannels: design.stemWidth, kernelSize: 7, stride: 2,
      weightInitialization: .kaimingNormal(.input))
    norm0 = try BatchNorm2d(features / "norm0", channels: design.stemWidth)
    var channels = design.stemWidth, blocks: [[DenseLayer]] = [], transitions: [Transition] = []
    for (index, depth) in design.depths.enumerated() {
      blocks.append(
        try (0..<depth).map { layer in
          defer { channels += design.growthRate }
          return try DenseLayer(
            features / "denseblock\(index + 1)" / "denselayer\(layer + 1)", inputChannels: channels, growthRate: design.growthRate)
        })
      guard index + 1 < design.depths.count else { break }
      transitions.append(try Transition(features / "transition\(index + 1)", inputChannels: channels))
      channels /= 2
    }
    (self.blocks, self.transitions) = (blocks, transitions)
    norm5 = try BatchNorm2d(features / "norm5", channels: channels)
  }

  public func features(_ x: Tensor, mode: Mode) throws -> BackboneFeatures {
    let stem = try norm0(conv0(x), mode: mode).reluInPlace()
    var maps = [stem]
    var map = try pool0(stem)
    for (index, block) in blocks.enumerated() {
      for layer in block { map = try cat([map, layer(map, mode: mode)], along: 1) }
      guard index < transitions.count else { break }
      let normalized = try transitions[index].normalized(map, mode: mode)
      maps.append(normalized)
      map = try transitions[index].reduced(normalized)
    }
    return BackboneFeatures(maps: maps + [try norm5(map, mode: mode)])
  }

  public func pooled(_ features: BackboneFeatures) throws -> Tensor {
    try adaptiveAveragePool2d(features.maps[features.maps.count - 1].relu(), outputSize: [1, 1]).flatten(from: 1)
  }
}

/// What a dense block appends to its input, H of equation 2: normalization, ReLU, 1 × 1, and the same with 3 × 3.
private struct DenseLayer {
  private let norm1: BatchNorm2d
  private let conv1: Conv2d
  private let norm2: BatchNorm2d
  private let conv2: Conv2d

  init(_ scope: ParameterScope, inputChannels: Int, growthRate: Int) throws {
    norm1 = try BatchNorm2d(scope / "norm1", channels: inputChannels)
    conv1 = try Conv2d(
      scope / "conv1", inputChannels: inputChannels, outputChannels: 4 * growthRate, kernelSize: 1, weightInitialization: .kaimingNormal(.input))
    norm2 = try BatchNorm2d(scope / "norm2", channels: 4 * growthRate)
    conv2 = try Conv2d(
      scope / "conv2", inputChannels: 4 * growthRate, outputChannels: growthRate, kernelSize: 3, weightInitialization: .kaimingNormal(.input))
  }

  func callAsFunction(_ x: Tensor, mode: Mode) throws -> Tensor {
    let bottleneck = try conv1(norm1(x, mode: mode).reluInPlace())
    return try conv2(norm2(bottleneck, mode: mode).reluInPlace())
  }
}

/// What stands between two dense blocks: normalization, ReLU, a 1 × 1 convolution to half of the channels, the mean of 2 × 2.
private struct Transition {
  private let norm: BatchNorm2d
  private let conv: Conv2d
  private let pool = AveragePool2d(kernelSize: 2, stride: 2)

  init(_ scope: ParameterScope, inputChannels: Int) throws {
    norm = try BatchNorm2d(scope / "norm", channels: inputChannels)
    conv = try Conv2d(
      scope / "conv", inputChannels: inputChannels, outputChannels: inputChannels / 2, kernelSize: 1,
      weightInitialization: .kaimingNormal(.input))
  }

  func normalized(_ x: Tensor, mode: Mode) throws -> Tensor { try norm(x, mode: mode).reluInPlace() }

  func reduced(_ normalized: Tensor) throws -> Tensor { try pool(conv(normalized)) }
}

/// What tells one densely connected network from another.
struct DenseNetDesign: Sendable, Hashable {
  /// k₀, the channels before the first dense block.
  var stemWidth = 64
  /// k, the channels that each layer appends.
  var growthRate = 32
  /// The layers of each dense block.
  var depths: [Int]

  var stages: [FeatureStage] {
    var stages = [FeatureStage(name: "stem", channels: stemWidth, stride: 2)], channels = stemWidth
    for (index, depth) in depths.enumerated() {
      channels += depth * growthRate
      stages.append(FeatureStage(name: "denseblock\(index + 1)", channels: channels, stride: 4 << index, roundsDown: index > 0))
      channels /= 2
    }
    return stages
  }
}

extension Architecture {
  /// A densely connected network for ImageNet, by the layers of its blocks.
  static func denseNet(_ id: String, _ title: String, depths: [Int]) -> Architecture { denseNet(id, title, DenseNetDesign(depths: depths)) }

  static func denseNet(_ id: String, _ title: String, _ design: DenseNetDesign) -> Architecture {
    Architecture(
      ArchitectureRecord(id: id, title: title, stages: design.stages, headName: "classifier"),
      make: { scope, channels, _ in try DenseNet(scope, inputChannels: channels, design: design) })
  }
}
