public import Metrics
internal import RunStore
public import Statistics
public import Studies

/// The result of a study: what each initialization reaches on each task, over the seeds.
///
/// Every value is computed anew from the runs' predictions. Only runs whose identity is in the plan count, each once.
public struct StudyReport: Codable, Hashable, Sendable {
  /// A metric of a task over all initializations.
  public struct Row: Codable, Hashable, Sendable {
    public let task: String
    public let kind: TaskKind
    public let mode: FineTuningMode
    /// How much of the training images its runs saw.
    public let fraction: TrainingFraction
    public let metric: MetricName
    /// What the table calls the metric of this task.
    public let metricTitle: String
    /// One an initialization, in the study's order.
    public let fields: [Field]
  }

  /// A task from an initialization.
  public struct Field: Codable, Hashable, Sendable {
    public let initialization: String
    /// False where the initialization was trained on the task itself; then there is nothing to compare.
    public let isApplicable: Bool
    /// Over the finished seeds with a value, in 0…1. The standard deviation has ddof = 1.
    public let summary: Summary
    /// Why it has no part in the verdict; nil for what counts.
    public let exclusion: String?
    /// The finished seeds whose metric is undefined, and the seeds without result, by what they are.
    public let gaps: Gaps
  }

  /// The seeds of a field that give no value.
  public struct Gaps: Codable, Hashable, Sendable {
    public internal(set) var undefined = 0
    public internal(set) var missing = 0
    public internal(set) var inWork = 0
    public internal(set) var interrupted = 0
    public internal(set) var failed = 0
    public internal(set) var broken = 0
  }

  /// One metric of one run.
  public struct Entry: Codable, Hashable, Sendable {
    public let task: String
    public let initialization: String
    public let mode: FineTuningMode
    public let seed: Int
    public let fraction: TrainingFraction
    public let metric: MetricName
    public let className: String?
    /// In 0…1.
    public let value: MetricValue
    public let imageCount: Int
    public let identity: String
    /// The run's folder, relative to the study's output.
    public let run: String
  }

  public let study: String
  public let initializations: [String]
  /// What each initialization is, in the same order.
  public let origins: [WeightsOrigin]
  public let rows: [Row]
  public let entries: [Entry]
  /// What a reader must know beside the numbers: failures, undefined classes, runs that do not count.
  public let remarks: [String]
}
