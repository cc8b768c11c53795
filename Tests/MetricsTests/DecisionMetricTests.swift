import Foundation
import Foundations
import Testing

@testable import Metrics

/// What scikit-learn says, from Tools/goldens/metrics.py.
struct DecisionGolden: Decodable {
  struct Binary: Decodable {
    let name: String
    let probabilities: [Double]
    let targets: [Float]
    let threshold: Double
    let weights: [Int]
    let averagePrecision, weightedAveragePrecision, weightedAUROC, weightedBrier: Double
    let sensitivity, specificity, precision, negativePredictiveValue, f1, accuracy, balancedAccuracy, matthews, brier: Double
    let falsePositiveRates, truePositiveRates: [Double]
    let sensitivityAt90: Double
    let precisions, recalls: [Double]
    let calibrationShares, calibrationMeans: [Double]
    let calibrationError: Double
    let maximumF1Threshold, youdenThreshold: Double
  }
  struct Multiclass: Decodable {
    let classes: Int
    let truths, decisions: [Int]
    let accuracy, balancedAccuracy, macroF1: Double
    let kappas: [String: Double]
  }
  let binary: [Binary]
  let multiclass: [Multiclass]

  static func read() throws -> DecisionGolden {
    let url = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Goldens/decisions.json")
    return try JSONDecoder().decode(DecisionGolden.self, from: Data(contentsOf: url))
  }
}

private func agrees(_ value: MetricValue, _ expected: Double) -> Bool {
  value.number.map { abs($0 - expected) <= 1e-12 * max(1, abs(expected)) } ?? false
}

@Suite("Decisions, curves and calibration")
struct DecisionMetricTests {
  @Test("Average precision is scikit-learn's, ties included, with and without weights")
  func averagePrecisions() throws {
    let cases = try DecisionGolden.read().binary
    #expect(cases.count == 4)
    for golden in cases {
      #expect(agrees(averagePrecision(scores: golden.probabilities, targets: golden.targets), golden.averagePrecision))
      let ordered = try #require(OrderedScores.make(scores: golden.probabilities, targets: golden.targets).known)
      #expect(agrees(ordered.averagePrecision(weights: golden.weights), golden.weightedAveragePrecision), "\(golden.name)")
      #expect(agrees(ordered.areaUnderROC(weights: golden.weights), golden.weightedAUROC), "\(golden.name)")
      #expect(ordered.areaUnderROC() == areaUnderROC(scores: golden.probabilities, targets: golden.targets))
    }
  }

  @Test("Weights are repetitions: a resample by weights scores as its rows do")
  func weightsAreRepetitions() throws {
    var generator = SeededGenerator(seed: 4)
    let scores = (0..<60).map { _ in Double(generator.integer(below: 12)) }
    let targets = (0..<60).map { $0 % 9 == 8 ? Float.nan : Float(generator.integer(below: 2)) }
    let ordered = try #require(OrderedScores.make(scores: scores, targets: targets).known)
    for _ in 0..<20 {
      let weights = (0..<60).map { _ in generator.integer(below: 4) }
      let rows = weights.indices.flatMap { row in Array(repeating: row, count: weights[row]) }
      let (drawn, labels) = (rows.map { scores[$0] }, rows.map { targets[$0] })
      #expect(ordered.areaUnderROC(weights: weights) == areaUnderROC(scores: drawn, targets: labels))
      #expect(ordered.averagePrecision(weights: weights) == averagePrecision(scores: drawn, targets: labels))
      #expect(
        sensitivity(atSpecificity: 0.7, scores: scores, targets: targets, weights: weights)
          == sensitivity(atSpecificity: 0.7, scores: drawn, targets: labels))
    }
  }

  @Test("At a threshold every share is scikit-learn's")
  func shares() throws {
    for golden in try DecisionGolden.read().binary {
      let counts = BinaryConfusion(scores: golden.probabilities, targets: golden.targets, threshold: golden.threshold)
      #expect(counts.count == golden.targets.count)
      for (value, expected) in [
        (counts.sensitivity, golden.sensitivity), (counts.specificity, golden.specificity), (counts.precision, golden.precision),
        (counts.negativePredictiveValue, golden.negativePredictiveValue), (counts.f1, golden.f1), (counts.accuracy, golden.accuracy),
        (counts.balancedAccuracy, golden.balancedAccuracy), (counts.youden, 2 * golden.balancedAccuracy - 1),
        (counts.matthewsCorrelation, golden.matthews),
      ] { #expect(agrees(value, expected), "\(golden.name): \(value), \(expected)") }
    }
  }

  @Test("The chosen threshold is the highest of the best by scikit-learn's scores, and the sensitivity at 0.9 its curve's")
  func thresholds() throws {
    for golden in try DecisionGolden.read().binary {
      let (scores, targets) = (golden.probabilities, golden.targets)
      #expect(decisionThreshold(scores: scores, targets: targets, rule: .maximumF1) == .value(golden.maximumF1Threshold))
      #expect(decisionThreshold(scores: scores, targets: targets, rule: .maximumYouden) == .value(golden.youdenThreshold))
      #expect(agrees(sensitivity(atSpecificity: 0.9, scores: scores, targets: targets), golden.sensitivityAt90))
      let specific = try #require(decisionThreshold(scores: scores, targets: targets, rule: .specificity(atLeast: 0.9)).number)
      let counts = BinaryConfusion(scores: scores, targets: targets, threshold: specific)
      #expect(try #require(counts.specificity.number) >= 0.9)
      #expect(agrees(counts.sensitivity, golden.sensitivityAt90))
      let sensitive = try #require(decisionThreshold(scores: scores, targets: targets, rule: .sensitivity(atLeast: 0.8)).number)
      #expect(try #require(BinaryConfusion(scores: scores, targets: targets, threshold: sensitive).sensitivity.number) >= 0.8)
    }
    let unreachable = decisionThreshold(scores: [1, 1], targets: [0, 1], rule: .specificity(atLeast: 0.5))
    #expect(unreachable == .undefined(reason: "no threshold keeps the rule"))
    #expect(sensitivity(atSpecificity: 0.5, scores: [1, 1], targets: [0, 1]) == .value(0))
  }

  @Test("The ROC curve holds scikit-learn's corners, every point of it lies on ours, and the area is the AUROC")
  func rocCurve() throws {
    for golden in try DecisionGolden.read().binary {
      let curve = try #require(ROCCurve.make(scores: golden.probabilities, targets: golden.targets).known)
      let theirs = zip(golden.falsePositiveRates, golden.truePositiveRates)
      for point in curve.points {
        #expect(theirs.contains { abs($0 - point.falsePositiveRate) + abs($1 - point.sensitivity) < 1e-12 })
      }
      for (x, y) in theirs {
        #expect(
          zip(curve.points, curve.points.dropFirst()).contains { a, b in
            let (run, rise) = (b.falsePositiveRate - a.falsePositiveRate, b.sensitivity - a.sensitivity)
            let (right, up) = (x - a.falsePositiveRate, y - a.sensitivity)
            let isInside = (-1e-12...run + 1e-12).contains(right) && (-1e-12...rise + 1e-12).contains(up)
            return isInside && abs(run * up - rise * right) < 1e-12
          }, "\(golden.name): \(x), \(y)")
      }
      #expect(agrees(areaUnderROC(scores: golden.probabilities, targets: golden.targets), curve.area))
      #expect(curve.points.first?.threshold == nil && curve.points.last?.falsePositiveRate == 1)
    }
  }

  @Test("The precision–recall curve is scikit-learn's down to the first full recall")
  func precisionRecallCurve() throws {
    for golden in try DecisionGolden.read().binary {
      let curve = try #require(PrecisionRecallCurve.make(scores: golden.probabilities, targets: golden.targets).known)
      let theirs = Array(zip(golden.recalls, golden.precisions).reversed())
      for (point, (recall, precision)) in zip(curve.points, theirs) {
        #expect(abs(point.recall - recall) + abs(point.precision - precision) < 1e-12)
      }
      #expect(curve.points.last?.recall == 1)
      let steps = zip(curve.points, curve.points.dropFirst()).reduce(0) { $0 + ($1.1.recall - $1.0.recall) * $1.1.precision }
      #expect(agrees(.value(steps), golden.averagePrecision))
    }
  }

  @Test("Brier score, reliability curve and calibration error are scikit-learn's, probabilities on the edges of bins included")
  func calibration() throws {
    for golden in try DecisionGolden.read().binary {
      let (probabilities, targets) = (golden.probabilities, golden.targets)
      #expect(agrees(brierScore(probabilities: probabilities, targets: targets), golden.brier))
      #expect(agrees(brierScore(probabilities: probabilities, targets: targets, weights: golden.weights), golden.weightedBrier))
      let curve = try #require(ReliabilityCurve.make(probabilities: probabilities, targets: targets, binCount: 8).known)
      let filled = curve.bins.filter { $0.count > 0 }
      #expect(filled.count == golden.calibrationShares.count)
      for (bin, (share, mean)) in zip(filled, zip(golden.calibrationShares, golden.calibrationMeans)) {
        #expect(agrees(bin.positiveShare, share) && agrees(bin.meanProbability, mean), "\(golden.name): \(bin)")
      }
      #expect(agrees(.value(curve.expectedCalibrationError), golden.calibrationError))
      #expect(curve.maximumCalibrationError >= curve.expectedCalibrationError)
      #expect(curve.bins.reduce(0) { $0 + $1.count } == golden.targets.count)
    }
  }

  @Test("Of several classes accuracy, balanced accuracy, macro F1 and the three kappas are scikit-learn's")
  func multiclass() throws {
    let cases = try DecisionGolden.read().multiclass
    #expect(cases.count == 3)
    for golden in cases {
      let confusion = try #require(
        MulticlassConfusion(truths: golden.truths, decisions: golden.decisions, classCount: golden.classes))
      #expect(agrees(confusion.accuracy, golden.accuracy))
      #expect(agrees(confusion.balancedAccuracy, golden.balancedAccuracy))
      #expect(agrees(confusion.macroF1, golden.macroF1))
      for weights in [MulticlassConfusion.KappaWeights.none, .linear, .quadratic] {
        #expect(agrees(confusion.kappa(weights: weights), try #require(golden.kappas[weights.rawValue])), "\(weights)")
      }
    }
    #expect(MulticlassConfusion(truths: [3], decisions: [0], classCount: 3) == nil)
    let one = try #require(MulticlassConfusion(truths: [1, 1], decisions: [1, 1], classCount: 2))
    #expect(one.kappa() == .undefined(reason: "truth and decisions are all of one class"))
    #expect(one.accuracy == .value(1))
  }

  @Test("A metric of every class and its mean: an undefined class is left out of the mean and counted")
  func multiLabel() throws {
    let scores = [0.9, 0.2, 0.1, 0.4, 0.8, 0.6], targets: [Float] = [1, 0, 0, 0, 1, 0]
    let result = MultiLabelMetric(scores: scores, targets: targets, classNames: ["a", "b"], metric: averagePrecision)
    #expect(result.classes[0].value == .value(1))
    #expect(result.classes[1].value == .undefined(reason: "no positive sample"))
    #expect(result.macro == .value(1))
    #expect(result.definedCount == 1)
    let misfit = MultiLabelMetric(scores: [1], targets: [1, 0], classNames: ["a"], metric: averagePrecision)
    #expect(misfit.classes[0].value == .undefined(reason: "1 scores and 2 labels do not fit 1 classes"))
  }

  @Test("What cannot be said is undefined with the reason, never 0")
  func undefined() {
    #expect(averagePrecision(scores: [1, 2], targets: [0, 0]) == .undefined(reason: "no positive sample"))
    #expect(averagePrecision(scores: [1, 2], targets: [1, 1]) == .undefined(reason: "no negative sample"))
    #expect(averagePrecision(scores: [.nan, 2], targets: [1, 0]) == .undefined(reason: "the score of sample 0 is not a number"))
    #expect(averagePrecision(scores: [.nan, 2, 1], targets: [.nan, 1, 0]) == .value(1))
    #expect(averagePrecision(scores: [], targets: []) == .undefined(reason: "no sample has a known label"))
    let nothing = BinaryConfusion(trueNegatives: 5)
    #expect(nothing.sensitivity == .undefined(reason: "no positive sample"))
    #expect(nothing.precision == .undefined(reason: "no sample is called positive"))
    #expect(nothing.f1 == .undefined(reason: "no sample is positive or called positive"))
    #expect(nothing.balancedAccuracy == .undefined(reason: "no positive sample"))
    #expect(nothing.accuracy == .value(1))
    #expect(BinaryConfusion(falseNegatives: 2, trueNegatives: 5).f1 == .value(0))
    #expect(brierScore(probabilities: [1.5], targets: [1]) == .undefined(reason: "probability 0 is 1.5, not between 0 and 1"))
    #expect(brierScore(probabilities: [0.5], targets: [.nan]) == .undefined(reason: "no sample has a known label"))
    #expect(ReliabilityCurve.make(probabilities: [0.5], targets: [0.5]).reason == "the label of sample 0 is 0.5, neither 0 nor 1")
    #expect(ReliabilityCurve.make(probabilities: [0.5], targets: [1], binCount: 0).reason == "0 bins hold nothing")
    #expect(ROCCurve.make(scores: [1], targets: [1]).reason == "no negative sample")
    #expect(PrecisionRecallCurve.make(scores: [1], targets: [0]).reason == "no positive sample")
    #expect(sensitivity(atSpecificity: 1.2, scores: [1], targets: [1]).number == nil)
  }
}
