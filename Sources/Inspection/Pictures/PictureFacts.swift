import Datasets
import Foundation
import Foundations
import Imaging

/// What is seen of one sample's image and mask when they are opened.
struct PictureFacts: Sendable {
  let width: Int
  let height: Int
  /// Without opacity.
  let channels: Int
  let bitDepth: Int
  /// The darkest and the brightest sample, as shown.
  let lowest: Int
  let highest: Int
  /// What tells whether it is the same as another, or nearly.
  let signature: ImageSignature
  let mask: MaskFacts?

  var isUniform: Bool { signature.isUniform }
  /// How much of the range between black and white is used, 0…1.
  var usedRange: Double { Double(highest - lowest) / Double(max(1 << bitDepth - 1, 1)) }
}

/// What is seen of one mask.
struct MaskFacts: Sendable {
  /// Pixels of the object, and all that count.
  let object: Int
  let counted: Int
  /// The first 16 hexadecimal digits of the SHA-256 of its pixels.
  let digest: String
  /// The values of its files that nothing names, with their pixels. What is no whole number stands under nil.
  let unexpected: [Int?: Int]
}

extension PictureFacts {
  /// Opens a sample.
  ///
  /// - Parameters:
  ///   - known: the values that its label files may have; nil where any may be.
  ///   - cache: spares the decoding of what it has.
  /// - Throws: as readers do, with a mask of another size than its image among it.
  init(_ sample: Sample, known: Set<Int>?, cache: SampleCache?) throws {
    let image = try cache?.wholeImage(of: sample) ?? sample.image.read()
    (width, height, channels, bitDepth) = (image.width, image.height, image.colorChannels, image.bitDepth)
    (lowest, highest) = image.extremes
    signature = try ImageSignature(image)
    mask = try sample.mask.map { try MaskFacts($0, of: sample, width: image.width, height: image.height, known: known) }
  }
}

extension MaskFacts {
  init(_ reference: MaskReference, of sample: Sample, width: Int, height: Int, known: Set<Int>?) throws {
    let mask = try reference.read(width: width, height: height, of: sample.id)
    object = mask.foregroundCount
    counted = mask.values.count - (try reference.readIgnored().map(\.foregroundCount) ?? 0)
    digest = String(Digest.sha256Hex(of: Data(mask.values)).prefix(16))
    var unexpected = [Int?: Int]()
    if let known {
      for region in reference.regions {
        for (level, count) in try region.levelCounts() ?? [:] where level.map({ !known.contains($0) }) ?? true { unexpected[level, default: 0] += count }
      }
    }
    self.unexpected = unexpected
  }
}

extension MaskReference.Region {
  /// The values of a file that numbers its classes; nil for other regions.
  fileprivate func levelCounts() throws -> [Int?: Int]? {
    switch self {
    case .labels(let plane, _):
      // A volume is counted once, with its first slice.
      if case .slice(let index, _, _) = plane.selection, index > 0 { return nil }
      return try Mask.labelCounts(plane.file, plane.selection)
    case .file(let file, .levels):
      let counts = MaskLevels(try ImageFile.read(file)).counts
      return Dictionary(uniqueKeysWithValues: counts.map { (Optional($0.key), $0.value) })
    case .file, .runLengths, .polygons: return nil
    }
  }
}

extension PixelBuffer {
  /// The least and the greatest sample without opacity.
  fileprivate var extremes: (lowest: Int, highest: Int) {
    func range<Value: FixedWidthInteger>(_ values: [Value]) -> (Int, Int) {
      guard hasAlpha else { return (Int(values.min() ?? 0), Int(values.max() ?? 0)) }
      var (lowest, highest) = (Value.max, Value.min)
      for (index, value) in values.enumerated() where index % channels < colorChannels {
        if value < lowest { lowest = value }
        if value > highest { highest = value }
      }
      return lowest > highest ? (0, 0) : (Int(lowest), Int(highest))
    }
    switch samples {
    case .bytes(let values): return range(values)
    case .words(let values): return range(values)
    }
  }
}
