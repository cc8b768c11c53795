import Foundation
import Foundations
import Testing

@testable import Statistics

@Suite("Differences over seeds and patients")
struct SeedsAndPatientsTests {
  private static func values(_ count: Int, seed: UInt64) -> [Double] {
    var generator = SeededGenerator(seed: seed)
    return (0..<count).map { _ in generator.uniform() }
  }

  /// Of means over rows by its definition: the patients' sums of deviations, m/(m − 1), divided by the squared number of rows.
  static func covarianceOfMeans(_ values: [[Double]], _ patients: [String]? = nil) -> [[Double]] {
    let count = values[0].count, names = patients ?? (0..<count).map { "\($0)" }
    let sums = values.map { column in
      let mean = column.reduce(0, +) / Double(count)
      return Dictionary(zip(names, column.map { $0 - mean }), uniquingKeysWith: +)
    }
    let m = Double(Set(names).count)
    return sums.map { a in sums.map { b in m / (m - 1) / Double(count * count) * a.reduce(0) { $0 + $1.value * (b[$1.key] ?? 0) } } }
  }

  @Test("Products of deviations are the covariance of DeLong, plain and by patient, and of means")
  func productsAreCovariances() throws {
    let rows = 40
    let scores = [1, 2, 3].map { Self.values(rows, seed: $0) }
    let targets = (0..<rows).map { Float($0 % 3 == 0 ? 1 : 0) }
    for patients in [nil, (0..<rows).map { "p\($0 / 3)" }] {
      let clusters = patients.map { Clustering($0).ofRow }
      let reference = try DeLong.make(scores: scores, isPositive: targets.map { $0 == 1 }, clusters: clusters).get()
      let own = try scores.map { try PatientDeviations.ofMeanAUROC(scores: [$0], targets: [targets], patients: patients).get() }
      for (a, row) in zip(own, reference.covariance) {
        for (b, expected) in zip(own, row) {
          #expect(abs(a.deviations.covariance(with: b.deviations) - expected) < 1e-14)
        }
      }
      #expect(own.map(\.auroc) == reference.aurocs)
      let means = Self.covarianceOfMeans(scores, patients)
      let deviations = try scores.map { try PatientDeviations.ofMean($0, patients: patients).get() }
      // A mean is a ratio whose denominators are 1, so the jackknife says the same.
      let ones = [Double](repeating: 1, count: rows)
      let left = try scores.map { try PatientDeviations.ofRatio(numerators: $0, denominators: ones, patients: patients).get() }
      for a in means.indices {
        for b in means.indices {
          #expect(abs(deviations[a].covariance(with: deviations[b]) - means[a][b]) < 1e-15)
          if patients == nil { #expect(abs(left[a].covariance(with: left[b]) - means[a][b]) < 1e-15) }
        }
      }
    }
  }

  private static func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) }

  private static func group(_ columns: [[Double]]) throws -> SeedsAndPatients {
    try SeedsAndPatients.make(values: columns.map(mean), deviations: columns.map { try PatientDeviations.ofMean($0).get() }).get()
  }

  @Test("The difference has the variance that the matrix of all pairs of runs gives by the formula")
  func equalsTheMatrix() throws {
    let first = [11, 12, 13].map { Self.values(25, seed: $0) }, second = [14, 15].map { Self.values(25, seed: $0) }
    let matrix = Self.covarianceOfMeans(first + second)
    func meanOf(_ rows: Range<Int>, _ columns: Range<Int>) -> Double {
      let pairs = rows.flatMap { row in columns.filter { $0 != row }.map { matrix[row][$0] } }
      return Self.mean(pairs)
    }
    let patients = max(0, meanOf(0..<3, 0..<3) + meanOf(3..<5, 3..<5) - 2 * meanOf(0..<3, 3..<5))
    func square(_ columns: [[Double]]) throws -> Double {
      let deviation = try #require(Summary(columns.map(Self.mean)).standardDeviation.known)
      return deviation * deviation / Double(columns.count)
    }
    let own = try TwoLevelDifference.make(Self.group(first), Self.group(second)).get()
    #expect(abs(own.value - (Self.mean(first.map(Self.mean)) - Self.mean(second.map(Self.mean)))) < 1e-15)
    #expect(abs(own.patientPart - patients) < 1e-15)
    #expect(abs(own.variance - (try square(first) + square(second) + patients)) < 1e-15)
    // Two levels of one initialization are the same formula with one group.
    let level = TwoLevel("x", .value(try Self.group(first)))
    #expect(abs((level.standardError.known ?? 0) - (try square(first) + max(0, meanOf(0..<3, 0..<3))).squareRoot()) < 1e-15)
  }

  @Test("Two initializations on the same patients: exchange turns the difference round, and shared patients cancel")
  func exchange() throws {
    var generator = SeededGenerator(seed: 22)
    let patients = (0..<200).map { _ in generator.normal() }
    func seeds(_ shift: Double) -> [[Double]] {
      (0..<4).map { _ in
        let seed = 0.05 * generator.normal() + shift
        return patients.map { $0 + seed + 0.1 * generator.normal() }
      }
    }
    let (a, b) = (try Self.group(seeds(0.3)), try Self.group(seeds(0)))
    let forth = try TwoLevelDifference.make(a, b).get().test(), back = try TwoLevelDifference.make(b, a).get().test()
    let p: Double = try #require(forth.p.known), exchanged: Double = try #require(back.p.known)
    #expect(abs(p / exchanged - 1) < 1e-12)
    let effect: Double = try #require(forth.effect.value.known), backwards: Double = try #require(back.effect.value.known)
    #expect(effect == -backwards)
    // The patients' standard deviation of 1 over 200 patients would alone be 0.07 on each mean.
    #expect(forth.isSignificant(at: 0.001) == true)
    #expect(try #require(forth.effect.interval.known).contains(0.3))
  }

  @Test("The plan reaches its power with the seeds or the patients it names, and not with one fewer; the larger part says which helps")
  func plan() throws {
    var generator = SeededGenerator(seed: 5)
    func seeds(_ shift: Double, spread: Double) -> [[Double]] {
      let own = (0..<40).map { _ in 0.1 * generator.normal() }
      return (0..<3).map { _ in
        let seed = spread * generator.normal() + shift
        return own.map { $0 + seed + 0.02 * generator.normal() }
      }
    }
    for spread in [0.001, 0.06] {
      let pilot = try TwoLevelDifference.make(Self.group(seeds(0.05, spread: spread)), Self.group(seeds(0, spread: spread))).get()
      let plan = TwoLevelPlan(pilot, patientCount: 40)
      func power(seeds: Int = 3, patients: Int = 40) throws -> Double {
        try plan.power(difference: 0.03, seedCounts: [seeds, seeds], patients: patients).get()
      }
      let patients = plan.patients(difference: 0.03, limit: 100_000), runs = plan.seedsPerGroup(difference: 0.03, limit: 1000)
      if spread < 0.01 {
        let needed = try patients.get()
        #expect(try needed > 40 && power(patients: needed) >= 0.8 && power(patients: needed - 1) < 0.8)
        #expect(pilot.patientPart > pilot.seedPart && runs.reason == "no number of seeds up to 1000 would")
      } else {
        let needed = try TwoLevelPlan(pilot, patientCount: 40).seedsPerGroup(difference: 0.1, limit: 1000).get()
        #expect(pilot.seedPart > pilot.patientPart && needed > 3)
        #expect(try plan.power(difference: 0.1, seedCounts: [needed, needed]).get() >= 0.8)
        #expect(try plan.power(difference: 0.1, seedCounts: [needed - 1, needed - 1]).get() < 0.8)
      }
    }
    #expect(
      TwoLevelPlan(try TwoLevelDifference.make(Self.group(seeds(0, spread: 1)), Self.group(seeds(0, spread: 1))).get(), patientCount: 40)
        .patients(difference: 0, limit: 10).reason == "a difference of 0 is shown by no number of seeds and patients")
  }

  @Test("The half-width that is planned for is reached with the patients named, and not with one fewer")
  func precision() throws {
    var generator = SeededGenerator(seed: 6)
    let own = (0..<50).map { _ in 0.7 + 0.1 * generator.normal() }
    let columns = (0..<10).map { _ in
      let seed = 0.002 * generator.normal()
      return own.map { $0 + seed + 0.02 * generator.normal() }
    }
    let pilot = TwoLevelDifference(try Self.group(columns))
    let needed = try pilot.patients(halfWidth: 0.01, patientCount: 50).get()
    func half(_ count: Int) throws -> Double {
      let planned = pilot.planned(seedCounts: [10], patientFactor: Double(count) / 50)
      return try StudentT.halfWidth(level: 0.95, degreesOfFreedom: planned.degreesOfFreedom) * planned.standardError
    }
    #expect(try needed > 50 && half(needed) <= 0.01 && half(needed - 1) > 0.01)
    // About (1.96·s/δ)², as for a mean alone.
    #expect((300...600).contains(needed))
    #expect(
      pilot.patients(halfWidth: 1e-6, patientCount: 50).reason
        == "no number of test patients up to 1000000 would: with these seeds the seeds alone move it further")
  }

  @Test("Draws of all means together have the differences' variances, and with hardly any patients' part the quadrature's probabilities")
  func draws() throws {
    var generator = SeededGenerator(seed: 9)
    let shared = (0..<300).map { _ in generator.normal() }
    func seeds(_ shift: Double) throws -> SeedsAndPatients {
      let own = shared.map { 0.9 * $0 + 0.3 * generator.normal() }
      return try Self.group(
        (0..<12).map { _ in
          let seed = 0.02 * generator.normal() + shift
          return own.map { $0 + seed }
        })
    }
    let groups = try [seeds(0), seeds(0.01), seeds(0.02)]
    var posterior = try JointPosterior.make(groups).get(), values = [0.0, 0, 0], differences: [[Double]] = [[], []], draws = SeededGenerator(seed: 1)
    for _ in 0..<40_000 {
      posterior.draw(&draws, into: &values)
      for other in [1, 2] { differences[other - 1].append(values[0] - values[other]) }
    }
    for other in [1, 2] {
      let expected = try TwoLevelDifference.make(groups[0], groups[other]).get(), own = Summary(differences[other - 1])
      #expect(abs(try own.mean.get() - expected.value) < 4 * expected.standardError / 200)
      // t of 11 degrees of freedom has a variance of 11/9.
      let variance = expected.seedPart * 11 / 9 + expected.patientPart * 299 / 297
      #expect(abs(pow(try own.standardDeviation.get(), 2) / variance - 1) < 0.03)
    }
    // One and the same patients' part for all changes no difference: then seeds alone decide.
    let alone = try (0..<3).map { index in
      try Self.group([0.0, 0.01, -0.013, 0.021].map { seed in shared.map { $0 + seed + 0.012 * Double(index) } })
    }
    let drawn = ProbabilityOfBest(alone.enumerated().map { ("\($0)", .value($1)) }, drawCount: 40_000)
    let exact = ProbabilityOfBest(
      alone.enumerated().map { index, one in
        ("\(index)", Summary(count: 4, mean: one.mean, standardDeviation: one.meanSquare.squareRoot()))
      })
    for (a, b) in zip(drawn.candidates, exact.candidates) {
      #expect(abs(try a.probability.get() - b.probability.get()) < 0.01)
      #expect(abs(try a.expectedRegret.get() - b.expectedRegret.get()) < 0.001)
    }
    #expect(try drawn.numericalError.get() < 0.0026)
    // Nothing tells twins apart.
    let twins = ProbabilityOfBest([("a", .value(groups[0])), ("b", .value(groups[0]))], drawCount: 1000)
    #expect(abs(try twins.candidates[0].probability.get() - 0.5) < 0.06)
  }

  private static func product(_ factor: [[Double]]) -> [[Double]] { factor.map { a in factor.map { b in dot(a, b) } } }

  @Test("The factor of a covariance matrix gives it back, and the nearest matrix of covariances is the matrix itself")
  func factor() {
    let matrix = [[4.0, 2, 0.6], [2, 5, 1], [0.6, 1, 0.5]]
    for whole in [Self.product(pivotedCholesky(matrix)), Self.product(pivotedCholesky(nearestCovariances(matrix)))] {
      for row in 0..<3 { for column in 0..<3 { #expect(abs(whole[row][column] - matrix[row][column]) < 1e-12) } }
    }
    #expect(pivotedCholesky([[1, 1], [1, 1]]) == [[1], [1]])
    #expect(pivotedCholesky([[0, 0], [0, 0]]) == [[], []])
  }

  @Test("Of a matrix that no numbers have as their covariances the nearest one is drawn from, with the same diagonal and no larger one")
  func nearest() throws {
    // Higham's own example (2002): 1, 1, 0 becomes 0.7607, 0.7607, 0.1573.
    let higham = nearestCovariances([[1, 1, 0], [1, 1, 1], [0, 1, 1]])
    #expect(abs(higham[0][1] - 0.760689917) < 1e-6 && abs(higham[1][2] - 0.760689917) < 1e-6 && abs(higham[0][2] - 0.157296) < 1e-5)
    var generator = SeededGenerator(seed: 31)
    for count in [2, 3, 6, 12] {
      for _ in 0..<20 {
        var matrix = (0..<count).map { _ in (0..<count).map { _ in 0.0 } }
        for row in 0..<count {
          matrix[row][row] = generator.uniform() < 0.2 ? -generator.uniform() : generator.uniform()
          for column in 0..<row {
            matrix[row][column] = 2 * generator.normal()
            matrix[column][row] = matrix[row][column]
          }
        }
        let drawn = Self.product(pivotedCholesky(nearestCovariances(matrix)))
        for row in 0..<count { #expect(abs(drawn[row][row] - max(0, matrix[row][row])) < 1e-9) }
      }
    }
    // The one with the most variance has a correlation beyond 1 with the others, which drew the others further than they can be.
    #expect(nearestCovariances([[4, 6], [6, 1]]) == [[4, 2], [2, 1]])
  }

  @Test("Initializations with the same predictions have the same probability of being the best, and cost no more than they are apart")
  func twinsAmongOthers() throws {
    var generator = SeededGenerator(seed: 77)
    // Three seeds of networks that learned nothing: the seeds differ by more than they share, as in a study of single steps.
    func seeds() throws -> SeedsAndPatients {
      try Self.group((0..<3).map { _ in (0..<40).map { _ in generator.normal() } })
    }
    for _ in 0..<8 {
      let (twin, other, third) = (try seeds(), try seeds(), try seeds())
      let found = ProbabilityOfBest(
        [("a", .value(other)), ("b", .value(twin)), ("c", .value(third)), ("d", .value(twin))], drawCount: 20_000)
      let chances = try found.candidates.map { try $0.probability.get() }
      #expect(abs(chances[1] - chances[3]) < 0.02, "\(chances)")
      let regrets = try found.candidates.map { try $0.expectedRegret.get() }
      #expect(abs(regrets[1] - regrets[3]) < 0.03 * max(regrets[1], 0.01) + 0.005, "\(regrets)")
      let groups = [other, twin, third]
      let spread = try groups.flatMap { a in try groups.map { b in try TwoLevelDifference.make(a, b).get() } }
      let furthest = spread.map { abs($0.value) + 3 * $0.standardError }.max() ?? 0
      #expect(regrets.allSatisfy { $0 < furthest })
    }
  }

  @Test("Drawn t and χ² numbers have the distributions' tails", arguments: [1.0, 2.5, 9])
  func numbers(degrees: Double) throws {
    var generator = SeededGenerator(seed: 3)
    let count = 40_000
    let t = (0..<count).map { _ in generator.studentT(degrees) }, squares = (0..<count).map { _ in generator.chiSquared(degrees) }
    for tail in [0.5, 0.1, 0.02] {
      let limit = try StudentT(degreesOfFreedom: degrees).upperQuantile(tail).get()
      let above = try ChiSquared(degreesOfFreedom: degrees).upperQuantile(tail).get()
      for share in [t.count { $0 > limit }, squares.count { $0 > above }] {
        #expect(abs(Double(share) / Double(count) - tail) < 4 * (tail / Double(count)).squareRoot())
      }
    }
  }
}
