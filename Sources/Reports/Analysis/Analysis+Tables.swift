public import Figures
internal import Foundations
internal import Statistics

extension Analysis {
  /// Initializations by tasks as it is published: the best bold, what cannot be told from it shaded.
  public var resultsTable: ReportTable {
    let everywhere = table.commonCount
    var result = ReportTable(
      title: "Results", caption: caption + ".", label: "results",
      columns: [.init("Initialization")] + tasks.map { .init($0.title, .right) },
      shadedMeaning: "cannot be told from the best")
    for name in table.initializations {
      result.append(
        [.init(name)]
          + zip(tasks, table.tasks).map { task, values in
            guard let cell = values.cell(of: name) else { return .init(ReportTable.notApplicable) }
            // A pair that applies and has no result yet is no dash, which says that it does not apply.
            guard cell.summary.mean.known != nil else { return .init("n/a", note: "No run of this pair has a value.") }
            let count = everywhere == nil ? " (n = \(grouped(cell.summary.count)))" : ""
            if let reason = cell.exclusion { return .init(table.text(cell.summary, of: values) + count + Self.leftOutMark, note: "Left out of the verdict: \(reason).") }
            let isTied = !task.tied.isEmpty && (task.best.known == name || task.tied.contains(name))
            let isBest = task.namedBest == name
            let reason = task.best.known == name ? nil : task.againstBest?.comparison(with: name)?.p.reason
            return .init(
              table.text(cell.summary, of: values) + count, isBold: isBest, isShaded: isTied || task.notToldFromBest.contains(name),
              note: isTied ? Self.tiedNote : reason.map { "Not tested: \($0)." })
          })
    }
    return result
  }

  /// What is shown and has no part in the verdict.
  static let leftOutMark = " †"

  /// Every comparison with the best and with the baseline.
  public var comparisonsTable: ReportTable { comparisonsTable(claims: nil) }

  /// - Parameter claims: a cell for how probable it is that the first of a comparison on a task of the table is in truth no better; nil where that
  ///   is told by the table of results itself, or by nothing.
  func comparisonsTable(claims: ((_ task: Int, Comparison) -> ReportTable.Cell)?) -> ReportTable {
    let hasClaims = hasClaims || claims != nil
    let level = "\(significant(settings.level * 100, 6)) % interval"
    var result = ReportTable(
      title: "Comparisons",
      caption: comparisonsCaption
        + (claims == nil ? "" : " \(Self.claimTitle): the probability that the first is in truth no better, of accuracies or mean Dice (see claims of superiority)."),
      label: "comparisons",
      columns: [
        .init("Task"), .init("Comparison"), .init("Difference" + unitOfDifferences, .right), .init(level, .right), .init("p", .right),
        .init(correctedTitle, .right),
      ] + effectTitles.map { .init($0, .right) } + (hasClaims ? [.init(Self.claimTitle, .right)] : []) + [.init("To settle", .right)], headingColumns: 2)
    for (index, task) in tasks.enumerated() {
      for family in families(of: task) {
        for comparison in shown(family, of: task) {
          let claim = claims.map { $0(index, comparison) } ?? claimCell(comparison)
          result.append(
            [
              .init(task.title), .init(pairText(comparison, in: family, of: task)), .init(differenceText(comparison, of: task)),
              .init(intervalText(comparison, of: task)), .init(pText(comparison.p), note: comparison.p.reason),
              .init(correctedText(comparison), isBold: comparison.isToldApart == true),
            ] + effectTexts(comparison).map { .init($0) } + (hasClaims ? [claim] : []) + [.init(settlingText(comparison))])
        }
      }
    }
    result.boldMeaning = "below α = \(settings.significanceText)"
    return result
  }

  static let tiedNote = "Tied for the best mean."

  /// What is subtracted from what, and which of them all are compared with.
  private func pairText(_ comparison: Comparison, in family: ComparisonFamily, of task: TaskAnalysis) -> String {
    guard family.reference == task.best.known && family == task.againstBest else {
      return "\(comparison.first) – \(comparison.second) (baseline)"
    }
    let isWithBaseline = task.againstBaseline?.known?.reference == comparison.second
    return "\(comparison.first) (\(!task.tied.isEmpty ? "tied" : task.namedBest == nil ? "best mean" : "best")) – \(comparison.second)\(isWithBaseline ? " (baseline)" : "")"
  }

  /// The comparisons of a family, each pair once: that of the best with the baseline stands among those with the best.
  func shown(_ family: ComparisonFamily, of task: TaskAnalysis) -> [Comparison] {
    guard let first = task.againstBest, family != first else { return family.comparisons }
    return family.comparisons.filter { one in !first.comparisons.contains { $0.result == one.result && $0.first == one.first && $0.second == one.second } }
  }

  /// How probable it is that each is the best of its task, and what choosing it is expected to cost.
  public var chancesTable: ReportTable {
    var result = ReportTable(
      title: "Probability of being best", caption: chancesCaption, label: "probability-of-best",
      columns: [.init("Task"), .init("Initialization"), .init("Probability", .right), .init("Expected regret" + unitOfDifferences, .right)],
      headingColumns: 2)
    for task in tasks {
      for candidate in task.probabilityOfBest.candidates {
        result.append([
          .init(task.title), .init(candidate.name),
          .init(candidate.probability.known.map(probabilityText) ?? "n/a", note: candidate.probability.reason),
          .init(candidate.expectedRegret.known.map { scale(of: task).text($0) + ownUnit(of: task) } ?? "n/a", note: candidate.expectedRegret.reason),
        ])
      }
    }
    return result
  }

  /// What the probabilities are of.
  private var chancesCaption: String {
    let alone = tasks.filter { $0.generalization == .seeds }.map(\.title)
    let ofThese = "On these very test images, for other \(table.runNoun)s"
    guard isOverPatients else { return "\(ofThese)." }
    return "For other patients and other seeds." + (alone.isEmpty ? "" : " \(ofThese): \(listed(alone)).")
  }

  /// `, %` behind a column's title, or nothing.
  var unitOfTitle: String { table.scale.symbol.isEmpty || table.saysAllUnits ? "" : ", \(table.scale.symbol)\(exceptUnits)" }

  private var exceptUnits: String { table.saysSomeUnits ? " where no other unit is said" : "" }

  /// How the values of a task are written.
  func scale(of task: TaskAnalysis) -> ResultTable.Scale { table.tasks.first { $0.title == task.title }?.scale ?? table.scale }

  /// The unit behind a difference, where the column's title does not say it.
  func ownUnit(of task: TaskAnalysis) -> String { table.tasks.first { $0.title == task.title }?.scale?.differenceSuffix ?? "" }

  /// The same behind the title of a column of differences.
  var unitOfDifferences: String {
    table.scale.differenceUnit.isEmpty || table.saysAllUnits ? "" : ", \(table.scale.differenceUnit)\(exceptUnits)"
  }

  var correctedTitle: String {
    if isInRounds { return "Level" }
    let title = settings.correction == .none ? "p, not corrected" : "p, \(settings.correction.name)"
    return hasRounds ? "\(title), or level" : title
  }

  /// Whether seeds were added round by round for some of the verdicts, and for all of them.
  var hasRounds: Bool { tasks.contains { $0.rounds != nil } }
  var isInRounds: Bool { !tasks.isEmpty && tasks.allSatisfy { $0.rounds != nil } }

  /// The corrected p, or the level of the look that p is judged by.
  private func correctedText(_ comparison: Comparison) -> String {
    guard let look = comparison.look else { return pText(comparison.adjustedP) }
    return comparison.isToldApart == true ? "p < \(significant(look.level, 2))" : look.level > 0 ? "p ≥ \(significant(look.level, 2))" : "no level yet"
  }

  /// Effect sizes of comparisons over seeds, and how much of a difference's variance is the patients' where they are in it.
  var effectTitles: [String] { (isOnTheseImages ? [effectTitle] : []) + (isOverPatients ? ["Patients’ part"] : []) }

  func effectTexts(_ comparison: Comparison) -> [String] {
    let share = comparison.parts.map { $0.variance > 0 ? "\(fixed($0.patientPart / $0.variance * 100, 0)) %" : "n/a" } ?? "n/a"
    return (isOnTheseImages ? [effectText(comparison)] : []) + (isOverPatients ? [share] : [])
  }

  private var effectTitle: String {
    switch settings.test {
    case .student, .welch: "Hedges' g"
    case .paired: "Cohen's d"
    case .mannWhitney: "Cliff's delta"
    case .wilcoxon: "rank-biserial"
    }
  }

  func families(of task: TaskAnalysis) -> [ComparisonFamily] {
    let baseline = task.againstBaseline?.known
    // With the best as the baseline, or with two initializations in all, both are the same comparisons.
    let isOnePair = task.againstBest?.comparisons.count == 1 && task.againstBest?.comparisons == baseline?.comparisons
    let isTheSame = isOnePair || baseline?.reference == task.best.known && settings.sidedness == .twoSided
    return [task.againstBest, isTheSame ? nil : baseline].compactMap(\.self)
  }

  func differenceText(_ comparison: Comparison, of task: TaskAnalysis) -> String {
    comparison.difference.value.known.map { scale(of: task).signed($0) + ownUnit(of: task) } ?? "n/a"
  }

  func intervalText(_ comparison: Comparison, of task: TaskAnalysis) -> String {
    let scale = scale(of: task)
    return comparison.difference.interval.known.map { "\(scale.signed($0.lower)) to \(scale.signed($0.upper))" } ?? "n/a"
  }

  private func effectText(_ comparison: Comparison) -> String {
    comparison.effectSize.value.known.map { fixed($0, 2).replacingMinus } ?? "n/a"
  }

  /// `+4 seeds` each, `+2, +4 seeds`, `+60 patients`, `more than 1,000 seeds`, or nothing where all is settled.
  func settlingText(_ comparison: Comparison) -> String {
    guard comparison.isToldApart == false, let toSettle = comparison.toSettle else { return "" }
    guard let remedy = toSettle.known else {
      return toSettle.reason == Remedy.beyond(settings.runLimit) ? "> \(grouped(settings.runLimit)) seeds" : "n/a"
    }
    if remedy.advice == .patients, let more = remedy.morePatients?.known { return "+\(grouped(more)) patients" }
    guard let plan = remedy.seeds.known else { return "n/a" }
    return plan.moreOfFirst == plan.moreOfSecond
      ? "+\(grouped(plan.moreOfFirst)) seeds" : "+\(grouped(plan.moreOfFirst)), +\(grouped(plan.moreOfSecond)) seeds"
  }
}

extension String {
  /// With a true minus sign in front, as tables are set.
  var replacingMinus: String { hasPrefix("-") ? "−" + dropFirst() : self }
}
