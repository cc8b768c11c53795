internal import Foundation

extension PatientDeviations {
  /// How the deviations give the third moments of their value over patients.
  struct ThirdMoments: Hashable, Sendable {
    /// Σaᵢ³ times this is the third cumulant of what is a sum over patients: 1, save for resamples.
    let scale: Double
    /// Of an AUROC, which is no such sum: what a positive and a negative sample make together.
    let pairs: PairKernel?

    /// Of a sum over patients.
    static let ofSum = ThirdMoments(scale: 1, pairs: nil)

    /// Of the sum of two values; nil where they were made in other ways.
    func adding(_ other: Self) -> Self? {
      guard scale == other.scale else { return nil }
      return ThirdMoments(scale: scale, pairs: pairs.flatMap { own in other.pairs.flatMap { own.adding($0) } })
    }
  }

  /// cov(θ̂, Σaᵢ²): how the value over patients and its own estimated variance move together, which they do wherever patients are skewed,
  ///
  ///     Σaᵢ³ + 4·E[αᵢβⱼhᵢⱼ]/(mn)
  ///
  /// exact to the order of 1/n². The first term is that of a mean, cov(x̄, s²/n) = κ₃/n². The second is of an AUROC alone, whose pairs of a
  /// positive i and a negative j are ψᵢⱼ = θ + αᵢ + βⱼ + hᵢⱼ (Hoeffding 1948, Annals of Mathematical Statistics 19): a negative j moves
  /// θ̂ by βⱼ/n and the placement of each positive by hᵢⱼ/n besides, so the variance S₁₀/m of the placements by 2αᵢhᵢⱼ/n, and so does a
  /// positive with S₀₁/n.
  ///
  /// Nil where the deviations do not say it, as of several samples a patient.
  var covarianceWithVariance: Double? {
    guard let third else { return nil }
    let cubes = third.scale * values.reduce(0) { $0 + $1 * $1 * $1 }
    return cubes + (third.pairs.map { 4 * $0.interaction(values) / Double($0.positiveCount * $0.negativeCount) } ?? 0)
  }
}

/// The pairs of positive and negative samples of an AUROC, ψᵢⱼ: 1 where the positive has the higher score, ½ for a tie, else 0; or a sum of
/// such of several networks with coefficients. Of a large test set some pairs stand for all.
struct PairKernel: Hashable, Sendable {
  /// Of all samples.
  let positiveCount: Int
  let negativeCount: Int
  /// The rows that are kept.
  private let positives: [Int]
  private let negatives: [Int]
  /// The AUROC, or the sum.
  private let area: Double
  /// `[positive × negative]`.
  private let values: [Float]

  /// So many pairs, 64 kilobytes, are those of 60 positives and 270 negatives; with more the term is below a point of power.
  private static let most = 1 << 14

  /// - Parameters:
  ///   - scores: of the rows that count.
  ///   - rows: their numbers among the deviations.
  init(scores: [Double], isPositive: [Bool], rows: [Int], area: Double) {
    let all = rows.indices.filter { isPositive[$0] }, others = rows.indices.filter { !isPositive[$0] }
    let side = Int(Double(Self.most).squareRoot())
    let first = Self.spread(all, max(side, Self.most / max(1, others.count))), second = Self.spread(others, max(side, Self.most / max(1, first.count)))
    (positiveCount, negativeCount, self.area) = (all.count, others.count, area)
    (positives, negatives) = (first.map { rows[$0] }, second.map { rows[$0] })
    values = first.flatMap { i in second.map { j in scores[i] > scores[j] ? 1 : scores[i] == scores[j] ? 0.5 : 0 } }
  }

  private init(_ like: PairKernel, area: Double, values: [Float]) {
    (positiveCount, negativeCount, positives, negatives) = (like.positiveCount, like.negativeCount, like.positives, like.negatives)
    (self.area, self.values) = (area, values)
  }

  /// So many of the places, evenly.
  private static func spread(_ places: [Int], _ most: Int) -> [Int] {
    places.count <= most ? places : (0..<most).map { places[$0 * places.count / most] }
  }

  func scaled(by factor: Double) -> PairKernel { PairKernel(self, area: factor * area, values: values.map { Float(factor) * $0 }) }

  /// Nil where the two are of other pairs.
  func adding(_ other: PairKernel) -> PairKernel? {
    guard positives == other.positives, negatives == other.negatives else { return nil }
    return PairKernel(self, area: area + other.area, values: zip(values, other.values).map(+))
  }

  /// E[αᵢβⱼhᵢⱼ] over the kept pairs.
  ///
  /// - Parameter deviations: of the same sum: αᵢ/√(m(m − 1)) of a positive's row, βⱼ/√(n(n − 1)) of a negative's.
  func interaction(_ deviations: [Double]) -> Double {
    func scale(_ count: Int) -> Double { Double(count * (count - 1)).squareRoot() }
    let alphas = positives.map { scale(positiveCount) * deviations[$0] }, betas = negatives.map { scale(negativeCount) * deviations[$0] }
    var sum = 0.0
    for (i, alpha) in alphas.enumerated() {
      for (j, beta) in betas.enumerated() { sum += alpha * beta * (Double(values[i * betas.count + j]) - area - alpha - beta) }
    }
    return sum / Double(max(1, values.count))
  }
}
