public import Torch

/// Cuts an image into patches and maps each to a vector, `[batch, channels, height, width]` → `[batch, features, height / p, width / p]`:
/// Dosovitskiy et al., “An Image is Worth 16x16 Words” (2021), equation 1.
///
/// Patches do not overlap, so the map is a convolution with kernel and stride p. A side that is no multiple of p is refused, since its last
/// pixels would be left out. Registers `proj.weight` and `proj.bias`, drawn from U(−1/√n, 1/√n) with n = channels · p², as `torch.nn.Conv2d` does.
public struct PatchEmbedding {
  public let patchSize: Int
  private let proj: Conv2d

  public init(_ scope: ParameterScope, inputChannels: Int, features: Int, patchSize: Int) throws {
    self.patchSize = patchSize
    let law = Initialization.uniform(bound: 1 / Double(inputChannels * patchSize * patchSize).squareRoot())
    proj = try Conv2d(
      scope / "proj", inputChannels: inputChannels, outputChannels: features, kernelSize: patchSize, stride: patchSize, padding: .symmetric(0),
      weightInitialization: law, biasInitialization: law)
  }

  /// - Throws: `NeuralNetworksError` for images of which patches leave a rest.
  public func callAsFunction(_ x: Tensor) throws -> Tensor {
    let (height, width) = (x.shape[2], x.shape[3])
    guard height % patchSize == 0, width % patchSize == 0 else {
      throw NeuralNetworksError.indivisible(
        "Images of \(height) × \(width) pixels cannot be cut into patches of \(patchSize) × \(patchSize).",
        remedy: "Choose sides that are multiples of \(patchSize).")
    }
    return try proj(x)
  }
}
