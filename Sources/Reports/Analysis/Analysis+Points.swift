internal import Foundations
internal import Statistics

/// What a figure shows, in a few words that stand as its title: what kind of figure it is can be seen.
extension Analysis {
  /// Of the means: who is told apart where.
  var pointOfMeans: String {
    let told = tasks.indices.filter { isSettled(tasks[$0]) }
    guard tasks.contains(where: { $0.againstBest?.comparisons.isEmpty == false }) else { return "Means and standard deviations" }
    let units = distinct((told.isEmpty ? tasks : told.map { tasks[$0] }).map(\.generalization.words))
    // Titles are short: where tasks speak of different things, the tables and verdicts say which of what.
    let unit = units.count == 1 ? " \(units[0])" : ""
    guard !told.isEmpty else {
      let some = tasks.indices.filter { tasks[$0].againstBest?.comparisons.contains { $0.isToldApart == true } == true }
      if !some.isEmpty {
        return tasks.count == 1
          ? "Some, not all, are told from the best mean"
          : "On no task are all told from the best mean; some are on \(firstFew(distinct(some.map { table.tasks[$0].name }), atMost: 3))"
      }
      return tasks.count == 1 ? "None is told apart from the best mean\(unit)" : "None is told apart from the best mean\(unit) on any task"
    }
    let winners = distinct(told.compactMap { tasks[$0].best.known }).map { best in
      "\(best) on \(firstFew(distinct(told.filter { tasks[$0].best.known == best }.map { table.tasks[$0].name }), atMost: 3))"
    }
    return "Best\(unit): \(firstFew(winners, atMost: 3))" + (told.count < tasks.count ? "; elsewhere not all are told from the best mean" : "")
  }

  /// Of the runs: where seeds spread most.
  var pointOfRuns: String {
    let spreads = table.tasks.flatMap { task in
      task.cells.compactMap { cell in cell.summary.standardDeviation.known.map { (task: task, name: cell.initialization, value: $0) } }
    }
    // Spreads in different units are not compared.
    let alike = spreads.filter { $0.task.scale == nil }
    guard let widest = (alike.isEmpty ? spreads : alike).max(by: { $0.value < $1.value }), widest.value > 0 else { return "The runs themselves" }
    let scale = table.scale(of: widest.task)
    return "Seeds spread most for \(widest.name) on \(widest.task.name): ± \(scale.text(widest.value))\(scale.differenceSuffix)"
  }

  /// Of the ranks: who comes first on the average, and whether that is told from the others.
  var pointOfRanks: String {
    guard let ranks = ranking.averageRanks.known, let least = ranks.min() else { return "Average ranks over the tasks" }
    let first = table.initializations.indices.filter { ranks[$0] == least }.map { table.initializations[$0] }
    let alone = ranking.diagram.known.map { diagram in
      !diagram.groups.contains { group in group.contains { first.contains(diagram.names[$0]) } }
    }
    let told = alone.map { $0 ? ", told from all others" : ", not told from all others" } ?? ""
    return "\(listed(first)) \(first.count == 1 ? "has" : "have") the best average rank, \(fixed(least, 2)) of \(ranks.count)\(told)"
  }

  /// Of bars against a baseline: how many differ from it, over the tasks.
  func pointAgainst(_ baseline: String) -> String {
    let families = tasks.compactMap { $0.againstBaseline?.known }
    let all = families.flatMap { family in family.comparisons.filter { $0.isToldApart != nil }.map { ($0, family) } }
    guard !all.isEmpty else { return "Against \(baseline)" }
    let apart = all.filter { $0.0.isToldApart == true }.count
    let units = distinct(tasks.filter { $0.againstBaseline?.known != nil }.map(\.generalization.words)), unit = units.count == 1 ? " \(units[0])" : ""
    return apart == 0
      ? "None of \(grouped(all.count)) comparisons tells one from \(baseline)\(unit)"
      : "\(grouped(apart)) of \(grouped(all.count)) comparisons differ from \(baseline)\(unit)"
  }

  private func isSettled(_ task: TaskAnalysis) -> Bool {
    guard task.namedBest != nil, let family = task.againstBest, !family.comparisons.isEmpty else { return false }
    return family.comparisons.allSatisfy { $0.isToldApart == true }
  }
}
