/// How one number a pixel says which of several classes are there. Masks of codes are resized, cut and warped as masks of one object are,
/// by the nearest pixel.
public enum MaskCoding: String, Sendable, Hashable, Codable {
  /// A pixel is of one class at most: the class's place from 1, and 0 for none.
  case exclusive
  /// A pixel is of any classes: the bit of each class's place, from the lowest.
  case overlapping

  /// As many classes as the numbers can tell.
  public var greatestCount: Int { self == .exclusive ? 255 : 8 }

  /// Whether a code says that a pixel is of a class.
  ///
  /// - Parameter place: the class's, from 0.
  public func contains(_ place: Int, in code: UInt8) -> Bool {
    self == .exclusive ? Int(code) == place + 1 : code & (1 << UInt8(place)) != 0
  }
}

extension Mask {
  /// Pixels that are of two classes where no pixel may be.
  public struct Overlap: Error, Hashable {
    /// The places of the classes, from 0.
    public let first: Int
    public let second: Int
    /// How many pixels are of these two.
    public let pixelCount: Int
  }

  /// The codes of several classes.
  ///
  /// - Parameter classes: a mask of each class, 0 or 1, all of one size; at most `coding.greatestCount`, and one at least.
  /// - Throws: `Overlap` where pixels are of two classes that exclude each other, of the two that share the most pixels;
  ///   `ImagingError.invalidGeometry` for masks of unlike sizes, and for none or too many.
  public init(classes: [Mask], coding: MaskCoding) throws {
    guard let first = classes.first, classes.count <= coding.greatestCount else {
      throw ImagingError.geometry(
        "A mask cannot have \(classes.count) classes.", remedy: "Give one at least, and at most \(coding.greatestCount).")
    }
    var codes = [UInt8](repeating: 0, count: first.values.count), shared = [Int: Int]()
    for (place, mask) in classes.enumerated() {
      guard mask.width == first.width, mask.height == first.height else {
        throw ImagingError.geometry(
          "A mask of \(mask.width) × \(mask.height) pixels cannot be put together with one of \(first.width) × \(first.height).",
          remedy: "Give masks of one size.")
      }
      for (pixel, value) in mask.values.enumerated() where value != 0 {
        switch coding {
        case .overlapping: codes[pixel] |= 1 << UInt8(place)
        case .exclusive:
          if codes[pixel] != 0 { shared[Int(codes[pixel] - 1) * classes.count + place, default: 0] += 1 } else { codes[pixel] = UInt8(place + 1) }
        }
      }
    }
    // Of equal counts the first pair, so that nothing depends on the order of a dictionary.
    if let most = shared.max(by: { ($0.value, $1.key) < ($1.value, $0.key) }) {
      throw Overlap(first: most.key / classes.count, second: most.key % classes.count, pixelCount: most.value)
    }
    self.init(width: first.width, height: first.height, trusted: codes)
  }

  /// A mask that holds codes.
  ///
  /// - Throws: `ImagingError.invalidGeometry` where the numbers do not fit together.
  public init(width: Int, height: Int, codes: [UInt8]) throws {
    guard isFilled([height, width], by: codes.count) else { throw ImagingError.wrongSampleCount(codes.count, shape: [height, width]) }
    self.init(width: width, height: height, trusted: codes)
  }

  /// The pixels of one class, 0 or 1.
  ///
  /// - Parameter place: the class's, from 0.
  public func ofClass(_ place: Int, coding: MaskCoding) -> Mask {
    Mask(width: width, height: height, trusted: values.map { coding.contains(place, in: $0) ? 1 : 0 })
  }

  /// How many pixels are of each class.
  public func classCounts(_ count: Int, coding: MaskCoding) -> [Int] {
    var ofCode = [Int](repeating: 0, count: 256)
    for value in values { ofCode[Int(value)] += 1 }
    return (0..<count).map { place in
      ofCode.indices.reduce(0) { coding.contains(place, in: UInt8($1)) ? $0 + ofCode[$1] : $0 }
    }
  }
}
