public import Figures
internal import Foundations
internal import Metrics
internal import RunStore
internal import Statistics
internal import Studies

extension StudyNumbers {
  /// Every table of the report, each with a label of its own.
  public var tables: [ReportTable] {
    mainTables + [analysis.ranksTable].compactMap(\.self) + [seedsAndPatientsTable, equivalenceTable] + classTables + furtherTables + patientTables + sections.all.flatMap(\.tables)
  }

  /// Means, comparisons and chances, for the most training images and then for each smaller part of them.
  var mainTables: [ReportTable] {
    var tables = [analysis.resultsTable.upright(heading: "Task"), comparisonsTable, analysis.chancesTable]
    for smaller in smallerFractions {
      for var table in [smaller.analysis.resultsTable.upright(heading: "Task"), smaller.analysis.comparisonsTable] {
        table.label += "-\(smaller.fraction.description)"
        table.title += ", \(smaller.fraction.percentText) of the training images"
        tables.append(table)
      }
    }
    return tables + modeTables + [fewShotTable].compactMap(\.self)
  }

  /// With the probability that a claim is false, where claims were judged.
  private var comparisonsTable: ReportTable {
    guard let section = sections.all.compactMap({ $0 as? ClaimsSection }).first else { return analysis.comparisonsTable }
    struct Pair: Hashable { let task, better, other: String }
    let claims = Dictionary(section.claims.map { (Pair(task: $0.task, better: $0.better, other: $0.other), $0) }, uniquingKeysWith: { first, _ in first })
    let firsts = Set(verdictTasks)
    return analysis.comparisonsTable { index, comparison in
      let pair = Pair(task: analysis.table.tasks[index].name, better: comparison.first, other: comparison.second)
      return firsts.contains(index) ? claims[pair]?.cell() ?? .init("") : .init("")
    }
  }

  /// How much of a result's uncertainty is the seeds' and how much the patients'.
  var seedsAndPatientsTable: ReportTable {
    var table = ReportTable(
      title: "Seeds and patients",
      caption: "Mean over seeds, %\(exceptUnits), with a 95 % interval for other seeds and other patients (Obuchowski and Rockette), of fractions on "
        + "the logit scale, and the standard deviation that other seeds, other patients, and both together would bring, in points. Last: how many test "
        + "patients an interval of ± \(fixed(settings.equivalenceMargin * 100, 2)) points (--margin) needs with the same seeds, by these variances.",
      label: "seeds-and-patients",
      columns: [
        .init("Task"), .init("Initialization"), .init("Mean", .right), .init("95 % interval", .right), .init("Seeds", .right),
        .init("Patients", .right), .init("Seeds × patients", .right), .init("Patients for ± \(fixed(settings.equivalenceMargin * 100, 2))", .right),
      ], headingColumns: 2)
    for group in groups {
      let level = group.seedsAndPatients, scale = outline.tasks.first { $0.name == group.task }.flatMap { $0.ownScale(of: $0.kind.tableMetrics[0]) }
      func percent(_ value: Statistic) -> String { value.known.map((scale ?? .percent).text) ?? "n/a" }
      func percent(_ interval: Available<Interval>) -> String {
        interval.known.map { "\((scale ?? .percent).text($0.lower).replacingMinus) to \((scale ?? .percent).text($0.upper))\(scale?.suffix ?? "")" } ?? "n/a"
      }
      table.append([
        .init(title(of: group)), .init(group.initialization), .init(percent(level.estimate.value), note: level.estimate.value.reason),
        .init(percent(level.estimate.interval), note: level.estimate.interval.reason),
        .init(percent(level.seedVariance.map { $0.squareRoot() })), .init(percent(level.patientVariance.map { $0.squareRoot() })),
        .init(percent(level.interactionVariance.map { $0.squareRoot() })),
        .init(group.patientsForMargin.known.map(grouped) ?? "n/a", note: group.patientsForMargin.reason),
      ])
    }
    return table
  }

  var equivalenceTable: ReportTable {
    let margin = fixed(settings.equivalenceMargin * 100, 2), level = settings.analysis.significanceText
    var table = ReportTable(
      title: "Equivalence with the best",
      caption: "Two one-sided \(equivalenceTest) that the means differ by less than \(margin) percentage points, not corrected, "
        + "α = \(level)." + (exceptUnits.isEmpty ? "" : " Tasks that are not judged in percent have no such margin."),
      label: "equivalence",
      columns: [
        .init("Task"), .init("Pair"), .init("Difference, points", .right),
        .init("\(significant(100 - 200 * settings.analysis.significance, 6)) % interval", .right), .init("p", .right),
      ], headingColumns: 2, boldMeaning: "shown to be equivalent")
    for pair in equivalence {
      let scale = ResultTable.Scale.percent
      table.append([
        .init(pair.task), .init("\(pair.first) – \(pair.second)"), .init(pair.test.difference.value.known.map(scale.signed) ?? "n/a"),
        .init(pair.test.difference.interval.known.map { $0.cut(to: -1...1) }.map { "\(scale.signed($0.lower)) to \(scale.signed($0.upper))" } ?? "n/a"),
        .init(pText(pair.test.p), isBold: pair.test.isEquivalent == true, note: pair.test.p.reason),
      ])
    }
    return table
  }

  /// The tests of equivalence, by what they hold for.
  var equivalenceTest: String {
    let units = Set(equivalence.map(\.generalization))
    guard units.contains(.patientsAndSeeds) else { return "Welch tests, over seeds on these test images," }
    return "t-tests over seeds and patients" + (units.contains(.seeds) ? " (where they cannot be made, Welch tests over seeds)" : "")
  }

  /// The first metrics of each class of each task with several, classes by initializations: the AUROC, or both Dice.
  var classTables: [ReportTable] {
    outline.tasks.filter(\.kind.hasSeveralClasses).flatMap { task in
      (task.kind.hasSeveralMasks ? task.kind.tableMetrics : [.auroc]).compactMap { classTable($0, of: task) }
    }
  }

  private func classTable(_ metric: MetricName, of task: StudyOutline.Task) -> ReportTable? {
    let found = task.groups(in: self), marked = marked(on: task), isCompared = found.map { marked.isCompared($0.name) }
    let classes = distinct(found.flatMap { $0.group.metrics.compactMap { $0.metric == metric ? $0.className : nil } })
    guard !classes.isEmpty else { return nil }
    var table = ReportTable(
      title: "\(metric.title) of each class of \(task.name)",
      caption: "Mean ± standard deviation over seeds, %; n = \(runs(found.map(\.group.runCount))). Not tested. Intervals over patients are in a table of their own.",
      label: metric == .dicePerImage ? "classes-\(task.name)-per-image" : "classes-\(task.name)",
      columns: [.init("Class")] + found.map { .init(marked($0.name), .right) }, boldMeaning: "highest mean", notes: leftOutNotes(task))
    for name in classes + [nil] {
      let values = found.map { $0.group.metric(name == nil ? metric.macro : metric, of: name) }
      table.append([.init(name ?? "Mean over classes")] + cells(values, of: metric, isCompared: isCompared))
    }
    return table
  }

  /// Each task's other metrics, metrics by initializations, with the interval that other seeds would bring.
  var furtherTables: [ReportTable] {
    outline.tasks.compactMap { task in
      let found = task.groups(in: self), marked = marked(on: task), isCompared = found.map { marked.isCompared($0.name) }
      let metrics = task.kind.furtherMetrics.filter { metric in found.contains { $0.group.metric(metric)?.summary.mean.known != nil } }
      guard !metrics.isEmpty else { return nil }
      let threshold =
        metrics.contains(where: \.needsThreshold)
        ? " Decisions at the threshold with the greatest Youden index on the validation set of each run." : ""
      let macro = task.kind.hasSeveralClasses ? " Means over the classes." : ""
      var table = ReportTable(
        title: "Further metrics of \(task.name)",
        caption:
          "Mean ± standard deviation over seeds (95 % t interval of the mean for other seeds on these test images, cut to the metric's range); n = \(runs(found.map(\.group.runCount))). "
          + "Not tested here.\(threshold)\(macro)",
        label: "metrics-\(task.name)", columns: [.init("Metric")] + found.map { .init(marked($0.name), .right) }, boldMeaning: "best mean", notes: leftOutNotes(task))
      for metric in metrics {
        table.append(
          [.init(task.titleWithUnit(of: metric))]
            + cells(found.map { $0.group.metric(metric) }, of: metric, isCompared: isCompared, hasIntervals: true))
      }
      return table
    }
  }

  /// One row of values, the best bold where there is something to compare. A mean that lacks a run is of easier or harder ones than the others:
  /// it is never the best.
  ///
  /// - Parameter isCompared: of each value; what is shown alone is never the best either.
  private func cells(
    _ values: [CellGroup.Metric?], of metric: MetricName, isCompared: [Bool], hasIntervals: Bool = false
  ) -> [ReportTable.Cell] {
    // Means over other images are not compared: a network that finds nothing in the hardest ones has no distance there.
    let areOfAllImages = values.allSatisfy { $0?.leftOutCount == nil }
    let counted = zip(values, isCompared).map { value, isCompared in isCompared && areOfAllImages && value?.undefinedCount == 0 }
    let means = zip(values, counted).compactMap { value, isCounted in isCounted ? value?.summary.mean.known : nil }, scale = metric.scale
    let best = means.count > 1 ? metric.direction.best(of: means) : nil
    return zip(values, counted).map { value, isCounted in
      guard let value, let mean = value.summary.mean.known else {
        let reason = value.map { $0.undefinedCount > 0 ? "undefined in every run" : "no run is finished" }
        return .init(value == nil ? ReportTable.notApplicable : "n/a", note: reason)
      }
      let spread = value.summary.standardDeviation.known.map { " ± \(scale.text($0))" } ?? ""
      let interval = hasIntervals ? value.interval.known.map { " (\(scale.text($0.lower).replacingMinus) to \(scale.text($0.upper)))" } ?? "" : ""
      let gaps = value.undefinedCount == 0 ? nil : "Undefined in \(grouped(value.undefinedCount)) of the runs: of the others alone, and not compared."
      let left = value.leftOutCount.map {
        "At most \(grouped($0)) images of a run have no such value, since a mask is empty, and are left out: means over other images are not compared."
      }
      // Of equal means none is the best.
      let isBest = isCounted && mean == best, isTied = isBest && means.count { $0 == mean } > 1
      return .init(scale.text(mean).replacingMinus + spread + interval, isBold: isBest && !isTied, note: gaps ?? left ?? (isTied ? "Tied." : nil))
    }
  }

  /// What the marks of a task's table stand for.
  private func leftOutNotes(_ task: StudyOutline.Task) -> [String] {
    let reasons = exclusions(on: task)
    return outline.initializations.compactMap { start in reasons[start.name].map { "\(start.name)\(Analysis.leftOutMark) is compared with nothing: \($0)." } }
  }

  private func title(of group: CellGroup) -> String {
    let isLargest = outline.tasks.first { $0.name == group.task }?.largestFraction == group.fraction
    return group.task + (isLargest ? "" : ", \(group.fraction.percentText)")
  }

  /// Where a task is not judged in percent.
  var exceptUnits: String { outline.tasks.contains { $0.ownScale(of: $0.kind.tableMetrics[0]) != nil } ? " where no other unit is said" : "" }

  /// `3 runs`, `1 to 3 runs`
  private func runs(_ counts: [Int]) -> String {
    let (least, most) = (counts.min() ?? 0, counts.max() ?? 0)
    return (least == most ? grouped(most) : "\(grouped(least)) to \(grouped(most))") + (most == 1 ? " run" : " runs")
  }
}

extension MetricName {
  /// How tables print its values.
  var scale: ResultTable.Scale { unit.isPercent ? .percent : .init(decimals: unit.decimals) }
}

extension StudyOutline.Task {
  /// The groups of the task with the most training images, in the order of the initializations.
  func groups(in numbers: StudyNumbers) -> [(name: String, group: CellGroup)] { groups(in: numbers.groups, of: numbers.outline) }

  func groups(in groups: [CellGroup], of outline: StudyOutline) -> [(name: String, group: CellGroup)] {
    let byName = Dictionary(
      groups.filter { $0.task == name && $0.fraction == largestFraction }.map { ($0.initialization, $0) },
      uniquingKeysWith: { first, _ in first })
    return outline.initializations.compactMap { start in byName[start.name].map { (start.name, $0) } }
  }
}
