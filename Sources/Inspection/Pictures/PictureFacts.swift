import Datasets
import Foundation
import Foundations
import Imaging
import Loading

/// What is seen of one sample's image and mask when they are opened.
struct PictureFacts: Sendable {
  let width: Int
  let height: Int
  /// Without opacity.
  let channels: Int
  let bitDepth: Int
  /// What its pixels do not show, and what they show too little of.
  let remarks: [ImageRemark]
  /// What tells whether it is the same as another, or nearly.
  let signature: ImageSignature
  let mask: MaskFacts?
  /// What its mask files say beside their pixels; nil without such files.
  let maskFiles: MaskFileFacts?
  /// The pixels that are evaluated, where a mask says which.
  let evaluatedPixels: Int?
}

/// What is seen of one mask.
struct MaskFacts: Sendable {
  /// Pixels of the object, and all that count.
  let object: Int
  let counted: Int
  /// Of several classes the pixels of each; empty for one object.
  let ofClasses: [Int]
  /// Pixels of more than one class.
  let shared: Int
  /// Pixels of the object among the outermost ones, 0...1.
  let borderShare: Double
  /// The first 16 hexadecimal digits of the SHA-256 of its pixels.
  let digest: String
  /// The values of its files that nothing names, with their pixels. What is no whole number stands under nil.
  let unexpected: [Int?: Int]
  /// Whether a file of it that numbers its classes is a picture of colors, whose luma is taken for numbers.
  let isColored: Bool
  /// Whether such a file is of a format that keeps no numbers.
  let isLossy: Bool
}

/// What the mask files of one sample say beside their pixels.
struct MaskFileFacts: Sendable {
  /// The most pictures that one of them holds, whatever it is for.
  let pictures: Int
  /// Whether one that a network learns is of a format that keeps no numbers, as JPEG.
  let isLossy: Bool
  /// Whether the image and its mask are turned upright by different amounts.
  let isTurnedOtherwise: Bool
  /// Whether the mask is its image: the same file, or one of the same bytes.
  let isImage: Bool
}

extension PictureFacts {
  /// Opens a sample.
  ///
  /// - Parameters:
  ///   - known: the values that its label files may have; nil where any may be.
  ///   - cache: spares the decoding of what it has.
  /// - Throws: as readers do, with a mask of another size than its image among it.
  init(_ sample: Sample, known: Set<Int>?, cache: SampleCache?) throws {
    // What a file says besides its pixels is in no cache; where only decoding tells it, the file is decoded.
    let picture: RemarkedPicture
    if let cached = try cache?.wholeImage(of: sample), let stated = try sample.image.statedRemarks() {
      picture = RemarkedPicture(pixels: cached, remarks: stated + cached.contentRemarks)
    } else {
      picture = try sample.image.readRemarked()
    }
    let mask = try sample.mask?.read(for: picture.pixels, of: sample.id)
    try self.init(sample, picture, mask, known: known)
  }

  /// Of a sample that is open.
  init(_ sample: Sample, _ picture: RemarkedPicture, _ mask: Mask?, known: Set<Int>?) throws {
    let image = picture.pixels
    (width, height, channels, bitDepth, remarks) = (image.width, image.height, image.colorChannels, image.bitDepth, picture.remarks)
    signature = try ImageSignature(image)
    self.mask = try mask.flatMap { mask in try sample.mask.map { try MaskFacts(mask, of: $0, known: known) } }
    maskFiles = try MaskFileFacts(sample, statesOrientation: remarks.contains { $0.kind == .statedOrientation })
    evaluatedPixels = try sample.masks(.fieldOfView)?.read(for: image, of: sample.id).foregroundCount
    // Nothing is asked of a second observer's mask but that it can be read.
    _ = try sample.masks(.secondObserver)?.read(for: image, of: sample.id)
  }
}

extension MaskFileFacts {
  /// - Parameter statesOrientation: Whether the image's file says that its picture is not upright.
  init?(_ sample: Sample, statesOrientation: Bool) throws {
    let truth = sample.mask?.pictureFiles ?? [], all = MaskRole.allCases.flatMap { sample.masks($0)?.pictureFiles ?? [] }
    if all.isEmpty { return nil }
    let own = try truth.map { try FileStatement($0) }, others = try all.dropFirst(truth.count).map { try FileStatement($0) }
    pictures = (own + others).map(\.pictures).max() ?? 1
    isLossy = own.contains(where: \.isLossy)
    let image = statesOrientation && sample.image.orientation != .asStored ? try sample.image.files.first.map { try FileStatement($0).orientation } ?? 1 : 1
    // Masks are always turned as their files state.
    isTurnedOtherwise = own.contains { $0.orientation != image }
    isImage = try truth.contains { mask in try sample.image.files.contains { try Self.isSame($0, mask) } }
  }

  private static func isSame(_ first: URL, _ second: URL) throws -> Bool {
    if first.resolvingSymlinksInPath() == second.resolvingSymlinksInPath() { return true }
    guard let size = try byteCount(ofFile: first.path), try size == byteCount(ofFile: second.path) else { return false }
    return FileManager.default.contentsEqual(atPath: first.path, andPath: second.path)
  }
}

extension MaskReference {
  /// Its files of one picture each: volumes and arrays have pictures of their own, which are chosen.
  fileprivate var pictureFiles: [URL] {
    regions.compactMap { region in
      switch region {
      case .file(let file, _): file
      case .labels(let plane, _): plane.selection == .whole ? plane.file : nil
      case .runLengths, .polygons: nil
      }
    }
  }
}

extension MaskFacts {
  init(_ mask: Mask, of reference: MaskReference, known: Set<Int>?) throws {
    object = mask.foregroundCount
    counted = mask.values.count - (try reference.readIgnored().map(\.foregroundCount) ?? 0)
    ofClasses = reference.classes.map { mask.classCounts($0.names.count, coding: $0.coding) } ?? []
    shared =
      reference.classes.map { classes in
        classes.coding == .exclusive ? 0 : mask.values.reduce(0) { $1.nonzeroBitCount > 1 ? $0 + 1 : $0 }
      } ?? 0
    borderShare = mask.borderShare
    digest = String(Digest.sha256Hex(of: Data(mask.values)).prefix(16))
    var unexpected = [Int?: Int](), isColored = false, isLossy = false
    if let known {
      // Each file once, whatever classes its levels are.
      var seen = Set<MaskReference.Region>()
      for region in reference.regions where seen.insert(region.withoutLevels).inserted {
        guard let levels = try region.levels() else { continue }
        for (level, count) in levels.counts where level.map({ !known.contains($0) }) ?? true { unexpected[level, default: 0] += count }
        isColored = isColored || levels.isColored
        isLossy = isLossy || levels.isLossy
      }
    }
    (self.unexpected, self.isColored, self.isLossy) = (unexpected, isColored, isLossy)
  }
}

extension MaskReference.Region {
  /// What of it is read, whichever levels are object.
  fileprivate var withoutLevels: Self {
    switch self {
    case .file(let file, .levels): .file(file, threshold: .levels([]))
    case .labels(let plane, _): .labels(plane, values: [])
    case .file, .runLengths, .polygons: self
    }
  }

  /// The values of a file that numbers its classes; nil for other regions.
  fileprivate func levels() throws -> StoredLabels? {
    switch self {
    case .labels(let plane, _):
      // A volume is counted once, with its first slice.
      if case .slice(let index, _, _) = plane.selection, index > 0 { return nil }
      return StoredLabels(counts: try Mask.labelCounts(plane.file, plane.selection))
    case .file(let file, .levels):
      return try StoredLabels(file)
    case .file, .runLengths, .polygons: return nil
    }
  }
}
