public import Foundation

/// A binary mask: `[height, width]`, 1 where the object is and 0 elsewhere.
public struct Mask: Sendable, Equatable {
  /// Which grey levels of a mask file are object. Colors count by their luma.
  public enum Threshold: Sendable, Hashable, Codable {
    /// Files mean different things by their levels, so the levels decide:
    /// - none above 1: every level above 0 (DRIVE's second observer, label files);
    /// - exactly two levels: the higher (palette files, files that number their classes);
    /// - otherwise: every level above half of the range, so above 127 of 255 (edges softened by resizing).
    case automatic
    /// Every level above 0, as the 2021 benchmark reads Montgomery's masks.
    case nonZero
    /// Every level above this one, in the file's own unit; 127 is how the 2021 benchmark reads DRIVE's.
    case above(Int)
  }

  /// In pixels.
  public let width: Int
  /// In pixels.
  public let height: Int
  /// 0 or 1, row by row from the top.
  public let values: [UInt8]

  /// Every value but 0 becomes 1. Throws `ImagingError.invalidGeometry` where the numbers do not fit together.
  public init(width: Int, height: Int, values: [UInt8]) throws {
    guard isFilled([height, width], by: values.count) else {
      throw ImagingError.wrongSampleCount(values.count, shape: [height, width])
    }
    self.init(width: width, height: height, trusted: values.map { $0 == 0 ? 0 : 1 })
  }

  init(width: Int, height: Int, trusted values: [UInt8]) {
    self.width = width
    self.height = height
    self.values = values
  }

  /// The object of a mask file.
  public init(_ buffer: PixelBuffer, threshold: Threshold = .automatic) {
    let levels = greyLevels(of: buffer)
    let limit: Int
    switch threshold {
    case .automatic: limit = automaticLimit(levels, maximum: buffer.maximum)
    case .nonZero: limit = 0
    case .above(let level): limit = level
    }
    self.init(width: buffer.width, height: buffer.height, trusted: levels.map { Int($0) > limit ? 1 : 0 })
  }

  /// The pixels of a grey image, or of an RGB image's luma, that lie above a level.
  public init(_ image: FloatImage, above level: Float = 0.5) {
    let grey = image.luma()
    self.init(
      width: grey.width, height: grey.height, trusted: grey.values.prefix(grey.width * grey.height).map { $0 > level ? 1 : 0 })
  }

  /// Reads a mask file. Throws `ImagingError`, which names the file.
  public static func read(_ url: URL, threshold: Threshold = .automatic) throws -> Mask {
    Mask(try ImageFile.read(url), threshold: threshold)
  }

  /// The number of object pixels.
  public var foregroundCount: Int { values.reduce(0) { $0 + Int($1) } }

  /// 0 and 1 as an image of one channel, as the losses take it.
  public func floatImage() -> FloatImage {
    FloatImage(width: width, height: height, channels: 1, trusted: values.map(Float.init))
  }
}

/// One grey level a pixel: the sample itself, or the luma of its color in the fixed-point form that Pillow uses.
private func greyLevels(of buffer: PixelBuffer) -> [UInt16] {
  switch buffer.samples {
  case .bytes(let samples): return greyLevels(samples, channels: buffer.channels)
  case .words(let samples): return greyLevels(samples, channels: buffer.channels)
  }
}

private func greyLevels<Sample: FixedWidthInteger & UnsignedInteger>(_ samples: [Sample], channels: Int) -> [UInt16] {
  stride(from: 0, to: samples.count, by: channels).map { index in
    guard channels > 2 else { return UInt16(samples[index]) }
    let (red, green, blue) = (UInt32(samples[index]), UInt32(samples[index + 1]), UInt32(samples[index + 2]))
    return UInt16((red * 19595 + green * 38470 + blue * 7471 + 0x8000) >> 16)
  }
}

private func automaticLimit(_ levels: [UInt16], maximum: Int) -> Int {
  guard let lowest = levels.min(), let highest = levels.max(), highest > 1 else { return 0 }
  let isTwoLevel = lowest < highest && levels.allSatisfy { $0 == lowest || $0 == highest }
  return isTwoLevel ? Int(lowest) : maximum / 2
}
