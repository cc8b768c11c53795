public import Foundations

/// Intervals of average ranks over tasks, by a bootstrap of tasks × patients × seeds: each resample draws one task fewer than there are, with
/// replacement (n − 1 of n have the variance of the average without bias; Rao and Wu 1988, Journal of the American Statistical Association
/// 83), on each of them one set of means from the joint posterior of seeds and patients (`JointPosterior`), ranks them, and takes the
/// averages. The interval of a candidate is between the percentiles of its averages.
///
/// **What it holds** is the average rank that studies with as many seeds and patients find over other tasks. The ranks of the true means are
/// further apart: a rank is bounded, and noise draws all ranks to the middle, in the study and again in the resamples. Of fewer than five
/// tasks it holds it less often than it says (`make benchmark-ranks`, Documentation/statistics.md).
public enum RankIntervals {
  public static let resampleCount = 2000
  /// Fewer tasks make intervals that are too short.
  public static let leastTasks = 5

  /// - Parameter posteriors: one a task, of the same candidates in the same order, with whether higher is better.
  public static func make(
    _ posteriors: [(posterior: JointPosterior, higherIsBetter: Bool)], resampleCount: Int = resampleCount, level: Double = 0.95,
    seed: UInt64 = 0
  ) -> Available<[Interval]> {
    Available { () throws(Unavailable) in
      let tasks = posteriors.count, count = posteriors.first?.posterior.means.count ?? 0
      guard tasks > 1, count > 1 else { throw Unavailable("ranks vary over two tasks or more, of two candidates or more") }
      guard posteriors.allSatisfy({ $0.posterior.means.count == count }) else { throw Unavailable("a task lacks a candidate") }
      try Normal.checkLevel(level)
      var generator = SeededGenerator(seed: seed)
      // How often each task is in each resample.
      var times = [[Int]](repeating: [Int](repeating: 0, count: resampleCount), count: tasks)
      for resample in 0..<resampleCount { for _ in 0..<tasks - 1 { times[generator.integer(below: tasks)][resample] += 1 } }
      let counts = times
      let sums = concurrentMap(tasks) { task in
        doubledRankSums(posteriors[task].posterior, posteriors[task].higherIsBetter, times: counts[task], seed: seed &+ UInt64(task + 1))
      }
      return (0..<count).map { candidate in
        let averages = (0..<resampleCount).map { resample in
          Double(sums.reduce(0) { $0 + $1[resample * count + candidate] }) / Double(2 * (tasks - 1))
        }.sorted()
        return Interval(
          lower: Bootstrap.quantile(averages, (1 - level) / 2), upper: Bootstrap.quantile(averages, (1 + level) / 2), level: level,
          method: "percentile bootstrap of tasks, patients and seeds")
      }
    }
  }

  /// `[resample × candidate]`: twice the ranks on a task, added up over its times in the resample.
  private static func doubledRankSums(_ posterior: JointPosterior, _ higherIsBetter: Bool, times: [Int], seed: UInt64) -> [Int] {
    var posterior = posterior, generator = SeededGenerator(seed: seed)
    let count = posterior.means.count
    var sums = [Int](repeating: 0, count: times.count * count), values = [Double](repeating: 0, count: count)
    for (resample, time) in times.enumerated() {
      for _ in 0..<time {
        posterior.draw(&generator, into: &values)
        if higherIsBetter { for index in values.indices { values[index] = -values[index] } }
        for (candidate, rank) in DoubledMidranks(values).doubled.enumerated() { sums[resample * count + candidate] += rank }
      }
    }
    return sums
  }
}
