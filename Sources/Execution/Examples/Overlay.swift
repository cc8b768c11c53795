import Foundations
import Imaging

/// A gray picture with color over it, for a few small illustrations.
struct Overlay {
  /// Sky blue and orange of Okabe and Ito's palette, which readers with any color vision tell apart; and white.
  static let truth: (UInt8, UInt8, UInt8) = (86, 180, 233)
  static let prediction: (UInt8, UInt8, UInt8) = (230, 159, 0)
  static let both: (UInt8, UInt8, UInt8) = (255, 255, 255)

  let width: Int
  let height: Int
  /// Three bytes a pixel.
  private(set) var bytes: [UInt8]

  /// - Parameter gray: `[height × width]` in 0...1; other values are cut.
  init(gray: [Float], width: Int, height: Int) {
    self.width = width
    self.height = height
    bytes = gray.flatMap { value in
      let level = UInt8((min(max(value.isFinite ? value : 0, 0), 1) * 255).rounded())
      return [level, level, level]
    }
  }

  /// Draws the outlines of two masks: the pixels of each with one of their four neighbors outside of it.
  mutating func drawOutlines(truth: [Bool], prediction: [Bool]) { drawOutlines(truth: [truth], prediction: [prediction]) }

  /// The same for the masks of several classes.
  mutating func drawOutlines(truth: [[Bool]], prediction: [[Bool]]) {
    func any(_ masks: [[Bool]]) -> [Bool] {
      masks.map(boundary).reduce([Bool](repeating: false, count: width * height)) { zip($0, $1).map { $0 || $1 } }
    }
    let (first, second) = (any(truth), any(prediction))
    for pixel in 0..<width * height where first[pixel] || second[pixel] {
      set(pixel, first[pixel] && second[pixel] ? Self.both : first[pixel] ? Self.truth : Self.prediction)
    }
  }

  /// Lays heat over the picture: the more, the hotter.
  ///
  /// - Parameter heat: `[height × width]` in 0...1.
  mutating func drawHeat(_ heat: [Float]) {
    for pixel in 0..<width * height {
      let value = min(max(heat[pixel], 0), 1), share = 0.65 * value
      let color = Self.heatColor(value)
      for channel in 0..<3 {
        let mixed = Float(bytes[3 * pixel + channel]) * (1 - share) + color[channel] * share
        bytes[3 * pixel + channel] = UInt8(mixed.rounded())
      }
    }
  }

  func pixelBuffer() throws -> PixelBuffer {
    try PixelBuffer(width: width, height: height, channels: 3, bitDepth: 8, samples: .bytes(bytes))
  }

  /// From black over violet and orange to pale yellow: its lightness rises throughout, so it reads in gray and with any color vision.
  private static func heatColor(_ value: Float) -> [Float] {
    let stops: [[Float]] = [[0, 0, 4], [87, 16, 110], [188, 55, 84], [249, 142, 9], [252, 255, 164]]
    let place = value * Float(stops.count - 1)
    let below = min(Int(place), stops.count - 2), share = place - Float(below)
    return (0..<3).map { stops[below][$0] * (1 - share) + stops[below + 1][$0] * share }
  }

  private mutating func set(_ pixel: Int, _ color: (UInt8, UInt8, UInt8)) {
    (bytes[3 * pixel], bytes[3 * pixel + 1], bytes[3 * pixel + 2]) = color
  }

  private func boundary(_ mask: [Bool]) -> [Bool] {
    mask.indices.map { index in
      guard mask[index] else { return false }
      let (x, y) = (index % width, index / width)
      return x == 0 || y == 0 || x == width - 1 || y == height - 1
        || !mask[index - 1] || !mask[index + 1] || !mask[index - width] || !mask[index + width]
    }
  }
}
