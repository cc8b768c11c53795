internal import Foundation
public import Torch

/// From a pixel of the view to the place it is read at, both from the image's center: x' = a x + b y + c, y' = d x + e y + f, in pixels.
public struct PixelMap: Hashable, Sendable {
  var a, b, c, d, e, f: Double

  /// Turned by degrees, against the clock for positive ones.
  public static func rotation(degrees: Double) -> PixelMap {
    let angle = degrees * .pi / 180
    return PixelMap(a: cos(angle), b: -sin(angle), c: 0, d: sin(angle), e: cos(angle), f: 0)
  }

  /// Read at x + factor · y, from the upper left corner, in an image of this height.
  public static func horizontalShear(factor: Double, height: Int, width: Int) -> PixelMap {
    PixelMap(a: 1, b: factor, c: factor * Double(height) / 2, d: 0, e: 1, f: 0)
  }

  /// Read at y + factor · x, from the upper left corner.
  public static func verticalShear(factor: Double, height: Int, width: Int) -> PixelMap {
    PixelMap(a: 1, b: 0, c: 0, d: factor, e: 1, f: factor * Double(width) / 2)
  }

  /// Read so many pixels to the right and below: the picture moves to the left and up.
  public static func shift(x: Double, y: Double) -> PixelMap { PixelMap(a: 1, b: 0, c: x, d: 0, e: 1, f: y) }
}

/// Each image read by its own map, bilinearly; what lies outside is of the fill's color. torchvision's `affine` with a fill.
///
/// - Parameters:
///   - images: `[batch, channels, height, width]`
///   - fill: a brightness for each channel.
public func mapped(_ images: Tensor, by maps: [PixelMap], fill: [Double]) throws -> Tensor {
  let (batch, channels, height, width) = (images.shape[0], images.shape[1], images.shape[2], images.shape[3])
  let (h, w) = (Double(height), Double(width))
  // libtorch's places run from −1 to 1 over the whole side.
  let theta = maps.flatMap { map -> [Double] in
    let first: [Double] = [map.a, map.b * h / w, map.c * 2 / w]
    let second: [Double] = [map.d * w / h, map.e, map.f * 2 / h]
    return first + second
  }
  let grid = try affineGrid2d(Tensor.placed(theta, shape: [batch, 2, 3], like: images), shape: images.shape)
  let ones = try images.narrow(along: 1, start: 0, count: 1).onesLike()
  let read = try gridSample2d(cat([images, ones], along: 1), grid: grid)
  let mask = try read.narrow(along: 1, start: channels, count: 1)
  let color = try Tensor.placed(fill, shape: [1, channels, 1, 1], like: images)
  return try read.narrow(along: 1, start: 0, count: channels) * mask + color * (1 - mask)
}
