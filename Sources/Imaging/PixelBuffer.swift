/// An image as its file stores it: unsigned samples, interleaved, rows from the top: `[height, width, channels]`.
///
/// Palettes are resolved to their colors; nothing else is changed: no scaling, no color management, no loss of depth.
public struct PixelBuffer: Sendable, Equatable {
  /// Samples of up to 8 bits are bytes, deeper ones are words.
  public enum Samples: Sendable, Equatable {
    case bytes([UInt8])
    case words([UInt16])

    public var count: Int {
      switch self {
      case .bytes(let values): return values.count
      case .words(let values): return values.count
      }
    }
  }

  /// In pixels.
  public let width: Int
  /// In pixels.
  public let height: Int
  /// 1 grey, 2 grey and alpha, 3 RGB, 4 RGBA.
  public let channels: Int
  /// Bits a sample, 1 to 16.
  public let bitDepth: Int
  public let samples: Samples

  /// Throws `ImagingError.invalidGeometry` where the numbers do not fit together.
  public init(width: Int, height: Int, channels: Int, bitDepth: Int, samples: Samples) throws {
    guard (1...4).contains(channels), isFilled([height, width, channels], by: samples.count) else {
      throw ImagingError.wrongSampleCount(samples.count, shape: [height, width, channels])
    }
    let deepest: Int
    switch samples {
    case .bytes: deepest = 8
    case .words: deepest = 16
    }
    guard (1...deepest).contains(bitDepth) else {
      throw ImagingError.geometry(
        "Samples of \(deepest) bits cannot have a depth of \(bitDepth) bits.", remedy: "Give a depth of 1 to \(deepest) bits.")
    }
    self.width = width
    self.height = height
    self.channels = channels
    self.bitDepth = bitDepth
    self.samples = samples
  }

  /// The sample that means white or full: 2^bitDepth - 1.
  public var maximum: Int { 1 << bitDepth - 1 }

  /// Whether the last channel is opacity.
  public var hasAlpha: Bool { channels == 2 || channels == 4 }

  /// 1 for grey, 3 for RGB: the channels without alpha.
  public var colorChannels: Int { channels < 3 ? 1 : 3 }

  /// The sample of a channel at column `x` and row `y`, both from the top left.
  public subscript(x: Int, y: Int, channel: Int) -> Int {
    let index = (y * width + x) * channels + channel
    switch samples {
    case .bytes(let values): return Int(values[index])
    case .words(let values): return Int(values[index])
    }
  }
}
