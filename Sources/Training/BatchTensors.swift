import Loading
import NeuralNetworks
import Torch

/// A batch on the training device.
struct BatchTensors {
  /// `[batch × crops, channels, height, width]`
  let images: Tensor
  /// `[batch, classes]`, or `[batch, classes, height, width]` for masks, 1 of one object.
  let targets: Tensor
  let sampleCount: Int
  let cropCount: Int

  init(_ batch: Batch, numerics: NumericSetting) throws {
    sampleCount = batch.indices.count
    cropCount = batch.cropCount
    images = try numerics.onDevice(batch.images, shape: batch.imageShape)
    targets = try numerics.onDevice(batch.targets, shape: batch.targetShape)
  }
}

extension NumericSetting {
  /// Values on the device, in the type of the parameters.
  func onDevice(_ values: [Float], shape: [Int]) throws -> Tensor {
    if device == .cpu { return try Tensor(values, shape: shape).to(type: parameterType) }
    // From pageable memory a GPU's copy waits for all that is queued before it; from pinned memory it is queued itself.
    let pinned = try values.withUnsafeBytes { try Tensor.fromBytes($0, shape: shape, type: .float32, pinned: true) }
    return try pinned.to(device: device, nonBlocking: true).to(type: parameterType)
  }
}
