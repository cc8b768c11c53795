import Foundation
import Foundations
import Metrics

/// How a metric's intervals did on the test sets of one kind and size.
struct Cell {
  enum Outcome {
    case holds
    /// The whole interval lies above the truth, or below it.
    case above, below
    /// There is none, as of an AUROC without positives.
    case none
  }

  let scenario: String
  let metric: MetricName
  let patients: Int
  private var counts: [Bool: [Outcome: Int]] = [:]

  init(scenario: String, metric: MetricName, patients: Int) { (self.scenario, self.metric, self.patients) = (scenario, metric, patients) }

  mutating func add(_ outcome: Outcome, isWarned: Bool) { counts[isWarned, default: [:]][outcome, default: 0] += 1 }

  private func sum(_ outcomes: [Outcome], warned: [Bool]) -> Int { warned.reduce(0) { sum, key in sum + outcomes.reduce(0) { $0 + (counts[key]?[$1] ?? 0) } } }

  private static let bounded: [Outcome] = [.holds, .above, .below]
  var sets: Int { sum(Self.bounded + [.none], warned: [true, false]) }
  var missing: Int { sum([.none], warned: [true, false]) }
  /// Sets with an interval, without and with a warning.
  var silent: Int { sum(Self.bounded, warned: [false]) }
  var warned: Int { sum(Self.bounded, warned: [true]) }
  var coverage: Double? { ratio(sum([.holds], warned: [true, false]), silent + warned) }

  private func ratio(_ part: Int, _ whole: Int) -> Double? { whole > 0 ? Double(part) / Double(whole) : nil }

  /// Sets whose interval misses the truth and says nothing against itself, of all that have one.
  var silentMisses: Double? { ratio(sum([.above, .below], warned: [false]), silent + warned) }

  /// 93 of 100 intervals or more hold the truth, or those that miss it without a warning are 7 of 100 at most; give or take the luck of so many
  /// sets. A warning can only be given for what a set shows: where one patient in twenty is missed entirely, some sets of fifty have none.
  var isKept: Bool {
    guard let coverage, let silentMisses, silent + warned >= 100 else { return true }
    let luck = 2.6 * (0.05 * 0.95 / Double(silent + warned)).squareRoot()
    return coverage >= 0.93 - luck || silentMisses <= 0.07 + luck
  }

  var isWithin: Bool { (0.93...0.97).contains(coverage ?? 0) }

  /// More than 97 of 100 hold the truth: wider than need be, which is no false claim.
  var isWide: Bool { (coverage ?? 0) > 0.97 }

  var words: String {
    "\(metric.title), \(scenario), \(patients) patients: covers in \(percent(coverage)) of \(silent + warned) sets; \(percent(silentMisses)) miss without a warning"
  }

  private func percent(_ share: Double?) -> String { share.map { String(format: "%.1f %%", $0 * 100) } ?? "–" }

  private static func method(_ metric: MetricName) -> String {
    switch metric.interval {
    case .deLong: "DeLong, logit"
    case .share: "Wilson"
    case .mean: metric.range.upperBound <= 1 ? "t, logit" : "t, log"
    case .ratio: "jackknife t, logit"
    case .bootstrap: "BCa"
    case .percentiles: "percentiles"
    }
  }

  static func table(_ cells: [Cell]) -> Table {
    var table = Table(columns: [
      .init("Metric"), .init("Method"), .init("Patients", .right), .init("Sets of test images"), .init("Covers", .right), .init("Low / high", .right),
      .init("Warned", .right), .init("Miss unwarned", .right), .init("None", .right),
    ])
    for cell in cells {
      let all = Double(max(1, cell.silent + cell.warned))
      let low = cell.sum([.below], warned: [true, false]), high = cell.sum([.above], warned: [true, false])
      table.append([
        cell.metric.title, method(cell.metric), String(cell.patients), cell.scenario, cell.percent(cell.coverage),
        String(format: "%.1f / %.1f", Double(low) / all * 100, Double(high) / all * 100), cell.percent(Double(cell.warned) / all),
        cell.percent(cell.silentMisses), cell.percent(Double(cell.missing) / Double(max(1, cell.sets))),
      ])
    }
    return table
  }

  /// Of each metric and number of patients the kind of set with the poorest coverage.
  static func worst(of cells: [Cell]) -> [Cell] {
    var order: [String] = [], byPlace: [String: Cell] = [:]
    for cell in cells where cell.silent + cell.warned >= 100 {
      let key = "\(cell.metric) \(cell.patients)"
      if byPlace[key] == nil { order.append(key) }
      func distance(_ cell: Cell) -> Double { abs((cell.coverage ?? 0.95) - 0.95) }
      if byPlace[key].map({ distance(cell) > distance($0) }) ?? true { byPlace[key] = cell }
    }
    return order.compactMap { byPlace[$0] }.sorted { ($0.metric.title, $0.patients) < ($1.metric.title, $1.patients) }
  }
}
