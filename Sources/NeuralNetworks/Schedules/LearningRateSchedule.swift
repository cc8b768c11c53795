/// How the learning rate follows from the steps and epochs so far: a pure value, whose encoding is all that a checkpoint needs.
///
///     optimizer.learningRate = schedule.learningRate   // before each step
///     schedule.finishStep()                            // after it
///     schedule.finishEpoch(validationLoss: loss)       // after an epoch's last step
public enum LearningRateSchedule: Codable, Hashable, Sendable {
  case constant(Double)
  case cosine(DelayedCosine)
  case cosineBySteps(CosineBySteps)
  case reduceOnPlateau(ReduceOnPlateau)
  case step(StepDecay)
  indirect case warmUp(WarmUp)

  /// The rate for the next step.
  public var learningRate: Double {
    switch self {
    case .constant(let rate): rate
    case .cosine(let cosine): cosine.learningRate
    case .cosineBySteps(let cosine): cosine.learningRate
    case .reduceOnPlateau(let plateau): plateau.learningRate
    case .step(let decay): decay.learningRate
    case .warmUp(let warmUp): warmUp.learningRate
    }
  }

  /// The rate of the latest step of this epoch; before an epoch's first step, that of the next one.
  public var latestLearningRate: Double {
    switch self {
    case .constant, .cosine, .reduceOnPlateau, .step: learningRate
    case .cosineBySteps(let cosine): cosine.latestLearningRate
    case .warmUp(let warmUp): warmUp.latestLearningRate
    }
  }

  /// Takes note of a finished step.
  public mutating func finishStep() {
    switch self {
    case .constant, .cosine, .reduceOnPlateau, .step: break
    case .cosineBySteps(var cosine):
      cosine.finishStep()
      self = .cosineBySteps(cosine)
    case .warmUp(var warmUp):
      warmUp.finishStep()
      self = .warmUp(warmUp)
    }
  }

  /// Takes note of a finished epoch and its validation loss.
  public mutating func finishEpoch(validationLoss: Double) {
    switch self {
    case .constant, .cosineBySteps: break
    case .cosine(var cosine):
      cosine.finishEpoch()
      self = .cosine(cosine)
    case .reduceOnPlateau(var plateau):
      plateau.finishEpoch(validationLoss: validationLoss)
      self = .reduceOnPlateau(plateau)
    case .step(var decay):
      decay.finishEpoch()
      self = .step(decay)
    case .warmUp(var warmUp):
      warmUp.finishEpoch(validationLoss: validationLoss)
      self = .warmUp(warmUp)
    }
  }
}
