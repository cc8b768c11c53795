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
    func share(_ right: Int, _ wrong: Int, fewest: Int? = nil) -> String? { some.sentence(.shares(overClasses: fewest != nil, right: right, wrong: wrong, fewest: fewest)) }
    #expect(share(60, 7) == Self.start + "fewer than 8 patients have a wrong decision." && share(7, 60) == Self.start + "fewer than 8 patients have a right decision.")
    #expect(share(8, 8) == nil)
    // A mean of three shares or more.
    #expect(share(60, 19, fewest: 30) == Self.start + "fewer than 20 patients have a wrong decision." && share(20, 20, fewest: 20) == nil)
    #expect(share(60, 60, fewest: 19) == Self.start + "one of the shares that it is the mean of has fewer than 20 patients.")
    #expect(warning(with: 9, of: 100).sentence(.shares(overClasses: true, right: 60, wrong: 60, fewest: nil)) == Self.start + "fewer than 10 patients with the finding.")
    let names = (0..<90).map { "p\($0)" }
    #expect(IntervalWarning.ofShare(names.map { _ in true }, patients: names) == Self.start + "fewer than 8 patients have a wrong decision.")
    #expect(IntervalWarning.ofShare(names.indices.map { $0 >= 8 }, patients: names) == nil)
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
    #expect(some.sentence(.sensitivity(nil, value: 0.9)) == Self.start + "fewer than 8 patients have a wrong decision.")
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

  /// Scores by which so many images of a finding are called positive at 0.5, half of them rightly, and half of all are so.
  private func column(_ called: Int, of count: Int) -> [(target: Float, score: Double)] {
    (0..<count).map { row in (row % 2 == 0 ? 1 : 0, row < called ? 0.9 : 0.1) }
  }

  @Test("A hundred decisions of five patients are few, in the table of every metric and in that of the shares; so is one of five findings that is called positive twice")
  func fewInAShare() throws {
    func predictions(_ columns: [[(target: Float, score: Double)]], imagesPerPatient: Int) -> Predictions {
      .classification(
        ClassificationPredictions(
          classNames: columns.indices.map { "c\($0)" },
          rows: columns[0].indices.map { row in
            .init(id: "\(row)", patient: "p\(row / imagesPerPatient)", targets: columns.map { $0[row].target }, probabilities: columns.map { $0[row].score })
          }))
    }
    func warning(_ columns: [[(target: Float, score: Double)]], imagesPerPatient: Int = 1, _ metric: MetricName) throws -> String? {
      let test = predictions(columns, imagesPerPatient: imagesPerPatient)
      // Of which every threshold is between both scores.
      let validation = predictions(columns.map { column in column.map { ($0.target, $0.target == 1 ? 0.9 : 0.1) } }, imagesPerPatient: 1)
      let found = MetricIntervals(test, validation: validation, wanted: [metric], bootstrap: .notAvailable(reason: "none"))
      let entry = try #require(found.entry(of: metric) ?? found.entry(of: metric, className: "c0"))
      #expect(entry.interval.known != nil)
      return entry.warning
    }
    let one = [column(50, of: 100)]
    for metric in [MetricName.positivePredictiveValue, .negativePredictiveValue, .accuracy, .sensitivity, .specificity] {
      #expect(try warning(one, metric) == nil, "\(metric)")
      #expect(try warning(one, imagesPerPatient: 20, metric) == Self.start + "fewer than 8 patients have a right decision.", "\(metric)")
    }
    let isRight = (0..<100).map { $0 % 2 == 0 }
    #expect(IntervalWarning.ofShare(isRight, patients: (0..<100).map { "p\($0 / 20)" }) == Self.start + "fewer than 8 patients have a right decision.")
    #expect(IntervalWarning.ofShare(isRight, patients: (0..<100).map { "p\($0)" }) == nil)

    let common = Array(repeating: column(100, of: 200), count: 4)
    #expect(try warning(common + [column(20, of: 200)], .positivePredictiveValue) == nil)
    let few = Self.start + "one of the shares that it is the mean of has fewer than 20 patients."
    #expect(try warning(common + [column(2, of: 200)], .positivePredictiveValue) == few && warning(common + [column(198, of: 200)], .negativePredictiveValue) == few)
    // Everyone is in an accuracy.
    #expect(try warning(common + [column(2, of: 200)], .accuracy) == nil)
  }
}
