internal import Foundation
public import Foundations

/// What the true means of the same networks on two test sets may be, such as the own one and another: on each set the joint posterior of
/// `JointPosterior`, the patients of the two being different people, and the seeds' parts of one initialization on both sets a pair of
/// Student's t with the correlation of its seeds' values, since a lucky seed is lucky on both.
public struct TwoSetPosterior: Sendable {
  private var first: JointPosterior
  private var second: JointPosterior
  private let correlations: [Double]

  /// One initialization on both sets, seed by seed.
  public struct Candidate: Sendable {
    public let first: SeedsAndPatients
    public let second: SeedsAndPatients
    /// Of the seeds' values on the two sets; 0 where either has no spread.
    public let correlation: Double

    /// - Parameter values: of each seed on the two sets.
    public init(_ first: SeedsAndPatients, _ second: SeedsAndPatients, values: [(first: Double, second: Double)]) {
      (self.first, self.second) = (first, second)
      let products = values.reduce(0) { $0 + ($1.first - first.mean) * ($1.second - second.mean) }
      let squares = values.reduce(0) { $0 + ($1.first - first.mean) * ($1.first - first.mean) }
      let others = values.reduce(0) { $0 + ($1.second - second.mean) * ($1.second - second.mean) }
      correlation = squares > 0 && others > 0 ? max(-1, min(1, products / (squares * others).squareRoot())) : 0
    }
  }

  /// - Returns: not available where the candidates were not all tested on the same patients of each set.
  public static func make(_ candidates: [Candidate]) -> Available<TwoSetPosterior> {
    JointPosterior.make(candidates.map(\.first)).flatMap { first in
      JointPosterior.make(candidates.map(\.second)).map { second in
        TwoSetPosterior(first: first, second: second, correlations: candidates.map(\.correlation))
      }
    }
  }

  /// Draws of the means on both sets, the same ones every time.
  public func draws(_ count: Int, seed: UInt64 = 0) -> [(first: [Double], second: [Double])] {
    var generator = SeededGenerator(seed: seed), (own, other) = (first, second)
    return (0..<count).map { _ in
      var values = (first: own.means, second: other.means)
      own.drawPatients(&generator, into: &values.first)
      other.drawPatients(&generator, into: &values.second)
      for (index, correlation) in correlations.enumerated() {
        let degrees = own.seedDegrees[index], stretch = (degrees / generator.chiSquared(degrees)).squareRoot()
        let (z, rest) = (generator.normal(), generator.normal())
        values.first[index] += own.seedScales[index] * stretch * z
        values.second[index] += other.seedScales[index] * stretch * (correlation * z + (1 - correlation * correlation).squareRoot() * rest)
      }
      return values
    }
  }
}
