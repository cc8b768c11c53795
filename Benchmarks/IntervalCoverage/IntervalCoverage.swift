import Foundation
import Foundations
import Metrics

/// How often the intervals of a report hold the truth: test sets drawn from distributions whose true values are known, measured by the code of
/// the report itself (`MetricIntervals`, `Recalibration`).
///
///     interval-coverage [sets] [--only lines] [--patients counts] [--all]
///
/// `--only areas,decisions` draws some lines alone, `--patients 10,50` some sizes alone. Prints a table as Documentation/statistics.md has it, and ends
/// with 1 where fewer than 93 of 100 intervals hold the truth and more than 7 of 100 miss it without a warning, or where more than 97 hold it and fewer
/// than half have a warning. With `--all` every combination is a row.
@main struct IntervalCoverage {
  static let patientCounts = [10, 20, 50, 100, 200, 500, 1000]

  static func main() {
    var arguments = CommandLine.arguments.dropFirst(), sets = 2000, showsAll = false, only = Line.allCases.map(\.rawValue), sizes = patientCounts
    while let word = arguments.popFirst() {
      switch word {
      case "--all": showsAll = true
      case "--only": only = list(arguments.popFirst())
      case "--patients": sizes = list(arguments.popFirst()).compactMap { Int($0) }
      default: sets = Int(word) ?? 0
      }
    }
    let lines = only.compactMap(Line.init(rawValue:))
    guard sets > 0, lines.count == only.count, !sizes.isEmpty else {
      print("interval-coverage [sets] [--only \(Line.allCases.map(\.rawValue).joined(separator: ","))] [--patients 10,50] [--all]")
      exit(2)
    }
    print("\(sets) test sets of each kind (fewer of more than 100 patients where much is resampled); intervals of 95 %, BCa of \(Trial.resamples) resamples")
    let clock = Date()
    var cells: [Cell] = []
    for line in lines {
      for scenario in line.scenarios {
        let truth = scenario.truth()
        for patients in sizes {
          // A bootstrap of many patients costs the most, and its coverage moves the least there.
          let count = line.isCheap ? sets : max(1, sets * 100 / max(100, patients))
          cells += Trial(scenario: scenario, truth: truth, patients: patients, sets: count).cells()
        }
      }
      FileHandle.standardError.write(Data("\(line) after \(Int(Date().timeIntervalSince(clock))) s\n".utf8))
    }
    print(Cell.summary(of: cells, sizes: sizes).rendered())
    if showsAll { print(Cell.table(cells).rendered()) }
    let failed = cells.filter { $0.failure != nil }
    for cell in failed { print("FAILS: \(cell.words)") }
    let known = cells.filter(\.isCounted)
    print(
      "\(known.count) combinations: \(known.count { $0.isWithin }) cover in 93 to 97 of 100, \(known.count { !$0.isWithin && $0.failure == nil }) do not and are warned of "
        + "or within what luck does to so many sets, \(failed.count) fail; \(Int(Date().timeIntervalSince(clock))) s")
    exit(failed.isEmpty ? 0 : 1)
  }

  private static func list(_ word: String?) -> [String] { (word ?? "").split(separator: ",").map(String.init) }
}

/// Kinds of test sets that are drawn together, and what is measured of them.
enum Line: String, CaseIterable {
  case areas, decisions, probabilities, classes, labels, masks

  var scenarios: [any Scenario] {
    switch self {
    case .areas: ClassificationScenario.all([.metric(.aurocMacro), .metric(.averagePrecision)])
    case .decisions:
      ClassificationScenario.all(
        [
          .accuracy, .sensitivity, .specificity, .positivePredictiveValue, .negativePredictiveValue, .binaryBalancedAccuracy, .f1, .matthewsCorrelation,
          .sensitivityAtSpecificity90,
        ].map { .metric($0) })
    case .probabilities:
      ClassificationScenario.all([.metric(.brier), .metric(.logLoss), .metric(.observedToExpected), .calibrationSlope, .calibrationIntercept])
    case .classes: ExclusiveScenario.all
    case .labels: LabelsScenario.all
    case .masks: SegmentationScenario.all
    }
  }

  /// Whether nothing is resampled.
  var isCheap: Bool { [.probabilities, .masks].contains(self) }
}
