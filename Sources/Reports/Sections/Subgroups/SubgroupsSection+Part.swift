internal import Foundation
internal import Foundations
internal import Metrics
internal import RunStore
internal import Statistics
internal import Studies

extension SubgroupsSection {
  /// What the runs of one initialization contribute.
  struct Part: Sendable {
    /// Two strata, or one and all others, with the contrast that each seed has for itself.
    struct Contrast: Sendable {
      let stratum: String
      let other: String?
      let seeds: Available<SeedsAndPatients>
    }

    struct Group: Sendable {
      let name: String
      let strata: [Stratum]
      let classes: [String]
      let values: [Available<Values>]
      let contrasts: [Contrast]
      let gap: Available<GroupGap>
    }

    let runCount: Int
    let classNames: [String]
    /// Of images, patients and truth: contrasts of other test sets are not put together.
    let testSet: String
    /// Or why the runs have none.
    let groups: Available<[Group]>
  }

  static func part(of group: GroupContents) -> Part? {
    guard let found = group.groups, group.key.fraction == group.task.largestFraction, let first = group.runs.first else { return nil }
    let facts = TestFacts(first.predictions)
    func part(_ groups: Available<[Part.Group]>) -> Part {
      Part(runCount: group.runs.count, classNames: facts.classNames, testSet: facts.testSet, groups: groups)
    }
    if group.task.folds != nil {
      return part(.notAvailable(reason: "the contrasts of subgroups know nothing of what the networks of folds have in common, and are of one test part"))
    }
    let metric = group.task.kind.tableMetrics[0]
    guard [.aurocMacro, .dicePooled].contains(metric) else {
      return part(.notAvailable(reason: "subgroups are compared by AUROC or Dice, and this task is judged by \(metric.title)"))
    }
    switch found {
    case .notAvailable(let reason): return part(.notAvailable(reason: reason))
    case .value(let table):
      guard group.runs.dropFirst().allSatisfy({ $0.predictions.testSet == facts.testSet }) else {
        return part(.notAvailable(reason: "the runs were not tested on the same images"))
      }
      let work = SubgroupWork(
        groupCount: group.groupCount, columnCount: table.names.count, seedCount: group.plannedCount, facts: facts, rule: group.settings.bootstrap)
      if let reason = work.unmeasured { return part(.notAvailable(reason: reason)) }
      let measures = group.runs.map { SubgroupMeasure($0, facts) }
      return part(
        .value(
          table.names.indices.map { place in
            let strata = TestStrata(facts, stratumOfRow: facts.ids.map { table.strata(of: $0)?[place] })
            return Part.Group(table.names[place], strata, facts, measures, work)
          }))
    }
  }
}

extension SubgroupsSection.Part.Group {
  fileprivate init(_ name: String, _ test: TestStrata, _ facts: TestFacts, _ runs: [SubgroupMeasure], _ work: SubgroupWork) {
    self.name = name
    strata = test.strata
    classes = test.classes.map { facts.classNames[$0] }
    var ofStratum: [Int: Available<[StratumValue]>] = [:]
    values = test.strata.indices.map { place in
      if let reason = test.strata[place].tooFew { return .notAvailable(reason: reason) }
      func measured(_ kind: SubgroupMeasure.Kind) -> Available<[StratumValue]> {
        .all(runs.map { $0.value(kind, rows: test.rows[place], classes: test.classes) })
      }
      let metric = measured(.metric)
      ofStratum[place] = metric
      return .value(
        SubgroupsSection.Values(
          metric: .init(metric), sensitivity: facts.isSegmentation ? nil : .init(measured(.sensitivity)),
          specificity: facts.isSegmentation ? nil : .init(measured(.specificity))))
    }
    let compared = test.compared
    func contrast(_ first: Int, _ second: Available<[StratumValue]>, other: String?) -> SubgroupsSection.Part.Contrast {
      let firstValues = ofStratum[first] ?? .notAvailable(reason: "it is not measured")
      let seeds = work.unkept(strata: compared.count).map { Available<SeedsAndPatients>.notAvailable(reason: $0) }
      return .init(
        stratum: test.strata[first].name, other: other,
        seeds: seeds ?? firstValues.flatMap { one in second.flatMap { SeedsAndPatients.contrast(one, $0) } })
    }
    switch compared.count {
    case ..<2: contrasts = []
    case 2:
      let second = ofStratum[compared[1]] ?? .notAvailable(reason: "it is not measured")
      contrasts = [contrast(compared[0], second, other: test.strata[compared[1]].name)]
    default:
      contrasts = compared.map { place in
        let others = compared.filter { $0 != place }.flatMap { test.rows[$0] }.sorted()
        return contrast(place, .all(runs.map { $0.value(.metric, rows: others, classes: test.classes) }), other: nil)
      }
    }
    gap = StratumGap.test(test, facts, runs, work)
  }
}

extension SubgroupsSection.Measured {
  /// The mean over the seeds with its interval.
  fileprivate init(_ seeds: Available<[StratumValue]>) {
    value = seeds.flatMap { values in
      values.isEmpty ? .notAvailable(reason: "no run is finished") : .value(values.reduce(0) { $0 + $1.value } / Double(values.count))
    }
    interval = seeds.flatMap { values in
      values.count == 1 ? values[0].fractionInterval() : SeedsAndPatients.of(values).flatMap { $0.fractionInterval() }
    }
  }
}

extension Available {
  /// All values, or the reason of the first that there is not.
  static func all<Element>(_ values: [Available<Element>]) -> Available where Value == [Element] {
    if let reason = values.lazy.compactMap(\.reason).first { return .notAvailable(reason: reason) }
    return .value(values.compactMap(\.known))
  }
}
