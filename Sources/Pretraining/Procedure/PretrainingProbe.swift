import Metrics
public import Models
public import Training

/// What judges a pre-training by what it is worth: a neighbor classifier or a linear layer on labeled training and validation images of
/// target tasks. The loss says little about it.
public protocol PretrainingProbe: AnyObject {
  /// Looks at what the training starts from, before the first step: at what may be forgotten. By default nothing is.
  ///
  /// - Returns: by their names in the history, what later epochs are compared with; a number that falls is one that is lost.
  func look(atStart backbone: BackboneNetwork, watcher: EvaluationWatcher) throws -> [String: Double]

  /// Judges a backbone as it is after an epoch. It must change nothing in it, and depend on nothing but it.
  ///
  /// - Parameters:
  ///   - isLast: whether no step comes after.
  ///   - watcher: to be told how far it is; it throws to leave.
  /// - Returns: nil where this epoch is not judged.
  func judge(_ backbone: BackboneNetwork, at position: TrainingPosition, isLast: Bool, watcher: EvaluationWatcher) throws -> ProbeVerdict?
}

extension PretrainingProbe {
  public func look(atStart backbone: BackboneNetwork, watcher: EvaluationWatcher) throws -> [String: Double] { [:] }
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

extension ValidationRecord {
  /// What stands behind a number's name where the history says by how much it has fallen since before the first step.
  public static let lossMark = " lost"

  /// The same with what was lost since the start, of each number that was looked at there and has one now.
  func comparing(with start: [String: Double]) -> ValidationRecord {
    var metrics = metrics
    for (name, before) in start {
      if let now = metrics[name]?.number { metrics[name + Self.lossMark] = .value(before - now) }
    }
    return ValidationRecord(loss: loss, metrics: metrics)
  }
}
