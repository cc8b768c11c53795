internal import Figures
internal import Foundations
internal import Metrics
internal import RunStore
internal import Statistics
internal import Studies

extension ExternalMatrix {
  var tables: [ReportTable] {
    [resultsTable, ranksTable, comparisonsTable].compactMap(\.self) + classTables + [setsTable].compactMap(\.self)
  }

  /// Every group on its own test set and on the others: the matrix, a row a pair of sets and initialization.
  private var resultsTable: ReportTable? {
    let rows = sets.flatMap { set in set.rows.filter { $0.className == nil }.map { (set: set, row: $0) } }
    guard !rows.isEmpty else { return nil }
    let hasFractions = rows.contains { !$0.row.fraction.isWhole }
    var table = ReportTable(
      title: "On other test sets",
      caption:
        "Mean over n seeds, %\(rows.contains { !$0.row.metric.unit.isPercent } ? ", errors and agreements as they are" : ""), with a 95 % interval for other seeds and other patients, on the own test set and on another, with the classes that "
        + "both have; the drop is own minus other, seed by seed, in points\(rows.contains { $0.row.metric.direction == .lower } ? " (of an error below 0 where it rises)" : ""), and p that of no drop, not corrected.",
      label: "external",
      columns: [.init("Trained on"), .init("Initialization")] + (hasFractions ? [.init("Training images", .right)] : [])
        + [
          .init("Tested on"), .init("Metric"), .init("n", .right), .init("Own test set", .right), .init("Other test set", .right),
          .init(rows.allSatisfy { $0.row.metric.unit.isPercent } ? "Drop, points" : "Drop", .right), .init("p", .right),
        ], headingColumns: 2, boldMeaning: "best there", shadedMeaning: "cannot be told from the best there")
    for (set, row) in rows {
      let verdict = verdict(set, row)
      table.append(
        [.init(row.task), .init(set.marked(row.initialization))] + (hasFractions ? [.init(row.fraction.percentText)] : []) + [
          .init(set.testSet), .init(set.words(row)), .init(grouped(row.own.count)),
          cell(row.own, row.generalized.own, row),
          cell(
            row.other, row.generalized.other, row, isBold: verdict.isBest, isShaded: verdict.isOpen,
            note: set.asked.contains(.init(task: row.task, initialization: row.initialization, fraction: row.fraction))
              ? "Asked about other images, labels or classes than the others; not compared." : nil),
          dropCell(row), .init(pText(row.generalized.p), note: row.generalized.p.reason),
        ])
    }
    return table
  }

  private func verdict(_ set: ExternalSet, _ row: ExternalReport.Row) -> (isBest: Bool, isOpen: Bool) {
    guard let analysis, let index = set.index(in: analysis, metric: set.words(row)), row.fraction == set.largestFraction else { return (false, false) }
    let task = analysis.tasks[index]
    return (task.best.known == row.initialization, task.notToldFromBest.contains(row.initialization))
  }

  private func cell(
    _ summary: Summary, _ interval: Available<Interval>, _ row: ExternalReport.Row, isBold: Bool = false, isShaded: Bool = false,
    note: String? = nil
  ) -> ReportTable.Cell {
    let scale = row.metric.scale
    guard let mean = summary.mean.known else { return .init("n/a", note: note ?? row.undefinedReason.map { "Undefined \($0)." }) }
    let bounds = interval.known.map { " (\(scale.text($0.lower)) to \(scale.text($0.upper)))" } ?? ""
    return .init(
      scale.text(mean) + bounds, isBold: isBold, isShaded: isShaded, note: note ?? interval.reason.map { "No interval: \($0)." })
  }

  private func dropCell(_ row: ExternalReport.Row) -> ReportTable.Cell {
    let scale = row.metric.scale, drop = row.generalized.drop
    guard let value = drop.value.known else { return .init("n/a") }
    let bounds = drop.interval.known.map { " (\(scale.signed($0.lower)) to \(scale.signed($0.upper)))" } ?? ""
    return .init(scale.signed(value) + bounds, note: drop.interval.reason.map { "No interval: \($0)." })
  }

  private var ranksTable: ReportTable? {
    let known = sets.compactMap { set in set.ranks.known.map { (set: set, ranks: $0) } }
    guard !known.isEmpty else { return nil }
    var table = ReportTable(
      title: "Whether the order of the initializations stays",
      caption: "Kendall's τ-b of the order on both test sets (1: the same, −1: turned around), with what it can be for other seeds "
        + "and other patients, where pairs that are not shown to be ordered on both sets may be in any order (95 %, all pairs together), and the share of "
        + "\(grouped(RankAgreement.drawCount)) draws in which the same initialization is best on both.",
      label: "external-ranks",
      columns: [
        .init("Trained on"), .init("Tested on"), .init("Initializations", .right), .init("Best on its own"), .init("Best there"),
        .init("Kendall's τ", .right), .init("95 % interval", .right), .init("Same best", .right),
      ], headingColumns: 2)
    for (set, ranks) in known {
      table.append([
        .init(set.task), .init(set.testSet), .init(grouped(ranks.initializations.count)), .init(listed(ranks.bestOnOwn)),
        .init(listed(ranks.bestOnOther)), .init(ranks.tau.known.map { fixed($0, 2).replacingMinus } ?? "n/a", note: ranks.tau.reason),
        .init(
          ranks.interval.known.map { "\(fixed($0.lower, 2).replacingMinus) to \(fixed($0.upper, 2).replacingMinus)" } ?? "n/a",
          note: ranks.interval.reason), .init(ranks.sameBest.known.map(probabilityText) ?? "n/a", note: ranks.sameBest.reason),
      ])
    }
    return table
  }

  private var comparisonsTable: ReportTable? {
    guard var table = analysis?.comparisonsTable, !table.rows.isEmpty else { return nil }
    (table.title, table.label) = ("Comparisons on other test sets", "external-comparisons")
    return table
  }

  /// The AUROC of each class on both sets, of the most training images.
  private var classTables: [ReportTable] {
    sets.compactMap { set in
      let classes = distinct(set.rows.compactMap(\.className))
      let rows = set.rows.filter { $0.className != nil && $0.fraction == set.largestFraction }
      guard classes.count > 1, !rows.isEmpty else { return nil }
      let starts = distinct(rows.map(\.initialization)), marked = set.marked
      var table = ReportTable(
        title: "\(rows.first?.metric.title ?? MetricName.auroc.title) of each \(rows.first?.metric.kind == .numbers ? "number" : "class") of \(set.task) on \(set.testSet)",
        caption: rows.first?.metric.kind == .numbers
          ? "Mean over seeds on the other test set, and in parentheses own minus other. Not tested."
          : "Mean over seeds on the other test set, %, and in parentheses the drop from the own one, in points. Not tested.",
        label: "external-classes-\(set.task)-\(set.onTask)\(set.part == "test" ? "" : "-\(set.part)")",
        columns: [.init("Class")] + starts.map { .init(marked($0), .right) },
        boldMeaning: rows.first?.metric.direction == .lower ? "lowest mean" : "highest mean")
      for name in classes {
        let values = starts.map { start in rows.first { $0.initialization == start && $0.className == name } }
        let compared = starts.filter(marked.isCompared)
        let means = zip(starts, values).compactMap { marked.isCompared($0) ? $1?.other.mean.known : nil }, best = rows.first?.metric.direction.best(of: means)
        table.append([.init(name)] + zip(starts, values).map { classCell($1, best: compared.count > 1 && marked.isCompared($0) ? best : nil) })
      }
      return table
    }
  }

  private func classCell(_ row: ExternalReport.Row?, best: Double?) -> ReportTable.Cell {
    let scale = row?.metric.scale ?? .percent
    guard let row, let mean = row.other.mean.known else { return .init("n/a", note: row?.undefinedReason.map { "Undefined \($0)." }) }
    let drop = row.generalized.drop.value.known.map { " (\(scale.signed($0)))" } ?? ""
    return .init(scale.text(mean) + drop, isBold: mean == best)
  }

  /// What was matched, and what was left out.
  private var setsTable: ReportTable? {
    guard !sets.isEmpty else { return nil }
    var table = ReportTable(
      title: "What the other test sets are", caption: "As the records of the answers say.", label: "external-sets",
      columns: [
        .init("Trained on"), .init("Tested on"), .init("Images", .right), .init("Classes compared"), .init("Left out, only of the runs"),
        .init("Left out, only of the test set"), .init("Seen in training", .right), .init("Unreadable", .right), .init("Runs", .right),
      ], headingColumns: 2)
    for set in sets {
      let matching = set.matching, images = Set(set.rows.map(\.otherImageCount)).sorted()
      let renamed = matching.classes.map { $0.ofRun == $0.ofTestSet ? $0.ofRun : "\($0.ofRun) (there \($0.ofTestSet))" }
      let overlap = matching.overlapCount == 0 ? "0" : "\(grouped(matching.overlapCount)), \(matching.leavesOverlapOut ? "left out" : "counted")"
      table.append([
        .init(set.task), .init(set.testSet), .init(images.map(grouped).joined(separator: ", ")),
        .init(renamed.isEmpty ? ReportTable.notApplicable : renamed.joined(separator: ", ")),
        .init(matching.classesOfRunLeftOut.isEmpty ? "none" : matching.classesOfRunLeftOut.joined(separator: ", ")),
        .init(matching.classesOfTestSetLeftOut.isEmpty ? "none" : matching.classesOfTestSetLeftOut.joined(separator: ", ")),
        .init(overlap), .init(grouped(matching.unusableCount)), .init("\(grouped(set.answeredCount)) of \(grouped(set.finishedCount))"),
      ])
    }
    return table
  }
}

extension ExternalSet {
  /// The most training images of any group that answered.
  var largestFraction: TrainingFraction { rows.map(\.fraction).max { $0.value < $1.value } ?? .whole }

  /// What tables call the metric of a row: of one class alone the mean over classes is that class.
  func words(_ row: ExternalReport.Row) -> String { words(row.metric) }

  func words(_ metric: MetricName) -> String {
    let title = metric == .aurocMacro && matching.classes.count == 1 ? MetricName.auroc.title : metric.title
    return metric.unit == .ofTruth ? title + (unit.map { ", \($0)" } ?? "") : title
  }

  /// The place of its comparison by a metric.
  func index(in analysis: Analysis, metric: String) -> Int? {
    analysis.table.tasks.firstIndex { $0.name == comparedName && $0.metric == metric }
  }
}
