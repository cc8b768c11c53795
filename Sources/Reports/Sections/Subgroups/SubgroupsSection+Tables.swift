internal import Figures
internal import Foundations
internal import RunStore
internal import Statistics
internal import Studies

extension SubgroupsSection {
  var tables: [ReportTable] {
    tasks.flatMap { task in
      task.groups.map { values($0, of: task) } + [interactions(of: task), gaps(of: task), prevalence(of: task)].compactMap(\.self)
    }
  }

  /// More rows than this are not read by anybody; those with the least p are shown.
  private static let mostRows = 60

  /// Each stratum with what it is made of, and each initialization in it.
  private func values(_ group: Group, of task: Task) -> ReportTable {
    let metric = task.kind.title(of: task.kind.tableMetrics[0]), isSegmentation = task.kind.isSegmentation
    let classes =
      task.kind.hasSeveralMasks
      ? " Means over the \(group.classes.count) of \(task.classNames.count) classes that are drawn in every compared stratum."
      : task.kind.hasSeveralClasses
        ? " Means over the \(group.classes.count) of \(task.classNames.count) classes that have \(TestStrata.least) images with and without them in every compared stratum." : ""
    let decisions = isSegmentation ? "" : " Sensitivity and specificity at the threshold that each run has from its validation set, the same in all strata."
    let runs = group.initializations.map(\.runCount), single = runs.contains(1) ? " Where there is one run, the interval is for other patients alone." : ""
    let hidden =
      task.shown.count < group.initializations.count
      ? " The best \(task.shown.count) of \(group.initializations.count) initializations, with the reference; all are in numbers.json." : ""
    var table = ReportTable(
      title: "\(task.name) by \(group.name)",
      caption: "Mean over seeds, %, with its 95 % interval for other seeds and other patients.\(single)\(decisions)\(classes)"
        + " \(isSegmentation ? "With object: the share of images that hold one\(task.kind.hasSeveralMasks ? ", the mean over all classes" : "")." : "Prevalence: the share of images with the finding\(task.kind.hasSeveralClasses ? ", the mean over all classes" : "").")\(hidden)",
      label: "subgroups-\(task.name)-\(group.name)",
      columns: [
        .init("Stratum"), .init("Images", .right), .init("Patients", .right), .init(isSegmentation ? "With object, %" : "Prevalence, %", .right),
        .init("Initialization"), .init("\(metric), %", .right),
      ] + (isSegmentation ? [] : [.init("Sensitivity, %", .right), .init("Specificity, %", .right)]))
    let scale = ResultTable.Scale.percent
    for (place, stratum) in group.strata.enumerated() {
      let note = stratum.isCompared || stratum.tooFew != nil ? nil : "Not compared with other strata."
      let head: [ReportTable.Cell] = [
        .init(stratum.name, note: note), .init(grouped(stratum.images)), .init(grouped(stratum.patients)),
        .init(stratum.prevalence.map { fixed(100 * $0, 1) } ?? "n/a"),
      ]
      if let reason = stratum.tooFew {
        table.append(head + [.init(ReportTable.notApplicable), .init("too few", note: reason.capitalizedSentence)])
        continue
      }
      for (row, one) in group.initializations.filter({ task.shown.contains($0.name) }).enumerated() {
        let shown: [ReportTable.Cell] =
          switch one.values[place] {
          case .notAvailable(let reason): [.init("n/a", note: reason.capitalizedSentence)]
          case .value(let values): [values.metric, values.sensitivity, values.specificity].compactMap(\.self).map { cell($0, scale) }
          }
        table.append((row == 0 ? head : [.init(stratum.name), "", "", ""]) + [.init(task.marked(one.name))] + shown)
      }
    }
    return table
  }

  private func cell(_ measured: Measured, _ scale: ResultTable.Scale) -> ReportTable.Cell {
    guard let value = measured.value.known else { return .init("n/a", note: measured.value.reason?.capitalizedSentence) }
    guard let interval = measured.interval.known else {
      return .init("\(scale.text(value)) (n/a)", note: measured.interval.reason.map { "No interval: \($0)." })
    }
    return .init("\(scale.text(value)) (\(scale.text(interval.lower)) to \(scale.text(interval.upper)))")
  }

  /// Nil where no task has two strata to compare, or one initialization alone.
  private func interactions(of task: Task) -> ReportTable? {
    let all = task.groups.flatMap { group in group.interactions.map { (group: group.name, test: $0) } }
    guard !all.isEmpty, let reference = task.reference else { return nil }
    let level = significant(100 * (1 - significance), 6)
    let kept =
      all.count <= Self.mostRows
      ? all : all.enumerated().sorted { ($0.element.test.p.known ?? 2, $0.offset) < ($1.element.test.p.known ?? 2, $1.offset) }.prefix(Self.mostRows).map(\.element)
    let cut = kept.count < all.count ? " The \(kept.count) of \(grouped(all.count)) with the least p; all are in numbers.json." : ""
    var table = ReportTable(
      title: "\(task.name): differences from \(reference) between strata",
      caption: "How much larger the difference of an initialization from \(reference) is in one stratum than in the other, or than in all others together: "
        + "(A − B) in the first less (A − B) in the second, points, tested over seeds and patients. Holm's correction over the contrasts of one group.\(cut)",
      label: "subgroup-interactions-\(task.name)",
      columns: [
        .init("Group"), .init("Strata"), .init("Initialization"), .init("Difference of differences, points", .right), .init("\(level) % interval", .right),
        .init("p", .right), .init("p (Holm)", .right),
      ], headingColumns: 2, boldMeaning: "shown to be another in one stratum than elsewhere")
    let scale = ResultTable.Scale.percent
    for (group, test) in kept {
      table.append([
        .init(group), .init("\(test.stratum) – \(test.other ?? "others")"), .init(test.initialization),
        .init(test.difference.known.map(scale.signed) ?? "n/a", note: test.difference.reason?.capitalizedSentence),
        .init(test.interval.known.map { "\(scale.signed($0.lower)) to \(scale.signed($0.upper))" } ?? "n/a"), .init(pText(test.p)),
        .init(pText(test.adjustedP), isBold: test.adjustedP.known.map { $0 < significance } ?? false),
      ])
    }
    return table
  }

  /// Nil where no group has two strata to compare.
  private func gaps(of task: Task) -> ReportTable? {
    let rows = task.groups.filter { $0.strata.count(where: \.isCompared) > 1 }.flatMap { group in
      group.initializations.filter { task.shown.contains($0.name) }.map { (group: group, one: $0) }
    }
    guard !rows.isEmpty else { return nil }
    let deals = rows.compactMap { $0.one.gap.known?.dealCount }.first
    var table = ReportTable(
      title: "\(task.name): gaps between strata",
      caption:
        "The greatest \(task.kind.title(of: task.kind.tableMetrics[0])) of a compared stratum less the least, points, beside the gaps of strata of the same sizes whose names are dealt "
        + "anew among the patients\(deals.map { " (\(grouped($0)) deals)" } ?? ""): the greatest of several differences is above 0 by chance alone. Holm's correction over the initializations of a group.",
      label: "subgroup-gaps-\(task.name)",
      columns: [
        .init("Group"), .init("Initialization"), .init("Greatest"), .init("Least"), .init("Gap", .right), .init("By chance, mean", .right),
        .init("By chance, 95 % below", .right), .init("p", .right), .init("p (Holm)", .right),
      ], headingColumns: 2, boldMeaning: "larger than chance would make it")
    let scale = ResultTable.Scale.percent
    for (group, one) in rows {
      let compared = group.strata.filter(\.isCompared).map(\.name)
      guard let gap = one.gap.known, let value = gap.gap.known, let extremes = gap.extremes else {
        table.append([.init(group.name), .init(task.marked(one.name)), "", "", .init("n/a", note: (one.gap.reason ?? one.gap.known?.gap.reason)?.capitalizedSentence)])
        continue
      }
      table.append([
        .init(group.name), .init(task.marked(one.name)), .init(compared[extremes.greatest]), .init(compared[extremes.least]), .init(scale.text(value)),
        .init(gap.expected.known.map(scale.text) ?? "n/a"), .init(gap.limit.known.map(scale.text) ?? "n/a"), .init(pText(gap.p)),
        .init(pText(one.adjustedGapP), isBold: one.adjustedGapP.known.map { $0 < significance } ?? false),
      ])
    }
    return table
  }

  /// How many images of each stratum have each class; nil for a task of one class.
  private func prevalence(of task: Task) -> ReportTable? {
    guard task.kind.hasSeveralClasses else { return nil }
    let strata = task.groups.flatMap { group in group.strata.map { (group: group.name, stratum: $0) } }
    var table = ReportTable(
      title: "\(task.name): images with each class in the strata", caption: "Images with the class, and their share of those whose label is known.",
      label: "subgroup-prevalence-\(task.name)", columns: [.init("Class")] + strata.map { .init("\($0.group): \($0.stratum.name)", .right) })
    for (place, name) in task.classNames.enumerated() {
      table.append(
        [.init(name)]
          + strata.map { _, stratum in
            let with = stratum.positives[place], known = with + stratum.negatives[place]
            return .init(known > 0 ? "\(grouped(with)) (\(fixed(100 * Double(with) / Double(known), 1)) %)" : "n/a")
          })
    }
    return table
  }
}

extension String {
  /// A reason as a sentence of its own.
  fileprivate var capitalizedSentence: String { (first?.uppercased() ?? "") + dropFirst() + (hasSuffix(".") ? "" : ".") }
}
