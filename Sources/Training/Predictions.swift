public import Metrics

/// What a trained network says about each sample of a set; every reported number is computed from these.
public enum Predictions: Sendable {
  case classification(ClassificationPredictions)
  case segmentation(SegmentationPredictions)
}

/// Probabilities after the sigmoid, averaged over crops.
public struct ClassificationPredictions: Sendable {
  public let classNames: [String]
  public var rows: [Row] = []

  public struct Row: Sendable {
    public let id: String
    public let patient: String?
    /// 0, 1, or NaN where the label is not known; one for each class.
    public let targets: [Float]
    /// In 0…1, one for each class.
    public let probabilities: [Float]
  }
}

/// Pixel counts at the network's resolution, at probability > 0.5.
public struct SegmentationPredictions: Sendable {
  public var rows: [Row] = []

  public struct Row: Sendable {
    public let id: String
    public let patient: String?
    public let counts: PixelConfusion
  }
}
