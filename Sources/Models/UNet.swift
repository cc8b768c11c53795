public import NeuralNetworks
public import Torch

/// The U-Net of Ronneberger et al. (2015) over a classifier's backbone, as segmentation_models_pytorch has it:
/// `[batch, channels, height, width]` → `[batch, classes, height, width]` logits.
///
/// Five times, the decoder doubles the resolution (nearest neighbor), appends the encoder's map of that resolution (but for the last
/// time) and applies two 3 × 3 convolutions, each with batch normalization and ReLU. The state's names are
/// `encoder.*`, `decoder.blocks.N.conv{1,2}.{0,1}.*` and `segmentation_head.0.*`.
public final class UNet: Network {
  /// The decoder's channels, from coarse to fine.
  public static let decoderChannels = [256, 128, 64, 32, 16]
  /// Height and width must be multiples of this, so that upsampled and encoder maps have one size.
  public static let stride = 32

  public let architecture: Architecture
  public let inputChannels: Int
  public let classCount: Int
  public let store: ParameterStore
  public private(set) var isBackboneFrozen = false
  private let encoder: any Backbone
  private let blocks: [DecoderBlock]
  private let head: Conv2d

  init(encoder architecture: Architecture, classCount: Int, inputChannels: Int, store: ParameterStore) throws {
    try requirePositive("classes", classCount)
    try requirePositive("input channels", inputChannels)
    self.architecture = architecture
    self.inputChannels = inputChannels
    self.classCount = classCount
    self.store = store
    let scope = ParameterScope(store)
    encoder = try architecture.makeBackbone(scope / "encoder", inputChannels)
    let skips = Array(architecture.featureChannels.dropLast().reversed()) + [0]
    let inputs = [architecture.featureCount] + Self.decoderChannels.dropLast()
    blocks = try Self.decoderChannels.indices.map { index in
      try DecoderBlock(
        scope / "decoder" / "blocks" / index, inputChannels: inputs[index] + skips[index],
        outputChannels: Self.decoderChannels[index])
    }
    head = try Conv2d(
      scope / "segmentation_head" / 0, inputChannels: Self.decoderChannels[Self.decoderChannels.count - 1],
      outputChannels: classCount, kernelSize: 3, weightInitialization: .xavierUniform, biasInitialization: .zeros)
  }

  public func freezeBackbone() throws {
    try freezeBackboneParameters()
    isBackboneFrozen = true
  }

  public func backboneName(for stateName: String) -> String? {
    let prefix = "encoder."
    return stateName.hasPrefix(prefix) ? String(stateName.dropFirst(prefix.count)) : nil
  }

  public func callAsFunction(_ x: Tensor, mode: Mode) throws -> Tensor {
    let images = try prepared(x)
    let height = images.shape[2], width = images.shape[3]
    guard height % Self.stride == 0, width % Self.stride == 0 else {
      throw ModelsError.indivisibleSize(height: height, width: width, stride: Self.stride)
    }
    let maps = Array(try encoder.features(images, mode: backboneMode(mode)).reversed())
    var decoded = maps[0]
    for (index, block) in blocks.enumerated() {
      decoded = try block(decoded, skip: index + 1 < maps.count ? maps[index + 1] : nil, mode: mode)
    }
    return try head(decoded)
  }
}

/// Upsampling, skip connection and two convolutions.
private struct DecoderBlock {
  private let conv1: ConvolutionNormalizationReLU
  private let conv2: ConvolutionNormalizationReLU

  /// - Parameter inputChannels: Those of the coarser map and of the skip connection together.
  init(_ scope: ParameterScope, inputChannels: Int, outputChannels: Int) throws {
    conv1 = try ConvolutionNormalizationReLU(
      scope / "conv1", inputChannels: inputChannels, outputChannels: outputChannels)
    conv2 = try ConvolutionNormalizationReLU(
      scope / "conv2", inputChannels: outputChannels, outputChannels: outputChannels)
  }

  func callAsFunction(_ x: Tensor, skip: Tensor?, mode: Mode) throws -> Tensor {
    let doubled = try upsampleNearest2d(x, outputSize: [x.shape[2] * 2, x.shape[3] * 2])
    let joined = try skip.map { try cat([doubled, $0], along: 1) } ?? doubled
    return try conv2(conv1(joined, mode: mode), mode: mode)
  }
}

/// A 3 × 3 convolution, batch normalization and ReLU.
private struct ConvolutionNormalizationReLU {
  private let convolution: Conv2d
  private let normalization: BatchNorm2d

  init(_ scope: ParameterScope, inputChannels: Int, outputChannels: Int) throws {
    convolution = try Conv2d(
      scope / 0, inputChannels: inputChannels, outputChannels: outputChannels, kernelSize: 3,
      weightInitialization: .kaimingUniform(.input))
    normalization = try BatchNorm2d(scope / 1, channels: outputChannels)
  }

  func callAsFunction(_ x: Tensor, mode: Mode) throws -> Tensor {
    try normalization(convolution(x), mode: mode).reluInPlace()
  }
}

/// Makes a U-Net in an empty store.
///
/// - Parameters:
///   - encoder: The architecture of its encoder.
///   - classCount: The maps of logits; 1 for a binary mask.
public func makeUNet(
  encoder: Architecture, classCount: Int = 1, inputChannels: Int = 3, store: ParameterStore
) throws -> UNet {
  try UNet(encoder: encoder, classCount: classCount, inputChannels: inputChannels, store: store)
}
