import Foundation

/// Half a cosine from the initial rate to 0, lowered after every step: `torch.optim.lr_scheduler.CosineAnnealingLR` with its
/// `eta_min` of 0, stepped once a batch (Loshchilov and Hutter, 2017, equation 5, without restarts).
///
/// With S steps, step s (from 0) runs at η · ½ (1 + cos(π s / S)).
public struct CosineBySteps: Codable, Hashable, Sendable {
  public let initial: Double
  /// S, the steps planned, whether or not training stops early.
  public let stepCount: Int
  public private(set) var finishedSteps = 0

  public init(initial: Double, stepCount: Int) throws {
    guard stepCount > 0 else {
      throw NeuralNetworksError.invalidHyperparameter("number of steps", value: Double(stepCount), valid: "of at least 1")
    }
    self.initial = initial
    self.stepCount = stepCount
  }

  /// The rate for the next step.
  public var learningRate: Double { rate(finishedSteps) }

  /// The rate of the latest step, or of the first before it.
  var latestLearningRate: Double { rate(max(finishedSteps - 1, 0)) }

  private func rate(_ step: Int) -> Double {
    initial * 0.5 * (1 + cos(Double.pi * Double(min(step, stepCount)) / Double(stepCount)))
  }

  mutating func finishStep() { finishedSteps += 1 }
}
