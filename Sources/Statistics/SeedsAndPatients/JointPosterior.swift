internal import Foundation
public import Foundations

/// What several initializations' true means on one task may be, given their seeds and the patients that they share:
///
///     μᵢ = θ̄ᵢ + √(MSᵢ/rᵢ)·Tᵢ + Pᵢ
///
/// The Tᵢ are independent Student's t of rᵢ − 1 degrees of freedom, the posterior of a mean of normal seeds with the reference prior. P is
/// what other patients change, for all together: multivariate t with the degrees of freedom of the patients, Covᵢ (at least 0) on the
/// diagonal of its scale and āᵢ·āⱼ beside it. So the posterior of a difference has the two parts of `TwoLevelDifference`.
///
/// Where few seeds or patients leave a matrix that is none of covariances, it is the nearest one with the same diagonal (`nearestCovariances`).
public struct JointPosterior: Sendable {
  public let means: [Double]
  let seedScales: [Double]
  let seedDegrees: [Double]
  /// `[candidate][column]`.
  private let factor: [[Double]]
  private let patientDegrees: Double
  private var normals: [Double]

  /// - Returns: not available where the candidates are not of the same patients.
  public static func make(_ groups: [SeedsAndPatients]) -> Available<JointPosterior> {
    Available { () throws(Unavailable) in
      guard let first = groups.first else { throw Unavailable("there is no candidate") }
      guard groups.allSatisfy({ $0.deviations.values.count == first.deviations.values.count }) else {
        throw Unavailable("the values are not of the same patients")
      }
      return JointPosterior(groups)
    }
  }

  /// Of runs whose patients are not known: of seeds alone.
  public static func make(ofSeeds summaries: [Summary]) -> Available<JointPosterior> {
    Available { () throws(Unavailable) in
      var moments: [Summary.Moments] = []
      for summary in summaries { moments.append(try summary.moments(called: "a candidate")) }
      return JointPosterior(ofSeeds: moments)
    }
  }

  private init(ofSeeds moments: [Summary.Moments]) {
    means = moments.map(\.mean)
    seedScales = moments.map { $0.ofMean.squareRoot() }
    seedDegrees = moments.map { $0.n - 1 }
    (patientDegrees, normals) = (1, [])
    factor = moments.map { _ in [] }
  }

  private init(_ groups: [SeedsAndPatients]) {
    means = groups.map(\.mean)
    seedScales = groups.map { ($0.meanSquare / Double($0.seedCount)).squareRoot() }
    seedDegrees = groups.map { Double($0.seedCount - 1) }
    patientDegrees = max(1, groups.map(\.deviations.degreesOfFreedom).min() ?? 1)
    factor = pivotedCholesky(nearestCovariances(patientCovariances(of: groups)))
    normals = [Double](repeating: 0, count: factor.first?.count ?? 0)
  }

  /// Whether a mean of draws means nothing, as that of Cauchy's distribution.
  var isWithoutMean: Bool {
    zip(seedScales, seedDegrees).contains { $0 > 0 && $1 <= 1 } || (!normals.isEmpty && patientDegrees <= 1)
  }

  /// One draw of all means.
  mutating func draw(_ generator: inout SeededGenerator, into values: inout [Double]) {
    drawPatients(&generator, into: &values)
    for index in means.indices where seedScales[index] > 0 { values[index] += seedScales[index] * generator.studentT(seedDegrees[index]) }
  }

  /// The means with what other patients change alone.
  mutating func drawPatients(_ generator: inout SeededGenerator, into values: inout [Double]) {
    for column in normals.indices { normals[column] = generator.normal() }
    let stretch = normals.isEmpty ? 0 : (patientDegrees / generator.chiSquared(patientDegrees)).squareRoot()
    for index in means.indices {
      var shift = 0.0
      for column in normals.indices { shift += factor[index][column] * normals[column] }
      values[index] = means[index] + stretch * shift
    }
  }
}

/// L with as many columns as the matrix has rank, L·Lᵀ the matrix, the largest remaining diagonal entry first. What is left when no
/// entry is above 1e-12 of the sum of the diagonal is rounding, and is dropped; of a matrix that is none of covariances L·Lᵀ is another.
func pivotedCholesky(_ matrix: [[Double]]) -> [[Double]] {
  let count = matrix.count, sum = matrix.indices.reduce(0) { $0 + matrix[$1][$1] }
  var rest = matrix, columns: [[Double]] = [], isDone = [Bool](repeating: false, count: count)
  while columns.count < count {
    var pivot: Int?
    for index in 0..<count where !isDone[index] && rest[index][index] > (pivot.map { rest[$0][$0] } ?? 1e-12 * sum) { pivot = index }
    guard let pivot else { break }
    let root = rest[pivot][pivot].squareRoot()
    var column = [Double](repeating: 0, count: count)
    for index in 0..<count where !isDone[index] { column[index] = rest[index][pivot] / root }
    column[pivot] = root
    isDone[pivot] = true
    for row in 0..<count where !isDone[row] {
      for other in 0..<count where !isDone[other] { rest[row][other] -= column[row] * column[other] }
    }
    columns.append(column)
  }
  return (0..<count).map { index in columns.map { $0[index] } }
}

extension SeededGenerator {
  /// Student's t of ν degrees of freedom, by Bailey's polar formula (1994, Mathematics of Computation 62): two uniform numbers.
  mutating func studentT(_ ν: Double) -> Double {
    let radius = (ν * (pow(1 - uniform(), -2 / ν) - 1)).squareRoot()
    return radius * cos(2 * Double.pi * uniform())
  }

  /// χ² of ν ≥ 1 degrees of freedom, by Marsaglia and Tsang's gamma numbers (2000, ACM Transactions on Mathematical Software 26).
  mutating func chiSquared(_ ν: Double) -> Double {
    // For a shape below 1 that of one more, times U^(1/shape).
    let shape = ν / 2, whole = shape < 1 ? shape + 1 : shape
    let d = whole - 1.0 / 3, c = 1 / (9 * d).squareRoot()
    while true {
      let z = normal(), v = pow(1 + c * z, 3), u = 1 - uniform()
      guard v > 0, log(u) < z * z / 2 + d - d * v + d * log(v) else { continue }
      return 2 * d * v * (shape < 1 ? pow(1 - uniform(), 1 / shape) : 1)
    }
  }
}
