internal import Foundation

/// The nearest matrix that some normal numbers can have as their covariances, with the same diagonal.
///
/// The diagonal is estimated from pairs of different seeds, at least 0, and what is beside it from the seeds' means, so that an estimate may
/// ask for correlations beyond ±1, or for ones that no three numbers can have together. The correlations are cut to ±1 and then replaced by the
/// nearest possible ones by the alternating projections of Higham (2002, IMA Journal of Numerical Analysis 22, algorithm 3.3), which treat
/// all rows alike: two rows that are the same stay the same. The last step divides by the root of the diagonal, so that what is given out is
/// always possible. A matrix of covariances is given back as it is.
///
/// - Parameter matrix: symmetric; what is below 0 on its diagonal counts as 0.
func nearestCovariances(_ matrix: [[Double]]) -> [[Double]] {
  let places = matrix.indices, scales = places.map { max(0, matrix[$0][$0]).squareRoot() }
  var bounded = matrix
  for row in places {
    for column in places {
      let most = scales[row] * scales[column]
      bounded[row][column] = row == column ? max(0, matrix[row][row]) : min(most, max(-most, matrix[row][column]))
    }
  }
  if isOfCovariances(bounded) { return bounded }
  // Who has no variance has no correlation either.
  let kept = places.filter { scales[$0] > 0 }
  let correlations = nearestCorrelations(kept.map { row in kept.map { bounded[row][$0] / (scales[row] * scales[$0]) } })
  for (a, row) in kept.enumerated() {
    for (b, column) in kept.enumerated() where row != column { bounded[row][column] = correlations[a][b] * scales[row] * scales[column] }
  }
  return bounded
}

/// Whether its pivoted Cholesky factor gives it back to 1e-10 of its greatest entry.
private func isOfCovariances(_ matrix: [[Double]]) -> Bool {
  let factor = pivotedCholesky(matrix), most = matrix.indices.map { matrix[$0][$0] }.max() ?? 0
  return matrix.indices.allSatisfy { row in
    (0...row).allSatisfy { column in
      let product = zip(factor[row], factor[column]).reduce(0) { $0 + $1.0 * $1.1 }
      return abs(product - matrix[row][column]) <= 1e-10 * most
    }
  }
}

/// - Parameter matrix: symmetric, of entries in −1...1, 1 on its diagonal.
private func nearestCorrelations(_ matrix: [[Double]]) -> [[Double]] {
  let places = matrix.indices, count = places.count
  // Each round takes an eigendecomposition. The first one does most, and of a hundred initializations a few must do.
  let rounds = max(4, min(100, 4_000_000 / max(1, count * count * count)))
  var guess = matrix, correction = matrix.map { $0.map { _ in 0.0 } }, projected = matrix
  for _ in 0..<rounds {
    var shifted = guess
    for row in places { for column in places { shifted[row][column] -= correction[row][column] } }
    projected = withoutNegativePart(shifted)
    var change = 0.0
    for row in places {
      for column in places {
        correction[row][column] = projected[row][column] - shifted[row][column]
        guess[row][column] = row == column ? 1 : projected[row][column]
        change = max(change, abs(guess[row][column] - projected[row][column]))
      }
    }
    if change < 1e-10 { break }
  }
  let scales = places.map { projected[$0][$0].squareRoot() }
  return places.map { row in
    places.map { column in
      row == column ? 1 : scales[row] > 0 && scales[column] > 0 ? projected[row][column] / (scales[row] * scales[column]) : 0
    }
  }
}

/// The nearest positive semi-definite matrix: what is left of the eigenvalues that are not negative.
private func withoutNegativePart(_ matrix: [[Double]]) -> [[Double]] {
  let (values, vectors) = eigenvectors(matrix), places = matrix.indices
  var found = matrix.map { $0.map { _ in 0.0 } }
  for (value, vector) in zip(values, vectors) where value > 0 {
    for row in places {
      let part = value * vector[row]
      for column in 0...row { found[row][column] += part * vector[column] }
    }
  }
  for row in places { for column in 0..<row { found[column][row] = found[row][column] } }
  return found
}

/// Of a symmetric matrix, by Jacobi's rotations in cyclic order (Golub and Van Loan, Matrix Computations, 8.5): a vector a value.
func eigenvectors(_ matrix: [[Double]]) -> (values: [Double], vectors: [[Double]]) {
  let count = matrix.count
  var rest = matrix, vectors = (0..<count).map { row in (0..<count).map { $0 == row ? 1.0 : 0 } }
  let whole = matrix.reduce(0) { $0 + $1.reduce(0) { $0 + $1 * $1 } }
  for _ in 0..<30 {
    var beside = 0.0
    for row in 0..<count { for column in 0..<row { beside += rest[row][column] * rest[row][column] } }
    guard beside > 1e-30 * whole else { break }
    for p in 0..<count {
      for q in (p + 1)..<max(p + 1, count) where rest[p][q] != 0 {
        let τ = (rest[q][q] - rest[p][p]) / (2 * rest[p][q])
        let t = (τ < 0 ? -1 : 1) / (abs(τ) + (1 + τ * τ).squareRoot()), c = 1 / (1 + t * t).squareRoot(), s = t * c
        for k in 0..<count {
          let (a, b) = (rest[k][p], rest[k][q])
          rest[k][p] = c * a - s * b
          rest[k][q] = s * a + c * b
        }
        for k in 0..<count {
          let (a, b) = (rest[p][k], rest[q][k])
          rest[p][k] = c * a - s * b
          rest[q][k] = s * a + c * b
          let (u, v) = (vectors[p][k], vectors[q][k])
          vectors[p][k] = c * u - s * v
          vectors[q][k] = s * u + c * v
        }
      }
    }
  }
  return ((0..<count).map { rest[$0][$0] }, vectors)
}
