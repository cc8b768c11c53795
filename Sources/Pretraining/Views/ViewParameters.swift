/// What was drawn for one view of one image: a pure value, from which the view follows without chance.
public struct ViewParameters: Codable, Hashable, Sendable {
  /// In the pixels of the image that is cut.
  public var crop: CropBox
  /// Whether left and right of the crop change sides.
  public var isMirrored: Bool
  /// What is done to the crop then, in this order.
  public var operations: [DrawnOperation]
  /// Of a jigsaw, in the pixels of the resized crop.
  public var cut: JigsawCut?

  public init(crop: CropBox, isMirrored: Bool = false, operations: [DrawnOperation] = [], cut: JigsawCut? = nil) {
    self.crop = crop
    self.isMirrored = isMirrored
    self.operations = operations
    self.cut = cut
  }
}

/// What must be known of an image for its views to be drawn.
public struct SeenImage: Hashable, Sendable {
  /// The picture as its file has it, which ratios of crops are of.
  public let width: Int
  public let height: Int
  /// Whether its channels are equal.
  public let isGray: Bool

  public init(width: Int, height: Int, isGray: Bool) {
    self.width = width
    self.height = height
    self.isGray = isGray
  }
}

/// What the views of images without colors do without.
///
/// Methods' augmentations are made for photographs. In an X-ray, hue, saturation and gray change nothing, solarization turns bone into air, and a
/// crop of a twelfth of the area may hold nothing that was found in the image.
public enum GrayRule: String, Codable, Sendable, CaseIterable {
  /// Images whose channels are equal get no hue, no saturation, no random gray, no solarization or inversion, and crops of at least a fifth of the area.
  case on
  /// All images are treated alike, as the methods' authors did.
  case off

  /// The least part of the area that a crop of a gray image has.
  public static let leastArea = 0.2

  /// The law of crops for an image: that of the method, or, for a gray one, from a fifth on. A law that ends below a fifth, as that of small
  /// crops in a multi-crop does, is moved up to begin there.
  func scale(_ scale: ClosedRange<Double>, for image: SeenImage) -> ClosedRange<Double> {
    guard self == .on, image.isGray, scale.lowerBound < Self.leastArea else { return scale }
    let width = scale.upperBound - scale.lowerBound
    return Self.leastArea...min(max(scale.upperBound, Self.leastArea + width), 1)
  }

  /// Whether an operation is done to an image.
  func allows(_ operation: DrawnOperation, for image: SeenImage) -> Bool { self == .off || !image.isGray || !operation.isForColors }

  /// For a record, in a sentence.
  public var sentence: String {
    switch self {
    case .on:
      "Images whose channels are equal were varied without hue, saturation, random gray, solarization and inversion, and in crops of at least a fifth of their area."
    case .off: "Images without colors were varied as those with colors."
    }
  }
}
