public import Models
public import Training

/// What judges a pre-training by what it is worth: a neighbor classifier or a linear layer on labeled training and validation images of
/// target tasks. The loss says little about it.
public protocol PretrainingProbe: AnyObject {
  /// Judges a backbone as it is after an epoch. It must change nothing in it, and depend on nothing but it.
  ///
  /// - Parameters:
  ///   - isLast: whether no step comes after.
  ///   - watcher: to be told how far it is; it throws to leave.
  /// - Returns: nil where this epoch is not judged.
  func judge(_ backbone: BackboneNetwork, at position: TrainingPosition, isLast: Bool, watcher: EvaluationWatcher) throws -> ProbeVerdict?
}

/// What a probe says of an epoch.
public struct ProbeVerdict {
  /// By which the kept state is chosen; higher is better.
  public let score: Double
  /// What the history says of it.
  public let record: ValidationRecord

  public init(score: Double, record: ValidationRecord) {
    self.score = score
    self.record = record
  }
}
