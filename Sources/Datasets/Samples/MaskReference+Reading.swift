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
    let mask = try united(regions.map { try fitted($0, to: (width, height), sample: sample) }, size: { (width, height) })
    return try withoutIgnored(mask)
  }

  /// The pixels that do not count, in the size of the mask's own files; nil where all count.
  package func readIgnored() throws -> Mask? {
    guard !ignored.isEmpty else { return nil }
    let masks = try regions.compactMap { region -> Mask? in
      switch region {
      case .file(let file, _): try Mask.read(file, threshold: .levels(ignored))
      case .labels(let plane, _): try Mask.read(plane.file, plane.selection, labels: ignored)
      case .runLengths, .polygons: nil
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
  func read(size: () throws -> (width: Int, height: Int), of sample: String) throws -> Mask {
    guard sizeRule == .exact, let first = regions.first, regions.allSatisfy(\.isFile) else {
      let (width, height) = try size()
      return try read(width: width, height: height, of: sample)
    }
    let mask = try read(first, (0, 0), sample: sample)
    let others = try regions.dropFirst().map { try fitted($0, to: (mask.width, mask.height), sample: sample) }
    return try withoutIgnored(try united([mask] + others, size: { (mask.width, mask.height) }))
  }

  private func united(_ masks: [Mask], size: () throws -> (width: Int, height: Int)) throws -> Mask {
    guard let first = masks.first else {
      let (width, height) = try size()
      return try Mask(width: width, height: height, values: [UInt8](repeating: 0, count: width * height))
    }
    return try masks.dropFirst().reduce(first) { try $0.union($1) }
  }

  private func fitted(_ region: Region, to image: (width: Int, height: Int), sample: String) throws -> Mask {
    let mask = try read(region, image, sample: sample)
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
      if case .item(let index, let array) = plane.selection { return try Mask(ArrayArchive.shared(plane.file).item(index, of: array), labels: values) }
      return try Mask.read(plane.file, plane.selection, labels: values)
    case .runLengths(let text, let format, let width, let height):
      let size = try size(width, height, for: image, sample: sample)
      return try Mask(runLengths: text, format: format, width: size.width, height: size.height)
    case .polygons(let polygons, let width, let height):
      let size = try size(width, height, for: image, sample: sample)
      return try Mask(polygons: polygons, width: size.width, height: size.height)
    }
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
  /// Whether it has a size of its own that no annotation could leave out.
  fileprivate var isFile: Bool {
    switch self {
    case .file, .labels: true
    case .runLengths, .polygons: false
    }
  }
}
