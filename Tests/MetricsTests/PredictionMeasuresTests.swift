import Foundations
import Testing

@testable import Metrics

@Suite("Every metric of predictions")
struct PredictionMeasuresTests {
  /// Scores of two classes that are neither perfect nor useless; the second has a label that is not known.
  private func predictions(_ count: Int, shift: Double = 0) -> ClassificationPredictions {
    var random = SeedPath(3).generator()
    let rows = (0..<count).map { index in
      let targets: [Float] = [index % 3 == 0 ? 1 : 0, index == 4 ? .nan : (index % 5 == 0 ? 1 : 0)]
      let probabilities = targets.map { min(0.99, max(0.01, 0.3 * Double($0.isNaN ? 0 : $0) + 0.6 * random.uniform() + shift)) }
      return ClassificationPredictions.Row(id: "\(index)", patient: "p\(index / 2)", targets: targets, probabilities: probabilities)
    }
    return ClassificationPredictions(classNames: ["a", "b"], rows: rows)
  }

  private func values(
    _ predictions: Predictions, _ thresholds: Available<DecisionThresholds>, _ weights: [Int]? = nil
  )
    -> [PredictionMeasures.Key: MetricValue]
  {
    let measures = PredictionMeasures(predictions, thresholds: thresholds)
    return Dictionary(uniqueKeysWithValues: zip(measures.keys, measures.values(weights: weights)))
  }

  @Test("Each value is that of the metric's own function on the class's column, and the mean is over the classes")
  func agreesWithFunctions() throws {
    let test = predictions(60), validation = predictions(40, shift: 0.02)
    let thresholds = DecisionThresholds(validation: validation)
    let found = values(.classification(test), .value(thresholds))
    #expect(found.count == 3 * MetricName.ofClassification.count)
    for (column, name) in test.classNames.enumerated() {
      let scores = test.rows.map { $0.probabilities[column] }, targets = test.rows.map { $0.targets[column] }
      let threshold = try #require(thresholds.threshold(of: name).number)
      let decided = BinaryConfusion(scores: scores, targets: targets, threshold: threshold)
      let expected: [MetricName: MetricValue] = [
        .auroc: areaUnderROC(scores: scores, targets: targets), .averagePrecision: averagePrecision(scores: scores, targets: targets),
        .f1: decided.f1, .sensitivity: decided.sensitivity, .specificity: decided.specificity, .accuracy: decided.accuracy,
        .positivePredictiveValue: decided.precision, .negativePredictiveValue: decided.negativePredictiveValue,
        .binaryBalancedAccuracy: decided.balancedAccuracy, .matthewsCorrelation: decided.matthewsCorrelation,
        .logLoss: binaryCrossEntropy(probabilities: scores, targets: targets),
        .observedToExpected: .value(
          Double(targets.count { $0 == 1 }) / zip(scores, targets).reduce(0) { $0 + ($1.1.isNaN ? 0 : $1.0) }),
        .sensitivityAtSpecificity90: sensitivity(atSpecificity: 0.9, scores: scores, targets: targets),
        .sensitivityAtSpecificity95: sensitivity(atSpecificity: 0.95, scores: scores, targets: targets),
        .brier: brierScore(probabilities: scores, targets: targets),
        .calibrationError: MetricValue(
          ReliabilityCurve.make(probabilities: scores, targets: targets).map(\.expectedCalibrationError)),
      ]
      #expect(Set(expected.keys) == Set(MetricName.ofClassification))
      for (metric, value) in expected {
        #expect(value.number != nil && found[.init(metric: metric, className: name)] == value, "\(metric) of \(name)")
      }
    }
    let first = try #require(found[.init(metric: .f1, className: "a")]?.number)
    let second = try #require(found[.init(metric: .f1, className: "b")]?.number)
    #expect(found[.init(metric: .f1)] == .value((first + second) / 2))
    #expect(found[.init(metric: .aurocMacro)] == test.auroc.macro)
  }

  @Test("A weight counts a row as often as if it stood there so many times")
  func weights() throws {
    let all = predictions(30)
    let weights = (0..<30).map { $0 % 4 }
    let repeated = ClassificationPredictions(
      classNames: all.classNames, rows: zip(all.rows, weights).flatMap { Array(repeating: $0, count: $1) })
    let thresholds = Available<DecisionThresholds>.value(DecisionThresholds(validation: predictions(40)))
    let weighted = values(.classification(all), thresholds, weights), plain = values(.classification(repeated), thresholds)
    for (key, value) in plain {
      let (one, other) = (try #require(value.number), try #require(weighted[key]?.number))
      #expect(abs(one - other) < 1e-12, "\(key)")
    }
    var random = SeedPath(1).generator()
    let rows = (0..<30).map { index in
      let counts = PixelConfusion(
        truePositives: random.integer(below: 9), falsePositives: random.integer(below: 5), falseNegatives: random.integer(below: 5),
        trueNegatives: 20)
      let outline = OutlineAgreement(hausdorff95: index == 7 ? nil : random.uniform(), normalizedSurfaceDistance: random.uniform())
      return SegmentationPredictions.Row(id: "\(index)", patient: nil, counts: counts, outline: outline)
    }
    let masks = SegmentationPredictions(rows: rows)
    let again = SegmentationPredictions(rows: zip(rows, weights).flatMap { Array(repeating: $0, count: $1) })
    let none = Available<DecisionThresholds>.notAvailable(reason: "none")
    let first = values(.segmentation(masks), none, weights), second = values(.segmentation(again), none)
    #expect(second.count == 8)
    for (key, value) in second {
      let (one, other) = (try #require(value.number), try #require(first[key]?.number))
      #expect(abs(one - other) < 1e-12, "\(key)")
    }
    #expect(values(.segmentation(masks), none)[.init(metric: .dicePooled)] == masks.dice.pooled)
    #expect(masks.leftOutCount(of: .hausdorff95Pixels) == 1)
  }

  @Test("Thresholds come from the validation set alone: what the test set says cannot move them")
  func thresholdsAreFixed() throws {
    let validation = predictions(40)
    let thresholds = DecisionThresholds(validation: validation)
    for (column, name) in validation.classNames.enumerated() {
      let scores = validation.rows.map { $0.probabilities[column] }, targets = validation.rows.map { $0.targets[column] }
      #expect(thresholds.threshold(of: name) == decisionThreshold(scores: scores, targets: targets, rule: .maximumYouden))
    }
    #expect(thresholds.rule == .maximumYouden)
    #expect(thresholds.threshold(of: "c") == .undefined(reason: "the validation set has no class “c”"))
    let negative = ClassificationPredictions(classNames: ["a"], rows: [.init(id: "1", patient: nil, targets: [0], probabilities: [0.2])])
    #expect(DecisionThresholds(validation: negative).threshold(of: "a") == .undefined(reason: "on the validation set: no positive sample"))
  }

  @Test("Only the wanted metrics are computed")
  func wanted() {
    let measures = PredictionMeasures(.classification(predictions(9)), thresholds: .notAvailable(reason: "none"), wanted: [.aurocMacro])
    #expect(measures.keys == [.init(metric: .aurocMacro), .init(metric: .auroc, className: "a"), .init(metric: .auroc, className: "b")])
    #expect(measures.values().count == 3)
  }
}
