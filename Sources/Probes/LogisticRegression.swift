internal import Foundation

/// Logistic regression with a quadratic penalty on the weights and none on the intercepts, as scikit-learn's
/// `LogisticRegression(solver="lbfgs")` states it: the minimum over W, b of
///
///     C Σᵢ ℓ(yᵢ, W xᵢ + b) + ½ ‖W‖²
///
/// ℓ is the binary cross entropy of one class, or where classes exclude each other the cross entropy of the softmax over all (whose
/// intercepts then sum to 0, since only their differences matter). It is found from zeros by L-BFGS on the same divided by C n.
public struct LogisticRegression: Sendable, Equatable {
  /// `[outputs, features]`, row-major.
  public let weights: [Double]
  /// `[outputs]`
  public let intercepts: [Double]
  public let iterations: Int
  /// The largest component of the gradient of the objective by C n, where it ended.
  public let gradientNorm: Double
  public let isConverged: Bool

  /// How closely, and for how long at most, the minimum is looked for.
  public struct Search: Sendable, Equatable {
    /// Of the largest component of the gradient of the objective by C n.
    public var tolerance: Double
    public var maximumIterations: Int

    public init(tolerance: Double = 1e-8, maximumIterations: Int = 1000) {
      (self.tolerance, self.maximumIterations) = (tolerance, maximumIterations)
    }
  }

  /// One class of those whose label is known: the others are left out.
  ///
  /// - Parameters:
  ///   - targets: one an image, in 0…1; NaN where it is not known.
  ///   - scaling: what the features are taken through first; the weights are of scaled features. Nil for none.
  ///   - strength: C, above 0; the penalty is weak where it is large.
  public static func binary(
    _ features: FeatureMatrix, targets: [Float], scaling: FeatureScaling? = nil, strength: Double, search: Search = Search()
  ) throws -> LogisticRegression {
    guard targets.count == features.count else { throw ProbesError.countsDiffer(features: features.count, labels: targets.count) }
    let known = targets.indices.filter { !targets[$0].isNaN }
    let problem = LogisticProblem(
      features: features, rows: known, targets: known.map { Double(targets[$0]) }, outputs: 1, isSoftmax: false, scaling: scaling,
      strength: try checked(strength))
    return problem.solved(search)
  }

  /// Several classes of which an image is of exactly one.
  ///
  /// - Parameter targets: the class of each image, from 0.
  public static func multinomial(
    _ features: FeatureMatrix, targets: [Int], classCount: Int, scaling: FeatureScaling? = nil, strength: Double, search: Search = Search()
  ) throws -> LogisticRegression {
    guard targets.count == features.count else { throw ProbesError.countsDiffer(features: features.count, labels: targets.count) }
    let rows = Array(targets.indices)
    let oneHot = targets.flatMap { target in (0..<classCount).map { $0 == target ? 1.0 : 0 } }
    let problem = LogisticProblem(
      features: features, rows: rows, targets: oneHot, outputs: classCount, isSoftmax: true, scaling: scaling, strength: try checked(strength))
    return problem.solved(search)
  }

  private static func checked(_ strength: Double) throws -> Double {
    guard strength > 0, strength.isFinite else { throw ProbesError.unusableSetting("C", strength, remedy: "Use a number above 0.") }
    return strength
  }
}

/// Features with the mean 0 and the standard deviation 1 over the training images: (x − μ) / σ, where σ is 1 for a feature that never
/// changes. Then one C means the same for networks whose features are of other sizes, and the minimum is found in fewer steps.
public struct FeatureScaling: Sendable, Equatable {
  public let means: [Double]
  /// n in the denominator.
  public let deviations: [Double]

  public init(_ features: FeatureMatrix) {
    let count = Double(max(features.count, 1)), width = features.width
    var sums = [Double](repeating: 0, count: width), squares = sums
    for (index, value) in features.values.enumerated() { sums[index % width] += Double(value) }
    let means = sums.map { $0 / count }
    for (index, value) in features.values.enumerated() {
      let off = Double(value) - means[index % width]
      squares[index % width] += off * off
    }
    self.means = means
    deviations = squares.map { $0 > 0 ? ($0 / count).squareRoot() : 1 }
  }
}

/// The objective of a logistic regression, by C n.
private struct LogisticProblem {
  let features: FeatureMatrix
  /// The images that count.
  let rows: [Int]
  /// `[rows, outputs]`
  let targets: [Double]
  let outputs: Int
  let isSoftmax: Bool
  let scaling: FeatureScaling?
  let strength: Double

  func solved(_ search: LogisticRegression.Search) -> LogisticRegression {
    let width = features.width
    let found = LBFGS(tolerance: search.tolerance, maximumIterations: search.maximumIterations)
      .minimize(from: [Double](repeating: 0, count: outputs * (width + 1)), value)
    return LogisticRegression(
      weights: Array(found.point.prefix(outputs * width)), intercepts: Array(found.point.suffix(outputs)), iterations: found.iterations,
      gradientNorm: found.gradientNorm, isConverged: found.gradientNorm <= search.tolerance)
  }

  /// - Parameter point: the weights `[outputs, features]`, then the intercepts.
  private func value(at point: [Double], gradient: inout [Double]) -> Double {
    let width = features.width, share = 1 / Double(max(rows.count, 1)), penalty = share / strength
    // W (x − μ)/σ + b is V x + a with V = W/σ and a = b − V μ: the features need not be copied.
    var directions = Array(point.prefix(outputs * width)), offsets = Array(point.suffix(outputs))
    scale(&directions, &offsets)
    var loss = 0.0, residualSums = [Double](repeating: 0, count: outputs), scores = residualSums
    features.values.withUnsafeBufferPointer { values in
      directions.withUnsafeBufferPointer { directions in
        gradient.withUnsafeMutableBufferPointer { gradient in
          guard let values = values.baseAddress, let directions = directions.baseAddress, let gradient = gradient.baseAddress else { return }
          for (place, row) in rows.enumerated() {
            let x = values + row * width
            for output in 0..<outputs { scores[output] = dot(x, directions + output * width, width) + offsets[output] }
            loss += takeLoss(of: &scores, at: place)
            for output in 0..<outputs {
              residualSums[output] += scores[output]
              add(scores[output] * share, times: x, to: gradient + output * width, width)
            }
          }
        }
      }
    }
    var squares = 0.0
    for output in 0..<outputs {
      let sum = residualSums[output] * share
      for index in 0..<width {
        let place = output * width + index, weight = point[place]
        if let scaling { gradient[place] = (gradient[place] - scaling.means[index] * sum) / scaling.deviations[index] }
        gradient[place] += penalty * weight
        squares += weight * weight
      }
      gradient[outputs * width + output] = sum
    }
    return loss * share + 0.5 * penalty * squares
  }

  private func scale(_ directions: inout [Double], _ offsets: inout [Double]) {
    guard let scaling else { return }
    for output in 0..<outputs {
      for index in 0..<features.width {
        let place = output * features.width + index
        directions[place] /= scaling.deviations[index]
        offsets[output] -= directions[place] * scaling.means[index]
      }
    }
  }

  /// The loss of an image, whose scores become p − y.
  private func takeLoss(of scores: inout [Double], at place: Int) -> Double {
    if !isSoftmax {
      let score = scores[0], target = targets[place], small = exp(-abs(score))
      scores[0] = (score >= 0 ? 1 / (1 + small) : small / (1 + small)) - target
      return max(score, 0) - score * target + log1p(small)
    }
    let highest = scores.reduce(-.infinity, max)
    var sum = 0.0, chosen = 0.0
    for output in scores.indices {
      scores[output] -= highest
      chosen += targets[place * outputs + output] * scores[output]
      sum += exp(scores[output])
    }
    for output in scores.indices { scores[output] = exp(scores[output]) / sum - targets[place * outputs + output] }
    return log(sum) - chosen
  }
}
