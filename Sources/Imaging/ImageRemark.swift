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
    /// Nearly all pixels have one brightness, as where a window is so narrow or so far off that only a spot is left.
    case nearlyOneBrightness
    /// The pixels use less than a tenth of the range between black and white.
    case narrowRange
    /// Pixels are no finite numbers, and are drawn black.
    case notFinite
    /// Every pixel is fully transparent, so that viewers show nothing; opacity is no part of what is read.
    case transparent
    /// Nothing says what is black and white: its own least and greatest number are, whatever other files have.
    case ownScale
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

  /// Of samples of which some are NaN or infinite; nil where none is.
  static func notFinite(_ count: Int, of total: Int) -> ImageRemark? {
    if count == 0 { return nil }
    // Rounded up, so that it is never none.
    let percent = (Double(count) / Double(max(total, 1)) * 1000).rounded(.up) / 10
    return ImageRemark(.notFinite, "\(count) of its \(total) samples (\(percent) %) \(count == 1 ? "is no finite number and is" : "are no finite numbers and are") drawn black")
  }

  /// Of a DICOM image whose values have a unit, as those of CT, and whose window nobody gave.
  static let withoutWindow = ImageRemark(.ownScale, "it has no window, so that its own least value is black and its greatest white")
  /// Of one whose values have none, as those of X-ray detectors: what they are in one image says nothing of another one.
  public static let withoutWindowOrUnit = ImageRemark(.ownScale, "it has no window and no unit, so that its own least value is black and its greatest white")

  /// Of measurements, such as those of a float TIFF, that are drawn from the least to the greatest.
  static func ownScale(_ range: ClosedRange<Double>) -> ImageRemark {
    // As many digits as tell a 32-bit number.
    func words(_ number: Double) -> String { Int(exactly: number).map(String.init) ?? "\(Float(number))" }
    return ImageRemark(.ownScale, "its own least number, \(words(range.lowerBound)), is black and its greatest, \(words(range.upperBound)), white")
  }

  static func statedOrientation(_ orientation: Int, isTurned: Bool) -> ImageRemark {
    ImageRemark(.statedOrientation, "it states the orientation \(orientation), and is \(isTurned ? "turned upright" : "read as stored")")
  }
}

/// A picture with what is to be said about it.
public struct RemarkedPicture: Sendable {
  public let pixels: PixelBuffer
  public let remarks: [ImageRemark]

  public init(pixels: PixelBuffer, remarks: [ImageRemark]) {
    self.pixels = pixels
    self.remarks = remarks
  }
}

/// How a picture uses the range between black and white, over all channels but opacity.
public struct BrightnessUse: Sendable, Equatable {
  /// The least and the greatest sample.
  public let range: ClosedRange<Int>
  /// The sample that occurs most often, the darkest of several.
  public let commonest: Int
  /// How many of the samples it is, 0...1.
  public let commonestShare: Double
  /// The least and the greatest of all others, where the commonest is one of the ends: what padding leaves of a picture.
  public let rest: ClosedRange<Int>?
}

extension PixelBuffer {
  /// How the picture uses its range, in one pass over its samples.
  public var brightnessUse: BrightnessUse {
    func counted<Sample: FixedWidthInteger & UnsignedInteger>(_ values: [Sample]) -> [Int] {
      var counts = [Int](repeating: 0, count: 1 << Sample.bitWidth)
      let (channels, opacity) = (channels, hasAlpha ? self.channels - 1 : -1)
      counts.withUnsafeMutableBufferPointer { counts in
        values.withUnsafeBufferPointer { values in
          if opacity < 0 {
            for value in values { counts[Int(value)] &+= 1 }
          } else {
            for index in values.indices where index % channels != opacity { counts[Int(values[index])] &+= 1 }
          }
        }
      }
      return counts
    }
    let counts: [Int]
    switch samples {
    case .bytes(let values): counts = counted(values)
    case .words(let values): counts = counted(values)
    }
    let least = counts.firstIndex { $0 > 0 } ?? 0, greatest = counts.lastIndex { $0 > 0 } ?? least
    let most = counts.max() ?? 0, total = width * height * colorChannels, commonest = counts.firstIndex(of: most) ?? 0
    var rest: ClosedRange<Int>?
    if commonest == least, let next = counts[(least + 1)...].firstIndex(where: { $0 > 0 }) { rest = next...greatest }
    if commonest == greatest, let last = counts[..<greatest].lastIndex(where: { $0 > 0 }) { rest = least...last }
    return BrightnessUse(range: least...greatest, commonest: commonest, commonestShare: Double(most) / Double(max(total, 1)), rest: rest)
  }

  /// The least and the greatest sample of all channels but opacity.
  public var extremes: ClosedRange<Int> { brightnessUse.range }

  /// The share of the range from black to white that lies between the least and the greatest sample, 0...1; opacity left out.
  public var usedShareOfRange: Double { share(of: extremes) }

  private func share(of range: ClosedRange<Int>) -> Double { Double(range.upperBound - range.lowerBound) / Double(maximum) }

  /// Pictures that use less of their range than this are remarked: 12 bits in a file of 16 use 1/16 of it.
  static let leastShare = 0.1
  /// Where more than this is one brightness, the rest is a drawing on a ground, and no picture beside its padding.
  static let mostPadding = 0.9
  /// Pictures of which more than this is one brightness are remarked.
  static let nearlyAll = 0.99

  /// A remark where the picture is of one brightness, nearly so, or uses less than a tenth of its range, all of it or all but one end; and one where no pixel of it is seen.
  public var contentRemarks: [ImageRemark] {
    brightnessRemarks + (isFullyTransparent ? [ImageRemark(.transparent, "all its pixels are fully transparent, and are read as if they were not")] : [])
  }

  private var isFullyTransparent: Bool {
    guard hasAlpha else { return false }
    func isClear<Sample: FixedWidthInteger>(_ values: [Sample]) -> Bool {
      stride(from: channels - 1, to: values.count, by: channels).allSatisfy { values[$0] == 0 }
    }
    switch samples {
    case .bytes(let values): return isClear(values)
    case .words(let values): return isClear(values)
    }
  }

  private var brightnessRemarks: [ImageRemark] {
    let use = brightnessUse, range = use.range
    if range.lowerBound == range.upperBound {
      return [ImageRemark(.oneBrightness, "all its pixels have the brightness \(range.lowerBound) of \(maximum)")]
    }
    var remarks: [ImageRemark] = []
    if use.commonestShare > Self.nearlyAll {
      // Rounded down, so that it is never all of them.
      let percent = (use.commonestShare * 1000).rounded(.down) / 10
      remarks.append(ImageRemark(.nearlyOneBrightness, "\(percent) % of its pixels have the brightness \(use.commonest) of \(maximum)"))
    }
    func percent(_ range: ClosedRange<Int>) -> Double { (share(of: range) * 1000).rounded() / 10 }
    if share(of: range) < Self.leastShare {
      remarks.append(
        ImageRemark(.narrowRange, "it uses \(percent(range)) % of the range from black to white: \(range.lowerBound) to \(range.upperBound) of \(maximum)"))
    } else if let rest = use.rest, rest.lowerBound < rest.upperBound, share(of: rest) < Self.leastShare, use.commonestShare <= Self.mostPadding {
      // As of padding far from all values, without a tag that says so. A drawing in two brightnesses has no range to use.
      remarks.append(
        ImageRemark(
          .narrowRange,
          "beside its commonest brightness \(use.commonest) it uses \(percent(rest)) % of the range from black to white: \(rest.lowerBound) to \(rest.upperBound) of \(maximum)"))
    }
    return remarks
  }
}
