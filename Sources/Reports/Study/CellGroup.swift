public import Foundations
public import Metrics
internal import RunStore
public import Statistics
public import Studies

/// What the runs of one task from one initialization come to, over their seeds and over the patients of the test set.
public struct CellGroup: Codable, Hashable, Sendable {
  /// What the runs of a group have in common.
  public struct Key: Codable, Hashable, Sendable {
    public let task: String
    public let initialization: String
    /// How much of the training images the runs saw.
    public let fraction: TrainingFraction

    init(_ cell: Cell) { self.init(task: cell.task, initialization: cell.initialization, fraction: cell.fraction) }

    init(task: String, initialization: String, fraction: TrainingFraction) {
      self.task = task
      self.initialization = initialization
      self.fraction = fraction
    }
  }

  /// A metric over the seeds.
  public struct Metric: Codable, Hashable, Sendable {
    public let metric: MetricName
    /// The class, for a metric of one class.
    public let className: String?
    /// Over the runs that have a value.
    public let summary: Summary
    /// The t interval of the mean at 95 %, cut to the metric's range: how far other seeds may move it.
    public let interval: Available<Interval>
    /// The finished runs in which it is undefined.
    public let undefinedCount: Int
    /// The most images that a run's mean leaves out, since they have no such value: distances where a mask is empty. Nil where none is.
    public let leftOutCount: Int?
  }

  public let task: String
  public let initialization: String
  public let fraction: TrainingFraction
  /// The runs that are planned, and those that are finished and can be read.
  public let plannedCount: Int
  public let runCount: Int
  public let metrics: [Metric]
  /// The first metric with an interval that speaks of other seeds and of other patients, and its variance components.
  public let seedsAndPatients: TwoLevel
  /// How many test patients an interval of ± the margin of the study's settings would need, with as many seeds.
  public let patientsForMargin: Available<Int>
  /// Every metric of the run with the median result, with its interval for other patients.
  public let patients: Available<PatientIntervals>
  /// The mean over the seeds of the sensitivity at each false-positive rate; classes count alike.
  public let receiverOperating: Available<MeanROC>
  /// By images a class, where the runs are of few shots; nil else.
  public let fewShot: [FewShotResult]?

  var key: Key { Key(task: task, initialization: initialization, fraction: fraction) }

  init(
    _ key: Key, kind: TaskKind, plannedCount: Int, _ seeds: SeedPredictions, first: TaskEvidence.Group?, margin: Double,
    patients: Available<PatientIntervals>, fewShot: [FewShotResult]? = nil
  ) {
    self.fewShot = fewShot
    let runs = seeds.metrics
    task = key.task
    initialization = key.initialization
    fraction = key.fraction
    self.plannedCount = plannedCount
    runCount = runs.count
    metrics = Self.metrics(of: runs)
    let none = "no run is finished"
    seedsAndPatients = TwoLevel(
      kind.title(of: kind.tableMetrics[0]), first?.seeds ?? .notAvailable(reason: none), range: kind.tableMetrics[0].range)
    patientsForMargin =
      !kind.tableMetrics[0].unit.isPercent
      ? .notAvailable(reason: "the margin is in percentage points, and this metric is not in percent")
      : first?.patients(halfWidth: margin) ?? .notAvailable(reason: none)
    self.patients = patients
    receiverOperating = seeds.meanROC
  }

  /// Over the whole task, or nil where no run has it.
  public func metric(_ name: MetricName, of className: String? = nil) -> Metric? {
    metrics.first { $0.metric == name && $0.className == className }
  }

  /// Every metric and class that a run has, in the order of the first run that has it.
  private static func metrics(of runs: [RunMetrics]) -> [Metric] {
    struct Name: Hashable {
      let metric: MetricName
      let className: String?
    }
    var order: [Name] = [], places: [Name: Int] = [:], values: [[Double]] = [], undefined: [Int] = [], leftOut: [Int] = []
    for run in runs {
      for (index, entry) in run.entries.enumerated() {
        let name = Name(metric: entry.metric, className: entry.className)
        // Almost every run has the metrics of the first one in their order.
        var place = index
        if !(index < order.count && order[index] == name) {
          place = places[name] ?? order.count
          if place == order.count {
            places[name] = place
            order.append(name)
            values.append([])
            undefined.append(0)
            leftOut.append(0)
          }
        }
        leftOut[place] = max(leftOut[place], entry.leftOut ?? 0)
        if let number = entry.value.number { values[place].append(number) } else { undefined[place] += 1 }
      }
    }
    return order.indices.map { place in
      let name = order[place], summary = Summary(values[place])
      return Metric(
        metric: name.metric, className: name.className, summary: summary, interval: summary.meanInterval().map { $0.cut(to: name.metric.range) },
        undefinedCount: undefined[place], leftOutCount: leftOut[place] > 0 ? leftOut[place] : nil)
    }
  }
}

/// A receiver operating characteristic as the mean of several, at fixed false-positive rates.
public struct MeanROC: Codable, Hashable, Sendable {
  /// 0, 0.01 … 1.
  public let falsePositiveRates: [Double]
  public let sensitivities: [Double]
  /// Over the seeds, n − 1 in the denominator; nil for one seed.
  public let standardDeviations: [Double]?
}
