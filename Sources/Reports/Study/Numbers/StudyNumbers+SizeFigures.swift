internal import Figures
internal import Foundations
internal import Metrics
internal import RunStore
internal import Statistics
internal import Studies

extension StudyNumbers {
  /// Each task with several amounts of training images: the means as lines, and beside them how far each is from the baseline.
  func bySize(_ order: [String]) -> [Figure] {
    outline.tasks.filter { $0.fractions.count > 1 }.flatMap { task in [means(task, order), differences(task, order)].compactMap(\.self) }
  }

  /// At most this many differences from the baseline stand beside each other.
  private static let mostDifferences = 4

  /// The task's values with one amount of training images, and what was tested of them.
  private func analyzed(_ task: StudyOutline.Task, _ fraction: TrainingFraction) -> (values: ResultTable.Task, tests: TaskAnalysis)? {
    let all = fraction == task.largestFraction ? analysis : smallerFractions.first { $0.fraction == fraction }?.analysis
    guard let all, let index = all.table.tasks.firstIndex(where: { $0.name == task.name }) else { return nil }
    return (all.table.tasks[index], all.tasks[index])
  }

  private func means(_ task: StudyOutline.Task, _ order: [String]) -> Figure? {
    let fractions = task.fractions.sorted { $0.value < $1.value }, found = fractions.map { analyzed(task, $0) }
    let (names, note) = drawn(task), marked = marked(on: task)
    let curves = names.compactMap { name -> LearningCurves.Curve? in
      let points = found.enumerated().compactMap { place, one in
        one.flatMap { one in one.values.cell(of: name).flatMap { analysis.estimate($0, of: one.values) } }.map { (place: Double(place), value: $0) }
      }
      return points.isEmpty ? nil : .init(marked(name), epochs: points.map(\.place), values: points.map(\.value))
    }
    guard !curves.isEmpty else { return nil }
    return LearningCurves(
      labels: .init(
        id: "size-lines-\(task.name)", title: pointOfSizes(task, found.compactMap { $0?.tests.best.known }),
        caption: "Mean over seeds; the steps are not to scale.", notes: note, order: order.map { marked($0) }),
      tasks: [.init(title: "", axisTitle: task.titleWithUnit(of: task.kind.tableMetrics[0]), curves: curves)],
      bandMeaning: "± 1 standard deviation over the seeds", course: .steps(fractions.map(\.percentText), title: "Training images"),
      columns: 1
    ).figure()
  }

  private func differences(_ task: StudyOutline.Task, _ order: [String]) -> Figure? {
    guard let baseline = settings.analysis.baseline else { return nil }
    let fractions = task.fractions.sorted { $0.value < $1.value }
    let families = fractions.map { analyzed(task, $0)?.tests.againstBaseline?.known }
    let others = drawn(task).names.filter { $0 != baseline }
    let scale = task.scale(of: task.kind.tableMetrics[0])
    let series = others.prefix(Self.mostDifferences).map { name in
      DifferenceBars.Series("\(name) − \(baseline)", subject: name, values: families.map { $0?.comparison(with: name).flatMap { bar($0, scale.factor) } })
    }.filter { $0.values.contains { $0 != nil } }
    guard !series.isEmpty else { return nil }
    let metric = task.kind.title(of: task.kind.tableMetrics[0])
    let left = others.count > Self.mostDifferences ? " The first \(Self.mostDifferences) of \(others.count); the tables have all." : ""
    return DifferenceBars(
      labels: .init(
        id: "by-size-\(task.name)", title: pointOfDifferences(task, fractions, families.map { family in family?.comparisons.filter { others.contains($0.first) } ?? [] }, baseline),
        caption: "Differences of means with their \(significant(settings.analysis.level * 100, 6)) % intervals. \(analysis.marksMeaning)\(left)", order: order),
      categories: fractions.map(\.percentText), categoryTitle: "Training images",
      axisTitle: "\(metric), difference" + (scale.factor == 100 ? " in percentage points" : scale.symbol.isEmpty ? "" : " in \(scale.symbol)"), series: series
    ).figure()
  }

  private func bar(_ comparison: Comparison, _ factor: Double) -> DifferenceBars.Value? {
    comparison.difference.value.known.map { value in
      let estimate = comparison.difference.interval.known.map { Estimate(value * factor, lower: $0.lower * factor, upper: $0.upper * factor) }
      return .init(estimate ?? Estimate(value * factor), mark: mark(comparison))
    }
  }
}
