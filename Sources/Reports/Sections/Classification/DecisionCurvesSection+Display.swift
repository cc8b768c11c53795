internal import Figures
internal import Foundations
internal import Statistics

extension DecisionCurvesSection {
  /// At most so many classes have panels of their own.
  private static let mostPanels = 6
  private static let tabled = [0.05, 0.1, 0.2, 0.3, 0.5]
  /// As net findings in 100 images.
  private static let scale = ResultTable.Scale(factor: 100, decimals: 2)

  var sentences: [String] {
    [
      "Net benefit is what is found, less the false alarms at the price that the threshold says: at a threshold of 0.10 one finding is worth nine false alarms. "
        + "Only the thresholds at which one would act matter; choose them before looking."
    ]
      + tasks.compactMap(sentence)
  }

  private func sentence(_ task: OfTask) -> String? { gain(task).map { "On \(task.task), \($0)\(differenceWords(task))." } }

  /// Where acting on what the best initialization says does more good than acting on all or on none.
  private func gain(_ task: OfTask) -> String? {
    guard let best = task.initializations.first(where: { $0.initialization == task.best }) else { return nil }
    let useful = thresholds.indices.filter { best.netBenefits[$0] > max(0, task.treatAll[$0]) }
    return useful.isEmpty
      ? "acting on what \(best.initialization) says has nowhere a greater net benefit than acting on all images or on none"
      : "acting on what \(best.initialization) says has a greater net benefit than acting on all images and on none at \(span(useful))"
  }

  private func differenceWords(_ task: OfTask) -> String {
    guard let difference = task.difference.known else { return "" }
    let known = difference.intervals.indices.filter { difference.intervals[$0].known != nil }
    let pair = "it and \(difference.second)"
    guard !known.isEmpty else {
      let reason = difference.intervals.first?.reason
      return "; how far \(pair) are apart for other seeds and patients is not available\(reason.map { " (\($0))" } ?? "")"
    }
    let above = known.filter { (difference.intervals[$0].known?.lower ?? 0) > 0 }, below = known.filter { (difference.intervals[$0].known?.upper ?? 0) < 0 }
    if above.isEmpty && below.isEmpty { return "; \(pair) are nowhere told apart (95 % intervals at each threshold for itself)" }
    let parts = [above.isEmpty ? nil : "above that of \(difference.second) at \(span(above))", below.isEmpty ? nil : "below it at \(span(below))"]
    return "; its net benefit is \(parts.compactMap(\.self).joined(separator: " and ")) (95 % intervals at each threshold for itself)"
  }

  /// `thresholds from 0.05 to 0.62`, or `7 of 99 thresholds, between 0.05 and 0.62`.
  private func span(_ places: [Int]) -> String {
    guard let first = places.first, let last = places.last else { return "no threshold" }
    if first == last { return "the threshold \(fixed(thresholds[first], 2))" }
    let ends = (fixed(thresholds[first], 2), fixed(thresholds[last], 2))
    return last - first + 1 == places.count
      ? "thresholds from \(ends.0) to \(ends.1)" : "\(places.count) of \(thresholds.count) thresholds, between \(ends.0) and \(ends.1)"
  }

  var tables: [ReportTable] { tasks.map(table) }

  private func table(_ task: OfTask) -> ReportTable {
    let places = Self.tabled.compactMap { wanted in thresholds.firstIndex { abs($0 - wanted) < 1e-9 } }
    let several = task.initializations.contains { $0.classes.count > 1 }
    var table = ReportTable(
      title: "Net benefit on \(task.task)",
      caption: "Net findings in 100 images at a threshold, mean over n seeds\(several ? " of the mean over the classes" : ""); acting on none is 0. "
        + "The difference has its 95 % interval for other seeds and other patients.",
      label: "net-benefit-\(task.task)",
      columns: [.init("Initialization"), .init("n", .right)] + places.map { .init("At \(fixed(thresholds[$0], 2))", .right) },
      boldMeaning: "greatest, and more than acting on all or on none", notes: task.note)
    let marked = task.marked, compared = task.initializations.filter { marked.isCompared($0.initialization) }
    for one in task.initializations {
      table.append(
        [.init(marked(one.initialization)), .init(grouped(one.seedCount))]
          + places.map { place in
            let greatest = max(0, task.treatAll[place], compared.map { $0.netBenefits[place] }.max() ?? 0)
            let value = one.netBenefits[place], isBest = marked.isCompared(one.initialization) && value == greatest
            return .init(Self.scale.text(value).replacingMinus, isBold: isBest && value > max(0, task.treatAll[place]))
          })
    }
    table.append([.init("act on all"), .init("")] + places.map { .init(Self.scale.text(task.treatAll[$0]).replacingMinus) })
    if let difference = task.difference.known {
      table.append(
        [.init("\(difference.first) less \(difference.second)"), .init("")]
          + places.map { place in
            let bounds = difference.intervals[place].known.map { " (\(Self.scale.signed($0.lower)) to \(Self.scale.signed($0.upper)))" } ?? ""
            return .init(
              Self.scale.signed(difference.values[place]) + bounds, note: difference.intervals[place].reason.map { "No interval: \($0)." })
          })
    }
    return table
  }

  func figures(order: [String]) -> [Figure] { tasks.map { figure($0, order.isEmpty ? lookOrder : order) } }

  private func figure(_ task: OfTask, _ order: [String]) -> Figure {
    let names = distinct(task.initializations.flatMap { $0.classes.map(\.name) }), several = names.count > 1, marked = task.marked
    let whole = DecisionCurves.Part(
      title: several ? "Mean over \(names.count) classes" : "", curves: task.initializations.map { .init(marked($0.initialization), netBenefits: $0.netBenefits) },
      treatAll: task.treatAll)
    let classes = (several && names.count <= Self.mostPanels ? names : [])
      .map { name in
        let found = task.initializations.compactMap { one in one.classes.first { $0.name == name }.map { (start: marked(one.initialization), line: $0) } }
        return DecisionCurves.Part(
          title: name, curves: found.map { .init($0.start, netBenefits: $0.line.netBenefits) }, treatAll: found.first?.line.treatAll ?? [])
      }
    return DecisionCurves(
      labels: .init(
        id: "decisions-\(task.task)", title: "\(task.task): \(gain(task) ?? "decision curves")",
        caption: "Net benefit, the mean over the seeds, by the probability from which on one acts.",
        notes: task.note, order: order.map { marked($0) }),
      thresholds: thresholds, parts: [whole] + classes, difference: task.difference.known.map(drawn),
      bandMeaning: task.difference.known?.intervals.contains { $0.known != nil } == true
        ? "the 95 % interval for other seeds and other patients, at each threshold for itself" : nil
    ).figure()
  }

  private func drawn(_ difference: Difference) -> DecisionCurves.Difference {
    .init(
      first: difference.first, second: difference.second,
      values: zip(difference.values, difference.intervals).map { value, interval in
        interval.known.map { Estimate(value, lower: $0.lower, upper: $0.upper) } ?? Estimate(value)
      })
  }
}
