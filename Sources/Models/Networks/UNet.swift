public import NeuralNetworks
public import Torch
public import Vocabulary

/// The U-Net of Ronneberger et al. (2015) over a classifier's backbone, as segmentation_models_pytorch has it:
/// `[batch, channels, height, width]` → `[batch, classes, height, width]` logits.
///
/// Until it has the images' resolution, the decoder doubles that of the map (nearest neighbor), appends the encoder's last map of the
/// new resolution, where there is one, and applies two 3 × 3 convolutions, each with batch normalization and ReLU. The state's names
/// are `encoder.*`, `decoder.blocks.N.conv{1,2}.{0,1}.*` and `segmentation_head.0.*`.
public final class UNet: Network {
  /// The channels of the decoder's map at a stride: 16 for each pixel that lies between two of the map's.
  ///
  /// For encoders that end at stride 32 these are segmentation_models_pytorch's 256, 128, 64, 32 and 16. For the CIFAR ResNets, which
  /// end at stride 4, they are 32 and 16: as many as the encoder has at those resolutions, which is Ronneberger's rule. So
  /// one rule covers both, and the decoder of the smaller network stays as small as its encoder (46 000 parameters beside
  /// ResNet-20's 270 000), instead of bringing more untrained parameters than the pre-trained ones it is to show the worth of.
  public static func decoderChannels(atStride stride: Int) -> Int { 16 * stride }

  public let architecture: Architecture
  public let inputChannels: Int
  public let classCount: Int
  public let store: ParameterStore
  public private(set) var isBackboneFrozen = false
  public let arithmetic: Arithmetic
  /// The encoder.
  public let backbone: any Backbone
  private let blocks: [DecoderBlock]
  private let head: Conv2d

  init(
    encoder architecture: Architecture, classCount: Int, inputChannels: Int, arithmetic: Arithmetic, store: ParameterStore
  ) throws {
    guard architecture.record.uses.contains(.unetEncoder) else { throw ModelsError.noUNet(over: architecture) }
    try requirePositive("classes", classCount)
    try requirePositive("input channels", inputChannels)
    self.architecture = architecture
    self.inputChannels = inputChannels
    self.classCount = classCount
    self.arithmetic = arithmetic
    self.store = store
    let scope = ParameterScope(store)
    backbone = try architecture.makeBackbone(scope / "encoder", inputChannels: inputChannels, arithmetic: arithmetic)
    var blocks: [DecoderBlock] = []
    var channels = architecture.featureCount
    var stride = architecture.coarsestStride
    while stride > 1 {
      stride /= 2
      let width = Self.decoderChannels(atStride: stride)
      blocks.append(
        try DecoderBlock(
          scope / "decoder" / "blocks" / blocks.count, inputChannels: channels,
          skip: architecture.stages.lastIndex { $0.stride == stride }.map { ($0, architecture.stages[$0].channels) },
          outputChannels: width))
      channels = width
    }
    self.blocks = blocks
    head = try Conv2d(
      scope / "segmentation_head" / 0, inputChannels: channels, outputChannels: classCount, kernelSize: 3,
      weightInitialization: .xavierUniform, biasInitialization: .zeros)
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
    let stride = architecture.coarsestStride
    guard height % stride == 0, width % stride == 0 else {
      throw ModelsError.indivisibleSize(height: height, width: width, stride: stride)
    }
    let maps = try backbone.features(images, mode: backboneMode(mode)).maps
    var decoded = maps[maps.count - 1]
    for block in blocks { decoded = try block(decoded, maps: maps, mode: mode) }
    return try head(decoded)
  }
}

/// Upsampling, skip connection and two convolutions.
private struct DecoderBlock {
  private let skip: Int?
  private let conv1: ConvolutionNormalizationReLU
  private let conv2: ConvolutionNormalizationReLU

  /// - Parameters:
  ///   - inputChannels: Those of the coarser map.
  ///   - skip: Which of the encoder's maps is appended, and its channels.
  init(_ scope: ParameterScope, inputChannels: Int, skip: (index: Int, channels: Int)?, outputChannels: Int) throws {
    self.skip = skip?.index
    conv1 = try ConvolutionNormalizationReLU(
      scope / "conv1", inputChannels: inputChannels + (skip?.channels ?? 0), outputChannels: outputChannels)
    conv2 = try ConvolutionNormalizationReLU(
      scope / "conv2", inputChannels: outputChannels, outputChannels: outputChannels)
  }

  func callAsFunction(_ x: Tensor, maps: [Tensor], mode: Mode) throws -> Tensor {
    let doubled = try upsampleNearest2d(x, outputSize: [x.shape[2] * 2, x.shape[3] * 2])
    let joined = try skip.map { try cat([doubled, maps[$0]], along: 1) } ?? doubled
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
///   - arithmetic: What the encoder pads around strided windows.
/// - Throws: `ModelsError` for an architecture that is no encoder, counts below 1, and an arithmetic that the architecture does not have.
public func makeUNet(
  encoder: Architecture, classCount: Int = 1, inputChannels: Int = 3, arithmetic: Arithmetic = .torchvision,
  store: ParameterStore
) throws -> UNet {
  try UNet(encoder: encoder, classCount: classCount, inputChannels: inputChannels, arithmetic: arithmetic, store: store)
}
