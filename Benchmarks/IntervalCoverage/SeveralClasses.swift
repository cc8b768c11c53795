import Foundation
import Foundations
import Metrics

/// Four classes of which each image has one, called by the greatest of four scores.
struct ExclusiveScenario: Scenario {
  let name: String
  let shares: [Double]
  /// How far the score of the true class is above the others.
  let distance: Double
  var imagesPerPatient = 1

  static let all = [
    ExclusiveScenario(name: "4 classes alike", shares: [0.25, 0.25, 0.25, 0.25], distance: 1.5),
    ExclusiveScenario(name: "4 classes of 60, 25, 10 and 5 %", shares: [0.6, 0.25, 0.1, 0.05], distance: 1.5),
    ExclusiveScenario(name: "4 classes of 60, 25, 10 and 5 %, well told apart", shares: [0.6, 0.25, 0.1, 0.05], distance: 2.5),
    ExclusiveScenario(name: "4 classes of 60, 25, 10 and 5 %, 3 images a patient", shares: [0.6, 0.25, 0.1, 0.05], distance: 1.5, imagesPerPatient: 3),
  ]

  var quantities: [Quantity] {
    [.multiclassAccuracy, .balancedAccuracy, .multiclassMatthewsCorrelation, .cohenKappa, .cohenKappaQuadratic].map { .metric($0) }
  }

  func draw(patients: Int, _ generator: inout SeededGenerator) -> Predictions {
    var rows: [ClassificationPredictions.Row] = []
    for patient in 0..<patients {
      var rest = generator.uniform(), truth = 0
      while truth < shares.count - 1, rest >= shares[truth] {
        rest -= shares[truth]
        truth += 1
      }
      let shared = shares.map { _ in generator.normal() }
      for image in 0..<imagesPerPatient {
        let logits = shares.indices.map { place in
          (place == truth ? distance : 0) + (imagesPerPatient == 1 ? shared[place] : 0.7071 * shared[place] + 0.7071 * generator.normal())
        }
        let parts = logits.map { exp($0) }, sum = parts.reduce(0, +)
        rows.append(
          .init(
            id: "\(patient)-\(image)", patient: "\(patient)", targets: shares.indices.map { $0 == truth ? 1 : 0 }, probabilities: parts.map { $0 / sum }))
      }
    }
    return .classification(ClassificationPredictions(classNames: shares.indices.map { "class \($0)" }, rows: rows))
  }
}

/// Several findings that come together more often than by chance, some of them rare: means over the findings.
struct LabelsScenario: Scenario {
  let name: String
  let prevalences: [Double]
  let area: Double
  var imagesPerPatient = 1

  static let all = [
    LabelsScenario(name: "5 findings in 5 to 50 %, AUROC 0.8", prevalences: [0.05, 0.1, 0.15, 0.3, 0.5], area: 0.8),
    LabelsScenario(name: "5 findings in 5 to 50 %, AUROC 0.93", prevalences: [0.05, 0.1, 0.15, 0.3, 0.5], area: 0.93),
    LabelsScenario(name: "5 findings in 30 %, AUROC 0.85", prevalences: [0.3, 0.3, 0.3, 0.3, 0.3], area: 0.85),
    LabelsScenario(name: "5 findings in 5 to 50 %, AUROC 0.85, 3 images a patient", prevalences: [0.05, 0.1, 0.15, 0.3, 0.5], area: 0.85, imagesPerPatient: 3),
    LabelsScenario(name: "14 findings in 10 %, AUROC 0.9", prevalences: Array(repeating: 0.1, count: 14), area: 0.9),
  ]

  var quantities: [Quantity] {
    [
      .aurocMacro, .averagePrecision, .accuracy, .sensitivity, .specificity, .positivePredictiveValue, .binaryBalancedAccuracy, .f1, .matthewsCorrelation, .brier,
      .observedToExpected,
    ]
    .map { .mean($0) }
  }

  func draw(patients: Int, _ generator: inout SeededGenerator) -> Predictions {
    let distance = 2.0.squareRoot() * ClassificationScenario.quantile(area), limits = prevalences.map { ClassificationScenario.quantile(1 - $0) }
    var rows: [ClassificationPredictions.Row] = []
    for patient in 0..<patients {
      let illness = generator.normal()
      let targets = limits.map { (0.6 * illness + 0.8 * generator.normal()) > $0 }
      let shared = generator.normal()
      for image in 0..<imagesPerPatient {
        rows.append(
          .init(
            id: "\(patient)-\(image)", patient: "\(patient)", targets: targets.map { $0 ? 1 : 0 },
            probabilities: targets.map { isPositive in
              // Scores of one patient's findings are alike to a degree.
              let score = 0.55 * shared + 0.835 * generator.normal() + (isPositive ? distance / 2 : -distance / 2)
              return 1 / (1 + exp(-distance * score))
            }))
      }
    }
    return .classification(ClassificationPredictions(classNames: prevalences.indices.map { "finding \($0)" }, rows: rows))
  }
}
