internal import Foundation
public import Foundations
public import Statistics

/// The initializations over all tasks, by their average ranks, on the tasks that all of them have.
public struct Ranking: Codable, Hashable, Sendable {
  /// The tasks that count, and those that some initialization lacks.
  public let tasks: [String]
  public let leftOut: [String]
  /// Per initialization, 1 is best.
  public let averageRanks: Available<[Double]>
  /// Of the average ranks, for other tasks, other seeds and, where patients are in the comparisons of every task, other patients.
  public let intervals: Available<[Interval]>
  public let isOverPatients: Bool
  /// Friedman's test and Nemenyi's critical difference; three or more initializations.
  public let nemenyi: Available<CriticalDifferenceDiagram>
  /// Wilcoxon signed-rank tests of all pairs over the tasks, with Holm's correction.
  public let wilcoxonHolm: Available<CriticalDifferenceDiagram>

  /// Below this the χ² that Friedman's test is read from is no approximation.
  static let leastTasks = 5

  /// - Parameters:
  ///   - analyses: of the table's tasks.
  ///   - evidence: one a task of the table, or none.
  init(_ table: ResultTable, _ settings: AnalysisSettings, _ analyses: [TaskAnalysis], evidence: [TaskEvidence]) {
    let names = table.initializations
    // A task with several metrics counts once, by its first.
    var seen: Set<String> = []
    let indices = table.tasks.indices.filter { seen.insert(table.tasks[$0].name).inserted }, candidates = indices.map { table.tasks[$0] }
    let rows = candidates.map { task in
      names.compactMap { name in task.comparedCell(of: name)?.summary.mean.known.map { task.higherIsBetter ? $0 : -$0 } }
    }
    let complete = candidates.indices.filter { rows[$0].count == names.count }
    tasks = complete.map { candidates[$0].name }
    leftOut = candidates.indices.filter { rows[$0].count != names.count }.map { candidates[$0].name }
    let values = complete.map { rows[$0] }
    let (count, k, level) = (complete.count, names.count, settings.significance)

    let few: String? =
      k < 2
      ? "there is one initialization only"
      : count < 2 ? "\(count == 0 ? "no task has" : "only one task has") a result of every initialization" : nil
    averageRanks =
      few.map { .notAvailable(reason: $0) } ?? RankTable.make(values).map(\.averageRanks)

    let places = complete.map { indices[$0] }
    isOverPatients = few == nil && places.allSatisfy { analyses[$0].generalization == .patientsAndSeeds }
    intervals = few.map { .notAvailable(reason: $0) } ?? Self.intervals(table, places, analyses, evidence, level: 1 - level)

    func diagram(_ method: CriticalDifferenceDiagram.Method) -> Available<CriticalDifferenceDiagram> {
      CriticalDifferenceDiagram.make(names: names, values: values, method: method, significance: level)
    }
    if let few {
      nemenyi = .notAvailable(reason: few)
    } else if k < 3 {
      nemenyi = .notAvailable(reason: "two initializations are compared by the Wilcoxon test; Friedman's needs three")
    } else if count < Self.leastTasks {
      nemenyi = .notAvailable(
        reason: "\(count) tasks have a result of every initialization; Friedman's test needs \(Self.leastTasks) or more")
    } else {
      nemenyi = diagram(.nemenyi)
    }
    // All signs alike is the most that n tasks can say: p = 2/2ⁿ, times the number of pairs.
    let pairs = k * (k - 1) / 2
    let needed = Int((log2(2 * Double(max(1, pairs)) / level)).rounded(.down)) + 1
    if let few {
      wilcoxonHolm = .notAvailable(reason: few)
    } else if count < needed {
      wilcoxonHolm = .notAvailable(
        reason: "Wilcoxon tests of \(pairs) pair\(pairs == 1 ? "" : "s"), corrected by Holm, cannot reach "
          + "\(settings.significanceText) with fewer than \(needed) tasks; \(count) have a result of every initialization")
    } else {
      wilcoxonHolm = diagram(.wilcoxonHolm)
    }
  }

  private static func intervals(
    _ table: ResultTable, _ places: [Int], _ analyses: [TaskAnalysis], _ evidence: [TaskEvidence], level: Double
  ) -> Available<[Interval]> {
    var posteriors: [(posterior: JointPosterior, higherIsBetter: Bool)] = []
    for place in places {
      let task = table.tasks[place]
      let found =
        analyses[place].generalization == .patientsAndSeeds
        ? evidence[place].posterior(of: table.initializations)
        : JointPosterior.make(ofSeeds: table.initializations.compactMap { task.cell(of: $0)?.summary })
      guard let posterior = found.known else { return .notAvailable(reason: "\(task.name): \(found.reason ?? "")") }
      posteriors.append((posterior, task.higherIsBetter))
    }
    return RankIntervals.make(posteriors, level: level)
  }

  /// The one that is drawn and spoken of.
  public var diagram: Available<CriticalDifferenceDiagram> { nemenyi.known == nil ? wilcoxonHolm : nemenyi }
}
