import Foundation
import NeuralNetworks
import Testing
import Torch

@Suite("Weighted losses of several classes' masks")
struct ClassMaskWeightTests {
  /// The goldens of Tools/goldens/class_mask_weights.py.
  private struct Golden: Decodable {
    struct Loss: Decodable { let loss: Double, gradient: [Double] }
    let weights: [Double]
    let truth: [Int]
    let crossEntropy, binaryCrossEntropy: Loss

    static func load() throws -> Golden {
      let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Goldens/class-mask-weights.json")
      return try JSONDecoder().decode(Golden.self, from: Data(contentsOf: file))
    }
  }

  private static let images = 2, classes = 3, side = 4, ignored = 255

  private func logits(channels: Int) -> [Double] {
    (0..<Self.images * channels * Self.side * Self.side).map { sin(Double(7 * $0 + 3)) * 2.5 }
  }

  /// `[image, class, pixel]`
  private func targets(_ truth: [Int], isOf: (Int, Int) -> Bool) -> [Double] {
    let plane = Self.side * Self.side
    return (0..<Self.images).flatMap { image in
      (1...Self.classes).flatMap { place in
        (0..<plane).map { pixel -> Double in
          let own = truth[image * plane + pixel]
          return own == Self.ignored ? .nan : isOf(own, place) ? 1 : 0
        }
      }
    }
  }

  private func check(_ golden: Golden.Loss, channels: Int, targets: [Double], _ loss: (Tensor, Tensor) throws -> Tensor) throws {
    for (type, tolerance) in [(ScalarType.float64, 1e-12), (.float32, 1e-5)] {
      let values = try Tensor(logits(channels: channels), shape: [Self.images, channels, Self.side, Self.side]).to(type: type)
      try values.setRequiresGradient(true)
      let result = try loss(values, Tensor(targets, shape: [Self.images, Self.classes, Self.side, Self.side]).to(type: type))
      try result.backward()
      #expect(relativeDistance([try result.item()], [golden.loss]) < tolerance)
      #expect(relativeDistance(try #require(values.gradient).to(type: .float64).doubles(), golden.gradient) < tolerance)
    }
  }

  @Test("The weighted cross entropy of a label map is PyTorch's with weight and ignore_index, value and gradient")
  func labelMap() throws {
    let golden = try Golden.load(), weights = try Tensor(golden.weights)
    try check(golden.crossEntropy, channels: Self.classes + 1, targets: targets(golden.truth) { $0 == $1 }) {
      try labelMapCrossEntropy($0, targets: $1, classWeights: weights)
    }
    let values = try Tensor(logits(channels: 4), shape: [2, 4, 4, 4]), ones = try Tensor([1.0, 1, 1, 1])
    let known = try Tensor(targets(golden.truth) { $0 == $1 }, shape: [2, 3, 4, 4])
    let plain = try labelMapCrossEntropy(values, targets: known).item(), same = try labelMapCrossEntropy(values, targets: known, classWeights: ones).item()
    #expect(abs(plain - same) < 1e-14)
    let nothing = try Tensor([Double](repeating: .nan, count: 96), shape: [2, 3, 4, 4])
    #expect(try labelMapCrossEntropy(values, targets: nothing, classWeights: weights).item() == 0)
  }

  @Test("The weighted cross entropy of overlapping masks is PyTorch's with pos_weight of each class")
  func masks() throws {
    let golden = try Golden.load(), weights = try Tensor(Array(golden.weights.dropFirst())).reshape([3, 1, 1])
    try check(golden.binaryCrossEntropy, channels: Self.classes, targets: targets(golden.truth) { $0 == $1 || $0 == 3 && $1 == 1 }) {
      try maskedBinaryCrossEntropy($0, targets: $1, positiveWeights: weights)
    }
  }
}
