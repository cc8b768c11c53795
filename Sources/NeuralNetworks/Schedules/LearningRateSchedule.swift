/// How the learning rate follows from the epochs so far: a pure value, whose encoding is all that a checkpoint needs.
///
///     optimizer.learningRate = schedule.learningRate   // before each epoch
///     schedule.finishEpoch(validationLoss: loss)       // after it
public enum LearningRateSchedule: Codable, Hashable, Sendable {
  case constant(Double)
  case cosine(DelayedCosine)
  case reduceOnPlateau(ReduceOnPlateau)

  /// The rate for the next epoch.
  public var learningRate: Double {
    switch self {
    case .constant(let rate): rate
    case .cosine(let cosine): cosine.learningRate
    case .reduceOnPlateau(let plateau): plateau.learningRate
    }
  }

  /// Takes note of a finished epoch and its validation loss.
  public mutating func finishEpoch(validationLoss: Double) {
    switch self {
    case .constant: break
    case .cosine(var cosine):
      cosine.finishEpoch()
      self = .cosine(cosine)
    case .reduceOnPlateau(var plateau):
      plateau.finishEpoch(validationLoss: validationLoss)
      self = .reduceOnPlateau(plateau)
    }
  }
}
