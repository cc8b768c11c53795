internal import Foundations
internal import Metrics
internal import Statistics
internal import Studies

/// The initializations of a task that figures and long tables show: all that have a finished run, or of many the best and the baseline.
struct ShownInitializations {
  /// At most so many are drawn as lines; all are in the tables of means.
  static let limit = 8

  /// In the order of the study.
  let names: [String]
  /// Says so where some are left out.
  let note: [String]
  /// The one with the best mean of the task's first metric; nil where none has one.
  let best: String?
  /// The best but for that one.
  let second: String?

  /// - Parameter found: the task's groups with the most training images, in the order of the study.
  init(_ task: StudyOutline.Task, among found: [(name: String, group: CellGroup)], baseline: String?) {
    let finished = found.filter { $0.group.runCount > 0 }, metric = task.kind.tableMetrics[0]
    func merit(_ group: CellGroup) -> Double? { group.metric(metric)?.summary.mean.known.map(metric.direction.merit) }
    let ordered = finished.sorted { (merit($0.group) ?? -.infinity) > (merit($1.group) ?? -.infinity) }
    let measured = ordered.filter { merit($0.group) != nil }.map(\.name)
    best = measured.first
    second = measured.dropFirst().first
    guard finished.count > Self.limit else {
      (names, note) = (finished.map(\.name), [])
      return
    }
    var shown = Set(ordered.prefix(Self.limit - 1).map(\.name))
    shown.insert(baseline.flatMap { name in finished.contains { $0.name == name } ? name : nil } ?? ordered[Self.limit - 1].name)
    names = finished.map(\.name).filter(shown.contains)
    note = ["The best \(names.count) of \(finished.count) initializations, with the baseline."]
  }
}

extension SectionContext {
  func shown(_ task: StudyOutline.Task) -> ShownInitializations {
    ShownInitializations(task, among: task.groups(in: groups, of: outline), baseline: settings.analysis.baseline)
  }
}
