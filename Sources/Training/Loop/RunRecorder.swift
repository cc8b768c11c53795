public import Containers
public import Metrics
internal import Weights

/// One optimizer step, as `history.jsonl` holds it. No clock time is in it: a resumed run writes the same bytes.
public struct StepRecord: Codable, Equatable, Sendable {
  public let epoch: Int
  /// The mean loss of the batch before the step.
  public let loss: Double
  /// The step's number over the whole run, from 1.
  public let step: Int
}

/// One epoch, as `history.jsonl` holds it.
public struct EpochRecord: Codable, Equatable, Sendable {
  public let epoch: Int
  /// The learning rate of this epoch's last step; where the rate changes by epochs, of all its steps.
  public let learningRate: Double
  /// The sample-weighted mean of the epoch's batch losses.
  public let trainingLoss: Double
  /// Nil where the procedure has no validation set.
  public let validation: ValidationRecord?
}

/// What the validation set says after an epoch.
public struct ValidationRecord: Codable, Equatable, Sendable {
  /// The sample-weighted mean of the batch losses, without augmentation.
  public let loss: Double
  /// `auroc` (macro), or `dicePooled` and `diceMean`.
  public let metrics: [String: MetricValue]

  public init(loss: Double, metrics: [String: MetricValue]) {
    self.loss = loss
    self.metrics = metrics
  }

  private struct Key: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }
    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    try container.encode(loss, forKey: Key(stringValue: "loss"))
    for (name, value) in metrics { try container.encode(value, forKey: Key(stringValue: name)) }
  }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Key.self)
    loss = try container.decode(Double.self, forKey: Key(stringValue: "loss"))
    var metrics = [String: MetricValue]()
    for key in container.allKeys where key.stringValue != "loss" {
      metrics[key.stringValue] = try container.decode(MetricValue.self, forKey: key)
    }
    self.metrics = metrics
  }
}

/// The whole state of a training between two steps.
public struct Snapshot<ProcedureProgress: Codable & Equatable> {
  public let progress: TrainingProgress<ProcedureProgress>
  /// `<part>.<name>`, such as `model.…` and `optimizer.…`, in the order of the procedure's state.
  public let tensors: [NamedArray]

  public init(progress: TrainingProgress<ProcedureProgress>, tensors: [NamedArray]) {
    self.progress = progress
    self.tensors = tensors
  }
}

/// Where a training writes what happens, and where it finds its last snapshot. `Training` knows no files.
///
/// History given after the snapshot that `restore` returns is dropped by it, since those steps are done again.
public protocol RunRecorder: AnyObject {
  /// The snapshot to go on from, or nil to start from the beginning.
  func restore<Progress: Codable & Equatable>(_: Progress.Type) throws -> Snapshot<Progress>?
  /// Steps come in order, but not each at its time: losses are read several at once.
  func record(_ step: StepRecord) throws
  func record(_ epoch: EpochRecord) throws
  /// Keeps a snapshot; on return it survives the process. All steps before it have been recorded.
  func save<Progress: Codable & Equatable>(_ snapshot: Snapshot<Progress>) throws
  /// Whether a snapshot is due now. Its answer cannot change what is computed.
  ///
  /// - Parameter isBeforeEvaluation: whether an evaluation comes next, which may take long, rather than a step.
  func snapshotIsDue(beforeEvaluation isBeforeEvaluation: Bool) -> Bool
  /// Whether the process was asked to stop.
  func stopIsRequested() -> Bool
  /// News for the person who watches.
  func observe(_ news: TrainingNews)
  /// Opens the place where answers of an evaluation are kept, and gives those that were kept of this very one before, from its first on.
  func answeredBatches(of evaluation: EvaluationPlace) throws -> [AnsweredBatch]
  /// Keeps one more answer of the evaluation that was opened last.
  func keep(_ answered: AnsweredBatch) throws
}

extension RunRecorder {
  /// Keeps none: every evaluation is made whole.
  public func answeredBatches(of evaluation: EvaluationPlace) throws -> [AnsweredBatch] { [] }
  public func keep(_ answered: AnsweredBatch) throws {}
}

/// What a watcher is told.
public struct TrainingNews: Sendable {
  public enum Phase: String, Codable, Sendable { case training, validation, test }
  public let phase: Phase
  public let epoch: Int
  public let epochLimit: Int
  /// Images of this phase that are done, and all of them.
  public let imagesDone: Int
  public let imageCount: Int
  /// The mean over the epoch so far, as far as losses have been read; of a validated epoch, its validation loss.
  public let loss: Double?
  /// Set when an epoch has just been validated.
  public let epochRecord: EpochRecord?
}
