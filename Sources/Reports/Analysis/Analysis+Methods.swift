internal import Foundations
internal import Statistics

extension Analysis {
  /// What was computed, in sentences for a Methods section, a paragraph for each thing.
  public var methods: String { methodsParagraphs.text }

  /// The same with what each paragraph is about.
  var methodsParagraphs: [MethodsParagraph] {
    [
      MethodsParagraph(Self.comparisonsTitle, [counts, test, unit, family, intervals]),
      MethodsParagraph("Further seeds and patients", [planning]),
      MethodsParagraph("Probabilities of being best and of false claims", [chances, claimMethods]),
      MethodsParagraph("Ranks over the tasks", [overTasks]),
    ].said
  }

  static let comparisonsTitle = "Comparisons"

  /// Test, sidedness, n and correction, as a caption states them.
  public var caption: String {
    let n = table.commonCount.map { "n = \(grouped($0)) run\($0 == 1 ? "" : "s") each" } ?? "n in each cell"
    return "Mean ± standard deviation\(unitOfTitle); \(n); \(sidednessText) \(testName) against the best of each task, "
      + "\(correctionText), α = \(settings.significanceText)"
  }

  /// The same for the comparisons.
  var comparisonsCaption: String {
    let pairs = isInRounds ? " over all pairs of a task" : " over the comparisons of a task with the same initialization"
    let family = settings.correction == .none && !isInRounds ? "" : pairs
    let n = table.commonCount.map { ", n = \(grouped($0)) run\($0 == 1 ? "" : "s") each" } ?? ""
    let unit = table.scale.symbol == "%" && !table.saysAllUnits ? ", in percentage points (“points”)" : unitOfTitle
    return "First minus second\(unit); \(sidednessText) \(testName), \(correctionText)\(family), "
      + "α = \(settings.significanceText)\(n)."
  }

  private var counts: String {
    let cells = table.tasks.flatMap(\.cells)
    let counts = cells.map(\.summary.count)
    let range = table.commonCount.map(grouped) ?? "\(grouped(counts.min() ?? 0)) to \(grouped(counts.max() ?? 0))"
    let runs = table.commonCount == 1 ? "run" : "runs"
    let words = table.assumedRuns == nil ? "taken as stated, not from the runs themselves" : "as many as --as-n says, whatever their source states"
    let source = cells.allSatisfy { $0.runs == nil } ? ", \(words)" : ""
    let printed = table.printedDeviations.map { " \($0.sentence)" } ?? ""
    return "Values are means ± standard deviations (n − 1 in the denominator) of \(range) \(runs) a cell\(source).\(printed)"
  }

  /// The test, with the tasks that it is another on.
  var testName: String {
    guard isOverPatients else { return settings.test.name + " over \(table.runNoun)s on these test images" }
    let others = namesOverSeeds
    let exception = others.isEmpty ? "" : " (\(settings.test.name) over seeds alone on \(listed(others)))"
    return TwoLevelDifference.testName + exception
  }

  /// The tasks whose differences are for these test images alone: each once where that is so of all its metrics.
  private var namesOverSeeds: [String] {
    distinct(
      tasks.indices.filter { tasks[$0].generalization == .seeds }.map { index in
        let name = table.tasks[index].name
        let isWhole = tasks.indices.allSatisfy { table.tasks[$0].name != name || tasks[$0].generalization == .seeds }
        return isWhole ? name : tasks[index].title
      })
  }

  /// Whether some differences are for other patients.
  var isOverPatients: Bool { tasks.contains { $0.generalization == .patientsAndSeeds } }
  /// Whether some are for these test images alone.
  var isOnTheseImages: Bool { tasks.contains { $0.generalization == .seeds } }

  /// What the differences hold for.
  private var unit: String {
    guard isOverPatients else {
      let reason = settings.generalization == .seeds ? "" : distinct(tasks.compactMap(\.generalizationReason)).first.map { ": \($0)" } ?? ""
      return "Differences hold for other seeds on these very test images and say nothing about other patients\(reason)."
    }
    let left = tasks.filter { $0.generalization == .seeds }
    let exception =
      left.isEmpty
      ? "" : " On \(listed(namesOverSeeds)) they hold for other seeds on these very test images alone (\(firstFew(distinct(left.compactMap(\.generalizationReason)), atMost: 2)))."
    return "Differences hold for other seeds and other patients of the same kind: the variance of a difference of means is that over the seeds of "
      + "both, which are nested in the initialization, and over the patients, who are the same for both (Obuchowski and Rockette 1995; "
      + "Hillis 2014), with Satterthwaite's degrees of freedom.\(exception) The same comparisons over seeds alone, on these very test images "
      + "(\(settings.test.name)\(settings.test == .student ? ", as in 2021" : "")), stand beneath each verdict and are named so."
  }

  private var sidednessText: String { settings.sidedness == .twoSided ? "two-sided" : "one-sided" }

  private var correctionText: String {
    let corrected = settings.correction == .none ? "not corrected" : "\(settings.correction.name)'s correction"
    guard hasRounds else { return corrected }
    return isInRounds ? Self.levelsOfLooks : "\(corrected), or \(Self.levelsOfLooks) where seeds were added round by round"
  }

  private var test: String {
    // Seeds that are added round by round settle comparisons with the best alone.
    let against = isInRounds ? "" : settings.baseline.map { " and with \($0)" } ?? ""
    let direction =
      switch settings.sidedness {
      case .twoSided: ""
      case .better:
        ", for the best" + (settings.baseline.map { ", and for each against \($0)," } ?? "") + " being better"
      case .worse: ", for the best being better, and for each being worse than \(settings.baseline ?? "")"
      }
    let pairing =
      isOnTheseImages && (settings.test == .paired || settings.test == .wilcoxon) ? " Runs of the same name are pairs; others are left out." : ""
    return "On each task every initialization was compared with the best mean\(against) by the \(sidednessText) "
      + "\(testName)\(direction) at α = \(settings.significanceText).\(pairing)"
      + (isInRounds ? "" : " The best was chosen by the same runs, so its p-values are somewhat too small.")
  }

  private var family: String {
    let corrected =
      settings.correction == .none
      ? "P-values were not corrected for the number of comparisons."
      : "P-values were corrected by \(settings.correction.name) over all comparisons of a task with the same initialization."
    guard let rounds = tasks.compactMap(\.rounds).first else { return corrected }
    return isInRounds ? roundsText(rounds) : "\(corrected) \(roundsText(rounds))"
  }

  private static let levelsOfLooks = "levels of a group-sequential design"

  /// What was computed where seeds were added round by round.
  private func roundsText(_ rounds: SeedRounds) -> String {
    let design = rounds.design
    return "Seeds were added in rounds, from \(design.least) to at most \(design.most) for each initialization, on the metric that is the first of a task: after each "
      + "round the best mean was compared with each other initialization that had not been shown to be worse, by the t-test over seeds and patients, "
      + "two-sided. All pairs of initializations of a task are one family at \(significant(design.significance, 6)), by Holm; the level of each comparison was spent over its "
      + "looks by Lan and DeMets' function of O'Brien and Fleming's kind, the information being one by the variance, of which seeds leave the patients' part as it is. "
      + "A comparison stopped without a decision where the chance that all seeds decide it was below \(fixed(100 * design.leastChance, 0)) %, which leaves the level as it is. "
      + "Means, intervals, ranks, tests of equivalence and tests over seeds alone take no account of the rounds, nor do comparisons of further metrics."
  }

  private var intervals: String {
    let level = "\(significant(settings.level * 100, 6)) %"
    let patients = isOverPatients ? "Differences over seeds and patients have the \(level) t intervals of their tests, not corrected." : ""
    guard isOnTheseImages else { return patients }
    let seeds = intervalsOfSeeds(level)
    return patients.isEmpty ? seeds : "\(patients) Of seeds alone: \(seeds.prefix(1).lowercased())\(seeds.dropFirst())"
  }

  private func intervalsOfSeeds(_ level: String) -> String {
    switch settings.test {
    case .student: "Differences have \(level) Student intervals and Hedges' g, neither corrected."
    case .welch: "Differences have \(level) Welch intervals and Hedges' g, neither corrected."
    case .paired: "Differences have \(level) intervals of the paired t-test and Cohen's d of the differences, neither corrected."
    case .mannWhitney: "Differences of means have \(level) Welch intervals; the effect size is Cliff's delta; neither is corrected."
    case .wilcoxon:
      "Differences of means have \(level) intervals of the paired t-test; the effect size is the rank-biserial correlation; "
        + "neither is corrected."
    }
  }

  private var planning: String {
    let open = tasks.filter { $0.againstBest?.comparisons.contains { $0.isToldApart == false } == true }
    let level = settings.correction == .none ? "" : " divided by the number of comparisons"
    let power = "for a power of \(fixed(settings.power * 100, 0)) % by the noncentral t distribution"
    var sentences: [String] = []
    if open.contains(where: { $0.generalization == .patientsAndSeeds }) {
      sentences.append(
        "Further seeds or test patients, whichever are the larger part of the difference's variance, were planned \(power), corrected to the first order for how a "
          + "difference and its standard error move together over patients, with the variance that more of them would leave, Satterthwaite's degrees of freedom there, the difference seen, and α\(level)."
      )
    }
    if open.contains(where: { $0.generalization == .seeds }), settings.test == .student || settings.test == .welch {
      sentences.append("Further runs were planned \(power), with the pooled standard deviation, the difference seen, and α\(level).")
    }
    return sentences.joined(separator: " ")
  }

  private var chances: String {
    let known = tasks.filter { $0.probabilityOfBest.candidates.contains { $0.probability.known != nil } }
    var sentences: [String] = []
    if let drawn = known.compactMap(\.probabilityOfBest.drawCount).first {
      sentences.append(
        "The probability of being best and the expected regret are shares and means of \(grouped(drawn)) draws of all means together: for seeds "
          + "independent t distributions with the reference prior p(μ, σ) ∝ 1/σ, for patients a multivariate t with their covariance; the Monte Carlo "
          + "standard error of a probability is at most \(fixed(known.compactMap { $0.probabilityOfBest.drawCount == nil ? nil : $0.probabilityOfBest.numericalError.known }.max() ?? 0, 4))."
      )
    }
    if known.contains(where: { $0.probabilityOfBest.drawCount == nil }) {
      sentences.append(
        (sentences.isEmpty ? "The probability of being best and the expected regret are" : "On these test images alone they are")
          + " those of independent normal runs with the reference prior p(μ, σ) ∝ 1/σ.")
    }
    return sentences.joined(separator: " ")
  }

  private var overTasks: String {
    guard let diagram = ranking.diagram.known else { return "" }
    let test =
      diagram.method == .nemenyi
      ? "Friedman's test, with Nemenyi's critical difference" : "Wilcoxon signed-rank tests of all pairs, Holm's correction"
    let levels = ranking.isOverPatients ? "tasks, patients and seeds" : "tasks and seeds"
    let intervals =
      ranking.intervals.known == nil
      ? ""
      : " Their intervals, for the average ranks that such studies find on other tasks, are percentiles of \(grouped(RankIntervals.resampleCount)) resamples of \(levels)."
    return "Over \(diagram.taskCount) tasks, the unit being the task, average ranks were compared by \(test).\(intervals)"
  }
}
