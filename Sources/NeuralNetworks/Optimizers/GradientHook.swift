public import Torch

/// Changes gradients in place, after the backward pass and before the optimizer uses them: clipping, or the mean over the
/// processes of a data-parallel training.
public protocol GradientHook {
  /// - Parameter gradients: of every parameter that has one, in the optimizer's order; called without recording. It must not wait for
  ///   the device.
  func callAsFunction(_ gradients: [Tensor]) throws
}

/// Scales all gradients down together where their common norm is above a limit (Pascanu, Mikolov and Bengio, 2013, algorithm 1), with
/// the arithmetic of `torch.nn.utils.clip_grad_norm_`.
///
/// With ĝ all gradients in one vector: ĝ ← ĝ · min(1, c / (‖ĝ‖₂ + 10⁻⁶)).
public struct GlobalNormClipping: GradientHook {
  /// c.
  public let maximumNorm: Double

  public init(maximumNorm: Double) throws {
    guard maximumNorm > 0, maximumNorm.isFinite else {
      throw NeuralNetworksError.invalidHyperparameter("maximum norm of the gradients", value: maximumNorm, valid: "above 0")
    }
    self.maximumNorm = maximumNorm
  }

  public func callAsFunction(_ gradients: [Tensor]) throws {
    let norm = try stack(Foreach.norm(gradients)).norm()
    // The factor stays on the device: reading it to skip a multiplication by 1 would wait for the backward pass.
    try Foreach.mulInPlace(gradients, by: (maximumNorm / (norm + 1e-6)).clamp(max: 1.0))
  }
}

/// Scales each gradient down by itself where its norm is above a limit, as DINO's published code does: g ← g · min(1, c / (‖g‖₂ + 10⁻⁶)).
public struct EachNormClipping: GradientHook {
  /// c.
  public let maximumNorm: Double

  public init(maximumNorm: Double) throws {
    guard maximumNorm > 0, maximumNorm.isFinite else {
      throw NeuralNetworksError.invalidHyperparameter("maximum norm of a gradient", value: maximumNorm, valid: "above 0")
    }
    self.maximumNorm = maximumNorm
  }

  public func callAsFunction(_ gradients: [Tensor]) throws {
    try Foreach.mulInPlace(gradients, Foreach.norm(gradients).map { try (maximumNorm / ($0 + 1e-6)).clamp(max: 1.0) })
  }
}
