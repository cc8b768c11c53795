import Foundation
import Foundations
package import Imaging

/// What tells whether two images are the same, or nearly: 4 KB an image.
package struct ImageSignature: Sendable {
  /// SHA-256 of the size, the depth and the decoded samples: equal only for images that are equal in every pixel.
  package let pixelDigest: [UInt8]
  let hash: PerceptualHash
  /// 64 × 64 brightnesses from the image's darkest to its brightest, row by row.
  let thumbnail: [UInt8]
  /// Of the thumbnail, for every comparison.
  private let sum: Int
  private let squares: Int
  /// Whether the image is of one brightness, which says nothing of where it comes from.
  package let isUniform: Bool

  package init(_ buffer: PixelBuffer) throws {
    let hasher = Digest.Hasher()
    hasher.update(Data("\(buffer.width) \(buffer.height) \(buffer.channels) \(buffer.bitDepth) ".utf8))
    switch buffer.samples {
    case .bytes(let bytes): bytes.withUnsafeBytes { hasher.update($0) }
    case .words(let words): words.withUnsafeBytes { hasher.update($0) }
    }
    pixelDigest = hasher.finalize()
    let side = PerceptualHash.side
    let plane = try FloatImage(buffer).luma().resized(width: side, height: side, filter: .bilinearAntialiased).values
    hash = PerceptualHash(plane: plane)
    let low = plane.min() ?? 0, high = plane.max() ?? 0
    // Less than one of 256 levels is no picture.
    isUniform = high - low < 1 / 256
    let scale: Float = high > low ? 255 / (high - low) : 0
    let thumbnail = plane.map { UInt8((($0 - low) * scale).rounded()) }
    self.thumbnail = thumbnail
    sum = thumbnail.reduce(0) { $0 + Int($1) }
    squares = thumbnail.reduce(0) { $0 + Int($1) * Int($1) }
  }

  /// The normalized cross-correlation of two thumbnails, −1…1, the second one mirrored left to right where that is asked for.
  package func correlation(with other: ImageSignature, mirrored: Bool) -> Double {
    let side = PerceptualHash.side, count = Double(side * side)
    // 4,096 products of bytes are less than 2³¹.
    var products: Int32 = 0
    thumbnail.withUnsafeBufferPointer { first in
      other.thumbnail.withUnsafeBufferPointer { second in
        if mirrored {
          for y in 0..<side {
            let row = y &* side
            for x in 0..<side { products &+= Int32(first[row &+ x]) &* Int32(second[row &+ side &- 1 &- x]) }
          }
        } else {
          for place in 0..<side &* side { products &+= Int32(first[place]) &* Int32(second[place]) }
        }
      }
    }
    let covariance = Double(products) - Double(sum) * Double(other.sum) / count
    let spread = (Double(squares) - Double(sum) * Double(sum) / count) * (Double(other.squares) - Double(other.sum) * Double(other.sum) / count)
    return spread > 0 ? covariance / spread.squareRoot() : 0
  }
}

/// cos(π t)
package func cosine(_ halfTurns: Double) -> Double { cos(Double.pi * halfTurns) }
