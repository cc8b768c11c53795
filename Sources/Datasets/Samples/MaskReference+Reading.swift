import Foundation
import Foundations
public import Imaging

extension MaskReference {
  /// The mask of an image.
  ///
  /// - Parameters:
  ///   - image: The image as its file stores it, whose size the mask has.
  ///   - sample: What errors call the image.
  /// - Throws: `ImagingError` for a region that cannot be read, `DatasetsError` for a mask of another size than the rule allows.
  public func read(for image: PixelBuffer, of sample: String) throws -> Mask {
    try read(width: image.width, height: image.height, of: sample)
  }

  /// The same for an image of this size.
  package func read(width: Int, height: Int, of sample: String) throws -> Mask {
    let masks = try read((width, height), sample: sample).map { try fitted($0, to: (width, height), sample: sample) }
    return try withoutIgnored(joined(masks, size: { (width, height) }, sample: sample))
  }

  /// One mask of all regions: of several classes their codes.
  private func joined(_ masks: [Mask], size: () throws -> (width: Int, height: Int), sample: String) throws -> Mask {
    guard let classes else { return try united(masks, size: size) }
    let (width, height) = try masks.first.map { ($0.width, $0.height) } ?? size()
    let ofEach = try classes.names.indices.map { place in
      try united(masks.indices.filter { classes.owners[$0] == place }.map { masks[$0] }, size: { (width, height) })
    }
    do {
      return try Mask(classes: ofEach, coding: classes.coding)
    } catch let overlap as Mask.Overlap {
      throw DatasetsError.overlappingClasses(
        sample: sample, classes.names[overlap.first], classes.names[overlap.second], pixelCount: overlap.pixelCount)
    }
  }

  /// The pixels that do not count, in the size of the mask's own files; nil where all count.
  package func readIgnored() throws -> Mask? {
    guard !ignored.isEmpty else { return nil }
    var seen = Set<Source>()
    let masks = try zip(regions, sources()).compactMap { region, source -> Mask? in
      // The classes of a file that numbers them share its levels.
      guard seen.insert(source).inserted else { return nil }
      switch region {
      case .file(let file, _): return try Mask.read(file, threshold: .levels(ignored))
      case .labels(let plane, _): return try Self.read(plane, labels: ignored)
      case .runLengths, .polygons: return nil
      }
    }
    return try masks.first.map { first in try masks.dropFirst().reduce(first) { try $0.union($1) } }
  }

  private func withoutIgnored(_ mask: Mask) throws -> Mask {
    guard let ignored = try readIgnored() else { return mask }
    let fitted = (ignored.width, ignored.height) == (mask.width, mask.height) ? ignored : try ignored.resized(width: mask.width, height: mask.height)
    return try mask.subtracting(fitted)
  }

  /// The same for an image that was not read, or is no more at hand.
  ///
  /// Where all masks are files and have to be as large as the image, they say its size themselves; they were held against it when a
  /// network was shown both.
  ///
  /// - Parameter size: The image's, asked only where the masks do not say it.
  package func read(size: () throws -> (width: Int, height: Int), of sample: String) throws -> Mask {
    guard sizeRule == .exact, !regions.isEmpty, regions.allSatisfy(\.isFile) else {
      let (width, height) = try size()
      return try read(width: width, height: height, of: sample)
    }
    let masks = try read((0, 0), sample: sample), own = (width: masks[0].width, height: masks[0].height)
    return try withoutIgnored(joined(masks.map { try fitted($0, to: own, sample: sample) }, size: { own }, sample: sample))
  }

  /// A mask of each region in its own size; a file that several regions are levels of is decoded once.
  private func read(_ image: (width: Int, height: Int), sample: String) throws -> [Mask] {
    let sources = sources(), shared = Dictionary(grouping: regions.indices) { sources[$0] }
    var masks = [Int: Mask]()
    for place in regions.indices where masks[place] == nil {
      let all = shared[sources[place]] ?? [place]
      let read: [Mask]
      switch sources[place] {
      case .single: read = [try self.read(regions[place], image, sample: sample)]
      case .file(let path): read = try Mask.read(URL(fileURLWithPath: path, isDirectory: false), levelsOfEach: all.map { regions[$0].levelsOfObject })
      case .labels(let plane): read = try Mask.read(plane.file, plane.selection, labelsOfEach: all.map { regions[$0].levelsOfObject })
      }
      for (other, mask) in zip(all, read) { masks[other] = mask }
    }
    return regions.indices.compactMap { masks[$0] }
  }

  private func united(_ masks: [Mask], size: () throws -> (width: Int, height: Int)) throws -> Mask {
    guard let first = masks.first else {
      let (width, height) = try size()
      return try Mask(width: width, height: height, values: [UInt8](repeating: 0, count: width * height))
    }
    return try masks.dropFirst().reduce(first) { try $0.union($1) }
  }

  private func fitted(_ mask: Mask, to image: (width: Int, height: Int), sample: String) throws -> Mask {
    if (mask.width, mask.height) == image { return mask }
    switch sizeRule {
    case .nearest: return try mask.resized(width: image.width, height: image.height)
    case .exact: throw DatasetsError.sizeMismatch(sample: sample, image: image, mask: (mask.width, mask.height))
    }
  }

  private func read(_ region: Region, _ image: (width: Int, height: Int), sample: String) throws -> Mask {
    switch region {
    case .file(let file, let threshold): return try Mask.read(file, threshold: threshold)
    case .labels(let plane, let values):
      return try Self.read(plane, labels: values)
    case .runLengths(let text, let format, let width, let height):
      let size = try size(width, height, for: image, sample: sample)
      return try Mask(runLengths: text, format: format, width: size.width, height: size.height)
    case .polygons(let polygons, let width, let height):
      let size = try size(width, height, for: image, sample: sample)
      return try Mask(polygons: polygons, width: size.width, height: size.height)
    }
  }

  private static func read(_ plane: ImageReference.Plane, labels: Set<Int>) throws -> Mask {
    if case .item(let index, let array) = plane.selection { return try Mask(ArrayArchive.shared(plane.file).item(index, of: array), labels: labels) }
    return try Mask.read(plane.file, plane.selection, labels: labels)
  }

  /// The size that an annotation says. One that cannot fit is refused before a mask of that size is made.
  private func size(
    _ width: Int?, _ height: Int?, for image: (width: Int, height: Int), sample: String
  ) throws -> (width: Int, height: Int) {
    let size = (width: width ?? image.width, height: height ?? image.height)
    if sizeRule == .exact, size != image { throw DatasetsError.sizeMismatch(sample: sample, image: image, mask: size) }
    return size
  }
}

extension MaskReference.Region {
  /// Of a file that numbers its classes, the numbers that are this region.
  fileprivate var levelsOfObject: Set<Int> {
    switch self {
    case .file(_, .levels(let levels)): levels
    case .labels(_, let values): values
    case .file, .runLengths, .polygons: []
    }
  }

  /// Whether it has a size of its own that no annotation could leave out.
  fileprivate var isFile: Bool {
    switch self {
    case .file, .labels: true
    case .runLengths, .polygons: false
    }
  }
}

extension DatasetsError {
  static func overlappingClasses(sample: String, _ first: String, _ second: String, pixelCount: Int) -> DatasetsError {
    DatasetsError(
      kind: .unsuitableSource,
      problem:
        "In the masks of \(sample) \(counted(pixelCount, "pixel")) \(pixelCount == 1 ? "is" : "are") both “\(first)” and “\(second)”, and a multiclassSegmentation has one class at most in a pixel.",
      remedy: "Set `kind: multiLabelSegmentation`, which asks for a mask of each class by itself, or correct the masks.")
  }
}
