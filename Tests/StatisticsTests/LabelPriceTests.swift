import Foundation
import Foundations
import LabelPriceSimulation
import Testing

@testable import Statistics

@Suite("How many labels a reference needs")
struct LabelPriceTests {
  private static func group(_ mean: Double, _ seedSpread: Double, _ patients: [Double]) throws -> SeedsAndPatients {
    let values = [mean - seedSpread, mean, mean + seedSpread]
    return try SeedsAndPatients.make(
      values: values, deviations: values.map { _ in PatientDeviations(values: patients, degreesOfFreedom: Double(patients.count - 1)) }
    ).get()
  }

  private static func point(_ fraction: Double, _ mean: Double, seedSpread: Double = 0.001, patients: [Double] = [0.001, 0.002, -0.003]) throws -> LabelPrice.Point {
    .init(fraction: fraction, mean: mean, seeds: .value(try group(mean, seedSpread, patients)))
  }

  @Test("A contrast of two groups is their difference, and one of several has the variance of the formula")
  func contrasts() throws {
    let groups = [
      try Self.group(0.7, 0.01, [0.01, -0.02, 0.01]), try Self.group(0.75, 0.02, [0.02, -0.01, -0.01]), try Self.group(0.8, 0.005, [0.01, 0.01, -0.02]),
    ]
    let contrasts = try GroupContrasts.make(groups).get()
    let pair = contrasts.difference([0, 1, -1]), direct = try TwoLevelDifference.make(groups[1], groups[2]).get()
    #expect(abs(pair.value - direct.value) < 1e-15 && abs(pair.variance - direct.variance) < 1e-18)
    #expect(abs(pair.degreesOfFreedom - direct.degreesOfFreedom) < 1e-12)
    #expect(zip(pair.interactionParts, direct.interactionParts).allSatisfy { abs($0 - $1) < 1e-18 })
    let found = contrasts.difference([-0.25, -0.75, 1])
    let seedPart = (0.0625 * 1e-4 + 0.5625 * 4e-4 + 2.5e-5) / 3
    let sums = (0..<3).map { patient -> Double in
      let parts: [Double] = zip([-0.25, -0.75, 1], groups).map { $0 * $1.deviations.values[patient] }
      return parts.reduce(0, +)
    }
    #expect(abs(found.value - (0.8 - 0.175 - 0.5625)) < 1e-15)
    #expect(abs(found.seedPart - seedPart) < 1e-16)
    // Seeds that patients move alike have no part of their own with each patient, so the sum is that of the products.
    #expect(abs(found.patientPart - sums.reduce(0) { $0 + $1 * $1 }) < 1e-16)
    #expect(GroupContrasts.make([groups[0], try Self.group(0.7, 0.01, [0.1])]).reason == "the values are not of the same patients")
  }

  @Test("The price lies on the straight line in the logarithm, and its interval ends where the t-test begins to reject")
  func price() throws {
    let reference = try [(0.1, 0.7), (0.4, 0.74), (1, 0.78)].map { try Self.point($0, $1) }
    let other = try Self.point(0.2, 0.72)
    let price = try LabelPrice.make(of: other, on: reference).get()
    // 0.72 is half way between 0.70 at 0.1 and 0.74 at 0.4.
    guard case .at(let fraction) = price.price else {
      Issue.record("\(price.price)")
      return
    }
    #expect(abs(fraction - 0.2) < 1e-12)
    let bounds = try price.interval.get()
    guard case .at(let lower) = bounds.lower, case .at(let upper) = bounds.upper else {
      Issue.record("\(bounds)")
      return
    }
    let contrasts = try GroupContrasts.make((reference + [other]).compactMap(\.seeds.known)).get()
    for (end, sign) in [(lower, -1.0), (upper, 1)] {
      let share = log(end / 0.1) / log(4)
      let p = try contrasts.difference([-(1 - share), -share, 0, 1]).test().p.get()
      #expect(abs(p - 0.05) < 1e-9 && sign * (end - 0.2) > 0, "\(end) \(p)")
    }
    #expect(try price.notReached.get() < 1e-4)
  }

  @Test("What is not reached, or is less than the least, is said so and not extrapolated; pooled values are read at the pool's beginning")
  func ends() throws {
    let reference = try [(0.1, 0.7), (0.2, 0.745), (0.5, 0.735), (1, 0.78)].map { try Self.point($0, $1) }
    func price(_ mean: Double, _ spread: Double = 0.0005) throws -> LabelPrice { try LabelPrice.make(of: Self.point(0.2, mean, seedSpread: spread), on: reference).get() }
    let high = try price(0.9)
    #expect(high.price == .notReached && high.interval.known?.lower == .notReached && high.interval.known?.upper == .notReached)
    #expect(try high.notReached.get() > 0.999)
    let low = try price(0.6)
    #expect(low.price == .below(0.1) && low.interval.known?.lower == .below(0.1) && low.interval.known?.upper == .below(0.1))
    // 0.745 and 0.735 violate the order and become 0.74 each.
    #expect(try price(0.74).price == .at(0.2))
    let near = try price(0.781)
    #expect(near.price == .notReached && near.interval.known?.upper == .notReached)
    guard case .at(let lower)? = near.interval.known?.lower else {
      Issue.record("\(near)")
      return
    }
    #expect(lower > 0.5 && lower < 1)
    let chance = try near.notReached.get()
    #expect(chance > 0.5 && chance < 0.95)
  }

  @Test("One seed has a price without an interval, and one fraction has none")
  func missing() throws {
    let reference = try [(0.1, 0.7), (1, 0.78)].map { try Self.point($0, $1) }
    let single = LabelPrice.Point(fraction: 0.2, mean: 0.75, seeds: .notAvailable(reason: "one seed says nothing about other seeds"))
    let price = try LabelPrice.make(of: single, on: reference).get()
    #expect(price.interval.reason == "one seed says nothing about other seeds" && price.notReached.known == nil)
    #expect(LabelPrice.make(of: single, on: [reference[0]]).reason == "a curve needs two fractions of the reference")
    #expect(try JSONDecoder().decode(LabelPrice.self, from: JSONEncoder().encode(price)) == price)
  }

  @Test("The 95 % interval holds a known shift in 93 to 97 of 100 simulated studies", arguments: [(3, 60), (5, 40)])
  func coverage(seeds: Int, patients: Int) {
    var curves = SimulatedCurves()
    (curves.seeds, curves.patients) = (seeds, patients)
    let coverage = PriceCoverage.ofProduct(curves, studies: 600)
    #expect(coverage.count == 600 && coverage.share >= 0.93 && coverage.share <= 0.97, "\(coverage)")
  }

  @Test("A price that is not reached is inside the open end, and is not taken for reached")
  func notReached() {
    var curves = SimulatedCurves()
    (curves.fraction, curves.shift) = (0.5, 4)
    let coverage = PriceCoverage.ofProduct(curves, studies: 100)
    #expect(coverage.count == 100 && coverage.share >= 0.95, "\(coverage)")
  }
}

@Suite("The same networks on two test sets")
struct TwoSetPosteriorTests {
  @Test("Draws have the variances of both sets, and the seeds' correlation between them; patients of the two sets have none")
  func moments() throws {
    func group(_ values: [Double], _ patients: [Double]) throws -> SeedsAndPatients {
      try SeedsAndPatients.make(values: values, deviations: values.map { _ in PatientDeviations(values: patients, degreesOfFreedom: 400) }).get()
    }
    // Many seeds, so that Student's t is near the normal distribution.
    let seeds: [Double] = (0..<200).map { number -> Double in (Double(number % 20) - 9.5) / 100 }
    let own = try group(seeds, [0.01, -0.01]), other = try group(seeds.map { 0.5 + $0 }, [0.02, -0.02, 0.01])
    let rival = try group(seeds.map { 0.1 - $0 }, [0.01, -0.01]), rivalThere = try group(seeds.map { 0.4 + $0 }, [0.02, -0.02, 0.01])
    let posterior = try TwoSetPosterior.make([
      .init(own, other, values: seeds.map { ($0, 0.5 + $0) }), .init(rival, rivalThere, values: seeds.map { (0.1 - $0, 0.4 + $0) }),
    ]).get()
    let draws = posterior.draws(40_000)
    func covariance(_ a: (Int) -> Double, _ b: (Int) -> Double) -> Double {
      let (ma, mb) = (draws.indices.reduce(0) { $0 + a($1) } / 40_000, draws.indices.reduce(0) { $0 + b($1) } / 40_000)
      return draws.indices.reduce(0) { $0 + (a($1) - ma) * (b($1) - mb) } / 40_000
    }
    let seedPart = own.meanSquare / 200
    #expect(abs(covariance({ draws[$0].first[0] }, { draws[$0].first[0] }) / (seedPart + 2e-4) - 1) < 0.04)
    #expect(abs(covariance({ draws[$0].second[0] }, { draws[$0].second[0] }) / (seedPart + 9e-4) - 1) < 0.04)
    // One set's patients are shared by the two candidates, the sets' own are not shared by the sets.
    #expect(abs(covariance({ draws[$0].first[0] }, { draws[$0].first[1] }) / 2e-4 - 1) < 0.06)
    #expect(abs(covariance({ draws[$0].first[0] }, { draws[$0].second[0] }) / seedPart - 1) < 0.3)
    #expect(abs(covariance({ draws[$0].first[1] }, { draws[$0].second[1] }) / -seedPart - 1) < 0.3)
    #expect(posterior.draws(3).map(\.first) == posterior.draws(3).map(\.first))
  }
}
