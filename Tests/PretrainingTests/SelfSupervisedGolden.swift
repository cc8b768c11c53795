import Foundation
import Torch

/// The goldens of Tools/goldens/self_supervised.py.
struct SelfSupervisedGolden: Decodable {
  struct Graded: Decodable { let loss: Double, gradients: [[Double]] }
  struct Instance: Decodable { let insdis, pirl: Graded, updatedBank: [Double] }
  struct Regression: Decodable { let byol, simsiam, simsiamWithoutStop: Graded }
  struct Redundancy: Decodable { let barlow, vicreg: Graded }
  struct Clusters: Decodable { let swav, deepcluster: Graded }
  struct DINO: Decodable { let loss: Double, gradients: [[Double]], center, temperatures: [Double] }
  struct Plain: Decodable { let loss: Double, gradients: [[Double]], runningMeans, runningVariances: [Double] }
  struct Heads: Decodable { let plain: Plain, dino: Graded }
  struct KMeans: Decodable { let first: [Int64], centroids: [Double], assignments: [Int64] }
  struct Concentrations: Decodable { let squares: [Double], clusters: [Int], values: [Double] }
  struct Momentum: Decodable { let taus, rates: [Double] }

  let infoNCE, ntXent, protoNCE: Graded
  let instance: Instance
  let regression: Regression
  let redundancy: Redundancy
  let clusters: Clusters
  let dino: DINO
  let heads: Heads
  let sinkhorn: [Double]
  let selfLabel: [Int64]
  let kMeans: KMeans
  let concentrations: Concentrations
  let momentum: Momentum

  static func load() throws -> SelfSupervisedGolden {
    let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Goldens/self-supervised.json")
    return try JSONDecoder().decode(SelfSupervisedGolden.self, from: Data(contentsOf: file))
  }
}

/// The closed formula of Tools/goldens/formula.py.
enum Formula {
  /// Tensors this small are computed faster by one thread than by several that wait for each other beside other tests.
  private static let runtime = Result {
    TorchRuntime.configureAllocator()
    try TorchRuntime.setThreadCount(1)
  }

  /// u(name, i) in [−1, 1), float64: whole-number arithmetic up to the last division, so that both sides get the same bits.
  static func uniform(_ name: String, _ shape: [Int]) throws -> Tensor {
    try runtime.get()
    let modulus: Int64 = 2_147_483_647
    let seed = Int64(name.utf8.reduce(UInt32(0x811C_9DC5)) { ($0 ^ UInt32($1)) &* 0x0100_0193 })
    let values = (0..<Int64(shape.reduce(1, *))).map { place -> Double in
      var x = (place * 48271 + seed) % modulus
      for round: Int64 in [40692, 69621] { x = x * (x + round) % modulus }
      return Double(x) / 1_073_741_824 - 1
    }
    return try Tensor(values, shape: shape)
  }

  /// Whole numbers from 0 and below a bound.
  static func integers(_ name: String, _ shape: [Int], below bound: Int) throws -> Tensor {
    try Tensor(uniform(name, shape).doubles().map { min(Int64(($0 + 1) / 2 * Double(bound)), Int64(bound) - 1) }, shape: shape)
  }
}

/// The largest difference, as a multiple of the largest expected magnitude.
func relativeDistance(_ actual: [Double], _ expected: [Double]) -> Double {
  guard actual.count == expected.count, actual.allSatisfy(\.isFinite) else { return .infinity }
  let scale = expected.map(abs).max() ?? 1
  return (zip(actual, expected).map { abs($0 - $1) }.max() ?? 0) / scale
}
