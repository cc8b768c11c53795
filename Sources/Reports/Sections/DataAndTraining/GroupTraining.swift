internal import Foundation
internal import Foundations
internal import Metrics
internal import RunStore
internal import Studies

/// How the runs of a group were trained, as the files of the runs say: what the section keeps of a group.
struct GroupTraining: Sendable {
  /// One finished run; of a repeat of a cross-validation one a fold, with the repeat's seed.
  struct Run: Sendable {
    let seed: Int
    /// Where it was made: one environment for most runs, several where a run went on elsewhere. Empty where it has no legible
    /// `environment.json`.
    let environments: [RunEnvironment]
    /// Nil where the run has no legible `timing.json`.
    let timing: RunTiming?
    /// Nil where its history was not read or has no epoch.
    let epochs: EpochCount?
  }

  /// How many epochs were run, and after which the weights were kept.
  struct EpochCount: Hashable, Sendable {
    let last: Int
    let best: Int
  }

  /// The first metric of the task with and without the test images that an audit found in training or validation.
  struct LeakFree: Sendable {
    let leftOut: Int
    let values: [(whole: MetricValue, without: MetricValue)]
    let scale: ResultTable.Scale?
  }

  /// Of one run; those of the others differ in their seed alone. Nil where no run's `cell.json` can be read.
  let configuration: CellConfiguration?
  let runs: [Run]
  /// The images that some run could not read, by part; nil where no run says.
  let leftOut: [String: Set<String>]?
  let leakFree: LeakFree?
  /// Test sets that runs were asked about, with the runs.
  let asked: [AskedTestSet: Int]

  /// Above so many groups one history a group is read: they are by far the largest files that a run has beside its weights.
  static let historyLimit = 200

  init(_ group: GroupContents) {
    configuration = group.runs.lazy.compactMap { try? $0.readers.first?.record() }.first?.configuration
    let readsAll = group.groupCount <= Self.historyLimit
    var environments = Cache<RunSessions>()
    var leftOut: [String: Set<String>]?
    var quarantines = Set<Data>()
    let trained = group.runs.flatMap { run in run.readers.map { (seed: run.cell.seed, reader: $0) } }
    runs = trained.enumerated().map { index, run in
      if let data = try? run.reader.bytes("quarantine.json"), quarantines.insert(data).inserted, let content = Quarantine.ids(in: data) {
        leftOut = (leftOut ?? [:]).merging(content) { $0.union($1) }
      }
      return Run(
        seed: run.seed, environments: environments.read("environment.json", run.reader)?.environments ?? [],
        timing: try? run.reader.read(RunTiming.self, from: "timing.json"),
        epochs: readsAll || index == 0 ? Self.epochs(run.reader) : nil)
    }
    self.leftOut = leftOut
    leakFree = Self.leakFree(group)
    asked = group.runs.reduce(into: [:]) { counts, run in
      // Runs of folds are not asked about other test sets.
      if run.folded != nil { return }
      for set in run.readers.flatMap({ AskedTestSet.all(of: $0, identity: run.cell.identity) }) { counts[set, default: 0] += 1 }
    }
  }

  private static func epochs(_ reader: RunReader) -> EpochCount? {
    guard let history = try? reader.bytes(RunDirectory.historyFileName) else { return nil }
    let losses = LearningHistory.validationLosses(in: history)
    // The first of equal ones, as the training keeps it.
    guard let best = losses.min(by: { ($0.loss, $0.epoch) < ($1.loss, $1.epoch) }), let last = losses.map(\.epoch).max() else { return nil }
    return EpochCount(last: last, best: best.epoch)
  }

  private static func leakFree(_ group: GroupContents) -> LeakFree? {
    guard let audit = try? StudyFiles.read(AuditRecord.self, at: AuditRecord.path(of: group.task.name), from: group.source),
      group.task.isAbout(audit.data, in: group.source)
    else { return nil }
    let leaking = Set(audit.leakingTestImages), metric = group.task.kind.tableMetrics[0]
    guard !leaking.isEmpty, let first = group.runs.first else { return nil }
    let values = group.runs.map { run in
      (
        whole: value(of: metric, run.metrics),
        without: run.metrics(of: group.task.kind, leavingOut: leaking).map { value(of: metric, $0) } ?? .undefined(reason: "a fold has no image left")
      )
    }
    return LeakFree(
      leftOut: first.predictions.imageCount - first.predictions.leavingOut(leaking).imageCount, values: values,
      scale: group.task.ownScale(of: metric))
  }

  private static func value(of metric: MetricName, _ metrics: RunMetrics) -> MetricValue {
    metrics.value(of: metric) ?? .undefined(reason: "no image is left")
  }

  /// Files of few kinds among many runs: equal bytes are read once.
  private struct Cache<Value: Decodable> {
    private var known: [Data: Value] = [:]

    mutating func read(_ file: String, _ reader: RunReader) -> Value? {
      guard let data = try? reader.bytes(file) else { return nil }
      if let value = known[data] { return value }
      guard let value = try? JSONDecoder().decode(Value.self, from: data) else { return nil }
      known[data] = value
      return value
    }
  }
}

extension StudyOutline.Task {
  /// Whether a fingerprint is that of the task's data: of all training images, whether or not runs see all of them.
  func isAbout(_ fingerprint: String, in source: any RunSource) -> Bool {
    guard let data else { return true }
    if data == fingerprint { return true }
    // Of folds what was looked at is called by the first.
    guard let split = (try? splits(from: source))?.first else { return false }
    return split.data == fingerprint && split.isOf(data: data)
  }
}
