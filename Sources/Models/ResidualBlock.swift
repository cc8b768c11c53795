import NeuralNetworks
import Torch

/// x ↦ ReLU(F(x) + shortcut(x)): equations 1 and 2 of He et al. (2016).
protocol ResidualBlock {
  func callAsFunction(_ x: Tensor, mode: Mode) throws -> Tensor
}

/// What a residual block is given.
struct BlockShape {
  let inputChannels: Int
  /// The channels of its 3 × 3 convolutions.
  let width: Int
  /// 2 where the block halves the resolution.
  let stride: Int
}

/// Two 3 × 3 convolutions, the first with the stride.
struct BasicBlock: ResidualBlock {
  private let conv1: Conv2d
  private let bn1: BatchNorm2d
  private let conv2: Conv2d
  private let bn2: BatchNorm2d
  private let downsample: Downsample?

  init(_ scope: ParameterScope, _ shape: BlockShape) throws {
    conv1 = try Conv2d(
      scope / "conv1", inputChannels: shape.inputChannels, outputChannels: shape.width, kernelSize: 3,
      stride: shape.stride)
    bn1 = try BatchNorm2d(scope / "bn1", channels: shape.width)
    conv2 = try Conv2d(scope / "conv2", inputChannels: shape.width, outputChannels: shape.width, kernelSize: 3)
    bn2 = try BatchNorm2d(scope / "bn2", channels: shape.width)
    downsample = try Downsample(scope / "downsample", shape, outputChannels: shape.width)
  }

  func callAsFunction(_ x: Tensor, mode: Mode) throws -> Tensor {
    var out = try bn1(conv1(x), mode: mode).reluInPlace()
    out = try bn2(conv2(out), mode: mode)
    return try out.addInPlace(downsample?(x, mode: mode) ?? x).reluInPlace()
  }
}

/// 1 × 1, 3 × 3 with the stride, and 1 × 1 to four times the width.
struct Bottleneck: ResidualBlock {
  private let conv1: Conv2d
  private let bn1: BatchNorm2d
  private let conv2: Conv2d
  private let bn2: BatchNorm2d
  private let conv3: Conv2d
  private let bn3: BatchNorm2d
  private let downsample: Downsample?

  init(_ scope: ParameterScope, _ shape: BlockShape) throws {
    let outputChannels = shape.width * ResNet.BlockKind.bottleneck.expansion
    conv1 = try Conv2d(
      scope / "conv1", inputChannels: shape.inputChannels, outputChannels: shape.width, kernelSize: 1)
    bn1 = try BatchNorm2d(scope / "bn1", channels: shape.width)
    conv2 = try Conv2d(
      scope / "conv2", inputChannels: shape.width, outputChannels: shape.width, kernelSize: 3, stride: shape.stride)
    bn2 = try BatchNorm2d(scope / "bn2", channels: shape.width)
    conv3 = try Conv2d(scope / "conv3", inputChannels: shape.width, outputChannels: outputChannels, kernelSize: 1)
    bn3 = try BatchNorm2d(scope / "bn3", channels: outputChannels)
    downsample = try Downsample(scope / "downsample", shape, outputChannels: outputChannels)
  }

  func callAsFunction(_ x: Tensor, mode: Mode) throws -> Tensor {
    var out = try bn1(conv1(x), mode: mode).reluInPlace()
    out = try bn2(conv2(out), mode: mode).reluInPlace()
    out = try bn3(conv3(out), mode: mode)
    return try out.addInPlace(downsample?(x, mode: mode) ?? x).reluInPlace()
  }
}

/// The shortcut where the shape changes: a 1 × 1 convolution and batch normalization (option B of He et al.).
struct Downsample {
  private let convolution: Conv2d
  private let normalization: BatchNorm2d

  /// Nil where the block keeps the shape and its shortcut is the identity.
  init?(_ scope: ParameterScope, _ shape: BlockShape, outputChannels: Int) throws {
    guard shape.stride != 1 || shape.inputChannels != outputChannels else { return nil }
    convolution = try Conv2d(
      scope / 0, inputChannels: shape.inputChannels, outputChannels: outputChannels, kernelSize: 1,
      stride: shape.stride)
    normalization = try BatchNorm2d(scope / 1, channels: outputChannels)
  }

  func callAsFunction(_ x: Tensor, mode: Mode) throws -> Tensor { try normalization(convolution(x), mode: mode) }
}
