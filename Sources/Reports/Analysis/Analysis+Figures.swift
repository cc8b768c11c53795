public import Figures
internal import Foundations
internal import Statistics

extension Analysis {
  /// What the tables hold, drawn: the means with their spread, the runs themselves where they are known, the ranks.
  public var figures: [Figure] { figures(order: []) }

  /// - Parameter order: names in the order of their looks in other figures; empty where they have none.
  func figures(order: [String]) -> [Figure] {
    let architectures = architecturesFigure(
      .init(
        id: "architectures", title: "Architectures over the tasks",
        caption: "Means\(unitOfTitle). Parameters and accuracy on ImageNet are public facts on the models."))
    var figures = [architectures].compactMap(\.self) + meansFigures(order)
    let withRuns = table.tasks.filter { !$0.cells.isEmpty && $0.cells.allSatisfy { $0.runs?.isEmpty == false } }
    if !withRuns.isEmpty {
      figures.append(
        BoxPlots(
          labels: .init(id: "runs", title: pointOfRuns, order: order.isEmpty ? table.initializations : order),
          tasks: withRuns.map { task in
            .init(
              title: task.title, axisTitle: axisTitle(task),
              samples: task.cells.map { .init($0.initialization, values: ($0.runs ?? []).map { $0.value * table.scale(of: task).factor }) })
          }, decimals: table.decimals
        ).figure())
    }
    if let diagram = ranking.diagram.known {
      let test = diagram.method == .nemenyi ? "Friedman and Nemenyi" : "Wilcoxon–Holm"
      figures.append(
        CriticalDifference(
          labels: .init(id: "ranks", title: pointOfRanks, notes: [rankNote(diagram)].compactMap(\.self)),
          items: diagram.order.map { .init(diagram.names[$0], rank: diagram.averageRanks[$0]) },
          cliques: diagram.groups.map { $0.map { diagram.names[$0] } }, criticalDifference: diagram.criticalDifference.known,
          test: "\(test), α = \(settings.significanceText), \(diagram.taskCount) tasks"
        ).figure())
    }
    return figures
  }

  private func rankNote(_ diagram: CriticalDifferenceDiagram) -> String? {
    ranking.intervals.known.map { intervals in
      "\(significant(settings.level * 100, 6)) % intervals: "
        + diagram.order.map { "\(diagram.names[$0]) \(fixed(intervals[$0].lower, 2)) to \(fixed(intervals[$0].upper, 2))" }.joined(separator: "; ") + "."
    }
  }

  /// Few initializations stand side by side; many are numbered against the baseline, or lie below each other.
  ///
  /// - Parameter heading: instead of the figure's point, where figures of several analyses stand on one page.
  func meansFigures(_ order: [String] = [], id: String = "means", heading: String? = nil) -> [Figure] {
    let names = table.initializations
    let drawn = table.tasks.filter { $0.cells.contains { $0.summary.mean.known != nil } }
    guard !drawn.isEmpty else { return [] }
    if names.count <= 8 {
      let tasks = drawn.map { task in
        Bars.Task(
          title: task.title, axisTitle: axisTitle(task), groups: [.init("", names.map { task.cell(of: $0).flatMap { estimate($0, of: task) } })],
          brackets: names.count <= 3 ? brackets(task) : [])
      }
      return [
        Bars(
          labels: .init(id: id, title: heading ?? pointOfMeans, caption: caption + "."),
          series: names.enumerated().map { .init($1, .bar($0)) }, tasks: tasks, decimals: table.decimals
        ).figure()
      ]
    }
    if let baseline = settings.baseline {
      let methods = names.filter { $0 != baseline }
      return [
        NumberedBars(
          labels: .init(id: id, title: heading ?? pointAgainst(baseline), caption: methodsOfMarks, order: order), baseline: baseline, methods: methods,
          tasks: drawn.map { numbered($0, baseline, methods) }, decimals: table.decimals
        ).figure()
      ]
    }
    return drawn.enumerated().map { index, task in
      HorizontalBars(
        labels: .init(id: "\(id)-\(index + 1)", title: heading.map { "\($0): \(task.title)" } ?? task.title, caption: caption + "."), axisTitle: axisTitle(task),
        classes: [
          .init(
            title: "", series: ["mean ± standard deviation"],
            groups: task.cells.map { .init($0.initialization, bars: [estimate($0, of: task)]) })
        ], columns: 1, decimals: table.decimals
      ).figure()
    }
  }

  /// What stars stand for in a figure.
  var marksMeaning: String { "Marks: \(correctedTitle), of the comparison with the baseline, by the \(testName)." }

  private var methodsOfMarks: String { marksMeaning }

  private func numbered(_ task: ResultTable.Task, _ baseline: String, _ methods: [String]) -> NumberedBars.Task {
    let family = tasks.first { $0.title == task.title }?.againstBaseline?.known
    return NumberedBars.Task(
      title: task.title, axisTitle: axisTitle(task), baseline: task.cell(of: baseline).flatMap { estimate($0, of: task) },
      bars: methods.map { name in
        task.cell(of: name).flatMap { estimate($0, of: task) }.map { value in
          let comparison = family?.comparison(with: name)
          return .init(value, mark: comparison?.adjustedP.known.map { SignificanceMark(pValue: $0) } ?? .none)
        }
      })
  }

  private func brackets(_ task: ResultTable.Task) -> [Bars.Bracket] {
    let family = tasks.first { $0.title == task.title }?.againstBest
    return (family?.comparisons ?? []).compactMap { comparison in
      guard let from = table.initializations.firstIndex(of: comparison.first),
        let to = table.initializations.firstIndex(of: comparison.second), comparison.adjustedP.known != nil
      else { return nil }
      return Bars.Bracket(from: .init(series: from), to: .init(series: to), label: "p = \(pText(comparison.adjustedP))")
    }
  }

  /// The mean with the standard deviation, drawn inside the metric's range.
  func estimate(_ cell: ResultTable.Cell, of task: ResultTable.Task) -> Estimate? {
    let factor = table.scale(of: task).factor
    return cell.summary.mean.known.map {
      Estimate(
        $0 * factor, error: cell.summary.standardDeviation.known.map { $0 * factor },
        within: task.range.map { $0.lowerBound * factor...$0.upperBound * factor })
    }
  }

  private func axisTitle(_ task: ResultTable.Task) -> String { (task.metric ?? "Value") + (task.scale == nil && !table.scale.symbol.isEmpty ? ", \(table.scale.symbol)" : "") }
}
