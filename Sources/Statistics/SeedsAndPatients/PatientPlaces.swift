internal import Foundations

/// Which patient each row is of, by number: looked up once for all values of the same rows, since that takes longer than most of them.
public struct PatientPlaces: Hashable, Sendable {
  /// `[row]`, each in 0..<count.
  let ofRow: [Int]
  let count: Int

  /// - Parameter names: one a row, equal for the rows of one patient.
  public init(_ names: [String]) {
    let clustering = Clustering(names)
    self.init(ofRow: clustering.ofRow, count: clustering.count)
  }

  private init(ofRow: [Int], count: Int) { (self.ofRow, self.count) = (ofRow, count) }

  /// - Parameter patients: nil where each row is a patient of its own.
  init(_ patients: [String]?, rowCount: Int) throws(Unavailable) {
    guard patients == nil || patients?.count == rowCount else { throw Unavailable("the rows and their patients do not fit") }
    if let patients {
      self.init(patients)
    } else {
      self.init(ofRow: Array(0..<rowCount), count: rowCount)
    }
  }

  /// How many patients some rows are of.
  public func count(of rows: some Sequence<Int>) -> Int {
    var isCounted = [Bool](repeating: false, count: count), found = 0
    for row in rows where !isCounted[ofRow[row]] {
      isCounted[ofRow[row]] = true
      found += 1
    }
    return found
  }

  /// The same, refused where they are too few to say anything of others.
  func counted(_ rows: [Int]) throws(Unavailable) -> Int {
    guard !rows.isEmpty else { throw Unavailable("there is no value") }
    let count = count(of: rows)
    guard count > 1 else { throw Unavailable("one patient says nothing about other patients") }
    return count
  }

  /// The patients of some rows, numbered in the order in which they come.
  func clustering(of rows: [Int]) -> Clustering {
    var numbers = [Int](repeating: -1, count: count), found = 0
    let places = rows.map { row -> Int in
      let patient = ofRow[row]
      if numbers[patient] < 0 {
        numbers[patient] = found
        found += 1
      }
      return numbers[patient]
    }
    return Clustering(ofRow: places, count: found)
  }
}
