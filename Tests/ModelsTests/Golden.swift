import Foundation
import Testing

/// The goldens of Tools/goldens/networks.py.
enum Golden {
  static func decode<Value: Decodable>(_ type: Value.Type, _ name: String) throws -> Value {
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Goldens")
    return try JSONDecoder().decode(type, from: Data(contentsOf: folder.appendingPathComponent("\(name).json")))
  }
}

/// One network's training step and three steps of Adam.
struct TrainingGolden: Decodable {
  let evaluation64, evaluation32, training64, training32, losses64: [Double]
  let gradientError32: Double
  let gradients, runningStatistics, afterAdam: [String: [Double]]

  enum CodingKeys: String, CodingKey {
    case evaluation64 = "evaluation.float64"
    case evaluation32 = "evaluation.float32"
    case training64 = "training.float64"
    case training32 = "training.float32"
    case losses64 = "losses.float64"
    case gradientError32 = "gradientError.float32"
    case gradients, runningStatistics, afterAdam
  }
}

/// The largest difference, as a multiple of the largest magnitude among the expected numbers.
func relativeDistance(_ actual: [Double], _ expected: [Double]) -> Double {
  guard actual.count == expected.count, actual.allSatisfy(\.isFinite) else { return .infinity }
  let scale = expected.map(abs).max() ?? 0
  let difference = zip(actual, expected).map { abs($0 - $1) }.max() ?? 0
  return difference == 0 ? 0 : difference / max(scale, .leastNormalMagnitude)
}

/// Names whose three numbers stray from the golden's by more than the tolerance, or that one of the sides lacks.
///
/// Each is compared on the scale of its sum of magnitudes, the largest of the three.
func strays(_ actual: [String: [Double]], _ expected: [String: [Double]], tolerance: Double) -> [String] {
  Set(actual.keys).union(expected.keys).sorted().filter { name in
    guard let a = actual[name], let b = expected[name] else { return true }
    return relativeDistance(a, b) > tolerance
  }
}
