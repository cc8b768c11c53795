internal import Foundation
public import Foundations
public import Statistics

/// A study's values beside a paper's, and for each pair whether they agree.
///
/// The rule, stated with every table: d is our mean minus the published one. Its intervals are Welch's, from means, standard
/// deviations and numbers of runs, made wider at both ends by the accuracy to which the published value is known.
///
/// - **agrees**: two one-sided tests at α (Schuirmann 1987) show |d| below the margin, whatever the published value is within its
///   accuracy: the interval of level 1 − 2α lies inside ± margin.
/// - **does not agree**: the interval of level 1 − α excludes 0, and the pair does not agree by the first rule.
/// - **cannot tell**: neither, or there is no spread to compute an interval from.
///
/// Published standard deviations are taken as the settings say, with n or n − 1 in the denominator. The authors' code prints those with n;
/// whether the papers' are these is not said.
public struct PublishedComparison: Codable, Hashable, Sendable {
  public struct Settings: Codable, Hashable, Sendable {
    /// The largest difference that does not matter, in percentage points.
    public var margin: Double
    public var significance: Double
    public var printedDeviations: PrintedDeviations

    public init(margin: Double = 1, significance: Double = 0.05, printedDeviations: PrintedDeviations = .standard) throws {
      guard margin > 0, margin <= 50 else {
        throw ReportsError.unfitSetting(
          "The margin \(significant(margin, 6)) is not between 0 and 50 percentage points.", remedy: "Give one such as 1.")
      }
      (self.margin, self.significance, self.printedDeviations) = (margin, significance, printedDeviations)
    }
  }

  public enum Verdict: String, Codable, Hashable, Sendable, CaseIterable {
    case agrees
    case differs = "does not agree"
    case unknown = "cannot tell"
  }

  /// One value of ours beside one of theirs, in percent.
  public struct Pair: Codable, Hashable, Sendable {
    /// As the study calls them.
    public let task: String
    public let metric: String?
    public let initialization: String
    public let ours: Summary
    public let published: PublishedSet.Entry
    /// With n − 1 in the denominator.
    public let publishedSummary: Summary
    /// Ours minus theirs; the interval of level 1 − α is widened by the accuracy of reading.
    public let difference: IntervalEstimate
    /// The interval of level 1 − 2α, widened too: inside ± margin means agreement.
    public let equivalenceInterval: Available<Interval>
    /// The larger of the two one-sided p-values, against the margin less the accuracy of reading.
    public let equivalenceP: Statistic
    public let verdict: Verdict

    /// `LXS, Dice (pooled)`.
    public var title: String { metric.map { "\(task), \($0)" } ?? task }
  }

  public let set: String
  public let settings: Settings
  public let pairs: [Pair]
  /// Tasks and initializations of the study that the set has no value for.
  public let unmatchedTasks: [String]
  public let unmatchedInitializations: [String]
  public let remarks: [String]

  /// - Parameters:
  ///   - table: the study's results, as fractions with the scale of percent, or in percent.
  ///   - names: what the study's names mean.
  /// - Throws: `ReportsError` where a match names what is not there, or the values are no percentages.
  public init(_ table: ResultTable, against set: PublishedSet, names: PublishedNames, settings: Settings) throws {
    try names.check(table, set)
    let factor = table.scale.factor
    let means = table.tasks.flatMap(\.cells).compactMap(\.summary.mean.known)
    if factor == 1, let largest = means.max(), largest <= 1 {
      throw ReportsError.unfitSetting(
        "The published numbers are in percent, and no value here is above 1.", remedy: "Say with --percent that the values are fractions.")
    }
    self.set = set.name
    self.settings = settings
    var pairs: [Pair] = [], matchedTasks: Set<String> = [], matched: Set<String> = []
    for task in table.tasks {
      guard let code = names.task(task.name, in: set), PublishedMetric(task: code).isMetric(task.metric) else { continue }
      matchedTasks.insert(task.name)
      for cell in task.cells {
        guard let name = names.initialization(cell.initialization, in: set), let entry = set.entry(code, name) else { continue }
        matched.insert(cell.initialization)
        pairs.append(Pair(task, cell.initialization, cell.summary.scaled(by: factor), entry, settings))
      }
    }
    self.pairs = pairs
    unmatchedTasks = distinct(table.tasks.map(\.name)).filter { !matchedTasks.contains($0) }
    unmatchedInitializations = table.initializations.filter { !matched.contains($0) }
    remarks = set.remarks + names.remarks(on: table, pairs: pairs)
  }

  public func count(_ verdict: Verdict) -> Int { pairs.count { $0.verdict == verdict } }
}

extension PublishedComparison.Pair {
  fileprivate init(
    _ task: ResultTable.Task, _ initialization: String, _ ours: Summary, _ entry: PublishedSet.Entry,
    _ settings: PublishedComparison.Settings
  ) {
    (self.task, metric, self.initialization) = (task.name, task.metric, initialization)
    (self.ours, published) = (ours, entry)
    let accuracy = entry.accuracy, α = settings.significance, theirs = entry.summary(settings.printedDeviations)
    publishedSummary = theirs
    let test = welchTest(ours, theirs, level: 1 - α)
    let value = ours.mean.map { $0 - entry.value.mean }
    // The reason names the side that lacks a spread.
    let reason: String? =
      ours.standardDeviation.reason.map { "this study: \($0)" } ?? theirs.standardDeviation.reason.map { _ in "no standard deviation is published" }
    let interval = reason.map { Available.notAvailable(reason: $0) } ?? test.effect.interval.map { $0.widened(by: accuracy) }
    difference = IntervalEstimate(name: "mean difference", value: value, interval: interval)
    let wide = Equivalence.welch(ours, theirs, margin: settings.margin, significance: α)
    let inner = reason.map { Available.notAvailable(reason: $0) } ?? wide.difference.interval.map { $0.widened(by: accuracy) }
    equivalenceInterval = inner
    equivalenceP =
      if let reason {
        .notAvailable(reason: reason)
      } else if settings.margin <= accuracy {
        .notAvailable(reason: "the published value is known to ± \(fixed(accuracy, 3)), which is not within the margin")
      } else {
        Equivalence.welch(ours, theirs, margin: settings.margin - accuracy, significance: α).p
      }
    if let p = equivalenceP.known, p < α {
      verdict = .agrees
    } else if let bounds = interval.known, !bounds.contains(0) {
      verdict = .differs
    } else {
      verdict = .unknown
    }
  }
}

extension Summary {
  fileprivate func scaled(by factor: Double) -> Summary {
    guard factor != 1, let mean = mean.known else { return self }
    return Summary(count: count, mean: mean * factor, standardDeviation: standardDeviation.known.map { $0 * factor })
  }
}

extension Interval {
  fileprivate func widened(by accuracy: Double) -> Interval {
    Interval(lower: lower - accuracy, upper: upper + accuracy, level: level, method: method + ", widened by the accuracy of reading")
  }
}
