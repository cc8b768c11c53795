public import Datasets
import Imaging

/// One image as the network takes it, with its mask.
public struct PreparedSample: Sendable, Equatable {
  /// Normalized brightness, planar.
  public let image: [Float]
  /// `[crops, channels, height, width]`.
  public let imageShape: [Int]
  /// 0 or 1 for each pixel of each class, NaN for one that does not count; nil for classification.
  public let mask: [Float]?
  /// `[classes, height, width]`, with one object `[1, height, width]`; nil for classification.
  public let maskShape: [Int]?
  /// The truth as the files have it, where the pipeline keeps it.
  public var original: OriginalTruth?
  /// What the picture was before it was brought to the network's size, where the pipeline tells it.
  public var picture: PictureFacts?

  public init(image: [Float], imageShape: [Int], mask: [Float]? = nil, maskShape: [Int]? = nil) {
    self.image = image
    self.imageShape = imageShape
    self.mask = mask
    self.maskShape = maskShape
  }
}

extension PreparedSample {
  /// The sample with NaN for the pixels of its mask that lie outside of a region of the same size.
  func leavingOut(outside region: Mask) -> PreparedSample { keeping { region.values[$0] == 1 } }

  /// The same for the pixels that lie within one.
  func leavingOut(_ region: Mask) -> PreparedSample { keeping { region.values[$0] == 0 } }

  private func keeping(_ counts: (Int) -> Bool) -> PreparedSample {
    let plane = max(maskShape.map { $0.dropFirst().reduce(1, *) } ?? 1, 1)
    var prepared = PreparedSample(
      image: image, imageShape: imageShape, mask: mask.map { mask in mask.indices.map { counts($0 % plane) ? mask[$0] : .nan } }, maskShape: maskShape)
    prepared.original = original
    prepared.picture = picture
    return prepared
  }
}

/// What is known of a picture beside its pixels.
public struct PictureFacts: Sendable, Hashable {
  /// As the file has it, or as it was reduced.
  public let width: Int
  public let height: Int
  /// Whether its channels are equal, but for what a compression with losses leaves: two of 255 levels at most.
  public let isGray: Bool
}
