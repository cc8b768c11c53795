/// What a method looks at of each image: its views, in the order in which the method gets them.
///
/// A pure value: it says what is drawn and done, not how. One view of a batch is one tensor, `[batch, channels, height, width]`; a
/// jigsaw's is `[batch × cells, channels, height, width]`, the patches of an image one after another.
public struct ViewRecipe: Codable, Hashable, Sendable {
  public var views: [View]

  public init(_ views: [View]) { self.views = views }
}

/// One look at an image.
public struct View: Codable, Hashable, Sendable {
  public var geometry: ViewGeometry
  public var augmentation: Augmentation

  public init(_ geometry: ViewGeometry, _ augmentation: Augmentation) {
    self.geometry = geometry
    self.augmentation = augmentation
  }
}

/// Which part of an image is seen, and how large.
public enum ViewGeometry: Codable, Hashable, Sendable {
  /// A random crop of a fraction of the area, of an aspect ratio (width / height) between 3/4 and 4/3 drawn evenly in its logarithm,
  /// resized to a square: torchvision's `RandomResizedCrop`.
  case crop(scale: ClosedRange<Double>, size: ViewSize)
  /// A jigsaw puzzle of such a crop.
  case jigsaw(Jigsaw)
  /// The whole image without chance: resized so that its shorter side is `size` · 256/224, and the central square of `size` of it.
  case center(size: ViewSize)
}

/// The side of a square view.
public enum ViewSize: Codable, Hashable, Sendable {
  /// The training's input size.
  case full
  /// A fraction of it, such as 96/224 for the small crops of a multi-crop.
  case fraction(Double)

  /// The side in pixels, to the nearest whole number, where the input size is `full`.
  public func pixels(full: Int) -> Int {
    switch self {
    case .full: full
    case .fraction(let fraction): max(Int((Double(full) * fraction).rounded()), 1)
    }
  }
}

/// A crop cut into a square grid, a patch drawn from every cell, and the patches in an order drawn for each image: Misra and van der
/// Maaten, “Self-Supervised Learning of Pretext-Invariant Representations” (2020), section 3.
public struct Jigsaw: Codable, Hashable, Sendable {
  /// The fraction of the image's area that is cut.
  public var scale: ClosedRange<Double>
  /// Cells along each side.
  public var cellsPerSide: Int
  /// The side of the crop as a fraction of the input size: 255/224.
  public var cropSize: Double
  /// The side of a patch as a fraction of the input size: 64/224. Where in its cell it lies is drawn.
  public var patchSize: Double

  public init(scale: ClosedRange<Double> = 0.6...1, cellsPerSide: Int = 3, cropSize: Double = 255.0 / 224, patchSize: Double = 64.0 / 224) {
    self.scale = scale
    self.cellsPerSide = cellsPerSide
    self.cropSize = cropSize
    self.patchSize = patchSize
  }

  /// Patches of an image.
  public var cellCount: Int { cellsPerSide * cellsPerSide }
}
