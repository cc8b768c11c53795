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
    thumbnail = plane.map { UInt8((($0 - low) * scale).rounded()) }
  }

  /// The normalized cross-correlation of two thumbnails, −1…1, the second one mirrored left to right where that is asked for.
  func correlation(with other: ImageSignature, mirrored: Bool) -> Double {
    let side = PerceptualHash.side, count = Double(side * side)
    var sums = (first: 0, second: 0, firstSquares: 0, secondSquares: 0, products: 0)
    thumbnail.withUnsafeBufferPointer { first in
      other.thumbnail.withUnsafeBufferPointer { second in
        for y in 0..<side {
          for x in 0..<side {
            let a = Int(first[y &* side &+ x]), b = Int(second[y &* side &+ (mirrored ? side &- 1 &- x : x)])
            sums.first &+= a
            sums.second &+= b
            sums.firstSquares &+= a &* a
            sums.secondSquares &+= b &* b
            sums.products &+= a &* b
          }
        }
      }
    }
    let covariance = Double(sums.products) - Double(sums.first) * Double(sums.second) / count
    let spread =
      (Double(sums.firstSquares) - Double(sums.first) * Double(sums.first) / count)
      * (Double(sums.secondSquares) - Double(sums.second) * Double(sums.second) / count)
    return spread > 0 ? covariance / spread.squareRoot() : 0
  }
}

/// cos(π t)
func cosine(_ halfTurns: Double) -> Double { cos(Double.pi * halfTurns) }
