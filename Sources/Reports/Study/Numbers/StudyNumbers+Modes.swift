internal import Figures
internal import Foundations
internal import Statistics
internal import Studies

/// What is said of modes beside the one that verdicts are of.
extension StudyNumbers {
  var allRunCount: Int { runs.count + (furtherModes ?? []).reduce(0) { $0 + $1.runs.count } }

  /// Means and comparisons of each further mode, for the most training images and then for each smaller part of them.
  var modeTables: [ReportTable] {
    (furtherModes ?? []).flatMap { mode in
      ([(nil, mode.analysis)] + mode.smallerFractions.map { ($0.fraction, $0.analysis) }).flatMap { fraction, analysis in
        [analysis.resultsTable.upright(heading: "Task"), analysis.comparisonsTable].map { table in
          var table = table
          table.label += "-\(mode.mode.rawValue)" + (fraction.map { "-\($0.description)" } ?? "")
          table.title += ", \(mode.mode.words)" + (fraction.map { ", \($0.percentText) of the training images" } ?? "")
          return table
        }
      }
    } + [ordersTable].compactMap(\.self) + priceTables
  }

  /// What labels are worth in each further mode.
  private var priceTables: [ReportTable] {
    (furtherModes ?? []).flatMap { mode in
      (mode.labelPrices?.tables ?? []).map { table in
        var table = table
        table.label += "-\(mode.mode.rawValue)"
        table.title += ", \(mode.mode.words)"
        return table
      }
    }
  }

  /// `Linear probe: On effusion, …`
  private var modePrices: [String] {
    (furtherModes ?? []).flatMap { mode in (mode.labelPrices?.sentences ?? []).map { "\(mode.mode.words.prefix(1).uppercased())\(mode.mode.words.dropFirst()): \($0)" } }
  }

  /// How well a mode that costs little foretells the order of the one that verdicts are of.
  private var ordersTable: ReportTable? {
    guard let furtherModes else { return nil }
    var table = ReportTable(
      title: "Whether other modes order the initializations alike",
      caption: "Kendall's τ-b of the order by the mode and by the one that verdicts are of (1: the same, −1: turned around), with what it can be "
        + "for other seeds and other patients, where pairs that are not shown to be ordered in both modes may be in any order (95 %, all pairs together).",
      label: "mode-orders",
      columns: [
        .init("Task"), .init("Mode"), .init("Initializations", .right), .init("Best in the first mode"), .init("Best in this mode"),
        .init("Kendall's τ", .right), .init("95 % interval", .right),
      ], headingColumns: 2)
    for mode in furtherModes {
      for order in mode.orders {
        guard let ranks = order.ranks.known else {
          table.append([.init(order.task), .init(mode.mode.words), "n/a", "n/a", "n/a", .init("n/a", note: "\(order.task): \(order.ranks.reason ?? "")."), "n/a"])
          continue
        }
        table.append([
          .init(order.task), .init(mode.mode.words), .init(grouped(ranks.initializations.count)), .init(listed(ranks.bestOnOwn)),
          .init(listed(ranks.bestOnOther)), .init(ranks.tau.known.map { fixed($0, 2).replacingMinus } ?? "n/a", note: ranks.tau.reason),
          .init(
            ranks.interval.known.map { "\(fixed($0.lower, 2).replacingMinus) to \(fixed($0.upper, 2).replacingMinus)" } ?? "n/a",
            note: ranks.interval.reason),
        ])
      }
    }
    return table
  }

  /// The same as dots with their intervals, a row a task and a series a mode.
  var modeOrders: Figure? {
    guard let furtherModes else { return nil }
    let tasks = outline.tasks.map(\.name), series = furtherModes.map(\.mode.words)
    let rows = tasks.compactMap { task -> ForestPlot.Row? in
      let values = furtherModes.map { mode -> Estimate? in
        guard let ranks = mode.orders.first(where: { $0.task == task })?.ranks.known, let tau = ranks.tau.known else { return nil }
        return ranks.interval.known.map { Estimate(tau, lower: $0.lower, upper: $0.upper) } ?? Estimate(tau)
      }
      return values.contains { $0 != nil } ? .init(task, values: values) : nil
    }
    guard !rows.isEmpty else { return nil }
    let taus = rows.flatMap { $0.values.compactMap { $0?.value } }, least = taus.min() ?? 0, most = taus.max() ?? 0
    let range = least == most ? "\(fixed(least, 2))" : "\(fixed(least, 2)) to \(fixed(most, 2))"
    return ForestPlot(
      labels: .init(
        id: "mode-orders", title: "Orders by other modes agree with the first mode's by a Kendall's τ of \(range.replacingMinus)",
        caption: "Kendall's τ-b of the order of the initializations by their means.", order: series),
      axisTitle: "Kendall's τ", series: series, blocks: [.init(title: "", rows: rows)],
      intervalMeaning: "what τ can be for other seeds and other patients (95 %, all pairs together)"
    ).figure()
  }

  /// The section that further modes have on the page.
  func section(of modes: [ModeNumbers]) -> HTMLReport.Section {
    .init("Other modes", (modeVerdicts + [seedsOfHeads].compactMap(\.self) + modePrices).map { .paragraph($0) } + modeTables.map { .table($0) })
  }

  /// `Linear probe, on effusion: …`, one for each further mode and task.
  var modeVerdicts: [String] {
    (furtherModes ?? []).flatMap { mode in
      let all = mode.analysis.verdicts
      return mode.verdictTasks.map { index in
        "\(mode.mode.words.prefix(1).uppercased())\(mode.mode.words.dropFirst()), \(all[index].task): \(all[index].statement)"
      }
    }
  }

  /// What the seeds of heads are; nil where no mode is one.
  var seedsOfHeads: String? {
    guard (furtherModes ?? []).contains(where: \.mode.isHeadOnFeatures) || outline.cells.contains(where: \.mode.isHeadOnFeatures) else { return nil }
    let drawn =
      (groups + (furtherModes ?? []).flatMap(\.groups)).contains { $0.fewShot != nil }
      ? " Few shots draw their supports by the seed, and are another head for each." : ""
    return "The head on the features of given weights is the same for every seed: a standard deviation of 0 over its seeds is no certainty, and what is "
      + "said of its differences rests on the patients alone. From random weights each seed is another network.\(drawn)"
  }

  var modes: String {
    let names = (furtherModes ?? []).map(\.mode.words)
    let compared = names.isEmpty ? "" : "Runs in other modes (\(listed(names))) were compared among themselves in the same way, and no mean is over two modes."
    return [compared, seedsOfHeads ?? ""].filter { !$0.isEmpty }.joined(separator: " ")
  }
}

extension ReportTable {
  /// Whether it is one of `modeTables`, which stand in a section of their own.
  func isOfFurtherMode(_ numbers: StudyNumbers) -> Bool {
    (numbers.furtherModes ?? []).contains {
      ["results", "comparisons"].contains(String(label.prefix { $0 != "-" })) && label.hasPrefix("\(label.prefix { $0 != "-" })-\($0.mode.rawValue)")
    }
  }
}
