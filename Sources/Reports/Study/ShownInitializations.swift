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
  /// Says so where some are left out, and which of the shown ones are compared with nothing.
  let note: [String]
  /// The one with the best mean of the task's first metric, of those that are compared; nil where none has one.
  let best: String?
  /// The best but for that one.
  let second: String?

  /// - Parameters:
  ///   - found: the task's groups with the most training images, in the order of the study.
  ///   - exclusions: why some are shown and compared with nothing, by name.
  init(_ task: StudyOutline.Task, among found: [(name: String, group: CellGroup)], baseline: String?, exclusions: [String: String]) {
    let finished = found.filter { $0.group.runCount > 0 }, metric = task.kind.tableMetrics[0]
    func merit(_ one: (name: String, group: CellGroup)) -> Double? {
      exclusions[one.name] == nil ? one.group.metric(metric)?.summary.mean.known.map(metric.direction.merit) : nil
    }
    let ordered = finished.sorted { (merit($0) ?? -.infinity) > (merit($1) ?? -.infinity) }
    let measured = ordered.filter { merit($0) != nil }.map(\.name)
    func left(_ names: [String]) -> [String] {
      names.compactMap { name in exclusions[name].map { "\(name)\(Analysis.leftOutMark) is compared with nothing: \($0)." } }
    }
    best = measured.first
    second = measured.dropFirst().first
    guard finished.count > Self.limit else {
      names = finished.map(\.name)
      note = left(names)
      return
    }
    var shown = Set(ordered.prefix(Self.limit - 1).map(\.name))
    shown.insert(baseline.flatMap { name in finished.contains { $0.name == name } ? name : nil } ?? ordered[Self.limit - 1].name)
    names = finished.map(\.name).filter(shown.contains)
    note = ["The best \(names.count) of \(finished.count) initializations, with the baseline."] + left(names)
  }
}

extension StudyOutline {
  /// Names in the order of their looks, the same for every figure of a study, so that one initialization has one color everywhere. There are
  /// eight hues: of more initializations those come first that figures draw, the ones drawn on most tasks before the others.
  func lookOrder(_ groups: [CellGroup], baseline: String?, exclusions: [String: [String: String]]) -> [String] {
    let names = initializations.map(\.name)
    guard names.count > ShownInitializations.limit else { return names }
    let drawn = tasks.flatMap { ShownInitializations($0, among: $0.groups(in: groups, of: self), baseline: baseline, exclusions: exclusions[$0.name] ?? [:]).names }
    let counts = Dictionary(grouping: drawn, by: \.self).mapValues(\.count)
    return names.enumerated().sorted { first, second in
      (counts[second.element] ?? 0, first.offset) < (counts[first.element] ?? 0, second.offset)
    }.map(\.element)
  }
}

extension SectionContext {
  var lookOrder: [String] { outline.lookOrder(groups, baseline: settings.analysis.baseline, exclusions: exclusions) }

  /// Those of a task's initializations that are compared with nothing; nil for none, which then stands in no file.
  func leftOut(of names: [String], on task: StudyOutline.Task) -> [String]? {
    let left = names.filter { exclusions(on: task.name)[$0] != nil }
    return left.isEmpty ? nil : left
  }

  func shown(_ task: StudyOutline.Task) -> ShownInitializations {
    ShownInitializations(task, among: task.groups(in: groups, of: outline), baseline: settings.analysis.baseline, exclusions: exclusions(on: task.name))
  }
}

/// Names with the mark of those that are compared with nothing, as they stand in the tables and figures of one task.
struct MarkedNames {
  private let exclusions: Set<String>

  init(_ exclusions: some Sequence<String>) { self.exclusions = Set(exclusions) }

  func callAsFunction(_ name: String) -> String { exclusions.contains(name) ? name + Analysis.leftOutMark : name }
  func isCompared(_ name: String) -> Bool { !exclusions.contains(name) }
}
