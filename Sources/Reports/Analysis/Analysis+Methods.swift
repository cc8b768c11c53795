internal import Foundations
internal import Statistics

extension Analysis {
  /// What was computed, in sentences for a Methods section.
  public var methods: String {
    [counts, test, family, intervals, planning, chances, overTasks].filter { !$0.isEmpty }.joined(separator: " ")
  }

  /// Test, sidedness, n and correction, as a caption states them.
  public var caption: String {
    let n = table.commonCount.map { "n = \(grouped($0)) runs each" } ?? "n in each cell"
    return "Mean ± standard deviation\(unitOfTitle); \(n); \(sidednessText) \(settings.test.name) against the best of each task, "
      + "\(correctionText), α = \(settings.significanceText)"
  }

  /// The same for the comparisons.
  var comparisonsCaption: String {
    let family = settings.correction == .none ? "" : " over the comparisons of a task with the same initialization"
    let n = table.commonCount.map { ", n = \(grouped($0)) runs each" } ?? ""
    let unit = table.scale.symbol == "%" ? ", in percentage points (“points”)" : unitOfTitle
    return "First minus second\(unit); \(sidednessText) \(settings.test.name), \(correctionText)\(family), "
      + "α = \(settings.significanceText)\(n)."
  }

  private var counts: String {
    let cells = table.tasks.flatMap(\.cells)
    let counts = cells.map(\.summary.count)
    let range = table.commonCount.map(grouped) ?? "\(grouped(counts.min() ?? 0)) to \(grouped(counts.max() ?? 0))"
    let runs = table.commonCount == 1 ? "run" : "runs"
    let source = cells.allSatisfy { $0.runs == nil } ? ", taken as stated, not from the runs themselves" : ""
    return "Values are means ± standard deviations (n − 1 in the denominator) of \(range) \(runs) a cell\(source)."
  }

  private var sidednessText: String { settings.sidedness == .twoSided ? "two-sided" : "one-sided" }

  private var correctionText: String {
    settings.correction == .none ? "not corrected" : "\(settings.correction.name)'s correction"
  }

  private var test: String {
    let against = settings.baseline.map { " and with \($0)" } ?? ""
    let direction =
      switch settings.sidedness {
      case .twoSided: ""
      case .better:
        ", for the best" + (settings.baseline.map { ", and for each against \($0)," } ?? "") + " being better"
      case .worse: ", for the best being better, and for each being worse than \(settings.baseline ?? "")"
      }
    let pairing =
      settings.test == .paired || settings.test == .wilcoxon ? " Runs of the same name are pairs; others are left out." : ""
    return "On each task every initialization was compared with the best mean\(against) by the \(sidednessText) "
      + "\(settings.test.name)\(direction) at α = \(settings.significanceText).\(pairing)"
      + " The best was chosen by the same runs, so its p-values are somewhat too small."
  }

  private var family: String {
    settings.correction == .none
      ? "P-values were not corrected for the number of comparisons."
      : "P-values were corrected by \(settings.correction.name) over all comparisons of a task with the same initialization."
  }

  private var intervals: String {
    let level = "\(significant(settings.level * 100, 6)) %"
    return switch settings.test {
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
    guard settings.test == .student || settings.test == .welch else { return "" }
    guard tasks.contains(where: { $0.againstBest?.comparisons.contains { $0.isToldApart == false } == true }) else { return "" }
    let level = settings.correction == .none ? "" : " divided by the number of comparisons"
    return "Further runs were planned for a power of \(fixed(settings.power * 100, 0)) % by the noncentral t "
      + "distribution, with the pooled standard deviation, the difference seen, and α\(level)."
  }

  private var chances: String {
    guard tasks.contains(where: { $0.probabilityOfBest.candidates.contains { $0.probability.known != nil } }) else { return "" }
    return "The probability of being best and the expected regret are those of independent normal runs "
      + "with the reference prior p(μ, σ) ∝ 1/σ."
  }

  private var overTasks: String {
    guard let diagram = ranking.diagram.known else { return "" }
    let test =
      diagram.method == .nemenyi
      ? "Friedman's test, with Nemenyi's critical difference" : "Wilcoxon signed-rank tests of all pairs, Holm's correction"
    return "Over \(diagram.taskCount) tasks average ranks were compared by \(test)."
  }
}
