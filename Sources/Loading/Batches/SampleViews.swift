public import Datasets
import Imaging

/// What the network sees of one image, before normalization: each crop in the network's size, of its channels or one gray plane.
struct SampleViews {
  enum Variation {
    case classification(ClassificationAugmentation.Variation)
    case segmentation(SegmentationAugmentation.Variation)
  }

  let crops: [FloatImage]
  /// Of segmentation, in the crops' size.
  var mask: Mask?
  /// The pixels of the mask that do not count; nil where all do.
  var ignored: Mask?
  /// What was drawn; nil where nothing is varied.
  var variation: Variation?
}
