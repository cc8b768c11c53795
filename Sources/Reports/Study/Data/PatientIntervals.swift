internal import Foundations
internal import Metrics
internal import RunStore
internal import Statistics
internal import Studies

/// Every metric of one run of a group with its interval over patients.
public struct PatientIntervals: Codable, Hashable, Sendable {
  /// Of the run whose first metric is the median of its seeds; the lower of two middle ones.
  public let seed: Int
  public let intervals: MetricIntervals
}

/// Which groups of runs get bootstrap intervals. Those of formulas (DeLong's, Wilson's, Student's) cost little and are always computed.
public enum BootstrapRule: String, Codable, Hashable, Sendable, CaseIterable {
  /// Where groups × test images × classes are at most `PatientIntervals.limit`.
  case bounded
  case always
  case never

  /// From the word of a command line, refused with the nearest one that is known.
  public init(parsing word: String) throws {
    guard let found = Self(rawValue: word.lowercased()) else {
      throw ReportsError.unknownName(word, what: "rule of the bootstrap", valid: Self.allCases.map(\.rawValue))
    }
    self = found
  }
}

extension PatientIntervals {
  /// Groups × test images × classes up to which a bounded bootstrap is made: a few seconds on two processors.
  ///
  /// The number of groups is the plan's, not that of the runs that are there: a run that is missing must change no other number.
  public static let limit = 20_000

  /// Of a group's runs, in the same order.
  ///
  /// - Parameter groupCount: of the whole study.
  static func make(
    _ runs: [(seed: Int, metrics: RunMetrics)], _ predictions: [Predictions], kind: TaskKind, rule: BootstrapRule, groupCount: Int
  ) -> Available<PatientIntervals> {
    guard !runs.isEmpty else { return .notAvailable(reason: "no run is finished") }
    let metric = kind.tableMetrics[0]
    guard let place = MedianRun.index(runs.map { ($0.seed, $0.metrics.value(of: metric)?.number) }) else {
      return .notAvailable(reason: "\(kind.title(of: metric)) is undefined in every run")
    }
    let bootstrap = Self.bootstrap(predictions[place], rule: rule, groupCount: groupCount)
    let known = runs[place].metrics.thresholds.map { Available.value($0) } ?? DecisionThresholds.make(validation: nil)
    return .value(
      PatientIntervals(seed: runs[place].seed, intervals: MetricIntervals(predictions[place], thresholds: known, bootstrap: bootstrap)))
  }

  static func bootstrap(_ predictions: Predictions, rule: BootstrapRule, groupCount: Int) -> Available<Bootstrap> {
    let classes = predictions.classCount, size = groupCount * predictions.imageCount * classes
    switch rule {
    case .always: return .value(MetricIntervals.standard)
    case .never: return .notAvailable(reason: "no bootstrap was asked for")
    case .bounded where size <= limit: return .value(MetricIntervals.standard)
    case .bounded:
      let images = "\(grouped(predictions.imageCount)) test images" + (classes == 1 ? "" : " × \(grouped(classes)) classes")
      return .notAvailable(
        reason: "\(grouped(groupCount)) groups of runs × \(images) are more than the \(grouped(limit)) that are resampled unless asked for")
    }
  }
}

extension Predictions {
  fileprivate var classCount: Int {
    max(1, columnNames.count)
  }
}
