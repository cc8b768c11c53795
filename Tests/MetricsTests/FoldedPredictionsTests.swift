import Foundations
import Testing

@testable import Metrics

@Suite("Metrics over the folds of a cross-validation")
struct FoldedPredictionsTests {
  /// A fold's answers to images of its own; each fold has a scale of its own.
  private func fold(_ number: Int, count: Int = 30, validation: Bool = false) -> ClassificationPredictions {
    var random = (SeedPath(9) / number / (validation ? 1 : 0)).generator()
    let rows = (0..<count).map { index in
      let targets: [Float] = [index % 3 == 0 ? 1 : 0, index % 4 == 0 ? 1 : 0]
      let probabilities = targets.map { (0.35 * Double($0) + 0.5 * random.uniform() + 0.15) / Double(number + 1) }
      return ClassificationPredictions.Row(id: "\((index * 7 + number) % count)-\(number)", patient: "p\(number)-\(index / 2)", targets: targets, probabilities: probabilities)
    }
    return ClassificationPredictions(classNames: ["a", "b"], rows: rows)
  }

  private func folded() throws -> FoldedPredictions {
    try #require(
      FoldedPredictions.make(
        (0..<3).map { .classification(fold($0)) }, thresholds: (0..<3).map { .value(DecisionThresholds(validation: fold($0, validation: true))) }
      ).known)
  }

  private func values(_ measures: PredictionMeasures, _ weights: [Int]? = nil) -> [PredictionMeasures.Key: MetricValue] {
    Dictionary(uniqueKeysWithValues: zip(measures.keys, measures.values(weights: weights)))
  }

  @Test("What compares scores is the mean of the folds' values, decisions are counted together at each fold's thresholds, the rest is of all answers")
  func rules() throws {
    let all = try folded(), found = values(PredictionMeasures(all))
    #expect(all.together.imageIDs == all.together.imageIDs.sorted() && all.together.imageCount == 90)
    let own = zip(all.folds, all.thresholds).map { values(PredictionMeasures($0, thresholds: $1)) }
    let together = values(PredictionMeasures(all.together, thresholds: .notAvailable(reason: "")))
    for metric in MetricName.ofClassification where metric.overFolds == .mean {
      for name in ["a", "b"] {
        let key = PredictionMeasures.Key(metric: metric, className: name), ofFolds = own.compactMap { $0[key]?.number }
        #expect(ofFolds.count == 3 && abs((found[key]?.number ?? 0) - ofFolds.reduce(0, +) / 3) < 1e-15)
      }
    }
    #expect(Set(MetricName.ofClassification.filter { $0.overFolds == .mean }) == [.auroc, .averagePrecision, .sensitivityAtSpecificity90, .sensitivityAtSpecificity95])
    let macro = try #require(found[.init(metric: .aurocMacro)]?.number)
    let ofClasses = ["a", "b"].compactMap { found[.init(metric: .auroc, className: $0)]?.number }
    #expect(abs(macro - (ofClasses[0] + ofClasses[1]) / 2) < 1e-15)
    // Scores of networks with other scales, taken together, say less.
    #expect(macro > (together[.init(metric: .aurocMacro)]?.number ?? 1) + 0.05)

    var counts = BinaryConfusion()
    for (fold, thresholds) in zip(all.folds, all.thresholds) {
      guard case .classification(let rows) = fold, let threshold = thresholds.known?.threshold(of: "a").number else { continue }
      let one = BinaryConfusion(scores: rows.columns[0].probabilities, targets: rows.columns[0].targets, threshold: threshold)
      counts = BinaryConfusion(
        truePositives: counts.truePositives + one.truePositives, falsePositives: counts.falsePositives + one.falsePositives,
        falseNegatives: counts.falseNegatives + one.falseNegatives, trueNegatives: counts.trueNegatives + one.trueNegatives)
    }
    for (metric, value) in [(MetricName.f1, counts.f1), (.sensitivity, counts.sensitivity), (.specificity, counts.specificity), (.matthewsCorrelation, counts.matthewsCorrelation)]
    {
      #expect(found[.init(metric: metric, className: "a")] == value, "\(metric)")
    }
    for metric in [MetricName.brier, .logLoss, .observedToExpected] {
      #expect(found[.init(metric: metric, className: "b")] == together[.init(metric: metric, className: "b")], "\(metric)")
    }
  }

  @Test("A drawn row counts as often in its own fold as in all of them")
  func resampled() throws {
    let all = try folded()
    let once = values(PredictionMeasures(all)), weighted = values(PredictionMeasures(all), [Int](repeating: 1, count: 90))
    for (key, value) in once { #expect(abs((value.number ?? 0) - (weighted[key]?.number ?? 1)) < 1e-12, "\(key)") }
    // Without a fold's positives it has no area, and neither have all.
    guard case .classification(let together) = all.together else { return }
    let weights = together.rows.indices.map { all.rows[1].contains($0) && together.rows[$0].targets[0] == 1 ? 0 : 1 }
    let left = values(PredictionMeasures(all), weights)
    #expect(left[.init(metric: .auroc, className: "a")]?.reason?.hasPrefix("in fold 2 ") == true)
    #expect(left[.init(metric: .auroc, className: "b")]?.number != nil)
  }

  @Test("A class without a threshold in one fold has no decisions, an image in two folds and other classes are refused")
  func refused() throws {
    let none = ClassificationPredictions(
      classNames: ["a", "b"], rows: fold(0).rows.map { .init(id: $0.id, patient: nil, targets: [0, $0.targets[1]], probabilities: $0.probabilities) })
    let all = try #require(
      FoldedPredictions.make(
        [.classification(fold(0)), .classification(fold(1))],
        thresholds: [.value(DecisionThresholds(validation: fold(0, validation: true))), .value(DecisionThresholds(validation: none))]
      ).known)
    let found = values(PredictionMeasures(all))
    #expect(found[.init(metric: .f1, className: "a")]?.reason?.hasPrefix("in fold 2 ") == true)
    #expect(found[.init(metric: .f1, className: "b")]?.number != nil && found[.init(metric: .auroc, className: "a")]?.number != nil)
    let missing = Available<DecisionThresholds>.notAvailable(reason: "")
    let twice = FoldedPredictions.make([.classification(fold(0)), .classification(fold(0))], thresholds: [missing, missing])
    #expect(twice.reason == "an image is in the test part of two folds")
    let other = FoldedPredictions.make([.classification(fold(0)), .classification(fold(1).keeping(classes: ["a"]))], thresholds: [missing, missing])
    #expect(other.reason == "the folds do not answer for the same classes")
  }

  @Test("Masks and numbers of all folds are taken together; distances in two units are left out")
  func together() throws {
    func masks(_ fold: Int, unit: DistanceUnit) -> Predictions {
      .segmentation(
        SegmentationPredictions(
          rows: (0..<4).map { image in
            .init(
              id: "\(fold)-\(image)", patient: nil, counts: PixelConfusion(truePositives: 5 + image, falsePositives: fold, falseNegatives: 1, trueNegatives: 9),
              outline: OutlineAgreement(hausdorff95: 2, normalizedSurfaceDistance: 0.5))
          }, unit: unit))
    }
    let none = Available<DecisionThresholds>.notAvailable(reason: "")
    let same = try #require(FoldedPredictions.make([masks(0, unit: .pixels), masks(1, unit: .pixels)], thresholds: [none, none]).known)
    guard case .segmentation(let all) = same.together else { return }
    #expect(values(PredictionMeasures(same))[.init(metric: .dicePooled)]?.number == all.dice.pooled.number && all.rows.count == 8)
    #expect(values(PredictionMeasures(same))[.init(metric: .hausdorff95Pixels)]?.number == 2)
    let mixed = try #require(FoldedPredictions.make([masks(0, unit: .pixels), masks(1, unit: .millimeters)], thresholds: [none, none]).known)
    let found = values(PredictionMeasures(mixed))
    #expect(
      found[.init(metric: .dicePooled)]?.number != nil && found[.init(metric: .hausdorff95Pixels)]?.number == nil && found[.init(metric: .hausdorff95Millimeters)]?.number == nil)
  }
}
