internal import Foundations
internal import Metrics
internal import RunStore
internal import Statistics
internal import Studies

extension SubgroupsSection {
  static func make(_ parts: [CellGroup.Key: Part], _ context: SectionContext) throws -> SubgroupsSection? {
    let names = context.outline.initializations.map(\.name)
    var tasks: [Task] = [], unread: [Unread] = []
    for task in context.outline.tasks where task.groups != nil {
      let found = names.compactMap { name in
        parts[.init(task: task.name, initialization: name, fraction: task.largestFraction)].map { (name: name, part: $0) }
      }
      guard let first = found.first(where: { $0.part.groups.known != nil }) ?? found.first else { continue }
      let usable = found.filter { $0.part.groups.known != nil && $0.part.testSet == first.part.testSet }
      let reasons = found.compactMap { one -> (name: String, reason: String)? in
        if let reason = one.part.groups.reason { return (one.name, reason) }
        return one.part.testSet == first.part.testSet ? nil : (one.name, "its runs were tested on other images than those of \(first.name)")
      }
      // What is wrong with all of them is said once.
      let isShared = Set(reasons.map(\.reason)).count == 1 && usable.isEmpty
      unread += (isShared ? Array(reasons.prefix(1)) : reasons).map {
        Unread(task: task.name, initialization: isShared ? nil : $0.name, reason: $0.reason)
      }
      if !usable.isEmpty { tasks.append(Task(task, usable, context)) }
    }
    if tasks.isEmpty, unread.isEmpty { return nil }
    return SubgroupsSection(tasks: tasks, unread: unread, significance: context.settings.analysis.significance, initializations: names)
  }
}

extension SubgroupsSection.Task {
  typealias Section = SubgroupsSection

  /// More initializations are not shown, only kept in `numbers.json`.
  private static let mostShown = 8

  /// - Parameter found: those with runs on the same test images, in the order of the study.
  fileprivate init(_ task: StudyOutline.Task, _ found: [(name: String, part: Section.Part)], _ context: SectionContext) {
    let metric = task.kind.tableMetrics[0]
    let means = Dictionary(
      context.groups.filter { $0.task == task.name && $0.fraction == task.largestFraction }.map { ($0.initialization, $0.metric(metric)?.summary.mean.known) },
      uniquingKeysWith: { first, _ in first })
    leftOut = context.leftOut(of: found.map(\.name), on: task)
    let left = Set(leftOut ?? [])
    let kept: [String] = found.map(\.name).filter { !left.contains($0) }
    let scores: [Double] = kept.map { means[$0]?.flatMap(\.self) ?? -1 }
    let ranked = kept.indices.sorted { scores[$0] == scores[$1] ? $0 < $1 : scores[$0] > scores[$1] }.map { kept[$0] }
    let ordered = ranked + found.map(\.name).filter(left.contains)
    let baseline = context.settings.analysis.baseline ?? context.outline.standardBaseline
    let reference =
      baseline.flatMap { name in found.contains { $0.name == name } && !left.contains(name) ? name : nil }
      ?? ranked.first
    self.name = task.name
    kind = task.kind
    classNames = found[0].part.classNames
    self.reference = reference
    let wanted = Set(ordered.prefix(reference.map { ordered.prefix(Self.mostShown).contains($0) } ?? true ? Self.mostShown : Self.mostShown - 1) + [reference].compactMap(\.self))
    shown = found.map(\.name).filter(wanted.contains)
    let groups = found.map { ($0.name, $0.part.runCount, $0.part.groups.known ?? []) }
    self.groups = (groups.first?.2.indices ?? 0..<0).map { place in
      Section.Group(
        groups.map { (name: $0.0, runCount: $0.1, group: $0.2[place]) }, reference: reference, leftOut: left, level: context.settings.analysis.level)
    }
  }
}

extension SubgroupsSection.Group {
  typealias Section = SubgroupsSection

  /// - Parameters:
  ///   - found: the same group of several initializations, none of them missing.
  ///   - leftOut: those that are shown and tested with nothing.
  fileprivate init(
    _ found: [(name: String, runCount: Int, group: Section.Part.Group)], reference: String?, leftOut: Set<String>, level: Double
  ) {
    let first = found[0].group
    name = first.name
    strata = first.strata
    classes = first.classes
    let tested = found.map { one -> Statistic in
      if leftOut.contains(one.name) { return .notAvailable(reason: "it is compared with nothing") }
      return one.group.gap.flatMap(\.p)
    }
    let gaps = AdjustedFamily(tested, correction: .holm).p
    initializations = zip(found, gaps).map {
      Section.Initialization(name: $0.name, runCount: $0.runCount, values: $0.group.values, gap: $0.group.gap, adjustedGapP: $1)
    }
    let base = found.first { $0.name == reference }?.group
    let tests = found.filter { $0.name != reference && !leftOut.contains($0.name) }.flatMap { one in
      one.group.contrasts.enumerated().map { place, contrast in
        let other = base?.contrasts[place].seeds ?? .notAvailable(reason: "there is no reference")
        return (
          one.name, contrast,
          contrast.seeds.flatMap { seeds in other.flatMap { TwoLevelDifference.make(seeds, $0) } }.map { $0.test(level: level) }
        )
      }
    }
    let adjusted = AdjustedFamily(tests.map { $0.2.flatMap(\.p) }, correction: .holm).p
    interactions = zip(tests, adjusted).map { test, adjustedP in
      Section.Interaction(
        initialization: test.0, stratum: test.1.stratum, other: test.1.other, difference: test.2.flatMap(\.effect.value),
        interval: test.2.flatMap(\.effect.interval), degreesOfFreedom: test.2.known?.degreesOfFreedom.first, p: test.2.flatMap(\.p),
        adjustedP: adjustedP)
    }
  }
}
