import Foundation
public import Torch

/// What says, on a fixed batch of images, whether a representation still tells them apart.
public struct CollapseMeasures: Codable, Hashable, Sendable {
  /// The mean standard deviation of the numbers of unit embeddings times √d: 1 for embeddings that are even on the sphere, 0 for one
  /// point (Chen and He, “Exploring Simple Siamese Representation Learning”, 2021, section 4.1; lightly's formula).
  public let spread: Double
  /// RankMe of the unit embeddings, exp(−Σ pₖ log pₖ) with pₖ = σₖ / Σσ + 10⁻⁷ over the singular values: about how many directions
  /// they use (Garrido et al., “RankMe”, 2023, equation 1).
  public let effectiveRank: Double
  /// log K less the mean entropy of an image's code, in nats: 0 where every code is uniform; nil without codes.
  public let codeSharpness: Double?
  /// The entropy of the mean code, in nats: 0 where all images have one code; nil without codes.
  public let codeDiversity: Double?
  /// The Euclidean norm of the step's gradient of backbone and heads.
  public let gradientNorm: Double?

  public init(spread: Double, effectiveRank: Double, codeSharpness: Double? = nil, codeDiversity: Double? = nil, gradientNorm: Double? = nil) {
    (self.spread, self.effectiveRank, self.gradientNorm) = (spread, effectiveRank, gradientNorm)
    (self.codeSharpness, self.codeDiversity) = (codeSharpness, codeDiversity)
  }

  /// Waits for the device.
  ///
  /// - Parameters:
  ///   - inspection: of at least two images.
  ///   - gradientNorm: a scalar.
  public init(_ inspection: Inspection, gradientNorm: Tensor? = nil) throws {
    // What is no number says nothing, and a snapshot could not hold it; the loop finds the loss of it.
    let z = try inspection.embedding.to(type: .float64).unitRows().nanToNum(0)
    // The population's deviation, as lightly has it up to n / (n − 1).
    let spread = try z.standardDeviation(over: [0], correction: 0).mean().item() * Double(z.shape[1]).squareRoot()
    let rank = try rankMe(z)
    var sharpness: Double?, diversity: Double?
    if let codes = try inspection.codes?.to(type: .float64).nanToNum(0) {
      sharpness = try log(Double(codes.shape[1])) - entropy(codes).mean().item()
      diversity = try entropy(codes.mean(over: [0], keep: true)).item()
    }
    self.init(
      spread: spread, effectiveRank: rank, codeSharpness: sharpness, codeDiversity: diversity, gradientNorm: try gradientNorm?.nanToNum(0).item())
  }
}

/// −Σ p log p of each row, with 0 log 0 = 0: `[rows, codes]` → `[rows]`.
private func entropy(_ rows: Tensor) throws -> Tensor { try -(rows * rows.clamp(min: 1e-300).log()).sum(over: [1]) }

private let singularValues = Operator("aten::linalg_svdvals")

/// exp(−Σ p log p), p = σ / Σσ + 10⁻⁷: between 1 and the smaller side of the matrix, and 1 for a matrix of zeros.
func rankMe(_ rows: Tensor) throws -> Double {
  let values = try singularValues(.tensor(rows)).doubles()
  let total = values.reduce(0, +)
  guard total > 0 else { return 1 }
  return exp(
    -values.reduce(0) { sum, value in
      let p = value / total + 1e-7
      return sum + p * log(p)
    })
}
