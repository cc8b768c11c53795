import NeuralNetworks
import Torch

/// What stands beside the convolutions of a block that changes its input's shape (He et al. 2016, section 3.3).
enum ShortcutOption: Sendable, Hashable {
  /// Option A: every second pixel, and zeros for the channels that are new.
  case parameterFree
  /// Option B: a 1 × 1 convolution and batch normalization.
  case projection
}

/// The way past a block's convolutions.
enum Shortcut {
  case identity
  case subsampling(stride: Int, newChannels: Int)
  case projection(Conv2d, BatchNorm2d)

  /// Registers what it owns under the block's `downsample`.
  init(_ scope: ParameterScope, _ shape: BlockShape) throws {
    let outputChannels = shape.outputChannels
    guard shape.stride != 1 || shape.inputChannels != outputChannels else {
      self = .identity
      return
    }
    switch shape.shortcut {
    case .parameterFree:
      self = .subsampling(stride: shape.stride, newChannels: outputChannels - shape.inputChannels)
    case .projection:
      let convolution = try shape.convolution(
        scope / "downsample" / 0, from: shape.inputChannels, to: outputChannels, kernelSize: 1, isStrided: true)
      self = .projection(convolution, try shape.normalization(scope / "downsample" / 1, channels: outputChannels))
    }
  }

  func callAsFunction(_ x: Tensor, mode: Mode) throws -> Tensor {
    switch self {
    case .identity: return x
    case .subsampling(let stride, let newChannels):
      // The paper leaves open where the zeros stand; the published weights have half of them before and half behind.
      let kept = try x.slice(along: 2, by: stride).slice(along: 3, by: stride)
      return try kept.pad([0, 0, 0, 0, newChannels / 2, newChannels - newChannels / 2])
    case .projection(let convolution, let normalization): return try normalization(convolution(x), mode: mode)
    }
  }
}
