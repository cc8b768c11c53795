public import NeuralNetworks
public import Torch

/// The residual networks of He et al., “Deep Residual Learning for Image Recognition” (2016), table 1, as torchvision has them.
///
/// That is version 1.5: a bottleneck that halves the resolution does so in its 3 × 3 convolution, not in its first 1 × 1. Names
/// and order of the state equal torchvision's; convolutions start from He's normal law over fan-out, batch normalizations from 1
/// and 0.
public struct ResNet: Backbone {
  /// Which residual block the network is made of.
  public enum BlockKind: Sendable, Hashable {
    /// Two 3 × 3 convolutions (figure 5, left).
    case basic
    /// 1 × 1, 3 × 3, 1 × 1, the last widening fourfold (figure 5, right).
    case bottleneck

    /// The block's output channels as a multiple of its width.
    var expansion: Int { self == .basic ? 1 : 4 }
  }

  static let stemWidth = 64
  /// The blocks' width in the four stages.
  static let stageWidths = [64, 128, 256, 512]

  static func featureChannels(of kind: BlockKind) -> [Int] { [stemWidth] + stageWidths.map { $0 * kind.expansion } }

  public let featureChannels: [Int]
  private let conv1: Conv2d
  private let bn1: BatchNorm2d
  private let stages: [[any ResidualBlock]]

  /// - Parameter depths: The number of blocks in each of the four stages.
  init(_ scope: ParameterScope, inputChannels: Int, kind: BlockKind, depths: [Int]) throws {
    featureChannels = Self.featureChannels(of: kind)
    conv1 = try Conv2d(
      scope / "conv1", inputChannels: inputChannels, outputChannels: Self.stemWidth, kernelSize: 7, stride: 2)
    bn1 = try BatchNorm2d(scope / "bn1", channels: Self.stemWidth)
    var channels = Self.stemWidth
    var stages: [[any ResidualBlock]] = []
    for (index, depth) in depths.enumerated() {
      let stage = scope / "layer\(index + 1)"
      stages.append(
        try (0..<depth).map { block in
          let stride = index > 0 && block == 0 ? 2 : 1
          let shape = BlockShape(inputChannels: channels, width: Self.stageWidths[index], stride: stride)
          channels = shape.width * kind.expansion
          return switch kind {
          case .basic: try BasicBlock(stage / block, shape)
          case .bottleneck: try Bottleneck(stage / block, shape)
          }
        })
    }
    self.stages = stages
  }

  public func features(_ x: Tensor, mode: Mode) throws -> [Tensor] {
    let stem = try bn1(conv1(x), mode: mode).reluInPlace()
    var features = [stem]
    var map = try maxPool2d(stem, kernelSize: [3, 3], stride: [2, 2], padding: [1, 1])
    for stage in stages {
      for block in stage { map = try block(map, mode: mode) }
      features.append(map)
    }
    return features
  }
}

extension Architecture {
  /// A residual network by its block and depths.
  static func resNet(_ id: String, _ title: String, _ kind: ResNet.BlockKind, depths: [Int]) -> Architecture {
    Architecture(
      id: id, title: title, featureChannels: ResNet.featureChannels(of: kind), headName: "fc",
      makeBackbone: { try ResNet($0, inputChannels: $1, kind: kind, depths: depths) })
  }
}
