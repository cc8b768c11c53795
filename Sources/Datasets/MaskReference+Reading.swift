public import Imaging

extension MaskReference {
  /// The mask of an image.
  ///
  /// - Parameters:
  ///   - image: The image as its file stores it, whose size the mask has.
  ///   - sample: What errors call the image.
  /// - Throws: `ImagingError` for a region that cannot be read, `DatasetsError` for a mask of another size than the rule allows.
  public func read(for image: PixelBuffer, of sample: String) throws -> Mask {
    var whole: Mask?
    for region in regions {
      let mask = try fitted(read(region, image, sample: sample), to: image, sample: sample)
      whole = try whole?.union(mask) ?? mask
    }
    return try whole ?? Mask(
      width: image.width, height: image.height, values: [UInt8](repeating: 0, count: image.width * image.height))
  }

  private func read(_ region: Region, _ image: PixelBuffer, sample: String) throws -> Mask {
    switch region {
    case .file(let file, let threshold): return try Mask.read(file, threshold: threshold)
    case .labels(let plane, let values): return try Mask.read(plane.file, plane.selection, labels: values)
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
    _ width: Int?, _ height: Int?, for image: PixelBuffer, sample: String
  ) throws -> (width: Int, height: Int) {
    let size = (width: width ?? image.width, height: height ?? image.height)
    if sizeRule == .exact, size != (image.width, image.height) {
      throw DatasetsError.sizeMismatch(sample: sample, image: (image.width, image.height), mask: size)
    }
    return size
  }

  private func fitted(_ mask: Mask, to image: PixelBuffer, sample: String) throws -> Mask {
    if mask.width == image.width, mask.height == image.height { return mask }
    switch sizeRule {
    case .nearest: return try mask.resized(width: image.width, height: image.height)
    case .exact:
      throw DatasetsError.sizeMismatch(
        sample: sample, image: (image.width, image.height), mask: (mask.width, mask.height))
    }
  }
}
