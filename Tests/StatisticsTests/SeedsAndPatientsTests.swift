import Foundations
import Testing

@testable import Statistics

@Suite("Differences over seeds and patients")
struct SeedsAndPatientsTests {
  private static func values(_ count: Int, seed: UInt64) -> [Double] {
    var generator = SeededGenerator(seed: seed)
    return (0..<count).map { _ in generator.uniform() }
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
      let means = try CaseCovariance.ofMeans(scores, clusters: patients).get()
      let deviations = try scores.map { try PatientDeviations.ofMean($0, patients: patients).get() }
      for (a, row) in zip(deviations, means) {
        for (b, expected) in zip(deviations, row) { #expect(abs(a.covariance(with: b) - expected) < 1e-15) }
      }
    }
  }

  @Test("The difference has the variance of the comparison that was made from the matrix of all pairs")
  func equalsTheMatrix() throws {
    let first = [11, 12, 13].map { Self.values(25, seed: $0) }, second = [14, 15].map { Self.values(25, seed: $0) }
    func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) }
    let matrix = try CaseCovariance.ofMeans(first + second).get()
    let reference = TwoLevel.compare(first.map(mean), second.map(mean), caseCovariance: matrix)
    func group(_ columns: [[Double]]) throws -> SeedsAndPatients {
      try SeedsAndPatients.make(values: columns.map(mean), deviations: columns.map { try PatientDeviations.ofMean($0).get() }).get()
    }
    let own = try TwoLevelDifference.make(group(first), group(second)).get()
    let difference = try #require(reference.effect.value.known), t = try #require(reference.statistic.known)
    #expect(abs(own.value - difference) < 1e-14)
    #expect(abs(own.value / own.standardError - t) < 1e-10)
    // The patients' variance is itself estimated here, so there are fewer degrees of freedom than with a known one.
    #expect(own.degreesOfFreedom < reference.degreesOfFreedom[0] + 24)
  }
}
