/// How the learning rate changes from epoch to epoch.
public enum LearningRateSchedule: Codable, Hashable, Sendable {
  /// Lower by a factor when the validation loss no longer falls; the 2021 benchmark's for classification.
  case reduceOnPlateau(PlateauSettings)
  /// From the start value to 0 along half a cosine over `epochs`; the 2021 benchmark's for segmentation.
  case cosine
  case constant
}

/// When and how much a plateau lowers the learning rate.
public struct PlateauSettings: Codable, Hashable, Sendable {
  /// What the learning rate is multiplied with, between 0 and 1.
  public var factor: Double
  /// The number of epochs in a row without a lower validation loss that are borne before the learning rate is lowered.
  public var patience: Int
  /// The relative fall of the validation loss that counts as lower.
  public var threshold: Double

  public init(factor: Double = 0.5, patience: Int = 5, threshold: Double = 1e-4) {
    self.factor = factor
    self.patience = patience
    self.threshold = threshold
  }
}
