internal import Foundation
public import Vocabulary

/// What a backbone with loaded weights computes from a fixed input, in a few numbers: two machines that agree on it run the same
/// network on the same weights.
///
/// Numbers are rounded to 6 significant digits, so that the order of a sum does not show.
public struct FeatureFingerprint: Codable, Hashable, Sendable {
  /// The features after one stage.
  public struct Stage: Codable, Hashable, Sendable {
    public let name: String
    /// [batch, channels, height, width], or [batch, channels] after pooling.
    public let shape: [Int]
    public let mean: Double
    /// Of the population: √(Σ(x − mean)² / n).
    public let standardDeviation: Double
    /// √Σx².
    public let norm: Double
    /// The first few features, row-major.
    public let first: [Double]

    /// - Parameters:
    ///   - values: all features, row-major; sums are in float64.
    ///   - firstCount: how many of them are kept as they are.
    public init(name: String, shape: [Int], values: [Float], firstCount: Int = 8) {
      let count = Double(max(values.count, 1))
      let mean = values.reduce(0) { $0 + Double($1) } / count
      let deviations = values.reduce(0) { $0 + (Double($1) - mean) * (Double($1) - mean) }
      let squares = values.reduce(0) { $0 + Double($1) * Double($1) }
      self.name = name
      self.shape = shape
      self.mean = Self.rounded(mean)
      standardDeviation = Self.rounded((deviations / count).squareRoot())
      norm = Self.rounded(squares.squareRoot())
      first = values.prefix(firstCount).map { Self.rounded(Double($0)) }
    }

    /// To 6 significant digits; what is not finite becomes 0, which no trained network computes throughout.
    static func rounded(_ value: Double) -> Double { Double(String(format: "%.5e", value.isFinite ? value : 0)) ?? 0 }
  }

  /// How the fixed input is made.
  public let input: String
  /// The arithmetic that the network computed with.
  public let arithmetic: Arithmetic
  public let stages: [Stage]

  public init(input: String, arithmetic: Arithmetic, stages: [Stage]) {
    self.input = input
    self.arithmetic = arithmetic
    self.stages = stages
  }
}
