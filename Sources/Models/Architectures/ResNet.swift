public import NeuralNetworks
public import Torch
import Vocabulary

/// The residual networks of He et al., “Deep Residual Learning for Image Recognition” (2016): those of table 1 for ImageNet as
/// torchvision has them, and those of section 4.2 for CIFAR-10.
///
/// Torchvision's are version 1.5: a bottleneck that halves the resolution does so in its 3 × 3 convolution, not in its first 1 × 1.
/// Names and order of the state equal torchvision's; convolutions start from He's normal law over fan-out (CIFAR: over fan-in, as
/// the paper), batch normalizations from 1 and 0. The arithmetic alters no name, no shape and no first value.
public struct ResNet: Backbone {
  private let conv1: Conv2d
  private let bn1: BatchNorm2d
  private let pooling: MaxPool2d?
  private let stages: [[any ResidualBlock]]

  init(_ scope: ParameterScope, inputChannels: Int, design: ResNetDesign, arithmetic: Arithmetic) throws {
    switch design.stem {
    case .halvingTwice:
      conv1 = try Conv2d(
        scope / "conv1", inputChannels: inputChannels, outputChannels: design.stemWidth, kernelSize: 7, stride: 2,
        padding: arithmetic.convolutionPadding, weightInitialization: design.initialization)
      pooling = MaxPool2d(kernelSize: 3, stride: 2, padding: arithmetic.poolingPadding)
    case .keeping:
      conv1 = try Conv2d(
        scope / "conv1", inputChannels: inputChannels, outputChannels: design.stemWidth, kernelSize: 3,
        weightInitialization: design.initialization)
      pooling = nil
    }
    bn1 = try BatchNorm2d(scope / "bn1", channels: design.stemWidth, epsilon: arithmetic.epsilon)
    var channels = design.stemWidth
    var stages: [[any ResidualBlock]] = []
    for (index, depth) in design.depths.enumerated() {
      let stage = scope / "layer\(index + 1)"
      stages.append(
        try (0..<depth).map { block in
          let halves = index > 0 && block == 0
          let shape = BlockShape(
            inputChannels: channels, width: design.widths[index], outputChannels: design.outputs[index],
            stride: halves ? 2 : 1, arithmetic: arithmetic, shortcut: design.shortcut, initialization: design.initialization)
          channels = shape.outputChannels
          return switch design.block {
          case .basic: try BasicBlock(stage / block, shape)
          case .bottleneck: try Bottleneck(stage / block, shape)
          }
        })
    }
    self.stages = stages
  }

  public func features(_ x: Tensor, mode: Mode) throws -> BackboneFeatures {
    let stem = try bn1(conv1(x), mode: mode).reluInPlace()
    var features = [stem]
    var map = try pooling?(stem) ?? stem
    for stage in stages {
      for block in stage { map = try block(map, mode: mode) }
      features.append(map)
    }
    return BackboneFeatures(maps: features)
  }
}
