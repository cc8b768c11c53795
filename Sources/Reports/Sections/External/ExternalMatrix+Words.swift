internal import Figures
internal import Foundations
internal import Metrics
internal import Statistics
internal import Studies

extension ExternalMatrix {
  var sentences: [String] {
    sets.isEmpty
      ? ["No answers on other test sets count; the remarks say why."]
      : sets.flatMap { [standing($0), fall($0), order($0), missing($0)].compactMap(\.self) }
  }

  /// Whether the verdict holds on other test sets; the first few where there are many.
  var answers: [String] {
    let lines = sets.compactMap { set in standing(set).map { $0 + (fall(set).map { " " + $0 } ?? "") } }
    let rest = lines.count - Self.firstAnswers
    return lines.prefix(Self.firstAnswers) + (rest > 0 ? ["\(grouped(rest)) more pairs of test sets are under “\(title)”."] : [])
  }

  private static let firstAnswers = 4

  public func terminalText(width: Int?) -> String {
    "\(title)\n\n" + sentences.map { flowed($0, proseWidth(width)) }.joined() + tables.map { "\n" + $0.terminalText(width: width) }.joined()
  }

  /// Which is best there, as the verdict on an own test set is said.
  private func standing(_ set: ExternalSet) -> String? {
    guard let analysis, let index = analysis.table.tasks.firstIndex(where: { $0.name == set.comparedName }) else { return nil }
    let verdict = analysis.verdicts[index]
    return "Trained on \(set.task), tested on \(set.testSet): \(verdict.statement)"
  }

  /// How far the initializations fall.
  private func fall(_ set: ExternalSet) -> String? {
    let marked = set.marked, rows = headline(of: set).filter { marked.isCompared($0.initialization) }, drops = rows.compactMap(\.generalized.drop.value.known)
    guard let least = drops.min(), let most = drops.max() else { return nil }
    let metric = rows[0].metric, scale = metric.unit == .ofTruth ? ResultTable.Scale(symbol: set.unit ?? "", decimals: metric.unit.decimals) : metric.scale
    // What falls is the result: an error rises.
    let unit = scale.differenceSuffix + (metric.direction == .lower ? " (of an error, below 0 is a rise)" : "")
    if rows.count == 1 { return rows.first.map { "From the own test set to \(set.testSet) the drop of \($0.initialization) is \(points(most, $0.metric))\(unit)\(interval($0))." } }
    let tested = rows.compactMap { $0.generalized.p.known }
    let settings = analysis?.settings ?? AnalysisSettings()
    let shown =
      tested.isEmpty
      ? "" : "; \(grouped(tested.count { $0 < settings.significance })) of \(grouped(tested.count)) drops can be told from 0 (p < \(settings.significanceText), not corrected)"
    return "From the own test set to \(set.testSet) the drops of the \(grouped(rows.count)) initializations are \(scale.signed(least)) to \(scale.signed(most))\(unit)\(shown)."
  }

  private func points(_ value: Double, _ metric: MetricName) -> String { metric.scale.signed(value) }

  private func interval(_ row: ExternalReport.Row) -> String {
    row.generalized.drop.interval.known.map { " (95 % interval \(points($0.lower, row.metric)) to \(points($0.upper, row.metric)))" } ?? ""
  }

  private func order(_ set: ExternalSet) -> String? {
    guard let ranks = set.ranks.known, let tau = ranks.tau.known else { return nil }
    let bounds = ranks.interval.known.map { " (95 % interval \(fixed($0.lower, 2).replacingMinus) to \(fixed($0.upper, 2).replacingMinus))" } ?? ""
    let same = ranks.sameBest.known.map { "; the same initialization is best on both with a probability of \(probabilityText($0))" } ?? ""
    return "The orders of the \(grouped(ranks.initializations.count)) initializations on both sets agree with Kendall's τ = \(fixed(tau, 2).replacingMinus)\(bounds)\(same)."
  }

  private func missing(_ set: ExternalSet) -> String? {
    guard set.answeredCount < set.finishedCount else { return nil }
    return
      "\(grouped(set.answeredCount)) of \(grouped(set.finishedCount)) finished runs of \(set.task) have answered about \(set.testSet): the others are asked by “medtransfer evaluate” with --task \(set.task) --on \(set.onTask)\(set.part == "test" ? "" : " --part \(set.part)")."
  }

  var methods: String {
    guard !sets.isEmpty else { return "" }
    return "External validation: every network was asked about the images of other test sets, prepared as in its own training, and scored on the classes "
      + "that both sets have. Means and drops (own minus other, seed by seed) have 95 % intervals for other seeds and other patients of both sets by the "
      + "analysis of Obuchowski and Rockette, the patients of the two sets being taken as different people. The orders of the initializations are compared "
      + "by Kendall's τ-b; its interval is between the least and the greatest τ that the 95 % bounds of all differences together allow, from \(grouped(RankAgreement.drawCount)) "
      + "draws of all means from their joint posterior. Initializations were compared on each "
      + "other test set as on their own."
  }

  /// A line for each initialization from its own test set to another, a panel a set.
  func figures(order: [String]) -> [Figure] {
    let tasks = sets.compactMap { set -> LearningCurves.Task? in
      let curves = headline(of: set).compactMap { row -> LearningCurves.Curve? in
        guard let own = estimate(row.own, row.generalized.own, row.metric), let other = estimate(row.other, row.generalized.other, row.metric) else { return nil }
        return .init(row.initialization, epochs: [0, 1], values: [own, other])
      }
      guard !curves.isEmpty, let row = headline(of: set).first else { return nil }
      return .init(title: set.comparedName, axisTitle: set.words(row) + row.metric.unit.suffix, curves: curves)
    }
    guard !tasks.isEmpty else { return [] }
    return [
      LearningCurves(
        labels: .init(
          id: "external", title: pointOfFigure,
          caption: "Means over seeds with the classes that both sets have; lines that cross change their order.", notes: leftOutNotes, order: order),
        tasks: tasks, bandMeaning: "95 % intervals for other seeds and other patients",
        course: .steps(["Own test set", "Other test set"], title: "Tested on"), columns: 2
      ).figure()
    ]
  }

  /// How far results fall at most, and whether the same one is best.
  private var pointOfFigure: String {
    let drops = sets.flatMap { set in
      // Errors in units of their own are not set beside points.
      headline(of: set).filter { $0.metric.unit.isPercent && set.marked.isCompared($0.initialization) }.compactMap { row in
        row.own.mean.known.flatMap { own in row.other.mean.known.map { (set: set, row: row, drop: 100 * (own - $0)) } }
      }
    }
    guard let most = drops.max(by: { $0.drop < $1.drop }) else { return "From the own test set to another" }
    let size = fixed(abs(most.drop), 2)
    guard most.drop > 0 else { return "From the own test set to another: none loses" }
    let isTold = most.row.generalized.p.known.map { $0 < (analysis?.settings ?? AnalysisSettings()).significance } == true
    return "From the own test set to another: \(most.row.initialization) loses most on \(most.set.testSet), \(size) points\(isTold ? "" : ", not told from 0")"
  }

  /// One initialization may count on one set and not on another, so it has one name and one color on all, and the sets where it does not count are said.
  private var leftOutNotes: [String] {
    sets.flatMap { set in
      (set.leftOut ?? [:]).merging(set.leftOutOnOwn ?? [:]) { first, _ in first }.sorted { $0.key < $1.key }.map { name, reason in
        "\(set.comparedName): \(name) is compared with nothing: \(reason)\(set.leftOut?[name] == nil ? " (of \(set.task))" : "")."
      }
    }
  }

  private func estimate(_ summary: Summary, _ interval: Available<Interval>, _ metric: MetricName) -> Estimate? {
    let factor = metric.scale.factor
    return summary.mean.known.map { mean in
      interval.known.map { Estimate(factor * mean, lower: factor * $0.lower, upper: factor * $0.upper) } ?? Estimate(factor * mean)
    }
  }
}

extension ExternalMatrix {
  /// The rows of a set by the metric that its task is judged by first, which its comparisons begin with, of the most training images.
  private func headline(of set: ExternalSet) -> [ExternalReport.Row] {
    let means = set.rows.filter { $0.className == nil }, judged = analysis?.table.tasks.first { $0.name == set.comparedName }?.metric
    let first = (means.first { set.words($0) == judged } ?? means.first)?.metric
    return means.filter { $0.metric == first && $0.fraction == set.largestFraction }
  }
}
