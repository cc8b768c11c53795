import Foundation

/// The goldens of Tools/goldens/training_rules.py.
struct TrainingRuleGolden: Decodable {
  struct Loss: Decodable { let loss: Double, gradient: [Double] }
  struct Losses: Decodable {
    let logits, targets: [Double]
    let known: [Bool]
    let classes: [Int64]
    let softDice, binaryCrossEntropy, maskedBinaryCrossEntropy, crossEntropy: Loss
    let weights: [Double]
    let weightedBinaryCrossEntropy, weightedCrossEntropy: Loss
  }
  struct Plateau: Decodable { let losses: [Double?], rates: [Double] }

  struct Valley: Decodable { let a, b, scale: [Double] }

  /// Rows of a linear model, and its weights after each step.
  struct Accumulation: Decodable { let rows, answers, weights: [Double], steps: [[Double]] }

  let losses: Losses
  let valley: Valley
  let adam, adamDecay, adamW, adamWGroups: [[Double]]
  let momentum, momentumDecay, momentumGroups, nesterov, withoutMomentum, clipped: [[Double]]
  let accumulation: Accumulation
  let cosineBySteps, stepDecay, warmUpThenCosine: [Double]
  let plateau, impatientPlateau: Plateau

  static func load() throws -> TrainingRuleGolden {
    let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("Goldens/training-rules.json")
    return try JSONDecoder().decode(TrainingRuleGolden.self, from: Data(contentsOf: file))
  }
}

/// The largest difference, as a multiple of the largest expected magnitude.
func relativeDistance(_ actual: [Double], _ expected: [Double]) -> Double {
  guard actual.count == expected.count, actual.allSatisfy(\.isFinite) else { return .infinity }
  let scale = expected.map(abs).max() ?? 1
  return (zip(actual, expected).map { abs($0 - $1) }.max() ?? 0) / scale
}
