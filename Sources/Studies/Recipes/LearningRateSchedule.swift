/// How the learning rate changes in the course of a training.
public enum LearningRateSchedule: Codable, Hashable, Sendable {
  /// Lower by a factor when the validation loss no longer falls; the 2021 benchmark's for classification.
  case reduceOnPlateau(PlateauSettings)
  /// From the start value to 0 along half a cosine over `epochs`; the 2021 benchmark's for segmentation.
  case cosine
  /// From the start value to 0 along half a cosine over all steps, lowered after each: PyTorch's `CosineAnnealingLR`, stepped once a
  /// batch.
  case cosineBySteps
  case constant
  /// Times a factor after every so many epochs: PyTorch's `StepLR`.
  case step(StepSettings)
  /// A linear rise from near 0, and then another schedule from its beginning.
  indirect case warmUp(WarmUpSettings)
}

/// When and how much the learning rate is lowered by steps.
public struct StepSettings: Codable, Hashable, Sendable {
  /// The number of epochs after which it is lowered, again and again.
  public var epochs: Int
  /// What it is multiplied with, between 0 and 1. PyTorch's default.
  public var factor: Double

  public init(epochs: Int, factor: Double = 0.1) {
    self.epochs = epochs
    self.factor = factor
  }
}

/// How long the learning rate rises, and what it does then.
public struct WarmUpSettings: Hashable, Sendable {
  public enum Length: Hashable, Sendable {
    case epochs(Int)
    case steps(Int)
  }

  public var length: Length
  /// The schedule that begins when the warm-up is over; not a warm-up itself.
  public var then: LearningRateSchedule

  public init(_ length: Length, then: LearningRateSchedule) {
    self.length = length
    self.then = then
  }
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
