public import Torch

/// torchvision's `gaussian_blur`: weights exp(−x² / 2σ²) over `kernelSize` pixels, brought to the sum 1, on both axes; the border is mirrored
/// without its edge. A convolution with its border is linear along each axis, so each image's own σ is a matrix of its own, and the batch two products.
///
/// - Parameters:
///   - images: `[batch, channels, side, side]`.
///   - sigmas: in pixels, one an image; above 0.
///   - kernelSize: odd, and less than twice the side.
public func gaussianBlurred(_ images: Tensor, sigmas: [Double], kernelSize: Int) throws -> Tensor {
  let (batch, channels, height, width) = (images.shape[0], images.shape[1], images.shape[2], images.shape[3])
  let reach = kernelSize / 2
  let offsets = try Tensor.arange(from: -reach, to: reach + 1, type: images.scalarType, device: images.device).reshape([1, kernelSize])
  let scaled = try offsets / Tensor.placed(sigmas, shape: [batch, 1], like: images)
  let bells = try (scaled * scaled * -0.5).exp()
  let weights = try bells / bells.sum(over: [1], keep: true)
  let rows = try blurMatrices(weights, side: height)
  let columns = height == width ? rows : try blurMatrices(weights, side: width)
  let byRows = try images.permute([0, 2, 1, 3]).reshape([batch, height, channels * width])
  let blurred = try rows.bmm(byRows).reshape([batch, height, channels, width]).permute([0, 2, 1, 3])
  return try blurred.reshape([batch, channels * height, width]).bmm(columns.transpose(1, 2)).reshape(images.shape)
}

/// `[batch, side, side]` from the weights `[batch, kernel]` of each image.
private func blurMatrices(_ weights: Tensor, side: Int) throws -> Tensor {
  let kernelSize = weights.shape[1], reach = kernelSize / 2
  let sources = (0..<kernelSize).flatMap { tap in
    (0..<side).map { place -> Int in
      let source = abs(place + tap - reach)
      return source < side ? source : 2 * (side - 1) - source
    }
  }
  let taps = try Tensor.placed(sources, shape: [kernelSize, side, 1], like: weights)
  let pixels = try Tensor.arange(to: side, device: weights.device)
  let chosen = try (taps .== pixels).to(type: weights.scalarType).reshape([kernelSize, side * side])
  return try weights.mm(chosen).reshape([weights.shape[0], side, side])
}

/// torchvision's `adjust_sharpness`: between a smoothed image (factor 0) and itself (factor 1), and beyond. Smoothed is the mean of a pixel,
/// five times, and its eight neighbors; the border stays.
///
/// - Parameter factors: `[batch, 1, 1, 1]`
public func sharpnessAdjusted(_ images: Tensor, factors: Tensor) throws -> Tensor {
  let (channels, height, width) = (images.shape[1], images.shape[2], images.shape[3])
  if height < 3 || width < 3 { return images }
  let kernel = try Tensor.placed([1, 1, 1, 1, 5, 1, 1, 1, 1].map { $0 / 13.0 }, shape: [1, 1, 3, 3], like: images).repeated([channels, 1, 1, 1])
  let inner = try conv2d(images, weight: kernel, groups: channels)
  let smooth = try images.clone()
  _ = try smooth.narrow(along: 2, start: 1, count: height - 2).narrow(along: 3, start: 1, count: width - 2).copy(from: inner)
  return try blended(images, with: smooth, factors: factors)
}
