public import Foundations
internal import Metrics
public import Statistics

/// A metric on a run's own test set, on another, and how far it falls, each with what other seeds and other patients would change:
///
///     dₛ = ownₛ − otherₛ,  var(d̄) = MS_d/r + max(0, Cov_own + Cov_other)
///
/// by Obuchowski and Rockette's analysis of the r differences dₛ, each of one network (`TwoLevelDifference`). The patients of the two
/// sets are taken as different people; where some are in both, the interval is too wide rather than too narrow.
public struct ExternalDrop: Codable, Hashable, Sendable {
  /// 95 % intervals of the means over seeds.
  public let own: Available<Interval>
  public let other: Available<Interval>
  /// The mean of own minus other, with its 95 % interval.
  public let drop: IntervalEstimate
  /// Of the test that the drop is none, two-sided, not corrected.
  public let p: Statistic

  init(_ pairs: ExternalPairs, of metric: MetricName) {
    func interval(_ group: Available<SeedsAndPatients>) -> Available<Interval> {
      TwoLevel(metric.title, group, range: metric.range, level: Self.level).estimate.interval
    }
    own = interval(pairs.ownGroup)
    other = interval(pairs.otherGroup)
    let test = pairs.dropGroup.map { TwoLevelDifference($0).test(level: Self.level) }
    drop = IntervalEstimate(
      name: "own minus other", value: Summary(zip(pairs.own, pairs.other).map(-)).mean, interval: test.flatMap(\.effect.interval))
    p = test.flatMap(\.p)
  }

  static let level = 0.95
}
