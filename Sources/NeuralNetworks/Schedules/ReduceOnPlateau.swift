/// Lowers the learning rate when the validation loss has stopped falling, as `torch.optim.lr_scheduler.ReduceLROnPlateau` does in
/// its mode `min` with a relative threshold.
///
/// An epoch is better when its loss is below best · (1 − threshold). The first epoch after more than `patience` worse ones in a row
/// multiplies the rate by `factor`, and counting starts again. A loss that is NaN counts as worse. The 2021 benchmark's
/// classification uses factor 0.5 and patience 5.
public struct ReduceOnPlateau: Codable, Hashable, Sendable {
  public let factor: Double
  /// How many worse epochs in a row are borne.
  public let patience: Int
  public let threshold: Double
  /// The rate never falls below this.
  public let minimum: Double
  /// The rate for the next epoch.
  public private(set) var learningRate: Double
  /// The lowest loss so far; nil before the first epoch.
  public private(set) var best: Double?
  /// Worse epochs since the best one or the last reduction.
  public private(set) var worseEpochs = 0

  /// A reduction by less than this is not made (PyTorch's `eps`).
  private static let smallestStep = 1e-8

  public init(
    initial: Double, factor: Double = 0.5, patience: Int = 5, threshold: Double = 1e-4, minimum: Double = 0
  ) throws {
    guard factor > 0, factor < 1 else {
      throw NeuralNetworksError.invalidHyperparameter("factor", value: factor, valid: "between 0 and 1")
    }
    guard patience >= 0 else {
      throw NeuralNetworksError.invalidHyperparameter("patience", value: Double(patience), valid: "of at least 0")
    }
    learningRate = initial
    self.factor = factor
    self.patience = patience
    self.threshold = threshold
    self.minimum = minimum
  }

  public mutating func finishEpoch(validationLoss: Double) {
    if validationLoss < (best ?? .infinity) * (1 - threshold) {
      best = validationLoss
      worseEpochs = 0
    } else {
      worseEpochs += 1
    }
    guard worseEpochs > patience else { return }
    worseEpochs = 0
    let lowered = max(learningRate * factor, minimum)
    if learningRate - lowered > Self.smallestStep { learningRate = lowered }
  }
}
