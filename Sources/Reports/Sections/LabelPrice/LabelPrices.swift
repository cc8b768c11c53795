internal import Figures
internal import Foundations
internal import Metrics
internal import RunStore
internal import Statistics
internal import Studies

/// What labels are worth: how many of them the baseline needs to do what another initialization does with a given number.
struct LabelPrices: StudySection {
  static let id = "labelPrice"

  /// What one initialization does with one amount of training images.
  struct Result: Codable, Hashable, Sendable {
    let initialization: String
    let fraction: TrainingFraction
    /// Of the seeds, on the first metric of the task.
    let mean: Double
    /// For other seeds and other patients.
    let interval: Available<Interval>
    /// Whether it does better than the baseline with as many labels; nil where the baseline has no such result.
    let isBetter: Bool?
    /// Of the baseline's labels.
    let price: LabelPrice
  }

  /// One task with several amounts of training images.
  struct Task: Codable, Hashable, Sendable {
    let task: String
    let metric: MetricName
    /// What tables call it.
    let metricTitle: String
    let baseline: String
    /// The baseline's results by fraction, the smallest first.
    let fractions: [TrainingFraction]
    /// Nil where the study's output does not say how many images a share is.
    let trainingImages: TrainingCounts?
    let means: [Double]
    let intervals: [Available<Interval>]
    let curve: MonotoneCurve
    /// Of the other initializations.
    let results: [Result]
    /// Initializations that have no price, with the reason; nil for none.
    let leftOut: [String: String]?
  }

  let tasks: [Task]
  /// Tasks with several amounts of training images that have no price, with the reason.
  let withoutPrice: [String: String]

  /// All that is needed is there of every group.
  static func part(of group: GroupContents) -> Never? { nil }

  static func make(_ parts: [CellGroup.Key: Never], _ context: SectionContext) throws -> Self? {
    var tasks: [Task] = [], without: [String: String] = [:]
    for task in context.outline.tasks where task.fractions.count > 1 {
      switch made(task, context) {
      case .value(let found): tasks.append(found)
      case .notAvailable(let reason): without[task.name] = reason
      }
    }
    return tasks.isEmpty && without.isEmpty ? nil : LabelPrices(tasks: tasks, withoutPrice: without)
  }

  private static func made(_ task: StudyOutline.Task, _ context: SectionContext) -> Available<Task> {
    if let folds = task.folds {
      return .notAvailable(reason: "the price of labels is read from networks of one test part, and this task has \(folds) folds")
    }
    guard let baseline = context.settings.analysis.baseline else { return .notAvailable(reason: "there is no baseline") }
    let left = context.exclusions(on: task.name)
    if let reason = left[baseline] { return .notAvailable(reason: "\(baseline) is left out: \(reason)") }
    let metric = task.kind.tableMetrics[0], fractions = task.fractions.sorted { $0.value < $1.value }
    guard metric.unit.isPercent else { return .notAvailable(reason: "the price of labels is read from shares in percent, and this task is judged by \(metric.title)") }
    let groups = Dictionary(context.groups.filter { $0.task == task.name }.map { ($0.key, $0) }, uniquingKeysWith: { first, _ in first })
    func point(_ name: String, _ fraction: TrainingFraction) -> (group: CellGroup, point: LabelPrice.Point)? {
      let key = CellGroup.Key(task: task.name, initialization: name, fraction: fraction)
      guard let group = groups[key], let mean = group.metric(metric)?.summary.mean.known else { return nil }
      let found = context.evidence[key]?[metric], first = context.evidence[.init(task: task.name, initialization: baseline, fraction: fraction)]?[metric]
      let isSame = first == nil || found?.testSet == first?.testSet
      return (
        group,
        .init(
          fraction: fraction.value, mean: mean,
          seeds: isSame ? found?.seeds ?? .notAvailable(reason: "no run is finished") : .notAvailable(reason: "not all were tested on the same images"))
      )
    }
    let reference = fractions.compactMap { fraction in point(baseline, fraction).map { (fraction: fraction, $0) } }
    guard reference.count > 1 else {
      return .notAvailable(reason: "\(baseline) has results with \(reference.isEmpty ? "no amount" : "one amount") of training images, and its curve needs two")
    }
    let points = reference.map(\.1.point)
    let results = context.outline.initializations.filter { $0.name != baseline && left[$0.name] == nil }.flatMap { start in
      fractions.compactMap { fraction -> Result? in
        guard let own = point(start.name, fraction), let price = LabelPrice.make(of: own.point, on: points).known else { return nil }
        let besides = reference.first { $0.fraction == fraction }?.1.point.mean
        return Result(
          initialization: start.name, fraction: fraction, mean: own.point.mean, interval: own.group.seedsAndPatients.estimate.interval,
          isBetter: besides.map { own.point.mean > $0 }, price: price)
      }
    }
    guard !results.isEmpty else { return .notAvailable(reason: "no other initialization\(left.isEmpty ? "" : " that counts") has a result") }
    let shownAlone = left.filter { name, _ in context.groups.contains { $0.task == task.name && $0.initialization == name && $0.runCount > 0 } }
    return MonotoneCurve.make(fractions: points.map(\.fraction), values: points.map(\.mean)).map { curve in
      Task(
        task: task.name, metric: metric, metricTitle: task.kind.title(of: metric), baseline: baseline, fractions: reference.map(\.fraction),
        trainingImages: TrainingCounts(task, context.source), means: points.map(\.mean),
        intervals: reference.map(\.1.group.seedsAndPatients.estimate.interval), curve: curve, results: results,
        leftOut: shownAlone.isEmpty ? nil : shownAlone)
    }
  }

  var title: String { "Label price" }
}
