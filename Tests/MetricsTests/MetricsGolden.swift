import Foundation

/// What scikit-learn and torch say, from Tools/goldens/metrics.py.
struct MetricsGolden: Decodable {
  struct AUROC: Decodable, CustomStringConvertible {
    let name: String
    let scores: [Double]
    let targets: [Float]
    let auroc: Double
    var description: String { name }
  }

  struct MultiLabel: Decodable {
    let scores: [Double]
    let targets: [Float]
    let classes: [Double]
    let macro: Double
  }

  struct Dice: Decodable {
    struct Image: Decodable {
      let target: [Int]
      let predicted: [Int]
      let dice: Double
    }
    let images: [Image]
    let pooled: Double
  }

  struct CrossEntropy: Decodable {
    let probabilities: [Double]
    let targets: [Float]
    let loss: Double
  }

  let auroc: [AUROC]
  let multiLabel: MultiLabel
  let dice: Dice
  let crossEntropy: CrossEntropy

  static func read() throws -> MetricsGolden {
    let url = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Goldens/metrics.json")
    return try JSONDecoder().decode(MetricsGolden.self, from: Data(contentsOf: url))
  }
}
