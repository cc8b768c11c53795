import Foundation
import Foundations
import Metrics
import Statistics
import Testing

@testable import Reports

@Suite("Intervals that are formulas, and warnings of intervals")
struct IntervalWarningTests {
  /// Made by Tools/goldens/patient_intervals.py with SciPy, scikit-learn and statsmodels.
  struct Golden: Decodable {
    struct Entry: Decodable {
      let metric: MetricName
      let className: String?
      let interval: [Double]
    }
    struct Classification: Decodable {
      let thresholds: [String: Double]
      let patients: [String]
      let targets: [String: [Float]]
      let scores: [String: [Double]]
      let entries: [Entry]
    }
    struct Masks: Decodable {
      let patients: [String]
      let hits, excess, missed: [Int]
      let distances: [Double]
      let entries: [Entry]
    }
    let classification: Classification
    let masks: Masks

    static func read() throws -> Golden {
      let url = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Goldens/patient-intervals.json")
      return try JSONDecoder().decode(Golden.self, from: Data(contentsOf: url))
    }
  }

  private static let classes = ["Edema", "Mass"]

  private static func predictions(_ golden: Golden.Classification, order: [Int]? = nil) -> Predictions {
    .classification(
      ClassificationPredictions(
        classNames: classes,
        rows: (order ?? Array(golden.patients.indices)).map { row in
          .init(
            id: "\(row)", patient: golden.patients[row], targets: classes.map { golden.targets[$0]?[row] ?? .nan },
            probabilities: classes.map { golden.scores[$0]?[row] ?? .nan })
        }))
  }

  /// On which the thresholds with the greatest Youden index are the golden's own.
  private static func validation(_ golden: Golden.Classification) -> Predictions {
    .classification(
      ClassificationPredictions(
        classNames: classes,
        rows: [0, 1].map { truth in
          .init(
            id: "v\(truth)", patient: nil, targets: classes.map { _ in Float(truth) },
            probabilities: classes.map { (golden.thresholds[$0] ?? 0) - (truth == 0 ? 0.1 : 0) })
        }))
  }

  private static func masks(_ golden: Golden.Masks) -> Predictions {
    .segmentation(
      SegmentationPredictions(
        rows: golden.patients.indices.map { row in
          .init(
            id: "\(row)", patient: golden.patients[row],
            counts: PixelConfusion(
              truePositives: golden.hits[row], falsePositives: golden.excess[row], falseNegatives: golden.missed[row], trueNegatives: 9000),
            outline: OutlineAgreement(hausdorff95: golden.distances[row], normalizedSurfaceDistance: 0.5))
        }))
  }

  private func agree(_ intervals: MetricIntervals, _ entries: [Golden.Entry]) throws {
    for one in entries {
      let entry = try #require(intervals.entry(of: one.metric, className: one.className))
      let own = try #require(entry.interval.known, "\(one.metric) of \(one.className ?? "all"): \(entry.interval.reason ?? "")")
      #expect(abs(own.lower - one.interval[0]) < 1e-9 && abs(own.upper - one.interval[1]) < 1e-9, "\(one.metric) of \(one.className ?? "all"): \(own)")
    }
  }

  @Test("Every interval that is a formula, and the jackknife's, equals that of SciPy, scikit-learn and statsmodels")
  func goldens() throws {
    let golden = try Golden.read(), one = golden.classification
    #expect(one.entries.count == 30 && golden.masks.entries.count == 7)
    let bootstrap = Available.value(Bootstrap(method: .bca, resampleCount: 20, seed: 1))
    try agree(MetricIntervals(Self.predictions(one), validation: Self.validation(one), bootstrap: bootstrap), one.entries)
    try agree(MetricIntervals(Self.masks(golden.masks), validation: nil, bootstrap: .notAvailable(reason: "none")), golden.masks.entries)
    // What is a formula needs no resampling.
    let formulas = MetricIntervals(Self.predictions(one), validation: Self.validation(one), bootstrap: .notAvailable(reason: "none"))
    try agree(formulas, one.entries.filter { !$0.metric.interval.isResampled })
    #expect(formulas.entries.allSatisfy { !$0.metric.interval.isResampled } && formulas.entry(of: .averagePrecision) == nil)
  }

  @Test("No interval or warning of a formula depends on the order of the rows")
  func order() throws {
    let golden = try Golden.read().classification, none = Available<Bootstrap>.notAvailable(reason: "none")
    var generator = SeededGenerator(seed: 3)
    let plain = MetricIntervals(Self.predictions(golden), validation: Self.validation(golden), bootstrap: none)
    let order = generator.permutation(of: golden.patients.count)
    let moved = MetricIntervals(Self.predictions(golden, order: order), validation: Self.validation(golden), bootstrap: none)
    for (first, second) in zip(plain.entries, moved.entries) {
      #expect(first.metric == second.metric && first.warning == second.warning)
      guard let one = first.interval.known, let other = second.interval.known else { continue }
      #expect(abs(one.lower - other.lower) < 1e-12 && abs(one.upper - other.upper) < 1e-12, "\(first.metric)")
    }
  }

  @Test("The expected calibration error has no interval, with the reason and what to look at instead")
  func calibrationError() throws {
    let golden = try Golden.read().classification
    let intervals = MetricIntervals(Self.predictions(golden), validation: Self.validation(golden))
    let entry = try #require(intervals.entry(of: .calibrationError))
    #expect(entry.value.number != nil && entry.warning == nil)
    #expect(entry.interval.reason == "few images make it larger than it is, by more than an interval shows; the calibration slope, intercept and O:E have one")
  }

  /// So many patients with the finding among so many.
  private func warning(with: Int, of all: Int) -> IntervalWarning {
    IntervalWarning(targets: (0..<all).map { $0 < with ? 1 : 0 }, patients: (0..<all).map { "p\($0)" })
  }

  private static let start = "It may hold the truth less or more often than it says: "

  @Test("Each warning begins below its number, names it, and says nothing at it")
  func bounds() {
    let some = warning(with: 40, of: 100)
    #expect(some.sentence(.shares(overClasses: false, right: 60, wrong: 7)) == Self.start + "fewer than 8 decisions are wrong.")
    #expect(some.sentence(.shares(overClasses: false, right: 7, wrong: 60)) == Self.start + "fewer than 8 decisions are right.")
    #expect(some.sentence(.shares(overClasses: false, right: 8, wrong: 8)) == nil && IntervalWarning.ofShare(right: 8, wrong: 8) == nil)
    #expect(warning(with: 9, of: 100).sentence(.shares(overClasses: true, right: 60, wrong: 60)) == Self.start + "fewer than 10 patients with the finding.")
    #expect(IntervalWarning.ofShare(right: 90, wrong: 0) == Self.start + "fewer than 8 decisions are wrong.")
    #expect(some.sentence(.patients(49, carriers: 15)) == Self.start + "fewer than 50 patients.")
    #expect(some.sentence(.patients(50, carriers: 7.9)) == Self.start + "so few patients are far from the mean that they alone decide how wide it is.")
    #expect(some.sentence(.patients(50, carriers: 8)) == nil)
    let skewed = Self.start + "the distances are so skewed that it takes more patients (25 times the squared skewness)."
    #expect(some.sentence(.distances(224, carriers: 30, skewness: 3)) == skewed && some.sentence(.distances(225, carriers: 30, skewness: -3)) == nil)
    #expect(some.sentence(.distances(49, carriers: 30, skewness: 0)) == Self.start + "fewer than 50 patients.")
    #expect(warning(with: 9, of: 100).sentence(.area("", carriers: 30)) == Self.start + "fewer than 10 patients with the finding.")
    #expect(warning(with: 91, of: 100).sentence(.area("", carriers: 30)) == Self.start + "fewer than 10 patients without the finding.")
    #expect(warning(with: 10, of: 100).sentence(.area("", carriers: 8)) == nil && warning(with: 10, of: 100).sentence(.area("", carriers: 7)) != nil)
    #expect(warning(with: 19, of: 100).sentence(.resampled("")) == Self.start + "fewer than 20 patients with the finding.")
    #expect(warning(with: 20, of: 100).sentence(.resampled(nil)) == nil && some.sentence(.nothing) == nil)
    #expect(some.sentence(.sensitivity(nil, value: 0.9)) == Self.start + "fewer than 8 decisions are wrong.")
    #expect(some.sentence(.sensitivity(nil, value: 0.8)) == nil)
    #expect(Recalibration.warning(targets: [1, 0, .nan], patients: ["a", "b", "c"]) == Self.start + "fewer than 10 patients with the finding.")
    #expect(Recalibration.warning(targets: (0..<20).map { $0 < 10 ? 1 : 0 }, patients: (0..<20).map(String.init)) == nil)
  }

  @Test("Images of one patient are one patient, unknown labels none, and of several findings the rarest is told")
  func kinds() {
    let rows = (0..<60).map { row in
      ClassificationPredictions.Row(
        id: "\(row)", patient: "p\(row / 3)", targets: [row < 30 ? 1 : 0, row < 27 ? .nan : row < 45 ? 1 : 0], probabilities: [0.5, 0.5])
    }
    let predictions = Predictions.classification(ClassificationPredictions(classNames: ["a", "b"], rows: rows))
    let warning = IntervalWarning(predictions, patients: predictions.patients)
    #expect(warning.rarerPatients(of: "a") == 10 && warning.rarerPatients(of: "b") == 5 && warning.rarerPatients(of: nil) == 7.5)
    #expect(warning.sentence(.area("a", carriers: 20)) == nil)
    #expect(warning.sentence(.area("b", carriers: 20)) == Self.start + "fewer than 10 patients without the finding.")
    #expect(warning.sentence(.resampled(nil)) == Self.start + "fewer than 20 patients without one of the findings.")
  }

  @Test("A run's intervals carry the warnings of their own kind: of few findings for one class and not for the other")
  func entries() throws {
    var generator = SeededGenerator(seed: 9)
    let rows = (0..<200).map { row in
      let truths = [row % 40 == 0, row % 2 == 0]
      return ClassificationPredictions.Row(
        id: "\(row)", patient: nil, targets: truths.map { $0 ? 1 : 0 }, probabilities: truths.map { 0.3 * ($0 ? 1 : 0) + 0.7 * generator.uniform() })
    }
    let predictions = Predictions.classification(ClassificationPredictions(classNames: ["rare", "common"], rows: rows))
    let found = MetricIntervals(predictions, validation: predictions, wanted: [.auroc, .f1, .brier], bootstrap: .value(Bootstrap(method: .bca, resampleCount: 100, seed: 2)))
    #expect(found.entry(of: .auroc, className: "rare")?.warning == Self.start + "fewer than 10 patients with the finding.")
    #expect(found.entry(of: .auroc, className: "common")?.warning == nil && found.entry(of: .brier, className: "common")?.warning == nil)
    #expect(found.entry(of: .f1, className: "common")?.warning == nil)
    #expect(found.entry(of: .f1)?.warning.map { $0 == Self.start + "fewer than 20 patients with one of the findings." } ?? true)
  }
}
