extension FloatImage {
  /// A part of the image. Throws `ImagingError.invalidGeometry` where it does not lie within.
  public func cropped(to region: Region) throws -> FloatImage {
    try region.requireInside(width: width, height: height)
    return copied(region)
  }

  /// The middle of the image, with 0 around it where the image is smaller (torchvision's `CenterCrop`).
  public func centerCropped(width cropWidth: Int, height cropHeight: Int) throws -> FloatImage {
    try requireSize(width: cropWidth, height: cropHeight)
    return copiedWithPadding(.centered(width: cropWidth, height: cropHeight, in: (width, height)))
  }

  /// Top left, top right, bottom left, bottom right, center (torchvision's `FiveCrop`). Throws where a crop is larger than the
  /// image.
  public func fiveCrop(width cropWidth: Int, height cropHeight: Int) throws -> [FloatImage] {
    let (right, bottom) = (width - cropWidth, height - cropHeight)
    let corners = [(0, 0), (right, 0), (0, bottom), (right, bottom)].map {
      Region(x: $0.0, y: $0.1, width: cropWidth, height: cropHeight)
    }
    let center = Region.centered(width: cropWidth, height: cropHeight, in: (width, height))
    return try (corners + [center]).map { try cropped(to: $0) }
  }

  /// The five crops of the image, then the five of its mirror image (torchvision's `TenCrop`), whose average prediction the
  /// 2021 benchmark tests with.
  public func tenCrop(width cropWidth: Int, height cropHeight: Int) throws -> [FloatImage] {
    try fiveCrop(width: cropWidth, height: cropHeight)
      + flippedHorizontally().fiveCrop(width: cropWidth, height: cropHeight)
  }

  /// Left becomes right.
  public func flippedHorizontally() -> FloatImage { mirroredLeftRight() }

  /// Top becomes bottom.
  public func flippedVertically() -> FloatImage { mirroredTopBottom() }
}

extension Mask {
  /// A part of the mask. Throws `ImagingError.invalidGeometry` where it does not lie within.
  public func cropped(to region: Region) throws -> Mask {
    try region.requireInside(width: width, height: height)
    return copied(region)
  }

  /// Left becomes right.
  public func flippedHorizontally() -> Mask { mirroredLeftRight() }

  /// Top becomes bottom.
  public func flippedVertically() -> Mask { mirroredTopBottom() }
}
