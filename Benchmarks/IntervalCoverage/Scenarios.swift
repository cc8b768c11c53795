import Foundation
import Foundations
import Metrics

/// Masks whose Dice is beta-distributed over the images, alike to a degree among the images of a patient.
struct SegmentationScenario: Scenario {
  let name: String
  /// The beta distribution's.
  let a: Double, b: Double
  /// The share of images on which the network finds nothing.
  let failures: Double
  let imagesPerPatient: Int

  static let all = [
    SegmentationScenario(name: "Dice 0.90, even", a: 45, b: 5, failures: 0, imagesPerPatient: 1),
    SegmentationScenario(name: "Dice 0.80, broad", a: 4, b: 1, failures: 0, imagesPerPatient: 1),
    SegmentationScenario(name: "Dice 0.55, broad", a: 1.5, b: 1.2, failures: 0, imagesPerPatient: 1),
    SegmentationScenario(name: "Dice 0.85, 1 of 20 missed", a: 30, b: 4, failures: 0.05, imagesPerPatient: 1),
    SegmentationScenario(name: "Dice 0.80, broad, 3 images a patient", a: 4, b: 1, failures: 0, imagesPerPatient: 3),
  ]

  var quantities: [Quantity] { [.dicePerImage, .dicePooled, .pixelSensitivity, .hausdorff95Pixels, .normalizedSurfaceDistancePixels, .clDice].map { .metric($0) } }

  func draw(patients: Int, _ generator: inout SeededGenerator) -> Predictions {
    var rows: [SegmentationPredictions.Row] = []
    rows.reserveCapacity(patients * imagesPerPatient)
    for patient in 0..<patients {
      let shared = generator.beta(a, b)
      for image in 0..<imagesPerPatient {
        // Half of an image's Dice is its patient's where a patient has several.
        var dice = imagesPerPatient == 1 || generator.uniform() < 0.5 ? shared : generator.beta(a, b)
        if generator.uniform() < failures { dice = 0 }
        // A structure of 500 to 5,000 pixels, as many found in excess as are missed.
        let size = Int(500 * exp(log(10) * generator.uniform())), hits = Int((dice * Double(size)).rounded()), missed = size - hits
        rows.append(
          .init(
            id: "\(patient)-\(image)", patient: "\(patient)",
            counts: PixelConfusion(truePositives: hits, falsePositives: missed, falseNegatives: missed, trueNegatives: 50_000),
            outline: OutlineAgreement(
              hausdorff95: exp(1.5 + 0.9 * generator.normal()) * (1.2 - dice), normalizedSurfaceDistance: min(1, max(0, dice + 0.05 * generator.normal()))),
            centerline: CenterlineAgreement(predicted: 300, predictedInTarget: Int(300 * dice), target: 300, targetInPredicted: Int(300 * dice.squareRoot()))))
      }
    }
    return .segmentation(SegmentationPredictions(rows: rows))
  }
}

/// A finding with normal scores, alike to a degree among the images of a patient; called at a probability of ½.
struct ClassificationScenario: Scenario {
  let quantities: [Quantity]
  let prevalence: Double
  /// What the AUROC is to be.
  let area: Double
  /// How much wider the scores of images with the finding spread.
  var spread = 1.0
  var imagesPerPatient = 1
  /// Whether a patient has images with and without the finding.
  var isMixed = false

  static func all(_ quantities: [Quantity]) -> [ClassificationScenario] {
    [0.05, 0.1, 0.25, 0.5].flatMap { prevalence in
      [0.75, 0.9, 0.96].map { ClassificationScenario(quantities: quantities, prevalence: prevalence, area: $0) }
    } + [
      ClassificationScenario(quantities: quantities, prevalence: 0.25, area: 0.85, spread: 2),
      ClassificationScenario(quantities: quantities, prevalence: 0.25, area: 0.9, imagesPerPatient: 3),
      ClassificationScenario(quantities: quantities, prevalence: 0.25, area: 0.8, imagesPerPatient: 3, isMixed: true),
    ]
  }

  var name: String {
    "\(Int((prevalence * 100).rounded())) % positive, AUROC \(area)" + (spread > 1 ? ", positives spread wider" : "")
      + (imagesPerPatient > 1 ? ", \(imagesPerPatient) images a patient\(isMixed ? " with and without" : "")" : "")
  }

  func draw(patients: Int, _ generator: inout SeededGenerator) -> Predictions {
    // Normals with the standard deviations s and 1 have the AUROC Φ(d/√(s² + 1)).
    let distance = (spread * spread + 1).squareRoot() * Self.quantile(area)
    var rows: [ClassificationPredictions.Row] = []
    rows.reserveCapacity(patients * imagesPerPatient)
    for patient in 0..<patients {
      var isPositive = generator.uniform() < prevalence
      let shared = generator.normal()
      for image in 0..<imagesPerPatient {
        if isMixed, image > 0 { isPositive = generator.uniform() < prevalence }
        let own = imagesPerPatient == 1 ? shared : 0.7071 * shared + 0.7071 * generator.normal()
        let score = isPositive ? distance / 2 + spread * own : own - distance / 2
        // As of a network that was trained with as many positives as negatives: at ½ both errors are alike.
        rows.append(
          .init(
            id: "\(patient)-\(image)", patient: "\(patient)", targets: [isPositive ? 1 : 0], probabilities: [1 / (1 + exp(-distance * score))]))
      }
    }
    return .classification(ClassificationPredictions(classNames: ["finding"], rows: rows))
  }

  /// Of the standard normal, by bisection of the C library's erfc.
  static func quantile(_ p: Double) -> Double {
    var (low, high) = (-10.0, 10.0)
    for _ in 0..<100 {
      let middle = (low + high) / 2
      if 0.5 * erfc(-middle / 2.0.squareRoot()) < p { low = middle } else { high = middle }
    }
    return (low + high) / 2
  }
}

extension SeededGenerator {
  /// Marsaglia and Tsang's method (2000, ACM Transactions on Mathematical Software 26); of a shape below 1 by the power of a uniform.
  mutating func gamma(_ shape: Double) -> Double {
    if shape < 1 { return gamma(shape + 1) * pow(uniform(), 1 / shape) }
    let d = shape - 1.0 / 3, c = 1 / (9 * d).squareRoot()
    while true {
      let x = normal(), v = pow(1 + c * x, 3)
      if v > 0, log(uniform()) < 0.5 * x * x + d - d * v + d * log(v) { return d * v }
    }
  }

  mutating func beta(_ a: Double, _ b: Double) -> Double {
    let x = gamma(a), y = gamma(b)
    return x / (x + y)
  }
}
