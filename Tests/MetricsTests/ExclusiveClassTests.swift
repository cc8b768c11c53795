import Foundation
import Foundations
import Testing

@testable import Metrics

/// Classes that exclude each other, by scikit-learn.
private struct ExclusiveGolden: Decodable {
  let classes: Int
  let truths: [Int]
  let probabilities, perClass: [Double]
  let macro, accuracy, balancedAccuracy, kappa: Double

  static func read() throws -> [ExclusiveGolden] {
    let url = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Goldens/exclusive.json")
    return try JSONDecoder().decode([ExclusiveGolden].self, from: Data(contentsOf: url))
  }

  var predictions: ClassificationPredictions {
    ClassificationPredictions(
      classNames: (0..<classes).map { "class \($0)" },
      rows: truths.enumerated().map { index, truth in
        ClassificationPredictions.Row(
          id: "\(index)", patient: nil, targets: (0..<classes).map { $0 == truth ? 1 : 0 },
          probabilities: Array(probabilities[index * classes..<(index + 1) * classes]))
      })
  }
}

@Suite("Classes that exclude each other")
struct ExclusiveClassTests {
  private func values(_ predictions: ClassificationPredictions, weights: [Int]? = nil) -> [PredictionMeasures.Key: MetricValue] {
    let measures = PredictionMeasures(.classification(predictions), thresholds: .notAvailable(reason: "none"))
    return Dictionary(uniqueKeysWithValues: zip(measures.keys, measures.values(weights: weights)))
  }

  @Test("The mean of each class's AUROC against the rest, accuracy, balanced accuracy and kappa are scikit-learn's")
  func goldens() throws {
    let cases = try ExclusiveGolden.read()
    #expect(cases.count == 2)
    for golden in cases {
      #expect(golden.predictions.areExclusive)
      let found = values(golden.predictions)
      let expected: [(PredictionMeasures.Key, Double)] =
        [
          (.init(metric: .aurocMacro), golden.macro), (.init(metric: .multiclassAccuracy), golden.accuracy),
          (.init(metric: .balancedAccuracy), golden.balancedAccuracy), (.init(metric: .cohenKappa), golden.kappa),
        ] + golden.perClass.enumerated().map { (.init(metric: .auroc, className: "class \($0)"), $1) }
      for (key, number) in expected { #expect(abs(try #require(found[key]?.number) - number) < 1e-12, "\(key)") }
    }
  }

  @Test("Weights are repetitions of rows, for the metrics of all classes too")
  func weights() throws {
    let all = try ExclusiveGolden.read()[0].predictions
    let weights = all.rows.indices.map { $0 % 3 }
    var drawn = all
    drawn.rows = weights.enumerated().flatMap { index, count in Array(repeating: all.rows[index], count: count) }
    let found = values(all, weights: weights), expected = values(drawn)
    for metric in MetricName.ofExclusiveClasses { #expect(found[.init(metric: metric)] == expected[.init(metric: metric)]) }
  }

  @Test("Findings that may stand together have no metric of all classes, nor have the scored classes of a part")
  func multiLabel() throws {
    var all = try ExclusiveGolden.read()[0].predictions
    let scored = ClassificationPredictions(classNames: all.classNames, scoredClasses: ["class 0", "class 2"], rows: all.rows).scored
    #expect(!scored.areExclusive)
    all.rows[3] = ClassificationPredictions.Row(id: "3", patient: nil, targets: [1, 1, 0], probabilities: all.rows[3].probabilities)
    #expect(!all.areExclusive && values(all)[.init(metric: .cohenKappa)] == nil)
  }
}
