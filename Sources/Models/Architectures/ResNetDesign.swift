import NeuralNetworks
import Vocabulary

/// What tells one residual network of He et al. (2016) from another.
struct ResNetDesign: Sendable, Hashable {
  /// Which residual block the network is made of.
  enum Block: Sendable, Hashable {
    /// Two 3 × 3 convolutions (figure 5, left).
    case basic
    /// 1 × 1, 3 × 3, 1 × 1, the last widening fourfold (figure 5, right).
    case bottleneck
  }

  /// What comes before the blocks.
  enum Stem: Sendable, Hashable {
    /// A 7 × 7 convolution with stride 2, whose map is the first feature map, and max pooling with stride 2.
    case halvingTwice
    /// A 3 × 3 convolution that keeps the resolution.
    case keeping
  }

  var stem: Stem
  var stemWidth: Int
  var block: Block
  /// The channels of the blocks' 3 × 3 convolutions in each stage; all stages but the first halve the resolution.
  var widths: [Int]
  /// The channels that the blocks of each stage give; a basic block gives those of its convolutions.
  var outputs: [Int]
  /// The number of blocks in each stage.
  var depths: [Int]
  var shortcut: ShortcutOption
  /// The law of the convolutions.
  var initialization: Initialization

  /// Table 1, as torchvision has them.
  static func imageNet(_ block: Block, depths: [Int]) -> ResNetDesign {
    let widths = [64, 128, 256, 512]
    return ResNetDesign(
      stem: .halvingTwice, stemWidth: 64, block: block, widths: widths, outputs: widths.map { block == .basic ? $0 : 4 * $0 },
      depths: depths, shortcut: .projection, initialization: .kaimingNormal(.output))
  }

  /// Section 4.2, with 6 · `depth` + 2 layers: the networks for images of 32 × 32 pixels.
  static func cifar(depth: Int) -> ResNetDesign {
    ResNetDesign(
      stem: .keeping, stemWidth: 16, block: .basic, widths: [16, 32, 64], outputs: [16, 32, 64], depths: [depth, depth, depth],
      shortcut: .parameterFree, initialization: .kaimingNormal(.input))
  }

  var stages: [FeatureStage] {
    let first = stem == .halvingTwice ? 4 : 1
    return [FeatureStage(name: "stem", channels: stemWidth, stride: stem == .halvingTwice ? 2 : 1)]
      + outputs.enumerated().map { index, channels in
        FeatureStage(name: "layer\(index + 1)", channels: channels, stride: first << index)
      }
  }
}

extension Architecture {
  /// A residual network for ImageNet, by its block and depths.
  static func resNet(_ id: String, _ title: String, _ block: ResNetDesign.Block, depths: [Int]) -> Architecture {
    // Keras publishes none of basic blocks.
    let arithmetics = Arithmetic.allCases.filter { $0 != .keras || block == .bottleneck }
    return resNet(id, title, .imageNet(block, depths: depths), headName: "fc", arithmetics: arithmetics, naturalSize: 224)
  }

  /// A residual network for CIFAR-10, by the blocks in each of its stages; its weights were all trained in PyTorch.
  static func cifarResNet(_ id: String, _ title: String, depth: Int) -> Architecture {
    resNet(id, title, .cifar(depth: depth), headName: "linear", arithmetics: [.torchvision], naturalSize: 32)
  }

  static func resNet(
    _ id: String, _ title: String, _ design: ResNetDesign, headName: String, arithmetics: [Arithmetic], naturalSize: Int = 224
  ) -> Architecture {
    Architecture(
      ArchitectureRecord(
        id: id, title: title, stages: design.stages, headName: headName, arithmetics: arithmetics, naturalSize: naturalSize),
      make: { try ResNet($0, inputChannels: $1, design: design, arithmetic: $2) })
  }
}
