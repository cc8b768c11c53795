/// Something about one picture that its pixels do not show, which whoever counts on them has to know: it was read, and not as its file
/// asks, or there is less in it than it seems.
public struct ImageRemark: Sendable, Hashable, Codable {
  public enum Kind: String, Sendable, Hashable, Codable, CaseIterable {
    /// A lookup table, window or padding value of a DICOM file cannot be used; the next one is.
    case displayElementPassedOver
    /// A rescale slope of 0, which counts as 1.
    case zeroSlope
    /// The file holds several pictures and no choice was made: the first is read.
    case severalPictures
    /// The file states an orientation other than upright, and is turned or was asked for as stored.
    case statedOrientation
    /// All pixels have one brightness.
    case oneBrightness
    /// The pixels use less than an eighth of the range between black and white.
    case narrowRange
  }

  public let kind: Kind
  /// A clause without a full stop, such as “its rescale slope is 0, which counts as 1”.
  public let words: String

  public init(_ kind: Kind, _ words: String) {
    self.kind = kind
    self.words = words
  }
}

extension ImageRemark {
  static func severalPictures(_ count: Int) -> ImageRemark {
    ImageRemark(.severalPictures, "it holds \(count) pictures, of which the first is read")
  }
}

/// A picture with what is to be said about it.
public struct RemarkedPicture: Sendable {
  public let pixels: PixelBuffer
  public let remarks: [ImageRemark]
}

extension PixelBuffer {
  /// The share of the range from black to white that lies between the least and the greatest sample, 0...1; opacity left out.
  public var usedShareOfRange: Double {
    let range = extremes
    return Double(range.upperBound - range.lowerBound) / Double(maximum)
  }

  /// The least and the greatest sample of all channels but opacity.
  public var extremes: ClosedRange<Int> {
    func found<Sample: FixedWidthInteger>(_ values: [Sample]) -> ClosedRange<Int> {
      var (least, greatest) = (Sample.max, Sample.min)
      for (index, value) in values.enumerated() where !hasAlpha || index % channels != channels - 1 {
        least = min(least, value)
        greatest = max(greatest, value)
      }
      return Int(least)...Int(greatest)
    }
    switch samples {
    case .bytes(let values): return found(values)
    case .words(let values): return found(values)
    }
  }

  /// A remark where the picture is of one brightness, or uses less than an eighth of the range of a depth above 8 bits.
  ///
  /// 8-bit pictures are not judged by the second: a dark photograph is one, while 12 bits in 16 are an unused scale.
  public var contentRemarks: [ImageRemark] {
    let range = extremes
    if range.lowerBound == range.upperBound {
      return [ImageRemark(.oneBrightness, "all its pixels have the brightness \(range.lowerBound) of \(maximum)")]
    }
    guard bitDepth > 8, usedShareOfRange < 0.125 else { return [] }
    let share = (usedShareOfRange * 1000).rounded() / 10
    return [ImageRemark(.narrowRange, "it uses \(share) % of the range from black to white: \(range.lowerBound) to \(range.upperBound) of \(maximum)")]
  }
}
