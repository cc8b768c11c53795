import Foundation
import Foundations
import Statistics

/// How often the intervals of average ranks, and of Kendall's τ of two rankings, hold what they are of: studies made up from the true means on,
/// measured by the code of the report.
///
///     rank-simulation [studies a line]
///
/// Prints the tables of Documentation/statistics.md, and ends with 1 where fewer than 93 of 100 intervals hold it, give or take the luck of so
/// many studies, and the report does not warn.
@main struct RankSimulation {
  static func main() throws {
    let studies = CommandLine.arguments.dropFirst().first.flatMap { Int($0) } ?? 500
    say("\(studies) studies a line; intervals of 95 %.\n")
    let isKept = [try ranks(studies), try orders(studies)]
    if isKept.contains(false) { exit(1) }
  }

  private static func isKept(_ coverage: Double, _ studies: Int) -> Bool {
    coverage >= 0.93 - 2.6 * (0.05 * 0.95 / Double(studies)).squareRoot()
  }

  // MARK: - Average ranks

  /// How initializations differ over the tasks: the steps from one to the next, and how far each goes its own way on each task.
  private struct Spread {
    let name: String
    let step: Double
    let ofTasks: Double

    static let all = [
      Spread(name: "near", step: 0.002, ofTasks: 0.002), Spread(name: "apart", step: 0.01, ofTasks: 0.005),
      Spread(name: "near, tasks differ", step: 0.002, ofTasks: 0.02), Spread(name: "apart, tasks differ", step: 0.01, ofTasks: 0.02),
    ]

    func means(_ count: Int, _ generator: inout SeededGenerator) -> [Double] {
      (0..<count).map { -step * Double($0) + ofTasks * generator.normal() }
    }
  }

  private static func ranks(_ studies: Int) throws -> Bool {
    say("Average ranks: intervals that hold the average rank that such studies find over all tasks, on average over the initializations and of the")
    say("one with the fewest, and those that hold the average rank of the true means\n")
    say("| initializations | tasks | seeds | they are | hold it | fewest | hold that of the true means | mean length |\n|---:|---:|---:|---|---:|---:|---:|---:|")
    var isKept = true
    for count in [3, 8] {
      for tasks in [3, 5, 10] {
        for seeds in [3, 10] {
          for spread in Spread.all {
            let found = try ranks(count, tasks: tasks, seeds: seeds, spread, studies)
            if tasks >= RankIntervals.leastTasks { isKept = isKept && Self.isKept(found.hold.reduce(0, +) / Double(count), studies * count) }
            say(
              "| \(count) | \(tasks) | \(seeds) | \(spread.name) | \(percent(found.hold.reduce(0, +) / Double(count))) | \(percent(found.hold.min() ?? 0)) "
                + "| \(percent(found.ofTruth.reduce(0, +) / Double(count))) | \(String(format: "%.2f", found.length)) |")
          }
        }
      }
    }
    say("")
    return isKept
  }

  private static func ranks(
    _ count: Int, tasks: Int, seeds: Int, _ spread: Spread, _ studies: Int
  ) throws -> (hold: [Double], ofTruth: [Double], length: Double) {
    let measured = expected(count, spread, noise: MadeUpTask.noise(seeds: seeds)), truth = expected(count, spread, noise: 0)
    let intervals = try concurrentMap(studies) { study in
      Result { () throws -> [Interval] in
        var generator = (SeedPath(study) / "ranks" / spread.name / count / tasks / seeds).generator()
        let posteriors = try (0..<tasks).map { _ in
          let task = try MadeUpTask(spread.means(count, &generator), seeds: seeds, &generator)
          return (posterior: try JointPosterior.make(task.groups).found(), higherIsBetter: true)
        }
        return try RankIntervals.make(posteriors, seed: UInt64(study)).found()
      }
    }.map { try $0.get() }
    func share(_ values: [Double]) -> [Double] {
      (0..<count).map { place in Double(intervals.count { $0[place].contains(values[place]) }) / Double(studies) }
    }
    let length = intervals.reduce(0) { $0 + $1.reduce(0) { $0 + $1.upper - $1.lower } } / Double(studies * count)
    return (share(measured), share(truth), length)
  }

  /// The average rank of each over 40,000 tasks, of means that are known but for the noise.
  private static func expected(_ count: Int, _ spread: Spread, noise: Double) -> [Double] {
    var generator = SeededGenerator(seed: 7), sums = [Double](repeating: 0, count: count)
    let tasks = 40_000
    for _ in 0..<tasks {
      let means = spread.means(count, &generator).map { $0 + noise * generator.normal() }
      for place in means.indices { sums[place] += 1 + Double(means.count { $0 > means[place] }) }
    }
    return sums.map { $0 / Double(tasks) }
  }

  // MARK: - Kendall's τ

  private static func orders(_ studies: Int) throws -> Bool {
    say("Kendall's τ of the true means on two test sets: intervals that hold it, their mean length, and, for comparison, percentiles of the draws' τ\n")
    say("| initializations | seeds | steps | orders | hold it | mean length | percentiles hold it |\n|---:|---:|---:|---|---:|---:|---:|")
    var isAllKept = true
    for count in [3, 5, 10] {
      for seeds in [3, 10] {
        for step in [0.003, 0.01, 0.03] {
          for order in ["the same", "turned around", "one pair exchanged"] {
            let found = try orders(count, seeds: seeds, step: step, order, studies)
            isAllKept = isAllKept && isKept(found.hold, studies)
            say(
              "| \(count) | \(seeds) | \(step) | \(order) | \(percent(found.hold)) | \(String(format: "%.2f", found.length)) | \(percent(found.percentiles)) |")
          }
        }
      }
    }
    return isAllKept
  }

  private static func orders(
    _ count: Int, seeds: Int, step: Double, _ order: String, _ studies: Int
  ) throws -> (hold: Double, length: Double, percentiles: Double) {
    let own = (0..<count).map { step * Double($0) }
    var other = order == "turned around" ? own.reversed() : own
    if order == "one pair exchanged" { other.swapAt(0, 1) }
    let onOther = other, truth = try KendallTau.value(own, onOther).found()
    let found = try concurrentMap(studies) { study in
      Result { () throws -> (interval: Interval, isBetweenPercentiles: Bool) in
        var generator = (SeedPath(study) / "orders" / order / count / seeds / "\(step)").generator()
        // The same networks on both sets: a seed's luck is the same there.
        let lucks = (0..<count).map { _ in (0..<seeds).map { _ in MadeUpTask.luck(&generator) } }
        let sets = try [own, onOther].map { try MadeUpTask($0, seeds: seeds, lucks: lucks, &generator) }
        let candidates = (0..<count).map { place in
          TwoSetPosterior.Candidate(
            sets[0].groups[place], sets[1].groups[place], values: zip(sets[0].values[place], sets[1].values[place]).map { ($0, $1) })
        }
        let draws = try TwoSetPosterior.make(candidates).found().draws(1000, seed: UInt64(study))
        let interval = try KendallTau.interval(sets[0].groups.map(\.mean), sets[1].groups.map(\.mean), draws: draws).found()
        let taus = draws.compactMap { KendallTau.value($0.first, $0.second).known }.sorted(), tail = taus.count / 40
        return (interval, taus[tail] <= truth && truth <= taus[taus.count - 1 - tail])
      }
    }.map { try $0.get() }
    func share(_ isCounted: (Int) -> Bool) -> Double { Double(found.indices.count { isCounted($0) }) / Double(studies) }
    // Ends are sums of thirds and forty-fifths.
    let reach = 1e-9
    return (
      share { found[$0].interval.lower - reach <= truth && truth <= found[$0].interval.upper + reach },
      found.reduce(0) { $0 + $1.interval.upper - $1.interval.lower } / Double(studies), share { found[$0].isBetweenPercentiles }
    )
  }

  static func say(_ text: String) { FileHandle.standardOutput.write(Data((text + "\n").utf8)) }
  static func percent(_ share: Double) -> String { String(format: "%.1f %%", 100 * share) }
}
