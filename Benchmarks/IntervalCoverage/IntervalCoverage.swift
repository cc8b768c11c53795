import Foundation
import Foundations
import Metrics
import Reports
import Statistics

/// How often the intervals of a report hold the truth: test sets drawn from distributions whose true values are known, measured by the code of
/// the report itself (`MetricIntervals`).
///
///     interval-coverage [sets] [--all]
///
/// Prints a table as Documentation/statistics.md has it, and ends with 1 where fewer than 93 of 100 intervals hold the truth and more than 7 of
/// 100 miss it without a warning. Where more than 97 hold it, they are wider than need be: counted, no failure. With `--all` every combination is a row; else each metric's worst at each number of patients.
@main struct IntervalCoverage {
  static let patientCounts = [20, 50, 100, 500]

  static func main() {
    let arguments = CommandLine.arguments.dropFirst()
    let sets = arguments.compactMap { Int($0) }.first ?? 2000, showsAll = arguments.contains("--all")
    let scenarios = SegmentationScenario.all.map { $0 as any Scenario } + ClassificationScenario.all
    print("\(sets) test sets of each kind; intervals of 95 %, BCa of \(Trial.resamples) resamples")
    let clock = Date()
    var cells: [Cell] = []
    for scenario in scenarios {
      let truth = scenario.truth()
      for patients in patientCounts {
        // A bootstrap of many patients costs the most, and its coverage moves the least there.
        let count = patients == 500 ? max(1, sets / 4) : sets
        cells += Trial(scenario: scenario, truth: truth, patients: patients, sets: count).cells()
      }
    }
    let rows = showsAll ? cells : Cell.worst(of: cells)
    print(Cell.table(rows).rendered())
    let failed = cells.filter { !$0.isKept }
    for cell in failed { print("FAILS: \(cell.words)") }
    let known = cells.filter { $0.silent + $0.warned >= 100 }
    print(
      "\(known.count) combinations: \(known.count { $0.isWithin }) cover in 93 to 97 of 100, \(known.count { $0.isWide }) in more, "
        + "\(known.count { !$0.isWithin && !$0.isWide && $0.isKept }) in fewer with a warning, \(failed.count) in fewer without; \(Int(Date().timeIntervalSince(clock))) s")
    exit(failed.isEmpty ? 0 : 1)
  }
}

/// A kind of test set: how it is drawn, and what its metrics truly are.
protocol Scenario: Sendable {
  var name: String { get }
  var metrics: [MetricName] { get }
  func draw(patients: Int, _ generator: inout SeededGenerator) -> Predictions
}

extension Scenario {
  static var thresholds: Available<DecisionThresholds> {
    let half = ClassificationPredictions(
      classNames: ["finding"],
      rows: [.init(id: "a", patient: nil, targets: [1], probabilities: [0.5]), .init(id: "b", patient: nil, targets: [0], probabilities: [0.1])])
    return DecisionThresholds.make(validation: .classification(half))
  }

  func values(_ predictions: Predictions) -> [Double?] {
    let measures = PredictionMeasures(predictions, thresholds: Self.thresholds, wanted: Set(metrics)), found = measures.values()
    return metrics.map { metric in measures.keys.firstIndex { $0.metric == metric && $0.className == nil }.flatMap { found[$0].number } }
  }

  /// What the metrics of a set without end are: the mean of forty sets of 50,000 patients.
  func truth() -> [Double] {
    let all = concurrentMap(40) { index -> [Double?] in
      var generator = (SeedPath(0) / "truth" / name / index).generator()
      return values(draw(patients: 50_000, &generator))
    }
    return metrics.indices.map { metric in
      let known = all.compactMap { $0[metric] }
      return known.reduce(0, +) / Double(known.count)
    }
  }
}

/// Many test sets of one kind and size.
struct Trial {
  static let resamples = 1000

  let scenario: any Scenario
  let truth: [Double]
  let patients: Int
  let sets: Int

  func cells() -> [Cell] {
    let scenario = self.scenario, patients = self.patients, truth = self.truth
    let outcomes = concurrentMap(sets) { index -> [(outcome: Cell.Outcome, isWarned: Bool)] in
      var generator = (SeedPath(1) / scenario.name / patients / index).generator()
      let predictions = scenario.draw(patients: patients, &generator)
      let bootstrap = Bootstrap(method: .bca, resampleCount: Self.resamples, seed: UInt64(index))
      let intervals = MetricIntervals(
        predictions, thresholds: ClassificationScenario.thresholds, wanted: Set(scenario.metrics), bootstrap: .value(bootstrap))
      return zip(scenario.metrics, truth).map { metric, truth in
        guard let entry = intervals.entry(of: metric), let interval = entry.interval.known else { return (.none, false) }
        return (interval.contains(truth) ? .holds : truth < interval.lower ? .above : .below, entry.warning != nil)
      }
    }
    return scenario.metrics.enumerated().map { place, metric in
      var cell = Cell(scenario: scenario.name, metric: metric, patients: patients)
      for outcome in outcomes { cell.add(outcome[place].outcome, isWarned: outcome[place].isWarned) }
      return cell
    }
  }
}
