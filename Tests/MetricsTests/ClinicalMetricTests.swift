import Foundation
import Foundations
import Testing

@testable import Metrics

/// What scikit-learn, dcurves and MetricsReloaded say, from Tools/goldens/clinical_metrics.py.
private struct ClinicalGolden: Decodable {
  struct Binary: Decodable {
    struct Parts: Decodable { let score, miscalibration, discrimination, uncertainty: Double }
    struct NetBenefit: Decodable { let model, all: [Double] }
    let name: String
    let probabilities: [Double]
    let targets: [Float]
    let threshold: Double
    let positivePredictiveValue, negativePredictiveValue, binaryBalancedAccuracy, matthewsCorrelation, logLoss, observedToExpected: Double
    let brierParts: Parts
    let netBenefit: NetBenefit
  }
  struct Multiclass: Decodable {
    let classes: Int
    let truths: [Int]
    let probabilities: [Double]
    let confusion: [[Int]]
    let balancedAccuracy, multiclassMatthewsCorrelation, cohenKappa, cohenKappaLinear, cohenKappaQuadratic: Double
  }
  let binary: [Binary]
  let multiclass: [Multiclass]

  static func read() throws -> ClinicalGolden {
    let url = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Goldens/clinical.json")
    return try JSONDecoder().decode(ClinicalGolden.self, from: Data(contentsOf: url))
  }
}

@Suite("What clinical reviewers ask for")
struct ClinicalMetricTests {
  private func values(_ predictions: ClassificationPredictions, threshold: Double? = nil) -> [PredictionMeasures.Key: MetricValue] {
    // One positive and one negative image make the probability of the positive one the threshold.
    let thresholds = threshold.map { threshold in
      DecisionThresholds(
        validation: ClassificationPredictions(
          classNames: predictions.classNames,
          rows: [(Float(1), threshold), (0, 0)].enumerated().map { index, row in
            .init(id: "\(index)", patient: nil, targets: [row.0], probabilities: [row.1])
          }))
    }
    let measures = PredictionMeasures(
      .classification(predictions), thresholds: thresholds.map { .value($0) } ?? .notAvailable(reason: "none"))
    return Dictionary(uniqueKeysWithValues: zip(measures.keys, measures.values()))
  }

  @Test("PPV, NPV, balanced accuracy, Matthews correlation, log loss and O:E are those of scikit-learn and MetricsReloaded")
  func ofClasses() throws {
    let cases = try ClinicalGolden.read().binary
    #expect(cases.count == 4)
    for golden in cases {
      let rows = zip(golden.probabilities, golden.targets).enumerated().map { index, row in
        ClassificationPredictions.Row(id: "\(index)", patient: nil, targets: [row.1], probabilities: [row.0])
      }
      let found = values(ClassificationPredictions(classNames: ["a"], rows: rows), threshold: golden.threshold)
      let expected: [MetricName: Double] = [
        .positivePredictiveValue: golden.positivePredictiveValue, .negativePredictiveValue: golden.negativePredictiveValue,
        .binaryBalancedAccuracy: golden.binaryBalancedAccuracy, .matthewsCorrelation: golden.matthewsCorrelation,
        .logLoss: golden.logLoss, .observedToExpected: golden.observedToExpected,
      ]
      for (metric, number) in expected {
        #expect(abs(try #require(found[.init(metric: metric, className: "a")]?.number) - number) < 1e-12, "\(golden.name): \(metric)")
      }
    }
  }

  @Test("Of classes that exclude each other the table, Matthews correlation and the weighted kappas are those of both libraries")
  func ofExclusiveClasses() throws {
    let cases = try ClinicalGolden.read().multiclass
    #expect(cases.count == 2)
    for golden in cases {
      let all = ClassificationPredictions(
        classNames: (0..<golden.classes).map { "grade \($0)" },
        rows: golden.truths.enumerated().map { index, truth in
          .init(
            id: "\(index)", patient: nil, targets: (0..<golden.classes).map { $0 == truth ? 1 : 0 },
            probabilities: Array(golden.probabilities[index * golden.classes..<(index + 1) * golden.classes]))
        })
      #expect(try #require(MulticlassConfusion(all)).counts == golden.confusion)
      let found = values(all)
      let expected: [MetricName: Double] = [
        .balancedAccuracy: golden.balancedAccuracy, .multiclassMatthewsCorrelation: golden.multiclassMatthewsCorrelation,
        .cohenKappa: golden.cohenKappa, .cohenKappaLinear: golden.cohenKappaLinear, .cohenKappaQuadratic: golden.cohenKappaQuadratic,
      ]
      for (metric, number) in expected { #expect(abs(try #require(found[.init(metric: metric)]?.number) - number) < 1e-12, "\(metric)") }
    }
  }

  @Test("Net benefit at 99 thresholds, and that of acting on all, are dcurves'; what lies on a threshold is acted on")
  func netBenefit() throws {
    for golden in try ClinicalGolden.read().binary {
      let curve = try #require(DecisionCurve.make(probabilities: golden.probabilities, targets: golden.targets).known)
      #expect(curve.thresholds.count == 99 && golden.netBenefit.model.count == 99)
      for index in curve.thresholds.indices {
        #expect(abs(curve.netBenefits[index] - golden.netBenefit.model[index]) < 1e-12, "\(golden.name) at \(curve.thresholds[index])")
        #expect(abs(curve.treatAll[index] - golden.netBenefit.all[index]) < 1e-12, "\(golden.name) at \(curve.thresholds[index])")
      }
    }
    #expect(DecisionCurve.make(probabilities: [0.2, 0.4], targets: [0, 0]).reason == "no positive sample")
    #expect(DecisionCurve.make(probabilities: [0.2], targets: [.nan]).reason == "no sample has a known label")
    // Of a rule that is always right the net benefit is the share of positives, whatever a false alarm costs.
    let perfect = try #require(DecisionCurve.make(probabilities: [1, 0, 0, 0], targets: [1, 0, 0, 0]).known)
    #expect(perfect.netBenefits.allSatisfy { $0 == 0.25 } && perfect.prevalence == 0.25)
  }

  @Test("The Brier score's parts are those of scikit-learn's isotonic regression and add up to it")
  func brierParts() throws {
    for golden in try ClinicalGolden.read().binary {
      let parts = try #require(BrierDecomposition.make(probabilities: golden.probabilities, targets: golden.targets).known)
      let expected = golden.brierParts
      for (value, number) in [
        (parts.score, expected.score), (parts.miscalibration, expected.miscalibration), (parts.discrimination, expected.discrimination),
        (parts.uncertainty, expected.uncertainty), (parts.miscalibration - parts.discrimination + parts.uncertainty, parts.score),
      ] { #expect(abs(value - number) < 1e-12, "\(golden.name)") }
    }
    #expect(BrierDecomposition.make(probabilities: [0.2, 1.2], targets: [0, 1]).reason == "probability 1 is 1.2, not between 0 and 1")
  }

  @Test("What cannot be said has its reason")
  func undefined() throws {
    let one = ClassificationPredictions(
      classNames: ["a"], rows: (0..<4).map { .init(id: "\($0)", patient: nil, targets: [1], probabilities: [0]) })
    let found = values(one, threshold: 0.5)
    func reason(_ metric: MetricName) -> String? { found[.init(metric: metric, className: "a")]?.reason }
    #expect(reason(.positivePredictiveValue) == "no sample is called positive")
    #expect(reason(.matthewsCorrelation) == "the labels or the decisions are all alike")
    #expect(reason(.binaryBalancedAccuracy) == "no negative sample")
    #expect(reason(.observedToExpected) == "every predicted probability is 0")
    #expect(found[.init(metric: .negativePredictiveValue)] == .value(0))
    let alike = try #require(MulticlassConfusion(truths: [0, 1], decisions: [1, 1], classCount: 2))
    #expect(alike.matthewsCorrelation == .undefined(reason: "the labels or the decisions are all alike"))
    let two = try #require(MulticlassConfusion(truths: [0, 1, 1, 0, 1], decisions: [0, 1, 0, 0, 1], classCount: 2))
    #expect(abs((two.matthewsCorrelation.number ?? 9) - (two.against(rest: 0).matthewsCorrelation.number ?? 0)) < 1e-12)
  }
}
