public import Figures
internal import Foundation
internal import Foundations
internal import Statistics

extension Analysis {
  /// One for each task, in words: the best, the set that cannot be told from it, what would settle it.
  public var verdicts: [HTMLReport.Verdict] { tasks.indices.map(verdict) }

  /// What all verdicts together say: where there is a best, and what is nowhere shown to be worse.
  ///
  /// - Parameter indices: of the tasks that count, one metric each; nil for all.
  /// - Returns: nil where there are not several tasks.
  public func headline(_ indices: [Int]? = nil) -> String? {
    let all = verdicts, indices = indices ?? Array(tasks.indices)
    guard indices.count > 1 else { return nil }
    let compared = indices.filter { all[$0].standing == .decided || all[$0].standing == .open }
    let unlearned = indices.filter { all[$0].standing == .nothingLearned }.map { table.tasks[$0].name }
    let untested = indices.filter { all[$0].standing == .insufficient }.map { table.tasks[$0].name }
    let nothing = unlearned.isEmpty ? "" : "Nothing was learned on \(listed(unlearned)) that a comparison could be about."
    guard !compared.isEmpty || !unlearned.isEmpty else {
      return "Nothing could be tested on any of the \(grouped(indices.count)) tasks\(untestedReason(indices)); the highest means are those on these test images."
    }
    let units = Generalization.allCases.filter { unit in compared.contains { tasks[$0].generalization == unit } }
    let sentences = units.map { unit in
      decisions(compared.filter { tasks[$0].generalization == unit }, all, unit, of: units.count == 1 ? indices.count - untested.count : nil)
    }
    let rest = untested.isEmpty ? "" : "Nothing could be tested on \(listed(untested))\(untestedReason(indices.filter { all[$0].standing == .insufficient }))."
    return (sentences + [compared.isEmpty ? "" : unbeaten(compared), nothing, rest]).filter { !$0.isEmpty }.joined(separator: " ")
  }

  /// Where one is shown to be best, of tasks that speak of the same.
  ///
  /// - Parameter count: of the tasks that are spoken of, tested or not; nil for those that are tested.
  private func decisions(_ compared: [Int], _ all: [HTMLReport.Verdict], _ unit: Generalization, of count: Int?) -> String {
    let decided = compared.filter { all[$0].standing == .decided }
    let number = count ?? compared.count, ofTasks = "\(grouped(number)) task\(number == 1 ? "" : "s")"
    guard !decided.isEmpty else {
      let isAnyTold = compared.contains { index in tasks[index].againstBest?.comparisons.contains { $0.isToldApart == true } == true }
      return isAnyTold
        ? "\(number == 1 ? "The one task tested does not show" : "None of the \(ofTasks) shows") one initialization to be best \(unit.words)."
        : "The initializations cannot be told apart \(unit.words): \(compared.count == 1 ? "the one task tested shows" : "none of the \(grouped(compared.count)) tasks tested shows") "
          + "\(compared.count == 1 ? "no" : "a") difference from the best mean."
    }
    let names = distinct(decided.compactMap { tasks[$0].best.known }).map { best in
      "\(best) on \(listed(decided.filter { tasks[$0].best.known == best }.map { table.tasks[$0].name }))"
    }
    return "One initialization is shown to be best \(unit.words) on \(grouped(decided.count)) of \(ofTasks): \(names.joined(separator: "; "))."
  }

  /// Who is the best of its tasks or not told from it: everywhere, else most often.
  private func unbeaten(_ compared: [Int]) -> String {
    let counts = table.initializations.map { name in
      let here = compared.filter { table.tasks[$0].comparedCell(of: name)?.summary.mean.known != nil }
      return (name: name, held: here.count { tasks[$0].best.known == name || tasks[$0].tied.contains(name) || tasks[$0].notToldFromBest.contains(name) }, tested: here.count)
    }
    let everywhere = counts.filter { $0.tested > 0 && $0.held == $0.tested }.sorted { $0.tested > $1.tested }
    // That none is told apart has been said.
    if everywhere.count == counts.count, counts.count > Self.namedCount { return "" }
    if !everywhere.isEmpty {
      let words = everywhere.map { "\($0.name) (\($0.tested == 1 ? "1 task" : "\(grouped($0.tested)) tasks"))" }
      return "Best, or not told from the best, on every task tested: \(firstFew(words, atMost: 6))."
    }
    let most = counts.map(\.held).max() ?? 0
    let words = counts.filter { $0.held == most }.map { "\($0.name) (\(grouped($0.held)) of \(grouped($0.tested)))" }
    return "None is the best, or not told from the best, on every task tested; most often \(firstFew(words, atMost: 6))."
  }

  /// What the unit of differences means, where it is another than that of values.
  public var unitSentence: String? {
    table.scale.symbol == "%" && !table.saysAllUnits
      ? "Differences are in percentage points, “points” for short\(table.saysSomeUnits ? ", where no other unit is said" : "")." : nil
  }

  private func verdict(_ index: Int) -> HTMLReport.Verdict {
    let (task, values) = (tasks[index], table.tasks[index])
    guard let best = task.best.known, let cell = values.cell(of: best), let family = task.againstBest else {
      return .init(
        task: task.title, standing: .insufficient, statement: "Nothing can be said: \(task.best.reason ?? "").", details: leftOut(values))
    }
    let scale = table.scale(of: values)
    let described = "\(best) (\(table.text(cell.summary, of: values))\(scale.suffix), n = \(grouped(cell.summary.count)))"
    guard !family.comparisons.isEmpty else {
      return .init(
        task: task.title, standing: .insufficient,
        statement: "Only \(described) has a result\(values.compared.count < values.cells.count ? " that counts" : ""): there is nothing to compare.",
        details: leftOut(values))
    }
    let (open, untested) = (task.notToldFromBest, task.untested)
    if let flaw = task.nothingLearned[best] {
      let statement =
        task.tied.isEmpty
        ? "\(described) has the best mean, but \(flaw.text(scale))."
        : "\(tiedWords(task, values)), and \(best) \(flaw.text(scale))."
      return .init(
        task: task.title, standing: .nothingLearned, statement: statement, details: leftOut(values) + details(task, onTheseImages[index], best, family))
    }
    if untested.count == family.comparisons.count {
      let reasons = distinct(family.comparisons.compactMap(\.p.reason)), nothing = "nothing could be tested: \(firstFew(reasons, atMost: 2))"
      let direction = values.higherIsBetter ? "highest" : "lowest"
      return .init(
        task: task.title, standing: .insufficient,
        statement: task.tied.isEmpty
          ? "\(described) has the \(direction) mean on these test images, but \(nothing)." : "\(tiedWords(task, values)) on these test images; \(nothing).",
        details: leftOut(values) + forOtherPatients(task) + NothingLearned.sentences(flawed(task, but: best), scale))
    }
    let isDecided = open.isEmpty && untested.isEmpty && task.tied.isEmpty
    return .init(
      task: task.title, standing: isDecided ? .decided : .open,
      statement: (task.tied.isEmpty ? claim(described, task, family) : tie(task, values, family)) + levels(task) + ".",
      details: leftOut(values) + details(task, onTheseImages[index], best, family))
  }

  /// What is shown in the table and has no part in the verdict, each with its reason.
  private func leftOut(_ values: ResultTable.Task) -> [String] {
    values.cells.compactMap { cell in
      cell.exclusion.map { "† \(cell.initialization) (\(table.text(cell.summary, of: values))\(table.scale(of: values).suffix)) is left out: \($0)." }
    }
  }

  /// What the comparisons with the best come to: that it is best, or what cannot be told from it.
  private func claim(_ described: String, _ task: TaskAnalysis, _ family: ComparisonFamily) -> String {
    let (open, untested) = (task.notToldFromBest, task.untested)
    let told = family.comparisons.count - open.count - untested.count
    let tested = untested.isEmpty ? "" : " that could be tested"
    if open.isEmpty, !untested.isEmpty {
      let apart = family.comparisons.filter { $0.isToldApart == true }.map(\.second)
      return "\(described) has the best mean and differs from \(others(apart, of: family)) \(task.generalization.words); \(others(untested, of: family)) could not be tested"
    }
    if open.isEmpty {
      return "\(described) is best \(task.generalization.words): it differs from \(told == 1 ? "the other" : told == 2 ? "both others" : "all \(told) others")"
    }
    let pair = open.count == 1 ? "it and \(open[0])" : "it and each of \(others(open, of: family))"
    let names = family.comparisons.filter { $0.isToldApart == true }.map(\.second)
    let few = open.count > Self.listedCount && told <= Self.namedCount ? listed(names) : told == 1 ? "the other" : "the \(grouped(told)) others"
    let rest = told > 0 ? "; it differs from \(few)\(tested)" : ""
    return "\(described) has the best mean, but \(pair) cannot be told apart \(task.generalization.words)\(rest)"
  }

  /// Behind a statement whose seeds were added round by round: by which levels it holds.
  private func levels(_ task: TaskAnalysis) -> String {
    guard let rounds = task.rounds, task.generalization == .patientsAndSeeds else { return "" }
    let told = rounds.arms.filter { $0.standing == .worse }.compactMap(\.look), level = significant(rounds.design.significance, 6)
    // The one that is nearest to its level.
    let nearest = told.max { $0.p / $0.level < $1.p / $1.level }
    let words = nearest.map { ": \(told.count == 1 ? "p" : "the largest p beside its level") = \(pText(.value($0.p))), adjusted level \(significant($0.level, 2))" }
    return " (seeds in rounds, \(rounds.isSettled ? "" : "not settled yet, ")\(level) for all looks and pairs together\(words ?? ""))"
  }

  /// More names than these are not told one by one where all are meant, and more than those never: the results shade them.
  private static let namedCount = 4, listedCount = 8

  /// `A, B and C`, or of many that are all of a family `the 9 others`, else `12 of the 15 others`.
  private func others(_ names: [String], of family: ComparisonFamily) -> String {
    let all = family.comparisons.count
    if names.count == all, all > Self.namedCount { return "the \(grouped(all)) others" }
    return names.count > Self.listedCount ? "\(grouped(names.count)) of the \(grouped(all)) others" : listed(names)
  }

  /// Equal means: none of them is the best.
  private func tie(_ task: TaskAnalysis, _ values: ResultTable.Task, _ family: ComparisonFamily) -> String {
    let names = [task.best.known ?? ""] + task.tied
    let open = task.notToldFromBest.filter { !task.tied.contains($0) }, told = family.comparisons.count { $0.isToldApart == true }
    var text = "\(tiedWords(task, values)), and no other is better"
    if !open.isEmpty { text += "; \(names[0]) and \(open.count == 1 ? open[0] : "each of \(others(open, of: family))") cannot be told apart \(task.generalization.words)" }
    if told > 0 { text += "; \(names[0]) differs from \(told == 1 ? "the other" : "the \(told) others") \(task.generalization.words)" }
    return text
  }

  /// `A (90.00 %, n = 1) and B (90.00 %, n = 1) are tied: their means are equal`
  private func tiedWords(_ task: TaskAnalysis, _ values: ResultTable.Task) -> String {
    let described = ([task.best.known ?? ""] + task.tied).map { name in
      let summary = values.cell(of: name)?.summary ?? Summary([])
      return "\(name) (\(table.text(summary, of: values))\(table.scale(of: values).suffix), n = \(grouped(summary.count)))"
    }
    return "\(listed(described)) are tied: their means are equal"
  }

  /// Why nothing is said for other patients, where that was asked for and predictions are known.
  private func forOtherPatients(_ task: TaskAnalysis) -> [String] {
    guard task.generalization == .seeds, let reason = task.generalizationReason, reason != TaskAnalysis.noPredictions else { return [] }
    return ["Nothing can be said for other patients: \(reason)."]
  }

  /// Those that learned nothing, but for the best, of which it is said first.
  private func flawed(_ task: TaskAnalysis, but best: String) -> [(name: String, flaw: NothingLearned)] {
    table.initializations.filter { $0 != best }.compactMap { name in task.nothingLearned[name].map { (name: name, flaw: $0) } }
  }

  /// ` (one value has no spread)`, where it is the same for all tasks: one without a result has another.
  private func untestedReason(_ indices: [Int]) -> String {
    let ofTasks = indices.map { tasks[$0].againstBest?.comparisons.compactMap(\.p.reason) ?? [] }, reasons = distinct(ofTasks.flatMap(\.self))
    guard ofTasks.allSatisfy({ !$0.isEmpty }) else { return "" }
    let parts = distinct(reasons.map { reason in reason.firstRange(of: ": ").map { String(reason[$0.upperBound...]) } ?? reason })
    return parts.count == 1 ? " (\(parts[0]))" : ""
  }

  /// The test of 2021 beneath a verdict for other patients, named.
  ///
  /// - Parameter isInRounds: whether seeds were added round by round, of which this test knows nothing.
  private func onTheseImagesText(_ task: TaskAnalysis, isInRounds: Bool) -> String? {
    guard let best = task.best.known, let family = task.againstBest else { return nil }
    let opening =
      "On these test images alone (\(settings.test.name) over seeds\(settings.test == .student ? ", as in 2021" : "")\(isInRounds ? "; it takes no account of the rounds" : "")): "
    guard task.untested.count < family.comparisons.count else {
      return opening + "nothing could be tested: \(firstFew(distinct(family.comparisons.compactMap(\.p.reason)), atMost: 1))."
    }
    let (open, told) = (task.notToldFromBest, family.comparisons.count { $0.isToldApart == true })
    let differs = told == 1 ? family.comparisons.first { $0.isToldApart == true }?.second ?? "" : "\(told) others"
    if open.isEmpty { return opening + "\(best) differs from \(told == 1 ? differs : told == 2 ? "both others" : "all \(differs)")." }
    return opening + "\(best) and \(open.count == 1 ? open[0] : "each of \(others(open, of: family))") cannot be told apart"
      + (told > 0 ? "; \(best) differs from \(told == 1 ? differs : "the \(differs)")." : ".")
  }

  private func details(_ task: TaskAnalysis, _ ofSeeds: TaskAnalysis, _ best: String, _ family: ComparisonFamily) -> [String] {
    var lines: [String] = []
    if let few = task.fewPatients {
      lines.append("The test set has \(grouped(few)) patients: with fewer than \(TaskEvidence.simulatedPatients) it is not known how often such a comparison is false.")
    }
    if task.generalization == .patientsAndSeeds {
      lines += task.rounds?.details ?? []
      lines += [onTheseImagesText(ofSeeds, isInRounds: task.rounds != nil)].compactMap(\.self)
    }
    let scale = scale(of: task)
    lines += forOtherPatients(task) + NothingLearned.sentences(flawed(task, but: best), scale)
    guard task.nothingLearned[best] == nil else { return lines }
    if !task.tied.isEmpty {
      let chances = ([best] + task.tied).compactMap { name in
        task.probabilityOfBest.candidates.first { $0.name == name }?.probability.known.map { "\(probabilityText($0)) (\(name))" }
      }
      if !chances.isEmpty { lines.append("The probability of being the best \(task.generalization.words) is \(listed(chances)).") }
    } else if let candidate = task.probabilityOfBest.candidates.first(where: { $0.name == best }), let chance = candidate.probability.known {
      let regret = candidate.expectedRegret.known.map { ", and choosing it is expected to cost \(costText($0, scale))\(scale.differenceSuffix)" }
      let others = task.untested.isEmpty ? "" : " of those that could be compared"
      lines.append("The probability that \(best) is the best\(others) \(task.generalization.words) is \(probabilityText(chance))\(regret ?? "").")
    }
    for name in task.untested.prefix(3) where task.rounds == nil {
      lines.append("\(name) could not be tested: \(family.comparison(with: name)?.p.reason ?? "").")
    }
    let open = family.comparisons.filter { $0.isToldApart == false && !task.tied.contains($0.second) }
    // The nearest to a decision first: it is the cheapest to settle.
    let planned = open.filter { $0.toSettle?.known != nil }.sorted { ($0.p.known ?? 1) < ($1.p.known ?? 1) }
    for comparison in planned.prefix(3) { lines += [comparison.toSettle?.known.map { settlingText(comparison, $0, scale) }].compactMap(\.self) }
    if planned.count > 3 { lines.append("What would settle the other \(planned.count - 3) is in the comparisons.") }
    for reason in distinct(open.compactMap { $0.toSettle?.reason }) {
      let names = open.filter { $0.toSettle?.reason == reason }.map(\.second)
      let others = firstFew(names)
      lines.append("What would settle \(best) and \(others): not available (\(reason)).")
    }
    return lines
  }

  /// `About 4 more seeds each of ImageNet and SwAV would show the difference of +0.13, if it is the true one (power 80 %).`
  private func settlingText(_ comparison: Comparison, _ remedy: Remedy, _ scale: ResultTable.Scale) -> String {
    let pair = "\(comparison.first) and \(comparison.second)"
    let seen = "would show the difference of \(scale.signed(remedy.difference))\(scale.differenceSuffix)"
    let power = "if it is the true one (power \(fixed(remedy.power * 100, 0)) %)"
    if remedy.advice == .patients, let more = remedy.morePatients?.known {
      let seeds = remedy.seeds.known == nil ? "; no number of seeds would" : ""
      return "About \(grouped(more)) more test patients \(seen) between \(pair), \(power)\(seeds)."
    }
    guard let plan = remedy.seeds.known else { return "" }
    if plan.moreOfFirst == plan.moreOfSecond { return "About \(moreSeeds(plan.moreOfFirst)) each of \(pair) \(seen), \(power)." }
    let parts = [(plan.moreOfFirst, comparison.first), (plan.moreOfSecond, comparison.second)].filter { $0.0 > 0 }
      .map { "\(moreSeeds($0.0)) of \($0.1)" }
    return "About \(parts.joined(separator: " and ")) \(seen), \(power)."
  }

  /// A cost that rounds to nothing is not nothing.
  private func costText(_ cost: Double, _ scale: ResultTable.Scale) -> String {
    let text = scale.text(cost), least = scale.text(pow(10, -Double(scale.decimals)) / scale.factor)
    return cost > 0 && text == scale.text(0) ? "less than \(least)" : text
  }

  private func moreSeeds(_ count: Int) -> String { "\(grouped(count)) more seed\(count == 1 ? "" : "s")" }
}

/// `A`, `A and B`, `A, B and C`.
func listed(_ names: [String]) -> String {
  guard names.count > 1 else { return names.first ?? "" }
  return names.dropLast().joined(separator: ", ") + " and " + names[names.count - 1]
}

/// `0.97`, and never 0 or 1: a share of none of the draws is not nothing, and no study makes anything certain.
func probabilityText(_ p: Double) -> String {
  if p < 0.005 { return "below 0.01" }
  if p >= 0.995 { return "above 0.99" }
  return fixed(p, 2)
}

/// A p-value with two significant digits: `0.047`, `4.1e-09`; a bound where float64 ends.
func pText(_ p: Statistic) -> String {
  guard let value = p.known else { return "n/a" }
  return value <= .leastNormalMagnitude ? "≤ 2.2e-308" : significant(value, 2)
}
