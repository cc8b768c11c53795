public import Figures
internal import Foundations
internal import Metrics
internal import Statistics
internal import Studies

extension StudyNumbers {
  /// What can be drawn of the numbers alone; learning curves and images come from other files of the runs.
  public var figures: [Figure] {
    let order = lookOrder
    var figures = analysis.figures(order: order)
    figures += [againstBaseline(order), byFamily(order), overTasks(order), overArchitectures].compactMap(\.self)
    figures += bySize(order) + [modeOrders, fewShotFigure].compactMap(\.self)
    for task in outline.tasks { figures += [receiverOperating(task, order)].compactMap(\.self) }
    return figures
  }

  /// The initializations whose lines are drawn: all, or the best and the baseline.
  func drawn(_ task: StudyOutline.Task) -> (names: [String], note: [String]) {
    let shown = ShownInitializations(task, among: task.groups(in: self), baseline: settings.analysis.baseline, exclusions: exclusions(on: task))
    return (shown.names, shown.note)
  }

  /// Why initializations are shown on a task and compared with nothing.
  func exclusions(on task: StudyOutline.Task) -> [String: String] { analysis.table.exclusions[task.name] ?? [:] }
  func marked(on task: StudyOutline.Task) -> MarkedNames { MarkedNames(exclusions(on: task).keys) }

  /// Figure 2 of the 2021 paper: numbered bars against the baseline's line and band.
  private func againstBaseline(_ order: [String]) -> Figure? {
    let names = outline.initializations.map(\.name)
    // Few have their brackets between the bars of the means; very many are drawn so in place of the means already.
    guard let baseline = settings.analysis.baseline, (4...8).contains(names.count) else { return nil }
    let methods = names.filter { $0 != baseline }
    let tasks = zip(analysis.table.tasks, analysis.tasks).filter { $0.0.cell(of: baseline)?.summary.mean.known != nil }.map {
      values, task in
      NumberedBars.Task(
        title: values.title, axisTitle: axisTitle(values), baseline: values.cell(of: baseline).flatMap { analysis.estimate($0, of: values) },
        bars: methods.map { name in
          values.cell(of: name).flatMap { analysis.estimate($0, of: values) }.map {
            .init($0, mark: mark(task.againstBaseline?.known?.comparison(with: name)))
          }
        })
    }
    guard !tasks.isEmpty else { return nil }
    return NumberedBars(
      labels: .init(
        id: "against-baseline", title: analysis.pointAgainst(baseline),
        caption: "Mean ± standard deviation over seeds. \(analysis.marksMeaning)", order: order),
      baseline: baseline, methods: methods, tasks: tasks, decimals: 2
    ).figure()
  }

  private func byFamily(_ order: [String]) -> Figure? {
    guard let baseline = settings.analysis.baseline else { return nil }
    let others = outline.initializations.filter { $0.name != baseline }
    let drawn = firstOfEachTask.filter { $0.values.cells.contains { $0.summary.mean.known != nil } }
    guard others.count >= 3, Set(others.map(\.family)).count > 1, !drawn.isEmpty else { return nil }
    return DotPlot(
      labels: .init(id: "families", title: pointOfFamilies(drawn), caption: "Mean ± standard deviation over seeds.", order: order),
      baselineName: baseline, items: others.map { .init($0.name, family: $0.family) },
      tasks: drawn.map { _, values in
        DotPlot.Task(
          title: values.title, axisTitle: axisTitle(values),
          baseline: values.cell(of: baseline)?.summary.mean.known.map { $0 * analysis.table.scale(of: values).factor },
          values: others.map { values.cell(of: $0.name).flatMap { analysis.estimate($0, of: values) } })
      }, decimals: 2
    ).figure()
  }

  /// A line for each initialization over the tasks.
  private func overTasks(_ order: [String]) -> Figure? {
    let measures = firstOfEachTask.filter { $0.values.cells.contains { $0.summary.mean.known != nil } }
    let starts = outline.initializations.filter { start in measures.contains { $0.values.cell(of: start.name)?.summary.mean.known != nil } }
    guard measures.count >= 3, starts.count >= 2 else { return nil }
    var ranks: [String: Int] = [:]
    return ParallelCoordinates(
      labels: .init(
        id: "over-tasks", title: pointOfTasks, caption: "Means over seeds, %\(exceptUnits). A gap is a task without a result.", order: order),
      subject: .initialization,
      measures: measures.map { .init($0.values.name + unit($0.values), decimals: analysis.table.scale(of: $0.values).decimals) },
      lines: starts.map { start in
        ranks[start.family, default: -1] += 1
        return .init(
          start.name, family: start.family, sizeRank: ranks[start.family] ?? 0,
          values: measures.map { measure in
            measure.values.cell(of: start.name)?.summary.mean.known.map { $0 * analysis.table.scale(of: measure.values).factor }
          })
      }
    ).figure()
  }

  /// The title of an axis, with the unit that the metric's own title does not say.
  private func axisTitle(_ values: ResultTable.Task) -> String { (values.metric ?? "Value") + (values.scale == nil ? ", %" : "") }

  private func unit(_ values: ResultTable.Task) -> String { values.scale.map { $0.symbol.isEmpty ? "" : ", \($0.symbol)" } ?? "" }

  private func receiverOperating(_ task: StudyOutline.Task, _ order: [String]) -> Figure? {
    let (names, note) = drawn(task), marked = marked(on: task)
    let curves = names.compactMap { name -> ReceiverOperating.Curve? in
      guard let group = group(task: task.name, initialization: name), let mean = group.receiverOperating.known else { return nil }
      let area = group.metric(.aurocMacro)?.summary
      return .init(
        marked(name), area: area?.mean.known.map { Estimate($0, error: area?.standardDeviation.known) },
        falsePositiveRates: mean.falsePositiveRates,
        sensitivities: mean.sensitivities.enumerated().map { Estimate($1, error: mean.standardDeviations?[$0], within: 0...1) })
    }
    guard !curves.isEmpty else { return nil }
    let classes = task.kind.hasSeveralClasses ? "the mean over the classes and then " : ""
    return ReceiverOperating(
      labels: .init(
        id: "roc-\(task.name)",
        title: pointOfRange(task, names.filter { name in curves.contains { $0.name == name } }, .aurocMacro, "AUC") ?? "\(task.name): receiver operating characteristic",
        caption: "Receiver operating characteristic: at each false-positive rate \(classes)the mean over the seeds of the sensitivity.", notes: note,
        order: order.map { marked($0) }),
      tasks: [.init(title: "", curves: curves)], bandMeaning: "± 1 standard deviation over the seeds", columns: 1
    ).figure()
  }

  /// Names in the order of their looks.
  var lookOrder: [String] { outline.lookOrder(groups, baseline: settings.analysis.baseline, exclusions: analysis.table.exclusions) }

  /// Each task with its first metric.
  var firstOfEachTask: [(task: TaskAnalysis, values: ResultTable.Task)] {
    var seen: Set<String> = []
    return zip(analysis.tasks, analysis.table.tasks).filter { seen.insert($1.name).inserted }.map { ($0, $1) }
  }

  func mark(_ comparison: Comparison?) -> SignificanceMark {
    comparison?.adjustedP.known.map { SignificanceMark(pValue: $0) } ?? .none
  }
}

extension LearningHistory {
  /// The validation set by epoch, a figure for each task.
  static func figures(_ histories: [LearningHistory], of numbers: StudyNumbers) -> [Figure] {
    let order = numbers.lookOrder
    return numbers.outline.tasks.compactMap { task in
      let (names, note) = numbers.drawn(task), marked = numbers.marked(on: task)
      let found = names.compactMap { name in
        histories.first { $0.key == .init(task: task.name, initialization: name, fraction: task.largestFraction) }
      }
      guard !found.isEmpty else { return nil }
      func curves(_ points: (LearningHistory) -> [Point], factor: Double, within range: ClosedRange<Double>) -> [LearningCurves.Curve] {
        found.compactMap { history in
          let known = points(history).filter { $0.summary.mean.known != nil }
          return known.isEmpty
            ? nil
            : .init(
              marked(history.key.initialization), epochs: known.map { Double($0.epoch) },
              values: known.map {
                Estimate(
                  ($0.summary.mean.known ?? 0) * factor, error: $0.summary.standardDeviation.known.map { $0 * factor },
                  within: range.lowerBound...(range.upperBound * factor))
              })
        }
      }
      let first = task.kind.tableMetrics[0], scale = task.scale(of: first), metric = task.kind.title(of: first)
      let panels: [LearningCurves.Task] = [
        .init(title: "Validation \(metric)", axisTitle: task.titleWithUnit(of: first), curves: curves(\.metric, factor: scale.factor, within: first.range)),
        .init(title: "Validation loss", axisTitle: "Loss", curves: curves(\.loss, factor: 1, within: 0...Double.infinity)),
      ].filter { !$0.curves.isEmpty }
      return LearningCurves(
        labels: .init(
          id: "learning-\(task.name)", title: numbers.pointOfLearning(task, found, first),
          caption: "Runs that had stopped before an epoch are not in it.", notes: note, order: order.map { marked($0) }),
        tasks: panels, bandMeaning: "± 1 standard deviation over the runs that reached the epoch", decimals: 3
      ).figure()
    }
  }
}
