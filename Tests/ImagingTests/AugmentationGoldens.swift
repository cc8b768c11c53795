import Foundation

@testable import Imaging

/// What Tools/goldens/augmentation.py wrote: what torchvision 0.28.0 and albumentations 0.4.3 do to `smooth(width:height:)`.
///
/// Of each image every `stride`-th pixel of every `stride`-th row is there.
struct AugmentationGoldens: Decodable {
  struct Evaluation: Decodable {
    let width, height: Int
    let center: String
    let ten: [String]
  }

  struct Training: Decodable {
    let region: [Int]
    let flip: Bool
    let degrees: Double
    let pixels: String
  }

  struct Photometry: Decodable {
    let contrast, brightness, gamma: Float?
    let image: String
  }

  struct Elastic: Decodable {
    let seed: UInt64
    let image, mask: String
  }

  struct Grid: Decodable {
    let columns, rows: [Double]
    let image, mask: String
  }

  struct Optical: Decodable {
    let k, dx, dy: Double
    let image, mask: String
  }

  struct SizedCrop: Decodable {
    let height: Int
    let row, column: Double
    let image, mask, cornerMask: String
  }

  struct Whole: Decodable {
    let seed: UInt64
    let stages: [String]
    let image, mask: String
  }

  let stride: Int
  let evaluation: Evaluation
  let training: [Training]
  let photometry: [Photometry]
  let elastic: [Elastic]
  let grid: [Grid]
  let optical: [Optical]
  let sizedCrop: [SizedCrop]
  let float: String
  let wholes: [Whole]

  static func read() throws -> AugmentationGoldens { try Goldens.decode(AugmentationGoldens.self, from: "augmentation.json") }

  /// The pixels that are kept of an image, as bytes.
  func sampled(_ image: FloatImage) throws -> [UInt8] { sampled(try bytes(of: image), width: image.width) }

  func sampled(_ mask: Mask) -> [UInt8] { sampled(mask.values, width: mask.width) }

  private func sampled(_ values: [UInt8], width: Int) -> [UInt8] {
    values.indices.filter { $0 / width % stride == 0 && $0 % width % stride == 0 }.map { values[$0] }
  }
}

/// The picture of augmentation.py: folded parabolas, up to 10 gray levels a pixel, so that places rounded to 1/32 pixel, as
/// OpenCV rounds them, are no gray level away.
func smooth(width: Int, height: Int) throws -> PixelBuffer {
  let samples = (0..<width * height).map { index -> UInt8 in
    let (x, y) = (index % width, index / width)
    return UInt8(255 - abs((x * x + 2 * y * y + x * y) / 64 % 510 - 255))
  }
  return try PixelBuffer(width: width, height: height, channels: 1, bitDepth: 8, samples: .bytes(samples))
}
