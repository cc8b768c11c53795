public import Foundation

/// A mask: `[height, width]`, 1 where the object is and 0 elsewhere. Of several classes a code a pixel, which `MaskCoding` reads; 0 is no class.
public struct Mask: Sendable, Equatable {
  /// Which grey levels of a mask file are object. Colors count by their luma.
  public enum Threshold: Sendable, Hashable, Codable {
    /// The levels of this one file decide:
    /// - none above 1: every level above 0 (DRIVE's second observer, label files);
    /// - exactly two levels: the higher (palette files, files that number their classes);
    /// - otherwise: every level above half of the range, so above 127 of 255 (edges softened by resizing).
    ///
    /// Right only where all files of a source say the same, which `MaskUnderstanding` makes sure of before any is used.
    case automatic
    /// Every level above 0, as the 2021 benchmark reads Montgomery's masks.
    case nonZero
    /// Every level above this one, in the file's own unit; 127 is how the 2021 benchmark reads DRIVE's.
    case above(Int)
    /// The same for files of fractional numbers.
    case aboveNumber(Double)
    /// These levels: a file that numbers its classes.
    case levels(Set<Int>)
    /// Every opacity above this one, or above half of the range where none is named, whatever the colors. A file without has no object.
    case opacity(above: Int?)
    /// The colors that differ from this one, 0xRRGGBB, by less than a quarter of the range in each channel.
    case color(Int)
  }

  /// In pixels.
  public let width: Int
  /// In pixels.
  public let height: Int
  /// 0 or 1, of several classes the codes; row by row from the top.
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
    let values: [UInt8]
    switch threshold {
    case .automatic:
      let levels = greyLevels(of: buffer), limit = automaticLimit(levels, maximum: buffer.maximum)
      values = levels.map { Int($0) > limit ? 1 : 0 }
    case .nonZero: values = greyLevels(of: buffer).map { $0 > 0 ? 1 : 0 }
    case .above(let limit): values = greyLevels(of: buffer).map { Int($0) > limit ? 1 : 0 }
    case .aboveNumber(let limit): values = greyLevels(of: buffer).map { Double($0) > limit ? 1 : 0 }
    case .levels(let object): values = greyLevels(of: buffer).map { object.contains(Int($0)) ? 1 : 0 }
    case .opacity(let level):
      let limit = level ?? buffer.maximum / 2
      values =
        buffer.hasAlpha
        ? channel(buffer.channels - 1, of: buffer).map { Int($0) > limit ? 1 : 0 } : [UInt8](repeating: 0, count: buffer.width * buffer.height)
    case .color(let color): values = near(color, in: buffer)
    }
    self.init(width: buffer.width, height: buffer.height, trusted: values)
  }

  /// The pixels of a grey image, or of an RGB image's luma, that lie above a level.
  public init(_ image: FloatImage, above level: Float = 0.5) {
    let grey = image.luma()
    self.init(
      width: grey.width, height: grey.height, trusted: grey.values.prefix(grey.width * grey.height).map { $0 > level ? 1 : 0 })
  }

  /// Reads a mask file by the numbers that it stores. Throws `ImagingError`, which names the file; also for fractional numbers of which no
  /// threshold says which are object.
  public static func read(_ url: URL, threshold: Threshold = .automatic) throws -> Mask {
    let picture = try MaskPicture(url)
    if let buffer = picture.samples { return Mask(buffer, threshold: threshold) }
    let values: [UInt8]
    switch threshold {
    case .automatic:
      let levels = try picture.levels(), limit = Int32(MaskLevels(counting: levels).ownLimit)
      values = levels.map { $0 > limit ? 1 : 0 }
    case .nonZero: values = picture.values(above: 0)
    case .above(let limit): values = picture.values(above: Double(limit))
    case .aboveNumber(let limit): values = picture.values(above: limit)
    case .levels(let object): values = (picture.labels() ?? []).map { level in level.map { object.contains(Int($0)) } == true ? 1 : 0 }
    case .opacity, .color: return Mask(try picture.buffer(), threshold: threshold)
    }
    return Mask(width: picture.width, height: picture.height, trusted: values)
  }

  /// The number of object pixels, of any class.
  public var foregroundCount: Int { values.reduce(0) { $1 == 0 ? $0 : $0 + 1 } }

  /// 0 and 1 as an image of one channel, as the losses take it.
  public func floatImage() -> FloatImage {
    FloatImage(width: width, height: height, channels: 1, trusted: values.map(Float.init))
  }
}

/// One grey level a pixel: the sample itself, or the luma of its color in the fixed-point form that Pillow uses.
func greyLevels(of buffer: PixelBuffer) -> [UInt16] {
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

/// One channel's samples.
func channel(_ index: Int, of buffer: PixelBuffer) -> [UInt16] {
  switch buffer.samples {
  case .bytes(let samples): return stride(from: index, to: samples.count, by: buffer.channels).map { UInt16(samples[$0]) }
  case .words(let samples): return stride(from: index, to: samples.count, by: buffer.channels).map { samples[$0] }
  }
}

/// 1 where each channel differs from the color's by less than a quarter of the range.
private func near(_ color: Int, in buffer: PixelBuffer) -> [UInt8] {
  let maximum = buffer.maximum, wanted = [16, 8, 0].map { (color >> $0 & 0xFF) * maximum / 255 }
  let channels = (0..<3).map { channel(buffer.colorChannels == 3 ? $0 : 0, of: buffer) }
  return (0..<buffer.width * buffer.height).map { place in
    (0..<3).allSatisfy { 4 * abs(Int(channels[$0][place]) - wanted[$0]) < maximum } ? 1 : 0
  }
}
