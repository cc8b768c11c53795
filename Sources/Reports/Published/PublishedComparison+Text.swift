public import Figures
internal import Foundations
internal import Statistics

extension PublishedComparison {
  /// The counts of the verdicts, and what was not compared.
  public var sentences: [String] {
    guard !pairs.isEmpty else {
      return ["No task and initialization here has a value in \(set). Say which are meant with --match ours=theirs."]
    }
    var lines = [
      "Of \(grouped(pairs.count)) value\(pairs.count == 1 ? "" : "s") that \(set) has too, \(grouped(count(.agrees))) agree\(count(.agrees) == 1 ? "s" : ""), "
        + "\(grouped(count(.differs))) \(count(.differs) == 1 ? "does" : "do") not, and of \(grouped(count(.unknown))) nothing can be told."
    ]
    if !unmatchedTasks.isEmpty { lines.append("Not in \(set): the task\(unmatchedTasks.count == 1 ? "" : "s") \(listed(unmatchedTasks)).") }
    if !unmatchedInitializations.isEmpty {
      let plural = unmatchedInitializations.count == 1 ? "" : "s"
      lines.append("Without a published value on these tasks: the initialization\(plural) \(listed(unmatchedInitializations)).")
    }
    return lines
  }

  /// The rule in words that match what was computed.
  public var methods: String {
    let α = significant(settings.significance, 6), margin = significant(settings.margin, 6)
    let level = significant(100 * (1 - settings.significance), 6)
    return "Differences are this study's mean minus the published one, in percentage points, with \(level) % Welch intervals over runs, each on its own "
      + "test images, which say nothing about other patients, made wider at both ends by the accuracy to which the published value is known. A pair agrees where two one-sided tests at α = \(α) show the "
      + "difference to be within ± \(margin) for every published value within its accuracy; else it does not agree where its interval "
      + "excludes 0; else nothing can be told. \(settings.printedDeviations.sentence) The pairs were not corrected for their number."
  }

  public var reportTable: ReportTable {
    let level = significant(100 * (1 - settings.significance), 6)
    var table = ReportTable(
      title: "Beside the published values",
      caption: "Mean ± standard deviation in %; difference with \(level) % Welch interval over runs (not patients), widened by the accuracy of reading; "
        + "agrees: within ± \(significant(settings.margin, 6)) by two one-sided tests at α = \(significant(settings.significance, 6)). "
        + "Published deviations taken as made with \(settings.printedDeviations.text) in the denominator.",
      label: "published-comparison",
      columns: [
        .init("Task"), .init("Initialization"), .init("This study", .right), .init("Published", .right), .init("Known to", .right),
        .init("Difference", .right), .init("\(level) % interval", .right), .init("Verdict"), .init("Source"),
      ], headingColumns: 2)
    for pair in pairs {
      table.append([
        .init(pair.title), .init(pair.initialization), .init(Self.text(pair.ours)), .init(Self.text(pair.publishedSummary)),
        .init("± \(fixed(pair.published.accuracy, 3))"), .init(Self.differenceText(pair)), .init(Self.intervalText(pair)),
        .init(pair.verdict.rawValue, isBold: pair.verdict == .differs, note: pair.difference.interval.reason.map { "No interval: \($0)." }),
        .init("\(pair.published.initialization), \(pair.published.source)"),
      ])
    }
    table.boldMeaning = "does not agree"
    return table
  }

  /// Ours beside theirs, one panel a task.
  public var figure: Figure? {
    guard !pairs.isEmpty else { return nil }
    let tasks = distinct(pairs.map(\.title))
    return HorizontalBars(
      labels: .init(
        id: "published-comparison", title: "Beside the published values",
        caption: "Mean and standard deviation; published: \(listed(distinct(pairs.map(\.published.source))))."),
      axisTitle: "AUC or Dice, %",
      classes: tasks.map { title in
        .init(
          title: title, series: ["This study", "Published"],
          groups: pairs.filter { $0.title == title }.map { pair in
            .init(pair.initialization, bars: [Self.estimate(pair.ours), Self.estimate(pair.publishedSummary)])
          })
      }, columns: tasks.count == 1 ? 1 : 2
    ).figure()
  }

  /// Every table of it: the pairs, then each table or figure of the papers beside this study's.
  public var tables: [ReportTable] { pairs.isEmpty ? [] : [reportTable] + panels.flatMap(\.tables) }
  /// Every figure of it, in the same order.
  public var figures: [Figure] { [figure].compactMap(\.self) + panels.flatMap(\.figures) }

  /// What a page shows of it.
  public var section: HTMLReport.Section {
    var blocks: [HTMLReport.Block] = sentences.map { .paragraph($0) }
    if !pairs.isEmpty { blocks.append(.table(reportTable)) }
    if let figure { blocks.append(.figure(figure)) }
    if !pairs.isEmpty { blocks.append(.paragraph(methods)) }
    blocks += panels.flatMap(\.blocks)
    return .init("Beside the published values", blocks + remarks.map { .remark($0) })
  }

  /// The same for a terminal so many columns wide; nil cuts nothing.
  public func terminalText(width columns: Int?) -> String {
    let width = proseWidth(columns)
    var rows = Table(columns: [
      .init("Task"), .init("Initialization"), .init("Here", .right), .init("Published", .right), .init("Difference", .right),
      .init("Interval", .right), .init("Verdict"),
    ])
    for pair in pairs {
      rows.append([
        pair.title, pair.initialization, pair.ours.mean.known.map { fixed($0, 2) } ?? "–", fixed(pair.published.value.mean, 2),
        Self.differenceText(pair), Self.intervalText(pair), pair.verdict.rawValue,
      ])
    }
    let table = pairs.isEmpty ? "" : rows.fitted(toWidth: columns, cutting: ["Task", "Initialization"]).rendered() + "\n"
    let reasons = distinct(pairs.compactMap(\.difference.interval.reason)).map { "n/a: \($0)." }
    let lines = sentences + reasons + (pairs.isEmpty ? [] : [methods] + remarks)
    let title = "Beside the published values, %"
    return "\(title)\n\(String(repeating: "═", count: title.count))\n\(table)" + lines.map { flowed($0, width) }.joined()
  }

  private static func text(_ summary: Summary) -> String {
    guard let mean = summary.mean.known else { return ReportTable.notApplicable }
    return fixed(mean, 2) + (summary.standardDeviation.known.map { " ± \(fixed($0, 2))" } ?? "") + " (n = \(grouped(summary.count)))"
  }

  private static func estimate(_ summary: Summary) -> Estimate? {
    summary.mean.known.map { Estimate($0, error: summary.standardDeviation.known) }
  }

  private static let scale = ResultTable.Scale(decimals: 2)

  private static func differenceText(_ pair: Pair) -> String { pair.difference.value.known.map(scale.signed) ?? "n/a" }

  private static func intervalText(_ pair: Pair) -> String {
    pair.difference.interval.known.map { "\(scale.signed($0.lower)) to \(scale.signed($0.upper))" } ?? "n/a"
  }
}
