import Foundations
import Statistics
import Testing

@Suite struct MacroAUROCTests {
  private let patients = (0..<30).map { "p\($0 / 2)" }

  private func scores(_ seed: Int, classes: Int) -> [[Double]] {
    var generator = SeedPath(seed).generator()
    return (0..<classes).map { index in (0..<30).map { 0.3 * target($0, index) + generator.uniform() } }
  }

  private func target(_ row: Int, _ index: Int) -> Double { (row / (index + 2)) % 2 == 0 ? 1 : 0 }

  /// Of several scores of the same samples, from their deviations.
  private func covariance(_ columns: [[[Double]]], _ targets: [[Float]], _ patients: [String]? = nil) throws -> [[Double]] {
    let deviations = try columns.map {
      try #require(PatientDeviations.ofMeanAUROC(scores: $0, targets: targets, patients: patients).known).deviations
    }
    return deviations.map { a in deviations.map { a.covariance(with: $0) } }
  }

  /// The share of pairs in the right order.
  private func auroc(_ scores: [Double], _ positives: [Bool]) -> Double {
    var wins = 0.0, pairs = 0.0
    for (a, isPositive) in positives.enumerated() where isPositive {
      for (b, other) in positives.enumerated() where !other {
        wins += scores[a] > scores[b] ? 1 : scores[a] == scores[b] ? 0.5 : 0
        pairs += 1
      }
    }
    return wins / pairs
  }

  @Test("One class without shared patients is DeLong's covariance, unknown labels left out")
  func oneClass() throws {
    var targets = (0..<30).map { Float(target($0, 0)) }
    targets[3] = .nan
    let columns = [scores(1, classes: 1), scores(2, classes: 1)]
    let known = targets.indices.filter { !targets[$0].isNaN }
    let own = try covariance(columns, [targets])
    let delong = try #require(DeLong.make(scores: columns.map { column in known.map { column[0][$0] } }, isPositive: known.map { targets[$0] == 1 }).known)
    for a in 0..<2 { for b in 0..<2 { #expect(abs(own[a][b] - delong.covariance[a][b]) < 1e-12) } }
  }

  @Test("Several classes: placements by their definition, in O(n²), summed over patients")
  func definition() throws {
    let classes = 3, targets = (0..<classes).map { index in (0..<30).map { Float(target($0, index)) } }
    let columns = [scores(3, classes: classes), scores(4, classes: classes)]
    let own = try covariance(columns, targets, patients)
    let influences = columns.map { column -> [Double] in
      var sums = [Double](repeating: 0, count: 15)
      for index in 0..<classes {
        let positives = targets[index].map { $0 == 1 }
        let mean = auroc(column[index], positives)
        let others = [positives.count { $0 }, positives.count { !$0 }]
        let patientCounts = [true, false].map { kind in Set((0..<30).filter { positives[$0] == kind }.map { $0 / 2 }).count }
        for row in 0..<30 {
          let against = (0..<30).filter { positives[$0] != positives[row] }
          let wins = against.reduce(0.0) { sum, other in
            let (a, b) = positives[row] ? (column[index][row], column[index][other]) : (column[index][other], column[index][row])
            return sum + (a > b ? 1 : a == b ? 0.5 : 0)
          }
          let kind = positives[row] ? 0 : 1, m = Double(patientCounts[kind])
          sums[row / 2] += (m / (m - 1)).squareRoot() * (wins / Double(against.count) - mean) / Double(others[kind] * classes)
        }
      }
      return sums
    }
    for a in 0..<2 {
      for b in 0..<2 {
        let expected = zip(influences[a], influences[b]).reduce(0) { $0 + $1.0 * $1.1 }
        #expect(abs(own[a][b] - expected) < 1e-15)
      }
    }
  }

  @Test("A rare finding among common ones: what two patients with it leave unknown is neither halved nor spread over the degrees of freedom of all")
  func rare() throws {
    var random = SeededGenerator(seed: 4)
    let rows = 120, common = (0..<rows).map { Float($0 % 3 == 0 ? 1 : 0) }, rare = (0..<rows).map { Float($0 < 2 ? 1 : 0) }
    var scores = [common, rare].map { targets in targets.map { Double($0) + 2 * random.uniform() } }
    // One of the two is found and the other is not.
    (scores[1][0], scores[1][1]) = (3, 0.5)
    let both = try #require(PatientDeviations.ofMeanAUROC(scores: scores, targets: [common, rare]).known).deviations
    let alone = try #require(PatientDeviations.ofMeanAUROC(scores: [scores[1]], targets: [rare]).known).deviations
    // The rare class alone is a quarter of the variance of twice the mean; the common one adds to it.
    #expect(both.variance >= 0.9 * alone.variance / 4)
    #expect(both.degreesOfFreedom < 10 && both.degreesOfFreedom >= 1)
    // A class whose finding one patient has alone has no variance that anyone could know.
    let one = (0..<rows).map { Float($0 == 0 ? 1 : 0) }
    #expect(
      PatientDeviations.ofMeanAUROC(scores: scores, targets: [common, one]).reason
        == "the variance of an AUROC needs two positive and two negative samples")
  }

  @Test("A class without positives is left out; without any class that has both nothing is available")
  func undefined() throws {
    let targets = [(0..<30).map { Float(target($0, 0)) }, [Float](repeating: 0, count: 30)]
    #expect(PatientDeviations.ofMeanAUROC(scores: scores(5, classes: 2), targets: targets).known != nil)
    let none = PatientDeviations.ofMeanAUROC(scores: scores(5, classes: 2), targets: [targets[1], targets[1]])
    #expect(none.reason == "no class has a positive and a negative sample")
  }
}
