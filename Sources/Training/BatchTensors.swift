import Datasets
import NeuralNetworks
import Torch

/// A batch on the training device.
struct BatchTensors {
  /// `[batch × crops, channels, height, width]`
  let images: Tensor
  /// `[batch, classes]`, or `[batch, 1, height, width]` for masks.
  let targets: Tensor
  let sampleCount: Int
  let cropCount: Int

  init(_ batch: Batch, numerics: NumericSetting) throws {
    sampleCount = batch.indices.count
    cropCount = batch.cropCount
    images = try Tensor(batch.images, shape: batch.imageShape)
      .to(device: numerics.device).to(type: numerics.parameterType)
    targets = try Tensor(batch.targets, shape: batch.targetShape)
      .to(device: numerics.device).to(type: numerics.parameterType)
  }
}
