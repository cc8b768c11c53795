import NeuralNetworks
import Torch
import Vocabulary

/// x ↦ ReLU(F(x) + shortcut(x)): equations 1 and 2 of He et al. (2016).
protocol ResidualBlock {
  func callAsFunction(_ x: Tensor, mode: Mode) throws -> Tensor
}

/// What a residual block is given.
struct BlockShape {
  let inputChannels: Int
  /// The channels of its 3 × 3 convolutions.
  let width: Int
  let outputChannels: Int
  /// 2 where the block halves the resolution.
  let stride: Int
  let arithmetic: Arithmetic
  let shortcut: ShortcutOption
  let initialization: Initialization

  /// One of the block's convolutions.
  func convolution(
    _ scope: ParameterScope, from inputChannels: Int, to outputChannels: Int, kernelSize: Int, isStrided: Bool = false
  ) throws -> Conv2d {
    try Conv2d(
      scope, inputChannels: inputChannels, outputChannels: outputChannels, kernelSize: kernelSize,
      stride: isStrided ? stride : 1, padding: isStrided && stride > 1 ? arithmetic.convolutionPadding : nil,
      weightInitialization: initialization)
  }

  /// The normalization behind one of them.
  func normalization(_ scope: ParameterScope, channels: Int) throws -> BatchNorm2d {
    try BatchNorm2d(scope, channels: channels, epsilon: arithmetic.epsilon)
  }
}

/// Two 3 × 3 convolutions, the first with the stride.
struct BasicBlock: ResidualBlock {
  private let conv1: Conv2d
  private let bn1: BatchNorm2d
  private let conv2: Conv2d
  private let bn2: BatchNorm2d
  private let shortcut: Shortcut

  init(_ scope: ParameterScope, _ shape: BlockShape) throws {
    conv1 = try shape.convolution(
      scope / "conv1", from: shape.inputChannels, to: shape.width, kernelSize: 3, isStrided: true)
    bn1 = try shape.normalization(scope / "bn1", channels: shape.width)
    conv2 = try shape.convolution(scope / "conv2", from: shape.width, to: shape.outputChannels, kernelSize: 3)
    bn2 = try shape.normalization(scope / "bn2", channels: shape.outputChannels)
    shortcut = try Shortcut(scope, shape)
  }

  func callAsFunction(_ x: Tensor, mode: Mode) throws -> Tensor {
    var out = try bn1(conv1(x), mode: mode).reluInPlace()
    out = try bn2(conv2(out), mode: mode)
    return try out.addInPlace(shortcut(x, mode: mode)).reluInPlace()
  }
}

/// 1 × 1, 3 × 3 with the stride, and 1 × 1 that widens; in Keras's arithmetic the first has the stride.
struct Bottleneck: ResidualBlock {
  private let conv1: Conv2d
  private let bn1: BatchNorm2d
  private let conv2: Conv2d
  private let bn2: BatchNorm2d
  private let conv3: Conv2d
  private let bn3: BatchNorm2d
  private let shortcut: Shortcut

  init(_ scope: ParameterScope, _ shape: BlockShape) throws {
    let stridesFirst = shape.arithmetic.stridesFirst
    conv1 = try shape.convolution(
      scope / "conv1", from: shape.inputChannels, to: shape.width, kernelSize: 1, isStrided: stridesFirst)
    bn1 = try shape.normalization(scope / "bn1", channels: shape.width)
    conv2 = try shape.convolution(
      scope / "conv2", from: shape.width, to: shape.width, kernelSize: 3, isStrided: !stridesFirst)
    bn2 = try shape.normalization(scope / "bn2", channels: shape.width)
    conv3 = try shape.convolution(scope / "conv3", from: shape.width, to: shape.outputChannels, kernelSize: 1)
    bn3 = try shape.normalization(scope / "bn3", channels: shape.outputChannels)
    shortcut = try Shortcut(scope, shape)
  }

  func callAsFunction(_ x: Tensor, mode: Mode) throws -> Tensor {
    var out = try bn1(conv1(x), mode: mode).reluInPlace()
    out = try bn2(conv2(out), mode: mode).reluInPlace()
    out = try bn3(conv3(out), mode: mode)
    return try out.addInPlace(shortcut(x, mode: mode)).reluInPlace()
  }
}
