internal import Figures
internal import Foundation
internal import Foundations
internal import Metrics
internal import RunStore
internal import Statistics
internal import Studies

/// How far a second observer agrees with the first on the test images of a task, by the metrics of its networks, and what the networks
/// come to on those same images.
struct ObserverSection: StudySection {
  /// A metric of the second observer's masks against the first's.
  struct Entry: Codable, Hashable, Sendable {
    let metric: MetricName
    let value: MetricValue
    /// For other patients, with these two observers.
    let interval: Available<Interval>
    /// Why the interval is not to be relied on; nil where nothing is known against it.
    let warning: String?
  }

  /// The networks that began from one initialization, on the images that both observers saw.
  struct Networks: Codable, Hashable, Sendable {
    struct Metric: Codable, Hashable, Sendable {
      let metric: MetricName
      /// Over the seeds that have a value.
      let summary: Summary
    }

    let initialization: String
    let runCount: Int
    let metrics: Available<[Metric]>
  }

  struct Task: Codable, Hashable, Sendable {
    let name: String
    /// The test images that both observers saw, and all.
    let images: Int
    let testImages: Int
    let entries: [Entry]
    let networks: [Networks]
    /// Initializations that are shown and compared with nothing; nil for none.
    let leftOut: [String]?
  }

  static let id = "observerAgreement"

  let tasks: [Task]
  /// Tasks whose tables cannot be used, each with the reason in a sentence; nil for none.
  let withheld: [String]?

  /// Of each run the metrics on the images that both observers saw; or why it has none.
  static func part(of group: GroupContents) -> Available<[RunMetrics]>? {
    guard group.key.fraction == group.task.largestFraction, group.task.kind.isSegmentation, !group.runs.isEmpty,
      let observed = observed(group.task.name, group.source)
    else { return nil }
    let ids = Set(observed.rows.map(\.id))
    var metrics: [RunMetrics] = []
    for run in group.runs {
      guard case .segmentation(let all) = run.predictions else { continue }
      let rows = all.rows.filter { ids.contains($0.id) }
      guard rows.count == ids.count else {
        return .notAvailable(reason: "seed \(run.cell.seed) has no answer to \(ids.count - rows.count) of these images")
      }
      metrics.append(
        Predictions.segmentation(SegmentationPredictions(rows: rows, unit: all.unit, tolerance: all.tolerance)).allMetrics(validation: nil))
    }
    return .value(metrics)
  }

  static func make(_ parts: [CellGroup.Key: Available<[RunMetrics]>], _ context: SectionContext) throws -> ObserverSection? {
    let withheld = context.outline.tasks.compactMap { task -> String? in
      guard task.kind.isSegmentation, let reason = ObserverRecord.table(of: task.name, from: context.source)?.reason else { return nil }
      return "\(task.name): how far two observers agree is not available: \(reason)."
    }
    let tasks = context.outline.tasks.compactMap { task -> Task? in
      guard task.kind.isSegmentation, let observed = observed(task.name, context.source) else { return nil }
      let record = ObserverRecord.table(of: task.name, from: context.source)?.known?.record
      let predictions = Predictions.segmentation(observed)
      let intervals = MetricIntervals(
        predictions, validation: nil,
        bootstrap: PatientIntervals.bootstrap(predictions, rule: context.settings.bootstrap, groupCount: context.groups.count))
      let entries = predictions.allMetrics(validation: nil).entries.map { entry in
        Entry(
          metric: entry.metric, value: entry.value,
          interval: intervals.entry(of: entry.metric)?.interval ?? .notAvailable(reason: intervals.bootstrap.reason ?? "it was not resampled"),
          warning: intervals.entry(of: entry.metric)?.warning)
      }
      let networks = context.outline.initializations.compactMap { start in
        parts[.init(task: task.name, initialization: start.name, fraction: task.largestFraction)].map { Networks(start.name, $0, like: entries) }
      }
      return Task(
        name: task.name, images: observed.rows.count, testImages: record?.testImages ?? observed.rows.count, entries: entries,
        networks: networks, leftOut: context.leftOut(of: networks.map(\.initialization), on: task))
    }
    return tasks.isEmpty && withheld.isEmpty ? nil : ObserverSection(tasks: tasks, withheld: withheld.isEmpty ? nil : withheld)
  }

  /// Nil where the study has no such table, or one that cannot be used: then there is nothing to compare with.
  private static func observed(_ task: String, _ source: any RunSource) -> SegmentationPredictions? {
    guard case .segmentation(let found)? = ObserverRecord.table(of: task, from: source)?.known?.predictions, !found.rows.isEmpty else { return nil }
    return found
  }
}

extension ObserverSection.Networks {
  init(_ name: String, _ runs: Available<[RunMetrics]>, like entries: [ObserverSection.Entry]) {
    initialization = name
    runCount = runs.known?.count ?? 0
    metrics = runs.map { runs in
      entries.map { entry in
        Metric(metric: entry.metric, summary: Summary(runs.compactMap { $0.value(of: entry.metric)?.number }))
      }
    }
  }
}
