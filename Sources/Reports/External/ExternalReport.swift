public import Foundations
public import Metrics
public import RunStore
public import Statistics
public import Studies

/// How runs do on another test set beside their own: a row a metric and initialization, mean ± standard deviation over seeds.
public struct ExternalReport: Codable, Hashable, Sendable {
  /// One run's answers on both sets, with the classes that both have.
  public struct Result: Sendable {
    public let cell: Cell
    /// Of the run's own task.
    public let kind: TaskKind
    public let record: ExternalEvaluation
    public let own: Predictions
    public let other: Predictions

    public init(cell: Cell, kind: TaskKind, record: ExternalEvaluation, own: Predictions, other: Predictions) {
      self.cell = cell
      self.kind = kind
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
    /// The same for other seeds and other patients of each set, and how far the second is below the first.
    public let generalized: ExternalDrop
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
    /// Why the interval is not to be relied on; nil where nothing is known against it.
    public let ownWarning: String?
    public let other: MetricValue
    public let otherInterval: Available<Interval>
    public let otherWarning: String?
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
  /// What the numbers of a regression are counted in; nil for none and for all else.
  public let unit: String?
  public let rows: [Row]
  public let patients: [PatientRow]
  public let runs: [Run]
  public let evaluations: [ExternalEvaluation]

  /// - Parameter results: of runs of one task or several, all on the same other test set; not empty.
  public init(_ results: [Result], onTask: String, part: String) {
    self.onTask = onTask
    self.part = part
    unit = results.compactMap { if case .numbers(let all) = $0.own { all.unit } else { nil } }.first
    evaluations = results.map(\.record)
    var order: [CellGroup.Key] = [], places: [CellGroup.Key: [Int]] = [:]
    for (place, result) in results.enumerated() {
      let key = CellGroup.Key(result.cell)
      if places[key] == nil { order.append(key) }
      places[key, default: []].append(place)
    }
    let groups = order.map { key in (places[key] ?? []).map { results[$0] } }
    let made = concurrentMap(groups.count) { ExternalGroup(groups[$0]) }
    rows = made.flatMap(\.rows)
    var runs = [[Run]](repeating: [], count: results.count)
    for (key, group) in zip(order, made) {
      for (place, run) in zip(places[key] ?? [], group.runs) { runs[place] = run }
    }
    self.runs = runs.flatMap(\.self)
    patients = Self.patients(groups)
  }
}
