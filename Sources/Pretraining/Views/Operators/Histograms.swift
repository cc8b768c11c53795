public import Torch

// Operators that look at all brightness of an image, channel by channel, over `[batch, channels, height, width]` in 0…1.

/// torchvision's `autocontrast`: the darkest value of each channel becomes 0, the brightest 1. A channel of one value stays.
public func autoContrasted(_ images: Tensor) throws -> Tensor {
  let darkest = try images.amin(over: [2, 3], keep: true), span = try images.amax(over: [2, 3], keep: true) - darkest
  let isFlat = try span .== 0
  let stretched = try (images - darkest) / span.onesLike().where(isFlat, otherwise: span)
  return try images.where(isFlat, otherwise: stretched).clamp(min: 0, max: 1)
}

/// torchvision's `posterize` on 256 levels: only the highest bits of a level are kept.
///
/// - Parameter bits: `[batch, 1, 1, 1]`, 0…8.
public func posterized(_ images: Tensor, bits: Tensor) throws -> Tensor {
  let step = try bits.zerosLike().add(2).pow(8 - bits)
  return try (levels(of: images) / step).floor() * step / 255
}

/// torchvision's `equalize` on 256 levels: each becomes the share of pixels below it.
///
/// With the counts h and n = ⌊(Σ h − h of the highest level there is) / 255⌋, the level l becomes ⌊(Σ_{j<l} h_j + ⌊n/2⌋) / n⌋, at most 255; where n
/// is 0 it stays, and the level 0 becomes 0.
public func equalized(_ images: Tensor) throws -> Tensor {
  let (count, pixels) = (images.shape[0] * images.shape[1], images.shape[2] * images.shape[3])
  let levels = try levels(of: images).to(type: .int64).reshape([count, pixels])
  let starts = try Tensor.arange(to: count * 256, by: 256, device: images.device).reshape([count, 1])
  let places = try (levels + starts).reshape([count * pixels])
  let counts = try Tensor.zeros([count * 256], type: .int64, device: images.device)
    .indexAdd(along: 0, places, source: places.onesLike()).reshape([count, 256])
  let highest = try counts.gather(along: 1, levels.amax(over: [1], keep: true))
  let step = try (counts.sum(over: [1], keep: true) - highest).floorDiv(Tensor.full([1], value: 255, type: .int64, device: images.device))
  let isFlat = try step .== 0, divisor = try step.onesLike().where(isFlat, otherwise: step)
  let halfStep = try divisor.floorDiv(Tensor.full([1], value: 2, type: .int64, device: images.device))
  let table = try (counts.cumulativeSum(along: 1) + halfStep).floorDiv(divisor).clamp(min: 0, max: 255)
  let shifted = try cat([table.narrow(along: 1, start: 0, count: 1).zerosLike(), table.narrow(along: 1, start: 0, count: 255)], along: 1)
  let mapped = try levels.where(isFlat, otherwise: shifted.gather(along: 1, levels))
  return try mapped.to(type: images.scalarType).reshape(images.shape) / 255
}

/// The nearest of 256 levels, 0…255, in the images' type.
private func levels(of images: Tensor) throws -> Tensor { try (images * 255).round().clamp(min: 0, max: 255) }
