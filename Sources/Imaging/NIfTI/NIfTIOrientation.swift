/// Which stored axis runs along which axis of the patient: right, anterior, superior.
struct NIfTIOrientation: Sendable, Equatable {
  /// For right, anterior and superior: the stored axis (0, 1, 2), and whether it runs the other way.
  let axes: [(stored: Int, isReversed: Bool)]

  static func == (a: NIfTIOrientation, b: NIfTIOrientation) -> Bool {
    zip(a.axes, b.axes).allSatisfy { $0.stored == $1.stored && $0.isReversed == $1.isReversed }
  }

  /// The assignment of nibabel's `io_orientation`: the affine map without scaling and shear is the nearest rotation R; the
  /// stored axes, those that lie closest to an axis of the patient first, each take the nearest one that is left.
  init(affine: [[Double]]) {
    let scaled = (0..<3).map { column -> [Double] in
      let vector = (0..<3).map { affine[$0][column] }
      let length = vector.reduce(0) { $0 + $1 * $1 }.squareRoot()
      return vector.map { length > 0 ? $0 / length : 0 }
    }
    // rotation[row][column], as the affine map is.
    var rotation = nearestRotation((0..<3).map { row in (0..<3).map { scaled[$0][row] } })
    let closeness = (0..<3).map { column in rotation.reduce(0) { max($0, abs($1[column])) } }
    let order = (0..<3).sorted { closeness[$0] > closeness[$1] || (closeness[$0] == closeness[$1] && $0 < $1) }
    var assigned = [(stored: Int, isReversed: Bool)?](repeating: nil, count: 3)
    for stored in order {
      let left = (0..<3).filter { assigned[$0] == nil }
      guard let patient = left.max(by: { abs(rotation[$0][stored]) < abs(rotation[$1][stored]) }) else { continue }
      assigned[patient] = (stored, rotation[patient][stored] < 0)
      rotation[patient] = [0, 0, 0]
    }
    axes = assigned.map { $0 ?? (0, false) }
  }

  /// The directions of the stored axes, such as "LPS".
  var letters: String {
    (0..<3).map { stored in
      guard let patient = axes.firstIndex(where: { $0.stored == stored }) else { return "?" }
      return (axes[patient].isReversed ? ["L", "P", "I"] : ["R", "A", "S"])[patient]
    }.joined()
  }
}

/// The orthogonal matrix nearest to one (its polar factor), by Newton's iteration X ← (X + X⁻ᵀ) / 2 (Higham 1986). A matrix that
/// cannot be inverted is returned as it is.
private func nearestRotation(_ matrix: [[Double]]) -> [[Double]] {
  var current = matrix
  for _ in 0..<60 {
    guard let inverse = inverseTranspose(current) else { return matrix }
    var change = 0.0
    for row in 0..<3 {
      for column in 0..<3 {
        let step = (inverse[row][column] - current[row][column]) / 2
        change = max(change, abs(step))
        current[row][column] += step
      }
    }
    if change < 1e-14 { break }
  }
  return current
}

/// The cofactors divided by the determinant.
private func inverseTranspose(_ m: [[Double]]) -> [[Double]]? {
  func cofactor(_ row: Int, _ column: Int) -> Double {
    let (r1, r2, c1, c2) = ((row + 1) % 3, (row + 2) % 3, (column + 1) % 3, (column + 2) % 3)
    return m[r1][c1] * m[r2][c2] - m[r1][c2] * m[r2][c1]
  }
  let determinant = (0..<3).reduce(0) { $0 + m[0][$1] * cofactor(0, $1) }
  guard abs(determinant) > 1e-9 else { return nil }
  return (0..<3).map { row in (0..<3).map { cofactor(row, $0) / determinant } }
}
