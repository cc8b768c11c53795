internal import Foundations
internal import Metrics
internal import RunStore
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

extension StudyOutline {
  /// Names in the order of their looks, the same for every figure of a study, so that one initialization has one color everywhere. There are
  /// eight hues: of more initializations those come first that figures draw, the ones drawn on most tasks before the others.
  func lookOrder(_ groups: [CellGroup], baseline: String?) -> [String] {
    let names = initializations.map(\.name)
    guard names.count > ShownInitializations.limit else { return names }
    let drawn = tasks.flatMap { ShownInitializations($0, among: $0.groups(in: groups, of: self), baseline: baseline).names }
    let counts = Dictionary(grouping: drawn, by: \.self).mapValues(\.count)
    return names.enumerated().sorted { first, second in
      (counts[second.element] ?? 0, first.offset) < (counts[first.element] ?? 0, second.offset)
    }.map(\.element)
  }
}

extension SectionContext {
  var lookOrder: [String] { outline.lookOrder(groups, baseline: settings.analysis.baseline) }

  func shown(_ task: StudyOutline.Task) -> ShownInitializations {
    ShownInitializations(task, among: task.groups(in: groups, of: outline), baseline: settings.analysis.baseline)
  }
}
