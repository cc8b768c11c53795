internal import Figures
internal import Foundations
internal import RunStore
internal import Statistics
internal import Studies

extension SubgroupsSection {
  /// One a task, a panel for each of its groups.
  func figures(order: [String]) -> [Figure] {
    tasks.compactMap { task in
      let metric = task.kind.title(of: task.kind.tableMetrics[0])
      let blocks = task.groups.map { group in
        ForestPlot.Block(title: group.name, rows: group.strata.indices.map { row($0, of: group, shown: task.shown) })
      }
      guard blocks.contains(where: { $0.rows.contains { $0.values.contains { $0 != nil } } }) else { return nil }
      let isCut = task.shown.count < (task.groups.first?.initializations.count ?? 0)
      return ForestPlot(
        labels: .init(
          id: "subgroups-\(task.name)", title: "\(task.name): \(point(of: task))",
          caption: "\(metric) in the strata of the test set: mean over seeds. In brackets test images.",
          notes: isCut ? ["The best \(task.shown.count) initializations, with the reference."] : [],
          order: (order.isEmpty ? initializations : order).map { task.marked($0) }),
        axisTitle: "\(metric), %", series: task.shown.map { task.marked($0) }, blocks: blocks,
        intervalMeaning: "95 % intervals for other seeds and other patients (of one run for other patients)"
      ).figure()
    }
  }

  /// What is to be seen, in words.
  private func point(of task: Task) -> String {
    let differing = task.groups.filter { $0.interactions.contains(where: isShown) }.map(\.name)
    if !differing.isEmpty { return "which initialization is better differs between the strata of \(listed(differing))" }
    let tested = task.groups.filter { $0.interactions.contains { $0.p.known != nil } }.map(\.name)
    return tested.isEmpty
      ? "results in the strata of \(listed(task.groups.map(\.name)))" : "no difference between initializations is shown to depend on \(either(tested))"
  }

  /// `A, B or C`
  private func either(_ names: [String]) -> String {
    guard names.count > 1 else { return names.joined() }
    return names.dropLast().joined(separator: ", ") + " or " + names[names.count - 1]
  }

  private func row(_ place: Int, of group: Group, shown: [String]) -> ForestPlot.Row {
    let stratum = group.strata[place]
    let values = shown.map { name -> Estimate? in
      guard let measured = group.initializations.first(where: { $0.name == name })?.values[place].known?.metric, let value = measured.value.known
      else { return nil }
      return measured.interval.known.map { Estimate(100 * value, lower: 100 * $0.lower, upper: 100 * $0.upper) } ?? Estimate(100 * value)
    }
    return .init("\(stratum.name) (\(grouped(stratum.images)))", values: values, note: stratum.tooFew == nil ? nil : "too few")
  }
}
