import Foundation

/// Half a cosine from the initial rate to 0 over the planned epochs, one epoch late, as the 2021 benchmark's segmentation has it.
///
/// With E epochs, epoch e (from 0) runs at η · ½ (1 + cos(π · max(e − 1, 0) / E)): that code computes the rate of index e
/// after epoch e, so epochs 0 and 1 both run at the full rate, and the last one above 0.
public struct DelayedCosine: Codable, Hashable, Sendable {
  public let initial: Double
  /// E, the epochs planned, whether or not training stops early.
  public let epochCount: Int
  public private(set) var finishedEpochs = 0

  public init(initial: Double, epochCount: Int) throws {
    guard epochCount > 0 else {
      throw NeuralNetworksError.invalidHyperparameter(
        "number of epochs", value: Double(epochCount), valid: "of at least 1")
    }
    self.initial = initial
    self.epochCount = epochCount
  }

  /// The rate for the next epoch.
  public var learningRate: Double {
    let index = Double(max(finishedEpochs - 1, 0))
    return initial * 0.5 * (1 + cos(Double.pi * index / Double(epochCount)))
  }

  mutating func finishEpoch() { finishedEpochs += 1 }
}
