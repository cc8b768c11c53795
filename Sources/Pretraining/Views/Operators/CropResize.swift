internal import Foundation
public import Torch

/// A rectangle of an image, in its pixels. Its sides need not be whole: an image that was squeezed into a square has its crops squeezed too.
public struct CropBox: Codable, Hashable, Sendable {
  public var top: Double
  public var left: Double
  public var height: Double
  public var width: Double

  public init(top: Double, left: Double, height: Double, width: Double) {
    (self.top, self.left, self.height, self.width) = (top, left, height, width)
  }
}

extension ViewInterpolation {
  /// The kernel at distances that are not negative: a triangle, or Keys's cubic with a = −0.5, whose values can lie a little outside of
  /// those of the image. It is as wide as the scale asks, as torchvision's antialiased `resize` and Pillow's have it.
  fileprivate func weights(at distance: Tensor) throws -> Tensor {
    switch self {
    case .bilinear: return try (1 - distance).clamp(min: 0)
    case .bicubic:
      // w(x) = 1.5x³ − 2.5x² + 1 below 1; −0.5x³ + 2.5x² − 4x + 2 below 2; else 0 (Keys 1981, equation 4 with a = −0.5).
      let square = try distance * distance, cube = try square * distance
      let near = try cube * 1.5 - square * 2.5 + 1
      let far = try cube * -0.5 + square * 2.5 - distance * 4 + 2
      return try near.where(distance .< 1, otherwise: far.where(distance .< 2, otherwise: 0))
    }
  }
}

/// Each image's own rectangle, resized to a square, and mirrored where that is wanted: torchvision's `resized_crop` and `hflip`.
///
/// A resize is linear and works on rows and columns apart, so it is two products of matrices for the whole batch, whatever the rectangles.
///
/// - Parameters:
///   - images: `[batch, channels, height, width]`, of a floating type.
///   - boxes: one an image, each at least one pixel large and within it.
///   - size: the side of the result, `[batch, channels, size, size]`.
public func cropResized(_ images: Tensor, boxes: [CropBox], isMirrored: [Bool], size: Int, interpolation: ViewInterpolation) throws -> Tensor {
  let (batch, channels, height, width) = (images.shape[0], images.shape[1], images.shape[2], images.shape[3])
  let rows = try resamplingMatrices(
    boxes.map { ($0.top, $0.height) }, isMirrored: boxes.map { _ in false }, from: height, to: size, interpolation: interpolation, like: images)
  let columns = try resamplingMatrices(
    boxes.map { ($0.left, $0.width) }, isMirrored: isMirrored, from: width, to: size, interpolation: interpolation, like: images)
  let byRows = try images.permute([0, 2, 1, 3]).reshape([batch, height, channels * width])
  let squeezed = try rows.bmm(byRows).reshape([batch, size, channels, width]).permute([0, 2, 1, 3])
  return try squeezed.reshape([batch, channels * size, width]).bmm(columns.transpose(1, 2)).reshape([batch, channels, size, size])
}

/// The matrices `[batch, count, length]` that resample one axis: each row holds the weights of the pixels that a pixel of the view is the mean of.
private func resamplingMatrices(
  _ spans: [(start: Double, length: Double)], isMirrored: [Bool], from length: Int, to count: Int, interpolation: ViewInterpolation, like images: Tensor
) throws -> Tensor {
  // A mirrored axis is walked from its end: the place of pixel i is offset + sign (i + 1/2).
  let drawn =
    spans.map(\.start) + spans.map { $0.length / Double(count) } + spans.map { $0.start.rounded(.down) }
    + spans.map { ($0.start + $0.length).rounded(.up) } + isMirrored.map { $0 ? -1 : 1 } + isMirrored.map { $0 ? Double(count) : 0 }
  let rows = try Tensor.placed(drawn, shape: [6, spans.count, 1, 1], like: images).unbind()
  let (start, scale, first, last, sign, offset) = (rows[0], rows[1], rows[2], rows[3], rows[4], rows[5])
  func centers(_ count: Int, _ shape: [Int]) throws -> Tensor {
    try (Tensor.arange(to: count, type: images.scalarType, device: images.device) + 0.5).reshape(shape)
  }
  let pixel = try centers(length, [1, 1, length])
  let center = try start + (centers(count, [1, count, 1]) * sign + offset) * scale
  // Where an image grows, the kernel stays one pixel wide.
  let distance = try ((pixel - center) / scale.clamp(min: 1)).abs()
  let isInside = try ((pixel .> first) .& (pixel .< last)).to(type: images.scalarType)
  let weights = try interpolation.weights(at: distance) * isInside
  return try weights / weights.sum(over: [2], keep: true)
}

extension Tensor {
  /// Numbers beside the images of a batch: on their device and in their type, without waiting for either.
  static func placed(_ values: [Double], shape: [Int], like images: Tensor) throws -> Tensor {
    if images.device == .cpu { return try Tensor(values, shape: shape).to(type: images.scalarType) }
    let floats = values.map(Float.init)
    let pinned = try floats.withUnsafeBytes { try Tensor.fromBytes($0, shape: shape, type: .float32, pinned: true) }
    return try pinned.to(device: images.device, nonBlocking: true).to(type: images.scalarType)
  }

  /// Indices beside the images of a batch, likewise.
  static func placed(_ values: [Int], shape: [Int], like images: Tensor) throws -> Tensor {
    let wide = values.map(Int64.init)
    if images.device == .cpu { return try Tensor(wide, shape: shape) }
    let pinned = try wide.withUnsafeBytes { try Tensor.fromBytes($0, shape: shape, type: .int64, pinned: true) }
    return try pinned.to(device: images.device, nonBlocking: true)
  }
}
