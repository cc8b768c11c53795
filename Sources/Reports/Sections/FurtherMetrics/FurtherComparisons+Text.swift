internal import Figures
internal import Foundations
internal import Metrics
internal import Statistics
internal import Studies

extension FurtherComparisons {
  var title: String { "Further metrics compared" }

  var sentences: [String] {
    tasks.map { task in
      let found = task.differences.filter { task.isMarked($0) }
      let tested = "\(grouped(task.testedCount)) difference\(task.testedCount == 1 ? "" : "s")"
      guard !found.isEmpty else {
        return "On \(task.task), \(task.best) is told apart from no other in any further metric (\(tested), Holm)."
      }
      let (better, worse) = (found.filter(\.isBetter), found.filter { !$0.isBetter })
      func named(_ some: [Difference]) -> String { firstFew(some.map { "\($0.metric.title) (than \($0.other))" }, atMost: 4) }
      let parts = [better.isEmpty ? nil : "better in \(named(better))", worse.isEmpty ? nil : "worse in \(named(worse))"].compactMap(\.self)
      return "On \(task.task), \(task.best) is \(parts.joined(separator: ", and ")), of \(tested) (Holm)."
    }
  }

  var tables: [ReportTable] {
    tasks.map { task in
      let others = distinct(task.differences.map(\.other)), metrics = distinct(task.differences.map(\.metric))
      let level = task.differences.compactMap { $0.estimate.interval.known?.level }.first ?? 0.95
      var table = ReportTable(
        title: "Further metrics of \(task.task), differences from \(task.best)",
        caption: "\(task.best), the best by the task's first metric, less each other: the difference of the means over seeds with its "
          + "\(significant(level * 100, 6)) % interval for other seeds and other patients (Obuchowski, Rockette and Hillis), paired by patient; "
          + "percentages in points. Intervals are two-sided and not corrected\(task.isInRounds ? ", and take no account of the rounds in which seeds were added" : ""). Means over the classes where there are several. Metrics that are best at a value "
          + "between (O:E, bias) are no part.",
        label: "further-differences-\(task.task)", columns: [.init("Metric")] + others.map { .init("less \($0)", .right) },
        boldMeaning: "p < \(significant(task.significance, 2)) after Holm's correction over the \(grouped(task.testedCount)) differences of this table")
      for metric in metrics {
        table.append(
          [.init(metric.titleWithUnit)]
            + others.map { other in
              guard let found = task.differences.first(where: { $0.metric == metric && $0.other == other }) else { return .init("n/a") }
              return cell(found, isBold: task.isMarked(found))
            })
      }
      return table
    }
  }

  private func cell(_ difference: Difference, isBold: Bool) -> ReportTable.Cell {
    let scale = difference.metric.scale
    guard let value = difference.estimate.value.known else { return .init("n/a", note: difference.estimate.value.reason) }
    let bounds = difference.estimate.interval.known.map { " (\(scale.signed($0.lower)) to \(scale.signed($0.upper)))" } ?? ""
    return .init(scale.signed(value) + bounds, isBold: isBold, note: bounds.isEmpty ? difference.estimate.interval.reason : nil)
  }

  var methods: String {
    "Differences in further metrics between the best initialization of a task and each other were computed for other seeds and other patients in the same way, two-sided, "
      + "with Holm's correction over all of a task's; the verdict does not rest on them."
  }
}

extension FurtherComparisons.OfTask {
  func isMarked(_ difference: FurtherComparisons.Difference) -> Bool { (difference.adjustedP.known ?? 1) < significance }
}

extension FurtherComparisons.Difference {
  fileprivate var isBetter: Bool { metric.direction.merit(estimate.value.known ?? 0) > 0 }
}
