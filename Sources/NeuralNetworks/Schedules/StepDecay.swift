import Foundation

/// The rate times a factor after every so many epochs: `torch.optim.lr_scheduler.StepLR`.
///
/// Epoch e (from 0) runs at η · γ^⌊e / E⌋.
public struct StepDecay: Codable, Hashable, Sendable {
  public let initial: Double
  /// E.
  public let epochs: Int
  /// γ.
  public let factor: Double
  public private(set) var finishedEpochs = 0

  public init(initial: Double, epochs: Int, factor: Double) throws {
    guard epochs > 0 else {
      throw NeuralNetworksError.invalidHyperparameter("number of epochs", value: Double(epochs), valid: "of at least 1")
    }
    guard factor > 0, factor < 1 else {
      throw NeuralNetworksError.invalidHyperparameter("factor", value: factor, valid: "between 0 and 1")
    }
    self.initial = initial
    self.epochs = epochs
    self.factor = factor
  }

  /// The rate for the next epoch.
  public var learningRate: Double { initial * pow(factor, Double(finishedEpochs / epochs)) }

  mutating func finishEpoch() { finishedEpochs += 1 }
}
