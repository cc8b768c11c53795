public import Metrics
public import Foundations
public import RunStore
public import Statistics
public import Studies

/// How runs do on another test set beside their own: a row a metric and initialization, mean ± standard deviation over seeds.
public struct ExternalReport: Codable, Hashable, Sendable {
  /// One run's answers on both sets, with the classes that both have.
  public struct Result: Sendable {
    public let cell: Cell
    public let record: ExternalEvaluation
    public let own: Predictions
    public let other: Predictions

    public init(cell: Cell, record: ExternalEvaluation, own: Predictions, other: Predictions) {
      self.cell = cell
      self.record = record
      self.own = own
      self.other = other
    }
  }

  public struct Row: Codable, Hashable, Sendable {
    public let task: String
    public let initialization: String
    /// Of the training images.
    public let fraction: TrainingFraction
    public let metric: MetricName
    /// Under the run's name; nil for the mean over classes and for segmentations.
    public let className: String?
    /// Over the runs' seeds, each on its own test set.
    public let own: Summary
    /// Over the same seeds, on the other test set.
    public let other: Summary
    /// The t intervals of both means at 95 %: how far other seeds may move them.
    public let ownInterval: Available<Interval>
    public let otherInterval: Available<Interval>
    /// Runs in which the metric is undefined on either set, with the first reason.
    public let undefinedCount: Int
    public let undefinedReason: String?
    public let ownImageCount: Int
    public let otherImageCount: Int
  }

  /// One metric of one run on both sets, each with its 95 % interval for other patients with this very network.
  public struct PatientRow: Codable, Hashable, Sendable {
    public let task: String
    public let initialization: String
    public let fraction: TrainingFraction
    /// Of the run whose result on its own test set is the median of the seeds; on the other where that is undefined.
    public let seed: Int
    public let metric: MetricName
    public let className: String?
    public let own: MetricValue
    public let ownInterval: Available<Interval>
    public let other: MetricValue
    public let otherInterval: Available<Interval>
  }

  /// One metric of one run.
  public struct Run: Codable, Hashable, Sendable {
    public let task: String
    public let initialization: String
    public let fraction: TrainingFraction
    public let seed: Int
    public let metric: MetricName
    public let className: String?
    public let own: MetricValue
    public let other: MetricValue
    public let identity: String
  }

  public let onTask: String
  public let part: String
  public let rows: [Row]
  public let patients: [PatientRow]
  public let runs: [Run]
  public let evaluations: [ExternalEvaluation]

  /// - Parameter results: of runs of one task or several, all on the same other test set; not empty.
  public init(_ results: [Result], onTask: String, part: String) {
    self.onTask = onTask
    self.part = part
    evaluations = results.map(\.record)
    runs = results.flatMap { result in
      let own = result.own.metrics, other = result.other.metrics
      return own.entries.map { entry in
        Run(
          task: result.cell.task, initialization: result.cell.initialization, fraction: result.cell.fraction,
          seed: result.cell.seed, metric: entry.metric,
          className: entry.className, own: entry.value,
          other: other.value(of: entry.metric, className: entry.className) ?? .undefined(reason: "the other test set has no such class"),
          identity: result.cell.identity)
      }
    }
    rows = Self.rows(results, runs)
    patients = Self.patients(results)
  }

  private static func rows(_ results: [Result], _ runs: [Run]) -> [Row] {
    struct Key: Hashable { let task, initialization: String; let fraction: TrainingFraction; let metric: MetricName; let className: String? }
    var order: [Key] = [], groups: [Key: [Run]] = [:]
    for run in runs {
      let key = Key(
        task: run.task, initialization: run.initialization, fraction: run.fraction, metric: run.metric, className: run.className)
      if groups[key] == nil { order.append(key) }
      groups[key, default: []].append(run)
    }
    return order.map { key in
      let group = groups[key, default: []]
      // A seed counts on both sides or on none, so that the two columns are of the same runs.
      let defined = group.filter { $0.own.number != nil && $0.other.number != nil }
      let result = results.first { $0.cell.task == key.task }
      let own = Summary(defined.compactMap(\.own.number)), other = Summary(defined.compactMap(\.other.number))
      return Row(
        task: key.task, initialization: key.initialization, fraction: key.fraction, metric: key.metric, className: key.className,
        own: own, other: other, ownInterval: own.meanInterval(), otherInterval: other.meanInterval(),
        undefinedCount: group.count - defined.count,
        undefinedReason: group.compactMap { $0.other.reason.map { "on the other set: \($0)" } ?? $0.own.reason.map { "on the own set: \($0)" } }.first,
        ownImageCount: result?.own.imageCount ?? 0, otherImageCount: result?.other.imageCount ?? 0)
    }
  }
}

