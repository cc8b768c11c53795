/// A linear rise of the rate over the first steps, and then another schedule from its beginning (Goyal et al., 2017, section 2.2).
///
/// With W steps of warm-up, step s (from 1) of them runs at η s / W, where η is the rate with which the other schedule begins; this is
/// `torch.optim.lr_scheduler.LinearLR` with `start_factor` 1 / W over W − 1 steps. An epoch in which a step of the warm-up was made is not
/// one of the other schedule's.
public struct WarmUp: Codable, Hashable, Sendable {
  /// W.
  public let stepCount: Int
  /// What follows.
  public private(set) var then: LearningRateSchedule
  /// Steps of the warm-up that are done.
  public private(set) var finishedSteps = 0
  /// Whether the epoch under way has had a step of the warm-up.
  private var hasWarmedInEpoch = false

  public init(stepCount: Int, then: LearningRateSchedule) throws {
    guard stepCount > 0 else {
      throw NeuralNetworksError.invalidHyperparameter("number of steps of the warm-up", value: Double(stepCount), valid: "of at least 1")
    }
    self.stepCount = stepCount
    self.then = then
  }

  private var isOver: Bool { finishedSteps >= stepCount }

  /// The rate for the next step.
  public var learningRate: Double { isOver ? then.learningRate : rate(finishedSteps + 1) }

  var latestLearningRate: Double {
    // The schedule that follows has made no step of its own while the last step was one of the warm-up.
    if !isOver { return rate(max(finishedSteps, 1)) }
    return then.latestLearningRate
  }

  private func rate(_ step: Int) -> Double { then.learningRate * Double(step) / Double(stepCount) }

  mutating func finishStep() {
    if isOver { return then.finishStep() }
    finishedSteps += 1
    hasWarmedInEpoch = true
  }

  mutating func finishEpoch(validationLoss: Double) {
    if isOver, !hasWarmedInEpoch { then.finishEpoch(validationLoss: validationLoss) }
    hasWarmedInEpoch = false
  }
}
